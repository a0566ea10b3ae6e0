"""A use case that says "done" and does nothing is found out at its own step: the demo has no logic of its own.

Two kinds of pretenders: one answers with next to nothing; the other, far better, answers with exactly what the real use
case said at that place of an earlier telling.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace

import pytest

from shouxin.assurance.demo import story

VERBS = sorted({step.verb for step in story.read().steps})
TRUE_AGAIN = {"may_call"}
"""In the demo it changes nothing and tells nothing of this one life: repeating it word for word is saying what is so."""


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    """Tellings leave their scratch folders where they are soon gone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def told_here(capsys):
    """`shouxin demo --json` in this process: its exit code and document."""
    from shouxin.__main__ import main

    def tell():
        with pytest.raises(SystemExit) as left:
            main(["demo", "--json"])
        return left.value.code, json.loads(capsys.readouterr().out)

    yield tell
    from shouxin.site import databases

    databases.close()


@pytest.fixture(scope="module")
def earlier():
    """What each use case gave in an earlier telling, in call order, by its name."""
    from shouxin.__main__ import main
    from shouxin.site.wiring import set_up_django

    set_up_django()
    from shouxin.usecases.oversight import verbs

    said: dict[str, list[object]] = {name: [] for name in VERBS}

    def remembering(name, verb):
        def act(lender, request):
            said[name].append(verb.function(lender, request))
            return said[name][-1]

        return replace(verb, function=act)

    with pytest.MonkeyPatch.context() as patch:
        for name in VERBS:
            patch.setitem(verbs.VERBS, name, remembering(name, verbs.VERBS[name]))
        with pytest.raises(SystemExit) as left:
            main(["demo", "--json"])
    assert left.value.code == 0
    return said


def refused_at(name, told_here, monkeypatch, function):
    """The step at which the story ends when this function stands in the place of that use case."""
    from shouxin.usecases.oversight import verbs

    monkeypatch.setitem(verbs.VERBS, name, replace(verbs.VERBS[name], function=function))
    code, document = told_here()
    assert code == 1
    assert "verdict" not in document
    return document["failed"]


@pytest.mark.parametrize("name", VERBS)
def test_it_finds_a_use_case_that_says_yes_and_does_nothing(name, told_here, earlier, monkeypatch):
    failed = refused_at(name, told_here, monkeypatch, lambda lender, request: {"ok": True})
    first = next(step for step in story.read().steps if step.verb == name and step.each != "$people.others")
    assert (failed["verb"], failed["step"]) == (name, first.name)


@pytest.mark.parametrize("name", sorted(set(VERBS) - TRUE_AGAIN))
def test_it_finds_a_use_case_that_repeats_what_it_said_in_another_life(name, told_here, earlier, monkeypatch):
    said = iter(earlier[name])
    failed = refused_at(name, told_here, monkeypatch, lambda lender, request: next(said))
    assert failed["verb"] == name


def test_it_calls_every_use_case_that_belongs_to_the_story():
    asked = {
        "enrol",
        "contact_person",
        "consent",
        "withdraw",
        "apply",
        "decide",
        "cost_sheet",
        "sign",
        "disburse",
        "pay",
    }
    asked |= {
        "remind",
        "open_case",
        "close_case",
        "grant",
        "recall",
        "take_back",
        "entrust",
        "may_call",
        "open_number",
        "record_attempt",
        "ask_contact",
    }
    asked |= {"engage", "appoint", "use", "state", "statement", "simulate_defer", "defer", "answer"}
    assert asked == set(VERBS)
