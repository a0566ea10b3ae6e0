"""Plays the story: each step is done by its use case, and then looked at from outside.

A use case that says "done" and does nothing is found out at its own step: its entries are missing from the chains, its
rows from the book, its letter from the sink, or its result doesn't hold what only the real one can know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shouxin.assurance.demo.memory import Memory, NotKnownError
from shouxin.assurance.demo.story import Step, Story
from shouxin.assurance.demo.watch import Change, Sight, between, look
from shouxin.cli.output import bug_document
from shouxin.core.rules.refusal import Refusal
from shouxin.site.trouble import as_unable
from shouxin.usecases.lender import Lender, to_document

Do = Callable[[Mapping[str, Any]], object]


class StepFailedError(Exception):
    """A step did not come out as told; `why` names what is missing, never a value."""

    def __init__(self, step: Step, why: str) -> None:
        super().__init__(why)
        self.step = step
        self.why = why


@dataclass(frozen=True)
class Done:
    """A step that came out as told: when, what its use case gave, and that as a document."""

    step: Step
    at: datetime
    result: object
    document: Any
    change: Change


@dataclass
class Stage:
    """Where the story is played: the lender, its use cases by name, the sink's folder, and the present."""

    lender: Lender
    do: Do
    mail: Path
    now: datetime
    memory: Memory

    def look(self, story: Story, at: datetime) -> Sight:
        """What can be seen at that moment of everybody whom the story names and knows already."""
        return look(self.lender.at(at), self.chains(story).values(), mail=self.mail)

    def chains(self, story: Story) -> dict[str, str]:
        """The chains to watch, by the names that the story gives them."""
        named = {name: name for step in story.steps for name in step.entries if ":" in name}
        for name, reference in story.chains.items():
            try:
                named[name] = str(self.memory.find(reference.removeprefix("$")))
            except NotKnownError:
                continue
        return named


def play(story: Story, stage: Stage, *, begin: Callable[[Step], None]) -> Iterator[Done]:
    """Yield each step once it has come out as told; `begin` hears of each before. Raises `StepFailedError`."""
    sight = stage.look(story, stage.memory.moment(story.steps[0].on))
    for step in story.steps:
        if step.each and not stage.memory.filled(step.each):
            continue
        at = stage.now if step.on == "now" else stage.memory.moment(step.on)
        begin(step)
        done, sight = _step(story, stage, step, at, sight)
        yield done


def _step(story: Story, stage: Stage, step: Step, at: datetime, before: Sight) -> tuple[Done, Sight]:
    result = _did(stage, step, at)
    document = _document(step, result)
    stage.memory.known |= {step.name: document, "it": document}
    after = stage.look(story, at)
    change = between(before, after)
    _said(stage, step)
    _changed(stage.chains(story), step, change)
    return Done(step, at, result, document, change), after


def _did(stage: Stage, step: Step, at: datetime) -> object:
    """Do it, for each of those that it is done with; the last result."""
    result: object = None
    for each in stage.memory.filled(step.each) if step.each else [None]:
        stage.memory.known["each"] = each
        try:
            fields = stage.memory.filled(step.fields)
        except NotKnownError as missing:
            raise StepFailedError(step, f"nothing is known of {missing}") from None
        result = _done(stage, step, {"on": at.isoformat(), "verb": step.verb, **fields})
    return result


def _done(stage: Stage, step: Step, line: Mapping[str, Any]) -> object:
    """What the use case gives. One that can't, or breaks, has not done its step."""
    try:
        return stage.do(line)
    except Exception as error:  # noqa: BLE001  whatever breaks, the step is named and the next isn't tried
        unable = as_unable(error)
        if unable is None:
            raise StepFailedError(step, bug_document(error)["error"]["message"]) from None
        raise StepFailedError(step, ": ".join(filter(None, [unable.code, unable.where, unable.message]))) from None


def _document(step: Step, result: object) -> Any:
    if isinstance(result, Refusal):
        if result.reason.value != step.refused:
            raise StepFailedError(step, f"refused: {result.reason.value} {result.where}".strip())
        return result.to_doc()
    if step.refused:
        raise StepFailedError(step, f"not refused; {step.refused} was expected")
    try:
        return to_document(result)
    except AssertionError:
        raise StepFailedError(step, "its result is not one of that use case") from None


def _said(stage: Stage, step: Step) -> None:
    for path, expected in step.says.items():
        try:
            said = stage.memory.find(f"it.{path}")
        except NotKnownError:
            raise StepFailedError(step, f"its result says nothing of {path}") from None
        if said != stage.memory.filled(expected):
            raise StepFailedError(step, f"its result says something else of {path}")


def _changed(names: Mapping[str, str], step: Step, change: Change) -> None:
    unknown = step.entries.keys() - names.keys()
    if unknown:
        raise StepFailedError(step, f"its result doesn't say whose chain it is: {_list(sorted(unknown))}")
    wanted = {names[name]: kinds for name, kinds in step.entries.items()}
    for name, chain in names.items():
        found, expected = change.entries.get(chain, ()), wanted.get(chain, ())
        if found != expected:
            raise StepFailedError(step, f"chain {name}: entries {_list(found)}; {_list(expected)} was expected")
    if change.book != step.book:
        raise StepFailedError(step, f"the book changed in {_list(change.book)}; {_list(step.book)} was expected")
    if change.letters != step.letters:
        raise StepFailedError(step, f"{change.letters} letters arrived; {step.letters} was expected")
    if change.log_grew != (bool(step.entries) or step.log_grows):
        raise StepFailedError(step, "the log grew" if change.log_grew else "the log did not grow")


def _list(words: Iterable[str]) -> str:
    return " ".join(sorted(words) if isinstance(words, frozenset) else words) or "nothing"
