"""Who used my data: what the page says is what the answer says, in both languages, and nothing of it is verified."""

import json
import re

import pytest

from tests.usecases.story import at, borrowed, collect, enrolled, granted, kinds, must, opened_case, staffed, tried

WHOLE = re.compile(r"is-whole|完整，没有被改写|Whole, and not rewritten", re.IGNORECASE)
ADDRESSES = [
    "/data",
    "/data?all=1",
    "/data/entry/1",
    "/data/consents",
    "/data/key",
    "/data/bundle.json",
    "/data/trust.json",
]


@pytest.fixture
def lived(lender, ai_li):
    """Ai Li's loan is late: Bo looked twice and tried to call, the agency got her name, Chen was refused."""
    staffed(lender)
    loan = borrowed(lender, ai_li)
    late = at(lender, "2027-01-07")
    case = must(opened_case(late, ai_li)).case
    must(granted(late, case))
    must(collect(late, ai_li))
    must(collect(late, ai_li))
    collect(late, ai_li, fields=("income",))
    must(tried(late, case, "no_answer"))
    handed(late, ai_li, case)
    from shouxin.site import serving

    serving.serve(late)
    return late, ai_li, loan


def handed(lender, subject: str, case: str) -> None:
    from shouxin.usecases.outreach.entrust import Entrust, entrust

    must(entrust(lender, Entrust(case=case, party="agency:a07")))


def answer(lender, subject: str):
    from shouxin.usecases.oversight.answer import Answer
    from shouxin.usecases.oversight.answer import answer as usecase

    return usecase(lender, Answer(subject=subject)).document


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_it_counts_as_the_answer_counts(lived, site):
    lender, subject, _ = lived
    said = answer(lender, subject)
    page = site().as_borrower(subject).get("/data").content.decode()
    counted = [int(n) for n in re.findall(r'<li><b data-count="\w+ \d+">(\d+)</b>', page)]
    held = [one for one in said["held"] if one["party"] == "platform:self"]
    assert counted == [len(held), len(said["uses"]), len(said["left"]), len(said["refused"])]
    assert all(counted)


def test_it_says_every_entry_in_a_sentence_with_its_number(lived, site):
    lender, subject, _ = lived
    page = site().as_borrower(subject).get("/data?all=1").content.decode()
    listed = {int(n) for found in re.findall(r'data-entries="([\d ]+)" data-content', page) for n in found.split()}
    assert listed == set(range(1, lender.vault.history(subject).facts.n + 1))


def test_it_folds_identical_uses_of_a_day_and_never_what_left(lived, site):
    _, subject, _ = lived
    page = text(site().as_borrower(subject).get("/data?verb=used"))
    assert "2 times" in page
    assert "collection agency A-07" in page


@pytest.mark.parametrize(
    ("verb", "kind"), [("used", "used"), ("left", "disclosed"), ("refused", "refused"), ("held", "stored")]
)
def test_it_shows_one_verb_alone(lived, site, verb, kind):
    _, subject, _ = lived
    page = site().as_borrower(subject).get(f"/data?verb={verb}&all=1").content.decode()
    timeline = page[page.index('<ol class="days">') :]
    assert {found.split("|")[0] for found in re.findall(r'data-content="([^"]+)"', timeline)} == {kind}


def test_it_takes_an_unknown_verb_for_none(lived, site):
    _, subject, _ = lived
    assert site().as_borrower(subject).get("/data?verb=<b>").status_code == 200


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_it_never_says_that_anything_is_verified(lived, site, lang, address):
    _, subject, _ = lived
    answer = site(lang=lang).as_borrower(subject).get(address)
    assert answer.status_code == 200
    assert not WHOLE.search(answer.content.decode())


def test_it_writes_no_entry_for_a_look(lived, site):
    lender, subject, _ = lived
    visitor, before = site().as_borrower(subject), kinds(lender, subject)
    for address in [*ADDRESSES, "/data/offline.html"]:
        visitor.get(address)
    assert kinds(lender, subject) == before


@pytest.mark.parametrize("address", [*ADDRESSES, "/data/offline.html"])
def test_it_is_a_page_of_nobody_else(lived, site, address):
    assert site().get(address).status_code == 302
    assert site().as_staff("collector:k31").get(address).status_code == 302


def test_it_is_kept_nowhere_and_holds_no_value(lived, site):
    _, subject, _ = lived
    visitor = site().as_borrower(subject)
    for address in [*ADDRESSES, "/data/offline.html"]:
        answer = visitor.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert not any(
            value in answer.content.decode() for value in ("13800000101", "Ai Li", "8600.00", "110101199003071014")
        )


@pytest.mark.parametrize("number", ["0", "9999", "99999999999999999999"])
def test_it_has_one_page_for_an_entry_that_is_not_there(lived, site, number):
    _, subject, _ = lived
    visitor = site().as_borrower(subject)
    assert visitor.get(f"/data/entry/{number}").status_code == 404
    assert visitor.get(f"/data/entry/{number}").content == visitor.get("/data/entry/x").content


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_explains_each_entry_by_itself(lived, site, lang):
    lender, subject, _ = lived
    visitor = site(lang=lang).as_borrower(subject)
    for number in range(1, lender.vault.history(subject).facts.n + 1):
        assert visitor.get(f"/data/entry/{number}").status_code == 200


def test_it_shows_what_a_use_rested_on_and_the_hashes_around_it(lived, site):
    lender, subject, _ = lived
    entries = lender.vault.history(subject).entries
    number = next(one.j for one in entries if one.record.get("recipient") == "agency:a07")
    page = text(site().as_borrower(subject).get(f"/data/entry/{number}"))
    for said in ("Signed a loan contract.", "An instalment had not arrived", "collection agency A-07"):
        assert said in page
    hashes = lender.vault.leaf_hashes(subject, (number - 1, number, number + 1))
    assert len(hashes) == 3
    assert all(one.hex() in page for one in hashes.values())


def test_it_says_what_will_stand_here_when_nothing_was_used(lender, site):
    subject = enrolled(lender, phone="13800000177", id_number="110101198001010011")
    page = text(site().as_borrower(subject).get("/data?verb=left"))
    assert "Nobody has used your data" in page
    assert "Your data never left for another organisation." in page
    assert "No carrier of messages or payments was given anything of yours." in page


def test_it_keeps_what_left_only_for_delivery_apart_from_what_an_agency_got(lived, site):
    _, subject, _ = lived
    page = text(site().as_borrower(subject).get("/data"))
    left, carried = page.index("What left: 1 time"), page.index("Handed over only for delivery: 1")
    agency, bank = page.index("collection agency A-07", left), page.index("the paying bank", left)
    assert left < agency < carried < bank
    assert "only to deliver: paying the loan out." in page[carried:]


def test_it_names_nobody_of_staff(lived, site):
    _, subject, _ = lived
    pages = "".join(site().as_borrower(subject).get(one).content.decode() for one in [*ADDRESSES, "/data/entry/20"])
    assert not re.search(r"collector:k3|agent:a07\.3", pages)


def test_it_tells_a_device_what_each_record_holds(lived, site):
    """The device compares `data-content` with the records that it has verified; here the client does the same."""
    lender, subject, _ = lived
    page = site().as_borrower(subject).get("/data?all=1").content.decode()
    records = {one.j: one.record for one in lender.vault.history(subject).entries}
    found = re.findall(r'data-entries="([\d ]+)" data-content="([^"]*)"', page)
    for numbers, content in found:
        for number in map(int, numbers.split()):
            record = records[number]
            keys = ("kind", "actor", "recipient", "purpose", "reason")
            assert content == "|".join(
                [*(str(record.get(key, "")) for key in keys), ",".join(record.get("fields", []))]
            )


def test_it_tells_a_device_its_counts_as_the_device_counts_them(lived, site):
    """`data.js` counts the verified records; here the client does the same."""
    lender, subject, _ = lived
    page = site().as_borrower(subject).get("/data").content.decode()
    verbs = {"used": "used", "disclosed": "left", "exported": "left", "refused": "refused"}
    counts, held = dict.fromkeys(("used", "left", "refused"), 0), set()
    for one in lender.vault.history(subject).entries:
        kind = one.record["kind"]
        fields = () if "naming" in one.record else one.record.get("fields", ())
        if kind in verbs:
            counts[verbs[kind]] += 1
        if kind in ("stored", "corrected"):
            held |= set(fields)
        if kind == "deleted":
            held -= set(fields)
    found = set(re.findall(r'data-count="(\w+) (\d+)"', page))
    assert found == {(verb, str(n)) for verb, n in (counts | {"held": len(held)}).items()}


def test_it_gives_a_device_no_name_for_what_the_device_remembers(lived, site):
    _, subject, _ = lived
    assert "data-whose" not in site().as_borrower(subject).get("/data").content.decode()


def test_it_serves_a_bundle_that_is_the_answers(lived, site):
    lender, subject, _ = lived
    visitor = site().as_borrower(subject)
    bundle = json.loads(visitor.get("/data/bundle.json").content)
    assert len(bundle["openings"]) == lender.vault.history(subject).facts.n
    assert json.loads(visitor.get("/data/trust.json").content)["origin"] == lender.settings.origin
