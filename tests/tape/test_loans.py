"""A tape and its map become loans, or faults that name line and column."""

import io
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from shouxin.tape.fault import Fault, TapeError
from shouxin.tape.loans import LoanRow, LoanTape
from shouxin.tape.mapping import parse

EXAMPLE = Path(__file__).parents[2] / "examples" / "tape_with_payments"
MAP = """
v = 1
[terms]
currency = "CNY"
rate = {annual = "14.4%"}
[column.no]
to = "loan.ref"
[column.name]
to = "borrower.name"
[column.amount]
to = "terms.principal"
remove = ","
[column.months]
to = "terms.instalments"
[drop]
"not needed" = ["branch"]
"""
HEADING = "no,name,amount,months,branch\n"


def open_tape(text: str | bytes, *, map_text: str = MAP, payments: str | None = None) -> LoanTape:
    data = text if isinstance(text, bytes) else text.encode()
    mapping = parse(tomllib.loads(map_text), fields=("name", "phone"))
    beside = None if payments is None else io.BytesIO(payments.encode())
    return LoanTape(io.BytesIO(data), mapping, name="tape", payments=beside)


def faults(rows: Iterable[LoanRow | Fault]) -> list[tuple[int, str]]:
    return [(row.line, row.column) for row in rows if isinstance(row, Fault)]


def test_it_puts_each_cell_in_its_place() -> None:
    tape = open_tape(HEADING + 'A1,Ai Li,"12,000.00",12,east\n')
    assert tape.look() is None
    (row,) = tape.rows()
    assert isinstance(row, LoanRow)
    assert (row.line, row.ref, row.fields) == (2, "A1", {"name": "Ai Li"})
    assert row.terms == {
        "currency": "CNY",
        "rate": {"annual": "14.4%"},
        "principal": "12000.00",
        "instalments": 12,
    }
    assert tape.dropped_columns == ("branch",)


def test_it_gives_each_row_terms_of_its_own() -> None:
    text = MAP + '[column.rate]\nto = "terms.rate.annual"\n'
    rows = list(open_tape("no,name,amount,months,branch,rate\nA1,a,1,1,x,1%\nA2,b,1,1,x,2%\n", map_text=text).rows())
    assert [row.terms["rate"] for row in rows if isinstance(row, LoanRow)] == [{"annual": "1%"}, {"annual": "2%"}]


def test_it_shows_nobodys_name_when_a_row_is_printed() -> None:
    (row,) = open_tape(HEADING + "A1,Ai Li,12000,12,east\n").rows()
    assert "Ai Li" not in repr(row)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("A1,Ai Li,12000,twelve,east", "months"),
        ("A1,Ai Li,12000,-12,east", "months"),
        ("A1,Ai Li,,12,east", "amount"),
        ("A1,,12000,12,east", "name"),
        ("A1,Ai Li,12000,12", ""),
        ("A1,Ai Li,12000,12,east,west", ""),
        ("A0,Ai Li,12000,12,east", "no"),
        ('A1,"Ai" Li,12000,12,east', ""),
    ],
)
def test_it_names_line_and_column_of_a_bad_cell(line: str, column: str) -> None:
    rows = list(open_tape(f"{HEADING}A0,Bo,1,1,x\n{line}\nA2,Chen,1,1,x\n").rows())
    assert faults(rows) == [(3, column)]
    assert len(rows) == 3


def test_it_counts_lines_and_not_rows() -> None:
    tape = open_tape(HEADING + 'A1,"Ai\nLi",1,1,x\n\nA2,Bo,1,x,x\n')
    assert faults(tape.rows()) == [(5, "months")]


def test_it_can_be_read_twice() -> None:
    tape = open_tape(HEADING + "A1,Ai Li,12000,12,east\n")
    assert list(tape.rows()) == list(tape.rows())


def test_it_reads_gbk_and_a_byte_order_mark() -> None:
    gbk = open_tape("no,name,amount,months,branch\nA1,李艾,1,1,东\n".encode("gbk"), map_text='encoding = "gbk"\n' + MAP)
    marked = open_tape(("\ufeff" + HEADING + "A1,李艾,1,1,东\n").encode())
    for tape in (gbk, marked):
        (row,) = tape.rows()
        assert isinstance(row, LoanRow) and row.fields == {"name": "李艾"}


def test_it_names_the_cell_whose_bytes_are_of_another_encoding() -> None:
    tape = open_tape(HEADING.encode() + "A1,李艾,1,1,x\n".encode("gbk") + b"A2,Bo,1,1,x\n")
    assert faults(tape.rows()) == [(2, "name")]


def test_it_wants_a_place_for_every_column() -> None:
    tape = open_tape("no,name,amount,months,branch,grade\nA1,Ai,1,1,x,C\n")
    with pytest.raises(TapeError) as caught:
        tape.look()
    assert caught.value.where == "grade"


def test_it_wants_every_column_of_the_map() -> None:
    with pytest.raises(TapeError) as caught:
        open_tape("no,name,amount,branch\n").look()
    assert caught.value.where == "months"


@pytest.mark.parametrize("text", ["", "\n", "a,a\n", "a,\n"])
def test_it_wants_a_heading(text: str) -> None:
    with pytest.raises(TapeError):
        open_tape(text)


def test_it_refuses_contacts_even_when_the_map_drops_them() -> None:
    text = MAP + '"old" = ["emergency_contact"]\n'
    found = open_tape("no,name,amount,months,branch,emergency_contact\n", map_text=text).look()
    assert found is not None and found.column == "emergency_contact"


def test_it_refuses_dropped_phone_numbers_once_it_has_seen_them() -> None:
    tape = open_tape(HEADING + "A1,Ai Li,1,1,13800000101\n")
    assert tape.look() is None
    list(tape.rows())
    found = tape.strangers()
    assert found is not None and found.column == "branch"


def test_it_prefers_to_refuse_an_unplaced_column_of_phone_numbers() -> None:
    found = open_tape("no,name,amount,months,branch,extra\nA1,Ai,1,1,x,13800000101\n").look()
    assert found is not None and found.column == "extra"


PAYMENTS_MAP = (
    MAP
    + """
[payments]
file = "payments.csv"
[payments.column.no]
to = "loan.ref"
[payments.column.on]
to = "payment.on"
date = "%Y-%m-%d"
[payments.column.amount]
to = "payment.amount"
"""
)
LOANS = HEADING + "A1,Ai Li,12000,12,x\nA2,Bo,6000,6,x\n"


def with_payments(text: str) -> LoanTape:
    tape = open_tape(LOANS, map_text=PAYMENTS_MAP, payments="no,on,amount\n" + text)
    assert tape.look() is None
    return tape


def test_it_finds_the_payments_of_a_loan() -> None:
    rows = list(with_payments("A2,2026-01-02,5.00\nA1,2026-01-01,1.00\nA2,2026-02-02,6.00\n").rows())
    paid: dict[str, list[Any]] = {
        row.ref: [payment.event["amount"] for payment in row.payments] for row in rows if isinstance(row, LoanRow)
    }
    assert paid == {"A1": ["1.00"], "A2": ["5.00", "6.00"]}


def test_it_does_not_bring_a_loan_whose_payment_is_unreadable() -> None:
    rows = list(with_payments("A2,2026-13-02,5.00\nA1,2026-01-01,1.00\n").rows())
    assert [(f.line, f.column, f.file) for f in rows if isinstance(f, Fault)] == [
        (3, "no", ""),
        (2, "on", "payments.csv"),
    ]


def test_it_reports_a_payment_of_nobody() -> None:
    rows = list(with_payments("A9,2026-01-02,5.00\n").rows())
    assert [(f.line, f.file) for f in rows if isinstance(f, Fault)] == [(2, "payments.csv")]


def test_it_takes_a_payment_from_the_row_itself() -> None:
    text = (
        MAP
        + '[column.paid]\nto = "payment.amount"\noptional = true\n[column.day]\nto = "payment.on"\noptional = true\n'
    )
    rows = list(
        open_tape(
            "no,name,amount,months,branch,paid,day\nA1,a,1,1,x,1.00,2026-01-01\nA2,b,1,1,x,,\nA3,c,1,1,x,1.00,\n",
            map_text=text,
        ).rows()
    )
    assert isinstance(rows[0], LoanRow) and isinstance(rows[1], LoanRow)
    assert (len(rows[0].payments), len(rows[1].payments)) == (1, 0)
    assert faults(rows) == [(4, "day")]


def test_it_reads_the_example() -> None:
    mapping = parse(tomllib.loads((EXAMPLE / "map.toml").read_text()), fields=("name", "phone", "id_number"))
    with (EXAMPLE / "loans.csv").open("rb") as loans, (EXAMPLE / "payments.csv").open("rb") as payments:
        tape = LoanTape(loans, mapping, name="loans.csv", payments=payments)
        assert tape.look() is None
        rows = list(tape.rows())
        assert tape.strangers() is None
    assert [len(row.payments) for row in rows if isinstance(row, LoanRow)] == [5, 5, 5, 10, 2, 8]
