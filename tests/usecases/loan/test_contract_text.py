"""The contract in words: the terms' own figures, the rules of the day, and nothing that no rule gives."""

import hashlib
import re
from dataclasses import replace
from datetime import date

import pytest

from shouxin.core.loan import terms
from shouxin.core.rules.pack import Pack, RuleBook
from shouxin.policy import folder
from shouxin.policy.load import Policy, load
from shouxin.usecases.loan.contract_text import contract_text, from_doc, to_doc
from tests.usecases.story import at, kinds, must, offered, reason, sheet, sign

POLICY = load(folder())
TERMS = POLICY.products["instalment"].filled(
    principal="12000.00", disbursed_on="2026-11-24", annual_ppm=144_000, instalments=12, cap_ppm=240_000
)
DAY = date(2026, 11, 24)


def text(lang: str = "en", *, policy: Policy = POLICY, **changes):
    agreed = terms.parse({**TERMS, **changes})
    return contract_text(policy, agreed, contract="a-loan", terms_hash="ab" * 32, signed_on=DAY, lang=lang)


def with_rules(change) -> Policy:
    packs = tuple(Pack(pack.name, pack.version, tuple(change(pack.rules))) for pack in POLICY.packs)
    return replace(POLICY, rules=RuleBook(packs, POLICY.rules.lender))


def cooling(rules, days: int = 3):
    """The rules, and one of the house's that gives days to change one's mind."""
    said = {"zh": "签字后三天内可以反悔。", "en": "Three days to change your mind."}
    for rule in rules:
        yield rule
        if rule.id == "HOUSE.PAUSE":
            yield replace(rule, id="HOUSE.MIND", title=said, sentence=said, check="cooling_off", params={"days": days})


@pytest.mark.parametrize(
    ("lang", "first", "last"), [("zh", "2026年12月24日", "2027年11月24日"), ("en", "24 Dec 2026", "24 Nov 2027")]
)
def test_it_says_each_figure_of_the_terms(lang, first, last):
    said = text(lang).plain
    for figure in ("¥12,000.00", "¥12,956.45", "¥956.45", "14.40%", "15.39%", "21.60%", "¥1,079.71", "¥1,079.64"):
        assert figure in said, figure
    rows = [line.split(" | ") for line in said.splitlines() if line.count(" | ") == 4]
    assert [row[0] for row in rows[1:-1]] == [str(n) for n in range(1, 13)]
    assert (rows[1][1], rows[12][1]) == (first, last)
    assert rows[1][2:] == ["¥935.71", "¥144.00", "¥1,079.71"]
    assert rows[-1][2:] == ["¥12,000.00", "¥956.45", "¥12,956.45"]


def test_it_is_the_same_text_for_the_same_terms_and_another_for_others():
    assert text().fingerprint == text().fingerprint == hashlib.sha256(text().plain.encode()).hexdigest()
    assert (
        len({text(lang, principal=much).fingerprint for lang in ("zh", "en") for much in ("12000.00", "12000.01")}) == 4
    )
    assert from_doc(to_doc(text())) == text()


def test_it_charges_for_lateness_what_the_terms_say_and_nothing_where_they_say_nothing():
    assert "Principal that is late bears 21.60% a year" in text().plain
    both = text(penalty={"annual": "18%", "of": "overdue", "after_days": 3}).plain
    assert "Principal and interest that are late bear 18.00% a year" in both
    assert "The first 3 days after the due date are free of it." in both
    agreed = terms.parse({name: value for name, value in TERMS.items() if name != "penalty"})
    free = contract_text(POLICY, agreed, contract="a-loan", terms_hash="", signed_on=DAY, lang="en").plain
    assert "Nothing is charged for being late." in free and "% a year, day by day" not in free


def test_it_gives_no_days_to_change_ones_mind_where_no_rule_gives_them():
    clause = next(one for one in text().clauses if one.title == "Changing your mind")
    assert "no law" in clause.lines[0] and not re.search("[0-9]", clause.lines[0])
    assert clause.sources == ()


def test_it_gives_the_days_and_the_date_of_a_rule_of_the_house_and_says_whose_it_is():
    said = {lang: text(lang, policy=with_rules(cooling)) for lang in ("zh", "en")}
    assert "签字后 3 天以内，到 2026年11月27日为止" in said["zh"].plain
    clause = next(one for one in said["en"].clauses if one.title == "Changing your mind")
    assert "Within 3 days of signing, until 27 Nov 2026" in clause.lines[0]
    assert [source.rule for source in clause.sources] == ["HOUSE.MIND"]
    assert "house policy" in clause.sources[0].said


def test_it_says_the_hours_of_the_rules_in_force_and_none_without_them():
    assert "between 08:00 and 22:00 only" in text().plain
    assert "At most 3 answered calls a day" in text().plain
    windows = ("contact_window", "connected_calls")
    without = text(policy=with_rules(lambda rules: [rule for rule in rules if rule.check not in windows])).plain
    assert "08:00" not in without and "answered calls" not in without


def test_it_cites_in_chinese_on_a_chinese_page():
    sources = [source.said for clause in text("zh").clauses for source in clause.sources]
    assert sources and not [said for said in sources if re.search("[a-z]", said)]
    assert any("《民法典》第六百七十条" in said for said in sources)


def contract_of(lender, subject: str, offer: str, lang: str = "en"):
    from shouxin.usecases.loan.contract_of import ContractOf, contract_of

    return contract_of(lender, ContractOf(subject=subject, offer=offer, lang=lang))


def test_it_shows_the_words_before_signing_and_keeps_them_as_they_were_signed(lender, ai_li):
    offer = offered(lender, ai_li)
    assert reason(contract_of(lender, ai_li, offer)) == "no_cost_sheet"
    must(sheet(lender, ai_li, offer))
    before = must(contract_of(lender, ai_li, offer))
    assert before.signed is None
    assert reason(contract_of(at(lender, "2026-11-25"), ai_li, offer)) == "no_cost_sheet", "the dates would be others"
    signed = must(sign(lender, ai_li, offer, text_hash=before.text.fingerprint, lang="en"))
    assert signed.text_hash == before.text.fingerprint
    later = replace(at(lender, "2027-03-01"), policy=with_rules(cooling))
    kept = must(contract_of(later, ai_li, offer))
    assert kept.text == before.text and kept.terms_hash == signed.terms_hash
    assert (kept.signed.lang, kept.signed.as_recorded) == ("en", True)
    assert must(contract_of(later, ai_li, offer, "zh")).text.title == "借款合同"


def test_it_enters_the_words_beside_the_terms(lender, ai_li):
    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    words = must(contract_of(lender, ai_li, offer, "zh")).text
    must(sign(lender, ai_li, offer))
    shown, agreed = (entry.record for entry in lender.vault.history(ai_li).entries[-2:])
    assert (shown["kind"], shown["notice"], shown["lang"]) == ("notice_shown", "contract", "zh")
    assert shown["version"] == f"1 · {words.fingerprint[:16]}"
    assert agreed["kind"] == "agreed"


def test_it_signs_no_other_words_than_were_read(lender, ai_li):
    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    english = must(contract_of(lender, ai_li, offer)).text.fingerprint
    refusal = sign(lender, ai_li, offer, text_hash=english, lang="zh")
    assert (reason(refusal), refusal.where) == ("no_cost_sheet", "text_hash")
    assert "agreed" not in kinds(lender, ai_li)


def test_it_says_so_when_the_kept_words_are_not_those_of_the_history(lender, ai_li):
    from shouxin.records.loan.models import SignedText

    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    must(sign(lender, ai_li, offer))
    row = SignedText.objects.get()
    SignedText.objects.update(zh=row.zh.replace("12,000.00", "13,000.00"))
    assert must(contract_of(lender, ai_li, offer, "zh")).signed.as_recorded is False


def test_it_shows_nobody_elses(lender, ai_li):
    from tests.usecases.story import enrolled

    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    other = enrolled(lender, id_number="110101198502141027")
    assert contract_of(lender, other, offer) == contract_of(lender, other, "no-such-offer")
