"""The rules, searched by anybody with anything."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def asked(site, q, lang="en"):
    return site(lang=lang).get(f"/rules?q={quote(q, errors='surrogatepass')}")


def text(answer):
    return answer.content.decode()


def test_it_finds_a_rule_by_words_of_either_language(site):
    for q in ("联系人", "contact person", "CONTACT PERSON", "ｃｏｎｔａｃｔ", "45251"):
        answer = asked(site, q)
        assert answer.status_code == 200
        assert "CN.GBT45251.CONTACT" in text(answer), q
        assert "CN.CAP.PRIVATE" not in text(answer)


def test_it_says_of_each_rule_its_source_its_force_and_how_sure_we_are(site):
    page = text(asked(site, "CN.GBT45251.HOURS"))
    assert "GB/T 45251-2025" in page
    assert "recommended standard" in page
    assert "seen in a report" in page
    assert "to be checked by a lawyer" in text(asked(site, ""))


def test_it_calls_a_policy_of_the_house_by_that_name(site):
    page = text(asked(site, "HOUSE.MESSAGES", lang="zh"))
    assert "本机构政策" in page
    assert "House policy" not in page


def test_it_opens_on_an_index_of_topics_and_folds_what_was_not_asked_for(site):
    page = text(site().get("/rules"))
    topics = re.findall(r'id="topic-([a-z]+)"', page)
    assert topics == ["price", "contract", "collecting", "data", "rights", "record", "keeping", "complaint"]
    assert page.count('<details class="card flush topic"') == len(topics) and " open>" not in page
    assert 'class="chip"' not in page, "no topic is offered twice"


def test_it_shows_one_topic_open_with_the_law_first(site):
    page = text(site().get("/rules?topic=collecting"))
    assert page.count(" open>") == 1 and page.count('class="chip"') == 9
    assert 'id="CN.GBT45251.HOURS"' in page and 'id="CN.CAP.BANKPARTNER"' not in page
    assert page.index('id="CN.CFC.COLLECT"') < page.index('id="CN.GBT45251.HOURS"') < page.index('id="HOUSE.PAUSE"')
    assert " open>" not in text(site().get("/rules?topic=nothing"))


def test_it_says_kindly_that_it_found_nothing(site):
    answer = asked(site, "no such rule anywhere")
    assert answer.status_code == 200
    assert "No rule holds all of these words" in text(answer)


def test_it_shows_what_was_typed_and_never_as_markup(site):
    page = text(asked(site, '"><script>alert(1)</script>'))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_it_refuses_more_than_two_hundred_signs_and_stays_upright(site):
    answer = asked(site, "x" * 201)
    assert answer.status_code == 400
    assert "Up to 200 characters" in text(answer)
    assert asked(site, "x" * 200).status_code == 200


def test_it_cites_only_rules_in_force_today(site):
    page = text(asked(site, "", lang="en"))
    assert 'id="CN.CBA2026.HOURS"' in page
    assert 'id="CN.GBT45251.INTERVAL"' not in page, "off by default"
    assert page.count('id="CN.') + page.count('id="HOUSE.') > 60


@pytest.mark.parametrize("q", ["\x00", "%", "%%s", "{{7*7}}", "' OR 1=1 --", "🙈" * 50, "\u202e", "a\nb", "﷽"])
def test_it_takes_nothing_for_an_order(site, q):
    assert asked(site, q).status_code == 200


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=260))
def test_it_answers_whatever_is_typed(site, q):
    answer = site().get("/rules", {"q": q.encode("utf-8", "replace")})
    assert answer.status_code in (200, 400)
