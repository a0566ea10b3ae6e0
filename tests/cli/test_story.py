"""One loan from application to catching up, told by outsiders' commands alone: each answer feeds the next."""

import json

import pytest

from tests.cli.shell import shouxin

AI_LI = {
    "name": "Ai Li",
    "phone": "13800005678",
    "id_number": "110101199001010010",
    "bank_card": "6222020000000000011",
    "email": "ai.li@mail.example",
    "income": "8600.00",
    "monthly_obligations": "500.00",
}
WEN = {"name": "Wen Wen", "phone": "13900001234", "relation": "friend"}
BO, CHEN = "collector:k31", "collector:k32"


class Story:
    """Does lines in one lender and remembers what they gave."""

    def __init__(self, data_dir):
        self.data_dir = data_dir

    def do(self, on, verb, **fields):
        (answer,) = self.all_of([{"on": on, "verb": verb, **fields}])
        return answer

    def all_of(self, lines):
        ran = shouxin("do", "--jsonl", given=lines, data_dir=self.data_dir)
        assert ran.code == 0, ran.stdout
        return ran.lines

    def run(self, *words, at=None, given=b"", code=0):
        words = [*words, "--json", *(["--at", at] if at else [])]
        ran = shouxin(*words, given=given, data_dir=self.data_dir)
        assert ran.code == code, ran.stdout + ran.stderr
        return ran.document


@pytest.fixture
def story(data_dir):
    return Story(data_dir)


def borrow(story, *, keys):
    """Enrolled on 1 February, paid out on the 2nd: 12,000 over twelve months."""
    subject = story.run("enrol", "--keys", keys, at="2026-02-01T10:00:00+08:00", given=AI_LI)["subject"]
    story.run("consent", subject, "--purpose", "credit_decision", at="2026-02-01T10:01:00+08:00")
    application = story.do("2026-02-02", "apply", subject=subject, amount="12000.00", instalments=12)["application"]
    decided = story.do("2026-02-02", "decide", application=application)
    assert decided["approved"] is True
    offer = decided["offer"]
    story.do("2026-02-02", "cost_sheet", subject=subject, offer=offer)
    loan = story.do("2026-02-02", "sign", subject=subject, offer=offer)["loan"]
    story.do("2026-02-02", "disburse", loan=loan)
    return subject, loan


@pytest.mark.slow
def test_a_loan_is_borrowed_falls_behind_is_collected_and_answered_for(story, tmp_path):
    subject, loan = borrow(story, keys=tmp_path / "keys")
    named = story.run("contact-person", subject, at="2026-02-02T11:00:00+08:00", given=WEN)
    assert named["contact"]

    assert (
        story.run("case", "open", subject, at="2026-02-10T10:00:00+08:00", code=1)["refused"]["reason"] == "not_overdue"
    )
    late = "2026-03-12T{}:00+08:00"
    for minute, actor in ((0, BO), (1, CHEN)):
        story.run("staff", "appoint", actor, at=late.format(f"10:0{minute}"))
    case = story.run("case", "open", subject, at=late.format("10:02"))["case"]
    look = {"subject": subject, "actor": BO, "purpose": "collection", "fields": ["name", "phone", "days_past_due"]}
    before = story.run("use", at=late.format("10:03"), given=look | {"case": case}, code=1)
    assert before["refused"]["reason"] == "not_yours"
    assert story.run("grant", case, "--actor", BO, at=late.format("10:04"))["entry"] > 0
    opened = story.run("use", at=late.format("10:05"), given=look | {"case": case})["opened"]
    assert (opened["phone"], opened["days_past_due"]) == (AI_LI["phone"], 10)
    asked = story.run("use", at=late.format("10:06"), given=look | {"case": case, "actor": CHEN}, code=1)
    assert asked["refused"]["reason"] == "not_yours"
    friend = {"subject": named["contact"], "actor": BO, "fields": ["phone"], "case": case}
    for purpose in ("collection", "reach_through_contact"):
        refused = story.run("use", at=late.format("10:07"), given=friend | {"purpose": purpose}, code=1)
        assert refused["refused"]["reason"] in {"third_party", "no_basis", "not_out_of_reach"}

    owed = story.run("statement", loan, "--as", subject, at="2026-03-13T09:00:00+08:00")
    paid = story.do("2026-03-13", "pay", loan=loan, amount=owed["arrears"], currency="CNY", key="bank-1")
    assert (paid["dpd"], paid["arrears"]) == (0, "0.00")
    again = story.do("2026-03-13", "pay", loan=loan, amount=owed["arrears"], currency="CNY", key="bank-1")
    assert again["event"] == paid["event"]
    assert story.run("recall", case, "--actor", BO, at="2026-03-13T11:00:00+08:00")["entry"] > 0
    assert story.run("case", "close", subject, at="2026-03-13T11:01:00+08:00")["case"] == case
    after = story.run("use", at="2026-03-13T11:02:00+08:00", given=look, code=1)
    assert after["refused"]["reason"] == "not_yours"

    check_answer(story, subject, tmp_path)


def check_answer(story, subject, folder):
    """The person's answer, checked by the outsider's program on the files that it left."""
    out, at = folder / "out", "2026-03-14T09:00:00+08:00"
    answered = story.run("answer", subject, "--out", out, at=at)
    assert answered["verdict"] == "nothing_unlawful_found"
    assert json.loads((out / "answer.json").read_text("utf-8")) == answered
    assert {path.name for path in out.iterdir()} == {"bundle.json", "answer.json", "answer.html"}
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert any(use["purpose"] == "collection" for use in answered["uses"])
    trust = folder / "trust.json"
    trust.write_text(json.dumps(story.run("log", "trust")))
    key = folder / "keys" / f"{subject}.key"
    words = ["verify", out / "bundle.json", "--trust", trust, "--person", key, "--json", "--at", at]
    verified = shouxin(*words)
    assert (verified.code, verified.document["entries"]) == (0, answered["entries"])
    stale = shouxin(*words[:-1], "2026-06-14T09:00:00+08:00")
    assert (stale.code, stale.document["reason"]) == (1, "stale")
    other = shouxin(*words[:5], folder / "nothing.key", *words[6:])
    assert other.code == 2
    damaged = out / "bundle.json"
    data = damaged.read_bytes()
    damaged.write_bytes(data[:900] + bytes([data[900] ^ 1]) + data[901:])
    assert shouxin(*words).code == 1


def test_the_book_is_closed_by_buckets(story, tmp_path):
    borrow(story, keys=tmp_path / "keys")
    closed = story.run("close", "--date", "2026-03-12", at="2026-03-13T10:00:00+08:00")
    assert sum(int(bucket["loans"]) for bucket in closed["buckets"]) == 1


def test_somebody_elses_loan_is_nobodys(story, tmp_path):
    _, loan = borrow(story, keys=tmp_path / "keys")
    nobody = "01a20ca3-0000-7000-8000-000000000000"
    mine = story.run("statement", loan, "--as", nobody, code=1)
    none = story.run("statement", nobody, "--as", nobody, code=1)
    assert mine == none == {"refused": {"reason": "not_yours", "rules": ["CN.PIPL.51"], "where": "loan"}}
