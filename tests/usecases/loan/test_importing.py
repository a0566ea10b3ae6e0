"""Another system's loans: judged whole before anything is kept, kept once, closed at night."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.usecases.story import kinds, must, pay, reason, statement

EXAMPLE = Path("examples/tape_with_payments")
MAP = """
v = 1
[terms]
currency = "CNY"
rate = {annual = "14.4%"}
[column.no]
to = "loan.ref"
[column.name]
to = "borrower.name"
[column.id]
to = "borrower.id_number"
optional = true
[column.amount]
to = "terms.principal"
[column.months]
to = "terms.instalments"
[column.from]
to = "terms.disbursed_on"
"""
HEADING = "no,name,id,amount,months,from\n"
GOOD = "A1,Ai Li,110101199003071014,12000.00,12,2026-05-20\nA2,Bo,110101198502141027,6000.00,6,2026-06-01\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "map.toml").write_text(MAP)
    return tmp_path


def bring(lender, folder: Path, text: str, **more):
    from shouxin.usecases.loan.import_tape import ImportTape, import_tape

    (folder / "tape.csv").write_text(text)
    return import_tape(lender, ImportTape(tape=str(folder / "tape.csv"), map=str(folder / "map.toml"), **more))


def closed(lender, day: date, **more):
    from shouxin.usecases.loan.close import Close, close

    return close(lender, Close(date=day, **more))


def loans():
    from shouxin.records.loan.models import Loan

    return list(Loan.objects.order_by("source_ref"))


def test_it_brings_loans_with_people_contracts_and_terms(lender, folder):
    result = must(bring(lender, folder, HEADING + GOOD))
    assert (result.rows, result.imported, result.rejected) == (2, 2, [])
    first = loans()[0]
    history = lender.vault.history(first.subject_id)
    agreed = next(entry.record for entry in history.entries if entry.record["kind"] == "agreed")
    assert (agreed["contract"], agreed["terms"]) == (first.id, first.terms_hash)
    assert agreed["imported_time"] == 1_779_206_400_000, "the beginning of 20 May 2026 in Shanghai"
    assert agreed["time"] > agreed["imported_time"], "the log's own time counts"
    account = must(statement(lender, first.id, first.subject_id))
    assert account["instalments"][0]["due_on"] == "2026-06-20"
    must(pay(lender, first.id, "1.00", "k"))


BAD_ROWS = {
    "no amount": ("A3,Chen,,abc,12,2026-05-20", "amount"),
    "a currency's decimals": ("A3,Chen,,1.234,12,2026-05-20", "amount"),
    "nothing lent": ("A3,Chen,,0.00,12,2026-05-20", "amount"),
    "no such day": ("A3,Chen,,12000.00,12,2026-02-30", "from"),
    "a day ahead": ("A3,Chen,,12000.00,12,2027-02-28", "from"),
    "no instalment": ("A3,Chen,,12000.00,0,2026-05-20", "months"),
    "too many": ("A3,Chen,,12000.00,1201,2026-05-20", "months"),
    "no name": ("A3,,,12000.00,12,2026-05-20", "name"),
    "a name without end": (f"A3,{'李' * 200},,12000.00,12,2026-05-20", "name"),
    "a loan that stands already": ("A1,Chen,,12000.00,12,2026-05-20", "no"),
    "a number without end": (f"{'9' * 65},Chen,,12000.00,12,2026-05-20", "no"),
    "a cell too few": ("A3,Chen,,12000.00,12", ""),
}


@pytest.mark.parametrize(("line", "column"), BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_it_keeps_nothing_of_a_tape_with_a_bad_row(lender, folder, line, column):
    from shouxin.vault import models

    result = must(bring(lender, folder, HEADING + GOOD + line + "\n"))
    assert (result.rows, result.imported) == (3, 0)
    assert [(one["line"], one["column"]) for one in result.rejected] == [(4, column)]
    assert "Chen" not in str(result.rejected) and "李" not in str(result.rejected)
    assert (loans(), models.Chain.objects.filter(kind="borrower").count()) == ([], 0)


def test_it_keeps_the_others_when_told_to(lender, folder):
    result = must(bring(lender, folder, HEADING + GOOD + "A3,Chen,,abc,12,2026-05-20\n", skip_bad=True))
    assert (result.rows, result.imported, len(result.rejected)) == (3, 2, 1)


@pytest.mark.parametrize("chunk", [1, 1000])
def test_it_knows_one_person_by_the_id_number(lender, folder, monkeypatch, chunk):
    from shouxin.usecases.loan import imported

    monkeypatch.setattr(imported, "CHUNK", chunk)
    more = "A3,Ai Li,110101199003071014,1000.00,3,2026-09-01\nA4,Somebody,,1000.00,3,2026-09-01\n"
    must(bring(lender, folder, HEADING + GOOD + more))
    subjects = {loan.source_ref: loan.subject_id for loan in loans()}
    assert subjects["A1"] == subjects["A3"]
    assert len(set(subjects.values())) == 3
    assert kinds(lender, subjects["A1"]).count("agreed") == 2


def test_it_brings_the_same_tape_once(lender, folder):
    must(bring(lender, folder, HEADING + GOOD))
    again = must(bring(lender, folder, HEADING + GOOD))
    assert (again.imported, again.already, again.rejected) == (0, 2, [])
    assert len(loans()) == 2


def test_it_finishes_a_tape_that_a_crash_cut_short(lender, folder, monkeypatch):
    from shouxin.usecases.loan import imported

    text = HEADING + GOOD + "A3,Chen,,1000.00,3,2026-09-01\n"
    monkeypatch.setattr(imported, "CHUNK", 2)
    kept = imported.Keeping._keep
    calls = []

    def dying(self, coming):
        calls.append(len(coming))
        if len(calls) == 2:
            raise KeyboardInterrupt
        kept(self, coming)

    monkeypatch.setattr(imported.Keeping, "_keep", dying)
    with pytest.raises(KeyboardInterrupt):
        bring(lender, folder, text)
    assert len(loans()) == 2
    monkeypatch.setattr(imported.Keeping, "_keep", kept)
    result = must(bring(lender, folder, text))
    assert (result.imported, result.already) == (1, 2)
    assert [loan.source_ref for loan in loans()] == ["A1", "A2", "A3"]


def test_it_says_who_is_enrolled_here_already_and_keeps_nothing(lender, folder, ai_li):
    result = must(bring(lender, folder, HEADING + GOOD))
    assert (result.imported, loans()) == (0, [])
    assert [(one["line"], one["column"]) for one in result.rejected] == [(2, "id")]
    others = must(bring(lender, folder, HEADING + GOOD, skip_bad=True))
    assert (others.imported, others.rejected) == (1, result.rejected)


REFUSED_ROWS = {
    "a slash": "A3,Chen,1101/0119,1000.00,3,2026-09-01",
    "nothing that is seen": "A3,Chen,\u200b,1000.00,3,2026-09-01",
}


@pytest.mark.parametrize("chunk", [1, 1000])
@pytest.mark.parametrize("line", REFUSED_ROWS.values(), ids=REFUSED_ROWS.keys())
def test_it_keeps_nothing_of_a_tape_with_somebody_whom_the_vault_would_refuse(lender, folder, monkeypatch, chunk, line):
    from shouxin.usecases.loan import imported
    from shouxin.vault import models

    monkeypatch.setattr(imported, "CHUNK", chunk)
    result = must(bring(lender, folder, HEADING + GOOD + line + "\n"))
    assert (result.rows, result.imported) == (3, 0)
    assert [(one["line"], one["column"]) for one in result.rejected] == [(4, "id")]
    assert (loans(), models.Chain.objects.filter(kind="borrower").count()) == ([], 0)
    assert must(bring(lender, folder, HEADING + GOOD + line + "\n", skip_bad=True)).imported == 2


@pytest.mark.parametrize("income", ["8600.005", "-1", "8,600", "9" * 17 + ".00"])
def test_it_takes_no_income_that_is_no_amount(lender, folder, income):
    (folder / "map.toml").write_text(MAP + '[column.income]\nto = "borrower.income"\n')
    heading = HEADING.strip() + ",income\n"
    result = must(bring(lender, folder, heading + GOOD.splitlines()[0] + f',"{income}"\n'))
    assert [(one["line"], one["column"]) for one in result.rejected] == [(2, "income")]
    assert income not in str(result.rejected)


def test_it_knows_one_person_however_the_id_number_is_spelt(lender, folder):
    more = "A3,Ai Li,１１０１０１１９９００３０７-1014,1000.00,3,2026-09-01\n"
    assert must(bring(lender, folder, HEADING + GOOD + more)).imported == 3
    subjects = {loan.source_ref: loan.subject_id for loan in loans()}
    assert subjects["A1"] == subjects["A3"]


HEADINGS = {
    # a heading → how it is named: it may be somebody's number, so only a plain word or one of the map is repeated
    "emergency_contact": "emergency_contact",
    "CallLog": "CallLog",
    "通讯录": "column 7",
    "联系人13900000102": "column 7",
}


@pytest.mark.parametrize(("heading", "said"), HEADINGS.items())
def test_it_refuses_a_tape_with_other_peoples_contacts(lender, folder, heading, said):
    refusal = bring(lender, folder, f"{HEADING.strip()},{heading}\n" + GOOD.replace("\n", ",x\n"))
    assert (reason(refusal), refusal.where) == ("address_book", said)
    assert "CN.APP.NECESSARY" in refusal.rules
    assert loans() == []


def test_it_refuses_a_tape_whose_cells_are_other_peoples_numbers(lender, folder):
    (folder / "map.toml").write_text(MAP + '[drop]\nold = ["remark"]\n')
    refusal = bring(lender, folder, HEADING.strip() + ",remark\n" + GOOD.replace("\n", ",13900000102\n"))
    assert (reason(refusal), refusal.where) == ("address_book", "remark")
    assert loans() == []


def test_it_names_what_is_wrong_with_a_map(lender, folder):
    from shouxin.usecases.lender import BadInput

    for text, where in [(MAP + "[drop]\nold = [1]\n", 'drop."old"'), ("v = 1\nbad", "map"), ("v = 2", "v")]:
        (folder / "map.toml").write_text(text)
        with pytest.raises(BadInput) as caught:
            bring(lender, folder, HEADING + GOOD)
        assert caught.value.where == where
    (folder / "map.toml").write_text(MAP)
    with pytest.raises(BadInput) as caught:
        bring(lender, folder, HEADING.strip() + ",grade\n" + GOOD.replace("\n", ",C\n"))
    assert caught.value.where == "grade"
    with pytest.raises(BadInput) as caught:
        bring(lender, folder, HEADING.strip() + ",13900000102\n" + GOOD.replace("\n", ",C\n"))
    assert caught.value.where == "column 7" and "13900000102" not in str(caught.value)


def test_it_names_the_columns_that_the_map_names(lender, folder):
    (folder / "map.toml").write_text(MAP.replace("column.amount", 'column."金额"'))
    result = must(bring(lender, folder, HEADING.replace("amount", "金额") + "A3,Chen,,abc,12,2026-05-20\n"))
    assert [(one["line"], one["column"]) for one in result.rejected] == [(2, "金额")]


def test_it_brings_payments_and_knows_how_late_each_loan_is(lender, folder):
    from shouxin.usecases.loan.import_tape import ImportTape, import_tape

    result = must(import_tape(lender, ImportTape(tape=str(EXAMPLE / "loans.csv"), map=str(EXAMPLE / "map.toml"))))
    assert (result.imported, result.rejected, result.dropped_columns) == (6, [], ["branch"])
    late = {loan.source_ref: must(statement(lender, loan.id, loan.subject_id)) for loan in loans()}
    assert {ref: (one["dpd"], one["bucket"]) for ref, one in late.items()} == {
        "XH-0001": (4, "M1"),
        "XH-0002": (0, None),
        "XH-0003": (55, "M2"),
        "XH-0004": (9, "M1"),
        "XH-0005": (0, None),
        "XH-0006": (0, None),
    }
    night = closed(lender, date(2026, 11, 24))
    assert [(one["bucket"], one["loans"]) for one in night.buckets] == [(None, 3), ("M1", 2), ("M2", 1)]
    assert night.loans == 6
    total = sum(int(one["balance"].replace(".", "")) for one in night.buckets)
    assert total == sum(int(one["balance"].replace(".", "")) for one in late.values())


def test_it_keeps_no_loan_whose_payments_make_no_sense(lender, folder):
    for name in ("loans.csv", "map.toml", "payments.csv"):
        shutil.copy(EXAMPLE / name, folder / name)
    with (folder / "payments.csv").open("a") as file:
        file.write("2026/01/01,XH-0001,5.00,bank\n2026/11/20,XH-9999,5.00,bank\n2026/11/21,XH-0002,x,bank\n")
    result = must(bring(lender, folder, (folder / "loans.csv").read_text(), skip_bad=True))
    assert result.imported == 4
    assert [(one.get("file"), one["line"], one["column"]) for one in result.rejected] == [
        (None, 2, "loan_no"),  # paid before it was paid out
        (None, 3, "loan_no"),  # one of its payments is no amount
        ("payments.csv", 38, "loan_no"),
    ]
    assert "line 37: on" in result.rejected[0]["message"]
    assert "line 39: amount" in result.rejected[1]["message"]


def test_it_closes_each_day_as_it_was(lender, folder):
    must(bring(lender, folder, HEADING + GOOD))
    assert closed(lender, date(2026, 5, 19)).loans == 0
    assert closed(lender, date(2026, 5, 20)).balance == "12000.00"
    assert closed(lender, date(2026, 6, 1)).balance == "18000.00"


def test_it_leaves_out_what_is_paid_off_and_what_has_not_begun(lender, folder, ai_li):
    from tests.usecases.story import signed

    signed(lender, ai_li)
    must(bring(lender, folder, HEADING + GOOD.splitlines()[1] + "\n"))
    (loan,) = (one for one in loans() if one.source_ref)
    owed = must(statement(lender, loan.id, loan.subject_id))["totals"]["outstanding"]
    assert must(pay(lender, loan.id, owed, "all")).ended
    night = closed(lender, date(2026, 11, 24))
    assert (night.loans, night.settled, night.balance) == (0, 1, "0.00")


def test_it_wants_a_currency_when_the_book_has_two(lender, folder):
    from shouxin.usecases.lender import BadInput

    must(bring(lender, folder, HEADING + GOOD.splitlines()[0] + "\n"))
    (folder / "map.toml").write_text(MAP.replace("CNY", "USD"))
    must(bring(lender, folder, HEADING + GOOD.splitlines()[1] + "\n"))
    with pytest.raises(BadInput, match="CNY, USD"):
        closed(lender, date(2026, 11, 24))
    assert closed(lender, date(2026, 11, 24), currency="USD").loans == 1


def test_it_tells_how_far_it_is(lender, folder):
    from shouxin.usecases.loan.import_tape import ImportTape, import_tape

    (folder / "tape.csv").write_text(HEADING + GOOD)
    told = []
    request = ImportTape(tape=str(folder / "tape.csv"), map=str(folder / "map.toml"))
    import_tape(lender, request, progress=lambda *step: told.append(step))
    assert told[-1] == ("keeping", 2, 2)


@pytest.mark.slow
def test_it_brings_and_closes_a_real_book(lender, shared_data):
    """9,857 loans of LendingClub: each is there, on its own terms, and the whole adds up."""
    from shouxin.usecases.loan.import_tape import ImportTape, import_tape

    tape = shared_data / "lending_club_2016q1.csv"
    result = must(import_tape(lender, ImportTape(tape=str(tape), map="examples/maps/lending_club.toml")))
    assert (result.rows, result.imported, result.rejected) == (9857, 9857, [])
    assert len(result.dropped_columns) == 19
    night = closed(lender, date(2016, 5, 1))
    assert [(one["bucket"], one["loans"]) for one in night.buckets] == [("M1", 9857)]
    lent = sum(int(line.split(",")[0]) for line in tape.read_text().splitlines()[1:])
    assert night.balance == f"{lent}.00"
