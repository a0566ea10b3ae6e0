import json
import tomllib
from pathlib import Path

import pytest

from shouxin.core.loan import cost, event, statement, terms
from shouxin.core.loan.account import fold
from tests.core.loan.loans import FOUR_PAID, agreed, on_day

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "terms"


def test_it_writes_every_key_of_the_contract():
    document = statement.to_doc(on_day(agreed(), FOUR_PAID + "2026-11-20 fee 5.00 code=letter", "2026-11-24"))
    assert set(document) >= {
        "as_of",
        "instalments",
        "totals",
        "transactions",
        "charges",
        "dpd",
        "arrears",
        "delinquent_days",
        "delinquent_since",
        "bucket",
        "by_bucket",
        "credit",
        "settle",
    }
    assert document["instalments"][4] == {
        "number": 5,
        "due_on": "2026-11-10",
        "days": 31,
        "principal": "981.44",
        "interest": "98.27",
        "fees": "0.00",
        "penalties": "8.13",
        "total": "1087.84",
        "balance": "7207.81",
        "paid": "0.00",
        "paid_early": "0.00",
        "paid_late": "0.00",
        "outstanding": "1087.84",
        "settled_on": None,
    }
    assert document["transactions"][1] == {
        "on": "2026-07-10",
        "type": "pay",
        "amount": "1079.71",
        "principal": "935.71",
        "interest": "144.00",
        "fees": "0.00",
        "penalties": "0.00",
        "balance": "11064.29",
    }
    assert document["charges"] == [
        {
            "kind": "fee",
            "code": "letter",
            "due_on": "2026-11-20",
            "amount": "5.00",
            "paid": "0.00",
            "waived": "0.00",
            "outstanding": "5.00",
        }
    ]
    assert document["settle"] == {
        "amount": "8341.01",
        "principal": "8189.25",
        "interest": "138.63",
        "fees": "5.00",
        "penalties": "8.13",
    }
    assert document["by_bucket"] == [{"bucket": "M1", "amount": "1087.84"}]
    json.dumps(document)


def test_it_marks_what_was_reversed_and_by_which_ref():
    document = statement.to_doc(on_day(agreed(), "2026-07-10 pay 1.00 ref=p1 \n 2026-07-11 reverse of=p1"))
    assert document["transactions"][1]["ref"] == "p1"
    assert document["transactions"][1]["reversed"] is True
    assert "reversed" not in document["transactions"][0]


@pytest.mark.parametrize("name", ["ai-li.json", "daily-rate.toml"])
def test_it_plans_the_examples(name):
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    loan = terms.parse(tomllib.loads(text) if name.endswith(".toml") else json.loads(text))
    document = cost.schedule_doc(loan)
    assert document["apr"]["percent"] == {"ai-li.json": "14.40", "daily-rate.toml": "10.82"}[name]


@pytest.mark.parametrize(("name", "owed"), [("ai-li-paid.jsonl", "8637.61"), ("ai-li-late.jsonl", "7656.17")])
def test_it_folds_the_events_of_the_examples(name, owed):
    loan = terms.parse(json.loads((EXAMPLES / "ai-li.json").read_text(encoding="utf-8")))
    lines = (EXAMPLES / name).read_text(encoding="utf-8").splitlines()
    account = fold(loan, [event.parse(json.loads(line), loan) for line in lines])
    assert statement.to_doc(account)["totals"]["outstanding"] == owed
