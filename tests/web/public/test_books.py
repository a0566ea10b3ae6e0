"""Partners, log, notices and files, as anybody may see them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import date

import pytest

from shouxin.core.merkle.note import Cosigner, parse_note
from shouxin.core.merkle.tile_path import unpack
from shouxin.policy.witnesses import Watch
from shouxin.vault.opening import Vault
from tests.usecases.story import NOON, at, must


def page_of(site, address, lang="en"):
    answer = site(lang=lang).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestPartners:
    def engaged(self, lender, party, until=None):
        from shouxin.usecases.privacy.party import Engage, engage

        must(engage(lender, Engage(party=party, until=until)))

    def test_it_lists_who_pays_loans_out_from_the_first_day(self, site):
        page = re.sub("<[^>]+>", "", page_of(site, "/partners"))
        assert "1 organisation may hold or receive data for us" in page
        assert "The paying bank processor:bank" in page and "only delivers" in page
        assert "May receive: bank card. For: paying the loan out." in page
        assert "付款银行" in page_of(site, "/partners", lang="zh")

    def test_it_says_what_each_contract_lets_it_receive(self, site, lender):
        from shouxin.usecases.privacy.party import Engage, engage

        must(engage(lender, Engage(party="agency:a07", contract="2026-17", fields=("name", "arrears"))))
        must(engage(lender, Engage(party="channel:payments")))
        must(lender.vault.engage("agency:b08"))
        page = re.sub("<[^>]+>", "", page_of(site, "/partners"))
        assert "number 2026-17" in page
        assert "May receive: name, amount past due. For: handing a case to an agency, contact about a late" in page
        assert "Receives no datum of anybody." in page
        assert "Made before terms were kept here" in page
        assert "3 organisations may hold" in page, "who takes payments receives nothing"
        assert "1 more works for us and receives no datum of anybody." in page

    def test_it_lists_each_with_its_dates(self, site, lender):
        self.engaged(lender, "agency:a07", date(2026, 12, 31))
        self.engaged(lender, "agency:b08")
        page = page_of(site, "/partners")
        assert "3 organisations may hold or receive data for us" in re.sub("<[^>]+>", "", page)
        assert "A-07" in page and "Collection agency" in page
        assert "Contract from 24 Nov 2026, 12:00 to the end of 31 Dec 2026" in page
        assert "Contract from 24 Nov 2026, 12:00, without an end" in page
        assert "platform" not in page.lower()

    def test_it_keeps_a_suspended_one_on_the_list(self, site, lender):
        from shouxin.usecases.privacy.party import Suspend, suspend

        self.engaged(lender, "agency:a07", date(2026, 12, 31))
        must(suspend(lender, Suspend(party="agency:a07", why="a word for the file")))
        must(suspend(lender, Suspend(party="processor:bank")))
        page = page_of(site, "/partners")
        assert "Nobody else works for us at present" in page
        assert "suspended on 24 Nov 2026, 12:00" in page
        assert "a word for the file" not in page, "why is the lender's own note"

    def test_it_says_that_a_contract_ran_out(self, site, lender):
        from shouxin.site import serving

        self.engaged(lender, "agency:a07", date(2026, 11, 25))
        serving.serve(at(lender, "2026-11-26"))
        assert "contract over" in page_of(site, "/partners")

    def test_it_lists_a_second_contract_before_the_first(self, site, lender):
        from shouxin.usecases.privacy.party import Suspend, suspend

        self.engaged(lender, "agency:a07", date(2026, 12, 1))
        must(suspend(lender, Suspend(party="agency:a07")))
        self.engaged(lender, "agency:a07", date(2027, 3, 1))
        page = page_of(site, "/partners")
        assert page.index("1 Mar 2027") < page.index("1 Dec 2026")


class TestLog:
    def test_it_shows_the_checkpoint_that_the_vault_has(self, site, lender):
        note = lender.vault.checkpoint()
        assert note.splitlines()[1] in page_of(site, "/log")
        answer = site().get("/log/checkpoint")
        assert answer.content.decode() == note
        assert answer["Content-Type"] == "text/plain; charset=utf-8"

    def test_it_serves_the_log_as_files_once_they_are_published(self, site, lender):
        assert site().get("/tlog/checkpoint").status_code == 404
        assert "/tlog/checkpoint" not in page_of(site, "/log")
        size = lender.vault.publish().size
        assert 'href="/tlog/checkpoint"' in page_of(site, "/log")
        newest = site().get("/tlog/checkpoint")
        assert newest.content.decode() == lender.vault.checkpoint()
        assert (newest["Content-Type"], newest["Cache-Control"]) == ("text/plain; charset=utf-8", "no-cache")
        tile = site().get(f"/tlog/tile/entries/000.p/{size}")
        assert len(unpack(tile.content)) == size
        assert (tile["Content-Type"], tile["Cache-Control"]) == (
            "application/octet-stream",
            "public, max-age=31536000, immutable",
        )

    @pytest.mark.parametrize(
        "name", ["tile/0/001", "tile/0/x000/000", "../config.toml", "tile/0/000.p/../../x", "lock"]
    )
    def test_it_serves_no_other_file(self, site, lender, name):
        lender.vault.publish()
        assert site().get(f"/tlog/{name}").status_code == 404

    def test_it_names_the_witnesses_who_signed_the_checkpoint(self, site, lender):
        from shouxin.site import serving

        assert "none yet" in page_of(site, "/log")
        witness = Cosigner("watch.example/w1", bytes(32))
        watch = Watch((witness.verifier,), quorum=0, max_age=lender.policy.watch.max_age)
        vault = Vault(replace(lender.vault._inside, watch=watch))
        vault.publish()
        text = parse_note(vault.checkpoint()).text
        assert vault.cosign(witness.cosign(text, int(NOON.timestamp())).line()).witnesses
        serving.serve(replace(lender, vault=vault))
        page = page_of(site, "/log")
        assert "<code>watch.example/w1</code> · " in page and "none yet" not in page

    def test_it_hands_out_whom_to_believe(self, site, lender):
        answer = site().get("/log/trust.json")
        assert answer.content == lender.vault.trust()
        assert 'filename="trust.json"' in answer["Content-Disposition"]

    def test_it_says_that_it_stood_still_and_never_in_green(self, site, lender):
        from shouxin.site import serving

        serving.serve(at(lender, "2026-12-24"))
        page = page_of(site, "/log")
        assert "The log has stood still for too long" in page
        assert "The log has stood still since" in page_of(site, "/"), "the footer of every page says so"

    def test_it_hands_out_the_verifier_with_its_sum(self, site):
        data = site().get("/verify.js")
        assert data["Content-Type"].startswith("text/javascript")
        assert hashlib.sha256(data.content).hexdigest() in page_of(site, "/log")
        assert hashlib.sha256(data.content).hexdigest() in page_of(site, "/check")


class TestExample:
    def test_it_hands_out_a_history_that_verifies(self, site):
        from shouxin.verify import Verified, verify

        bundle, trust, key = (
            site().get(f"/example/{name}").content for name in ("bundle.json", "trust.json", "person.key")
        )
        at_ms = int(json.loads(bundle)["statement"]["as_of"])
        assert isinstance(verify(bundle, trust, key, at_ms=at_ms), Verified)
        assert f'data-at="{at_ms}"' in page_of(site, "/")

    def test_it_is_not_the_lenders_own_log(self, site, lender):
        assert site().get("/example/trust.json").content != lender.vault.trust()

    def test_it_counts_what_is_in_it(self, site):
        from shouxin.usecases.oversight.example_history import example_history

        example = example_history()
        assert example.entries > example.used + example.left + example.refused > 10
        assert min(example.held, example.used, example.left, example.refused) > 0
        assert f"{example.entries} entries, waiting for your browser" in page_of(site, "/")


class TestNotices:
    def test_it_lists_every_notice_with_its_version(self, site, lender):
        page = page_of(site, "/terms")
        for notice in lender.policy.notices.values():
            assert f"/terms/{notice.key}" in page
            assert notice.text["en"]["title"] in page

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_it_shows_a_notice_as_it_is_shown_before_the_act(self, site, lender, lang):
        for notice in lender.policy.notices.values():
            page = page_of(site, f"/terms/{notice.key}", lang)
            assert lender.policy.house.name[lang] in page
            assert "{lender" not in page
            if "purpose" in notice.text[lang]:
                assert notice.text[lang]["purpose"].replace("'", "&#x27;") in page


class TestHelp:
    def test_it_says_first_that_nobody_asks_for_a_code(self, site, lender):
        page = page_of(site, "/help")
        assert "Never tell anybody a code" in page
        assert 'href="tel:110"' in page
        assert lender.policy.house.contact["en"] in page

    def test_it_keeps_the_tabs_of_a_borrower(self, site, ai_li):
        assert 'class="tabs"' in site().as_borrower(ai_li).get("/help").content.decode()
        assert 'class="tabs"' not in page_of(site, "/help")


class TestHow:
    def test_it_says_of_each_question_what_its_answer_rests_on(self, site):
        page = page_of(site, "/how")
        for n in range(1, 7):
            assert f"{n}. " in page
        assert "not shown" in page and "by an outside source" in page
        assert page.count('tag proof">shown') == 3, "3, 4 and 6 can be shown; the others can't yet"

    def test_it_puts_the_rules_of_today_to_each_case(self, site):
        page = page_of(site, "/how")
        words = re.sub(r"<[^>]+>|\s+", " ", page)
        assert re.search(r"A call to you by day\s+permitted", words)
        for scene in ("A call to you at night", "A call to your contact person", "A call to anyone else"):
            assert re.search(rf"{scene}\s+not permitted", words), scene
