"""Tells the whole story: plays the steps, hands the answer over, has it and four forgeries checked from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shouxin.adapters.clock import FixedClock, SystemClock
from shouxin.assurance.demo import places, proof, story
from shouxin.assurance.demo.memory import Memory
from shouxin.assurance.demo.page import Page
from shouxin.assurance.demo.people import People
from shouxin.assurance.demo.places import Places
from shouxin.assurance.demo.play import Done, Stage, StepFailedError, play
from shouxin.assurance.demo.proof import Paths, ProofError
from shouxin.assurance.demo.story import Story
from shouxin.assurance.demo.words import Words
from shouxin.assurance.little_log import Files
from shouxin.outbound.loopback.smtp import Sink
from shouxin.usecases.lender import Lender
from shouxin.usecases.oversight.verbs import Diary

ASKED = "30000.00"
KEYS = ("first", "second", "deferral", "third", "fourth")
VERIFY = "verify"


@dataclass
class Telling:
    """One telling of the story: the page it is shown on, its words, and the document that comes of it."""

    page: Page
    words: Words
    stage: Stage
    places: Places
    at: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    document: dict[str, Any] = field(default_factory=dict)
    good: bool = False


def tell(people: People, *, data_dir: Path | None, at: datetime | None, lang: str, page: Page) -> Telling:
    """Tell it to the end, or to the first step that doesn't do what it says. Raises `BadInput` for a used directory."""
    clock = SystemClock()
    began = clock.now()
    now = at or began
    here = places.make(data_dir, first_day=story.first_day(now.date()))
    with Sink(here.mail) as sink:
        lender = replace(places.enter(here, sink), present=FixedClock(now))
        memory = _memory(lender, people, now, lang)
        stage = Stage(lender, Diary(lender).do, here.mail, now, memory)
        telling = Telling(page, Words(lender.policy, memory, lang=lang), stage, here, at=at.isoformat() if at else "")
        try:
            _tell(telling, own=people.own)
        except StepFailedError as error:
            _fail(telling, error.step.name, error.step.verb, error.why)
        except ProofError as error:
            _fail(telling, error.what, VERIFY, str(error))
    seconds = round((clock.now() - began).total_seconds(), 1)
    where = {"data_dir": str(here.lender), "mail": str(here.mail)}
    telling.document = {"steps": telling.steps, "seconds": seconds, **telling.document, **where}
    return telling


def _memory(lender: Lender, people: People, now: datetime, lang: str) -> Memory:
    """What the story knows before it begins. A payment's key is used once in a lender's life."""
    today = now.astimezone(lender.settings.zone).date()
    once = lender.chance.token_bytes(4).hex()
    known = {
        "people": {"borrower": people.borrower, "contact": people.contact, "others": list(people.others)},
        "asked": ASKED,
        "currency": lender.policy.house.currency,
        "keys": {name: f"{once}-{name}" for name in KEYS},
        "lang": lang,
        "next_year": (today + timedelta(days=365)).isoformat(),
    }
    return Memory(lender.settings.zone, {**story.read().days, "start": story.first_day(today)}, known)


def _tell(telling: Telling, *, own: bool) -> None:
    frame = telling.words.frame
    telling.page.title(frame("title"), frame("told" if own else "subtitle", zone=telling.stage.memory.zone.key))
    done = _play(telling, story.read())
    answer, trust = done["answer"], telling.stage.lender.vault.trust()
    files = Files(_bytes(answer, "bundle"), trust, _bytes(done["enrol"], "person_key"))
    said = answer.document["document"]
    _answers(telling, said)
    paths = proof.hand_over(files, telling.places.person)
    _verify(telling, files, paths, subject=said["subject"])
    telling.good = True


def _play(telling: Telling, plot: Story) -> dict[str, Done]:
    """All steps, each shown as soon as it has come out as told."""
    done: dict[str, Done] = {}
    words, chapter = telling.words, ""
    with telling.page.busy() as show:
        for one in play(plot, telling.stage, begin=lambda step: show(words.fill(step.did))):
            if one.step.chapter != chapter:
                chapter = one.step.chapter
                telling.page.chapter(plot.chapters[chapter][words.lang])
            _act(telling, one)
            done[one.step.name] = one
    return done


def _act(telling: Telling, one: Done) -> None:
    words, step = telling.words, one.step
    did = words.fill(step.did)
    outcome = words.refusal(one.document) if step.refused else words.fill(step.outcome)
    telling.page.act(words.moment(one.at), did, outcome, refused=bool(step.refused) or step.denied)
    more = {"refused": one.document} if step.refused else {}
    _keep(telling, one.at, did, outcome, step=step.name, verb=step.verb, **more)


def _keep(telling: Telling, at: datetime, did: str, outcome: str, **more: Any) -> None:
    telling.steps.append({"on": at.isoformat(), "did": did, "outcome": outcome, **more})


def _bytes(done: Done, name: str) -> bytes:
    """What a use case hands out besides its document."""
    found = getattr(done.result, name, None)
    if not isinstance(found, bytes) or not found:
        raise StepFailedError(done.step, f"its result holds no {name}")
    return found


def _answers(telling: Telling, document: Mapping[str, Any]) -> None:
    """The six answers, and below them what they speak of."""
    page, words = telling.page, telling.words
    for one in document["questions"]:
        evidence = f"{words.say('evidence.' + one['evidence'])} · {words.say('by.' + one['by'])}"
        page.answer(one["n"], words.say(f"question.{one['n']}"), one["detail"], evidence)
    for name, rows in (("used", "uses"), ("left", "left"), ("refused", "refused")):
        page.rows(words.say(f"page.{name}"), [words.entry(one) for one in document[rows]])
    scenes = document["questions"][-1].get("scenes", ())
    page.rows(words.say("page.scenes"), [words.scene(one) for one in scenes])


def _verify(telling: Telling, files: Files, paths: Paths, *, subject: str) -> None:
    """The child process says yes to what was handed over, and no to each forgery."""
    words, stage = telling.words, telling.stage
    telling.page.chapter(words.frame("checked"))
    with telling.page.busy() as show:
        show(words.frame(VERIFY))
        verdict = proof.verified(paths, at=telling.at)
        said = words.say("verdict." + verdict["verdict"]) + words.frame("verified", entries=verdict["entries"])
        printed = words.frame("printed", verdict=verdict["verdict"])
        _check(telling, VERIFY, f"{said}\n{printed}")
        history = stage.lender.at(stage.now).vault.history(subject)
        assert history is not None, "an answer was given about it"
        seed = stage.lender.chance.token_bytes(32)
        for attack in proof.attacks(files, history, seed=seed, folder=telling.places.forged, at=telling.at):
            no = attack.verdict
            sources = f"{no['reason']} · {no['where']}"
            _check(telling, attack.name, f"{words.say('verify.' + no['reason'])}\n{sources}", refused=no)
    telling.document |= {
        "verdict": verdict["verdict"],
        "verified": verdict,
        "subject": subject,
        "bundle": str(paths.bundle),
        "trust": str(paths.trust),
        "person": str(paths.person),
    }


def _check(telling: Telling, name: str, outcome: str, **more: Any) -> None:
    did = telling.words.frame(name)
    telling.page.act("", did, outcome, refused="refused" in more)
    _keep(telling, telling.stage.now, did, outcome, step=name, verb=VERIFY, **more)


def _fail(telling: Telling, step: str, verb: str, why: str) -> None:
    """The story ends here, and says at which step."""
    number = len(telling.steps) + 1
    telling.document["failed"] = {"number": number, "step": step, "verb": verb, "why": why}
    text = telling.words.frame("failed", number=number, step=step, verb=verb)
    telling.page.last(f"{text}\n{why}", good=False)
