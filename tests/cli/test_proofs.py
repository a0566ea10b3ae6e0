"""The contract's `shouxin proof`: one answer a line, in order; a bad line doesn't stop the others."""

from tests.cli.shell import shouxin

TILE = {"kind": "tile", "entry": "69999", "size": "70000"}
NO_TILE = {"kind": "tile", "path": "tile/0/67"}


def test_it_answers_line_by_line_and_a_refusal_is_an_answer():
    told = shouxin("proof", "--jsonl", given=[TILE, NO_TILE])
    assert (told.code, [line["ok"] for line in told.lines]) == (0, [True, False])


def test_it_says_no_by_the_exit_code_to_one_question():
    assert shouxin("proof", "--json", given=TILE).code == 0
    told = shouxin("proof", "--json", given=NO_TILE)
    assert (told.code, told.document) == (1, {"ok": False, "reason": "malformed", "where": "path"})


def test_it_answers_a_bad_line_and_those_after_it():
    told = shouxin("proof", "--jsonl", given=[TILE | {"colour": "red"}, {"kind": "colour"}, TILE])
    assert told.code == 2
    assert [line.get("error", {}).get("where") for line in told.lines] == ["line 1, colour", "line 2, kind", None]
    twice = shouxin("proof", "--jsonl", given='{"kind":"tile","kind":"tile","path":"tile/0/000"}\n')
    assert (twice.code, twice.lines[0]["error"]["code"]) == (2, "malformed")
