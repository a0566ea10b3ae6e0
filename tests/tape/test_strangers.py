"""Other people's contacts are found by heading and by content, and ordinary columns are not."""

import pytest

from shouxin.tape.strangers import Watch, in_heading


@pytest.mark.parametrize(
    "heading",
    [
        "contact",
        "Contact 1 phone",
        "emergencyContactName",
        "EMERGENCY_TEL",
        "address_book",
        "AddressBook",
        "phone book",
        "call_log",
        "CallHistory",
        "sms_records",
        "relative2",
        "next of kin",
        "reference_phone",
        "联系人1",
        "紧急联系电话",
        "通讯录",
        "通话详单",
        "ｃｏｎｔａｃｔｓ",
    ],
)
def test_it_knows_an_address_book_by_its_heading(heading: str) -> None:
    found = in_heading(["amount", heading])
    assert found is not None and found.column == heading


@pytest.mark.parametrize(
    "heading",
    ["amount", "phone", "手机号", "contract_no", "contactless_card", "kind", "callback_date", "friendly", "address"],
)
def test_it_leaves_ordinary_headings_alone(heading: str) -> None:
    assert in_heading([heading]) is None


CELLS_OF_STRANGERS = {
    "two numbers in a cell": ["13800000101;13900000102", "", "", ""],
    "full-width digits": ["１３８００００１０１０ / １３９００００１０１１", "", "", ""],
    "half of the cells": ["13800000101", "13900000102", "none", "none"],
    "with the country": ["+86 138 0000 0101", "", "", ""],
    "another country": ["+44 20 7946 0958", "", "", ""],
    "names beside them": ["妈妈 13800000101", "舅舅 13800000103", "", ""],
    "a landline": ["010-62750000", "", "", ""],
}


@pytest.mark.parametrize("cells", CELLS_OF_STRANGERS.values(), ids=CELLS_OF_STRANGERS.keys())
def test_it_knows_an_address_book_by_its_cells(cells: list[str]) -> None:
    watch = Watch(["loan_no", "remark"], own_phone=())
    for number, cell in enumerate(cells):
        watch.see([f"XH-{number}", cell])
    found = watch.found()
    assert found is not None and found.column == "remark"


@pytest.mark.parametrize(
    "cells",
    [
        ["110101199003071014", "110101198502141027"],
        ["6222021234567890123", "6222021365123456789"],
        ["2026-03-31", "2026-03-31 10:22:13"],
        ["13,800.00", "1380000"],
        ["1", "2"],
        ["call 13800000101 about it", "nothing", "nothing", "nothing"],
    ],
)
def test_it_takes_nothing_else_for_a_phone_book(cells: list[str]) -> None:
    watch = Watch(["column"], own_phone=())
    for cell in cells:
        watch.see([cell])
    assert watch.found() is None


def test_it_lets_the_borrower_have_a_phone() -> None:
    watch = Watch(["phone"], own_phone=["phone"])
    watch.see(["13800000101"])
    assert watch.found() is None


def test_it_does_not_let_the_borrowers_own_column_hold_two() -> None:
    watch = Watch(["phone"], own_phone=["phone"])
    watch.see(["13800000101 13900000102"])
    assert watch.found() is not None
