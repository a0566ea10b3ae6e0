"""schedule, account, apr: sums that a lending officer knows, from files and by lines, without a lender."""

import json

import pytest

from tests.cli.shell import shouxin

TERMS = {
    "currency": "CNY",
    "principal": "12000.00",
    "disbursed_on": "2026-06-24",
    "instalments": 12,
    "rate": {"period": "1.2%"},
    "amortisation": "equal_instalments",
}
TOML = """
currency = "CNY"
principal = "12000.00"
disbursed_on = 2026-06-24
instalments = 12
rate.period = "1.2%"
amortisation = "equal_instalments"
"""
EVENTS = [
    {"on": "2026-07-24", "type": "pay", "amount": "1079.71", "ref": "a"},
    {"on": "2026-08-20", "type": "pay", "amount": "500.00"},
    {"on": "2026-09-01", "type": "reverse", "of": "a"},
]


def file(folder, name, content):
    path = folder / name
    path.write_text(content if isinstance(content, str) else "".join(json.dumps(one) + "\n" for one in content))
    return path


def test_it_plans_the_loan_of_the_pages(tmp_path):
    by_toml = shouxin("schedule", "--json", "--terms", file(tmp_path, "t.toml", TOML))
    by_json = shouxin("schedule", "--json", "--terms", "-", given=TERMS)
    assert by_toml.code == 0
    assert by_toml.document == by_json.document
    rows = by_toml.document["instalments"]
    assert [rows[0]["total"], rows[-1]["total"]] == ["1079.71", "1079.64"]
    assert by_toml.document["totals"]["total"] == "12956.45"
    assert by_toml.document["apr"] == {"method": "cn_simple", "percent": "14.40"}


def test_it_folds_the_events_of_a_loan(tmp_path):
    words = ["--terms", file(tmp_path, "t.toml", TOML), "--events", file(tmp_path, "e.jsonl", EVENTS)]
    last = shouxin("account", "--json", *words)
    assert (last.document["as_of"], last.document["dpd"]) == ("2026-09-01", 39)
    paid = [one for one in last.document["transactions"] if one["type"] == "pay"]
    assert [(one["amount"], one.get("reversed", False)) for one in paid] == [("1079.71", True), ("500.00", False)]
    each = shouxin("account", "--json", "--each", *words)
    assert [line["as_of"] for line in each.lines] == ["2026-07-24", "2026-08-20", "2026-09-01"]
    assert each.lines[-1] == last.document
    later = shouxin("account", "--json", "--as-of", "2026-10-01", *words)
    assert later.document["dpd"] == 69


def test_it_answers_a_loan_a_line(tmp_path):
    lines = [{"terms": TERMS}, {"terms": TERMS, "events": EVENTS, "as_of": "2026-09-01"}, {"terms": {}}, {"term": 1}]
    ran = shouxin("account", "--jsonl", given=lines)
    assert ran.code == 2
    assert [line["as_of"] for line in ran.lines[:2]] == ["2026-06-24", "2026-09-01"]
    assert [line["error"]["where"] for line in ran.lines[2:]] == ["line 3, terms.currency", "line 4, term"]


def test_it_solves_a_rate_and_says_when_there_is_none():
    flows = [{"t": "0", "amount": "-1000"}, {"t": "1", "amount": "100", "repeat": 12, "step": "1"}]
    ran = shouxin("apr", "--json", given={"method": "cn_simple", "flows": flows})
    assert (ran.code, set(ran.document)) == (0, {"percent", "percent_9"})
    none = shouxin("apr", "--json", given={"method": "cn_simple", "flows": flows[1:]})
    assert (none.code, none.document) == (1, {"percent": None, "reason": "no_root"})
    lines = shouxin("apr", "--jsonl", given=[{"method": "cn_simple", "flows": flows[1:]}])
    assert (lines.code, lines.lines) == (0, [none.document])


WRONG = [
    # what was given → where the error is
    ({"principal": 12000}, "principal"),
    ({"principal": "12,000"}, "principal"),
    ({"currency": "XXZ"}, "currency"),
    ({"disbursed_on": "2026-02-30"}, "disbursed_on"),
    ({"disbursed_on": "24.06.2026"}, "disbursed_on"),
    ({"colour": "red"}, "colour"),
    ({"instalments": "12"}, "instalments"),
    ({"rate": {"period": 0.012}}, "rate.period"),
]


@pytest.mark.parametrize(("changes", "where"), WRONG, ids=lambda value: str(value)[:30])
def test_it_names_the_key_that_is_wrong(changes, where):
    ran = shouxin("schedule", "--json", "--terms", "-", given=TERMS | changes)
    assert ran.code == 2
    assert where in ran.error["where"]


def test_it_names_the_file_and_the_line(tmp_path):
    terms = file(tmp_path, "t.toml", TOML)
    broken = file(tmp_path, "e.jsonl", json.dumps(EVENTS[0]) + "\n{oops\n")
    assert shouxin("account", "--json", "--terms", terms, "--events", broken).error["where"].endswith("e.jsonl, line 2")
    missing = tmp_path / "none.toml"
    assert shouxin("schedule", "--json", "--terms", missing).error["where"] == str(missing)
    assert shouxin("schedule", "--json", "--terms", file(tmp_path, "b.toml", "a = = 1")).error["code"] == "malformed"
    assert shouxin("schedule", "--json").code == 2


@pytest.mark.parametrize("each", ["no", 1, "true", []])
def test_it_takes_no_word_for_yes_or_no(each):
    ran = shouxin("account", "--jsonl", given=[{"terms": TERMS, "events": EVENTS, "each": each}])
    assert (ran.code, ran.lines[0]["error"]["where"]) == (2, "line 1, each")


@pytest.mark.parametrize(("each", "states"), [(True, 3), (False, None), (None, None)])
def test_it_tells_each_state_when_asked(each, states):
    ran = shouxin("account", "--jsonl", given=[{"terms": TERMS, "events": EVENTS, "each": each}])
    assert ran.code == 0
    assert len(ran.lines[0].get("each", [])) == (states or 0)
