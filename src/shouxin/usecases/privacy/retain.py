"""The daily round: what has served its purpose is erased, and what was erased is said, with the rule.

Nobody who waits for an answer is touched. Per person and in this order: contact persons whose loan has ended; fields
whose duty is over; fields whose purpose is over; then, when nothing is left, the history ends. A closed history whose
last file could be fetched long enough is destroyed. A round that was cut short is taken up by the next: each step
looks at what is there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction

from shouxin.core.privacy import retention
from shouxin.core.privacy.facts import Facts
from shouxin.core.privacy.retention import Kept
from shouxin.core.rules.refusal import Refusal
from shouxin.core.rules.retention import parse_retention
from shouxin.records.privacy.models import RetentionRound, RightsRequest
from shouxin.usecases.lender import Lender, Request
from shouxin.usecases.privacy import outlook
from shouxin.usecases.privacy.let_go import LetGo, let_go
from shouxin.vault.history import History
from shouxin.vault.opening import Standing

PURPOSE_OVER = ("CN.PIPL.19", "CN.PIPL.47")
AT_ONCE = 500
NIGHT = time(2)
"""From when on a day's round may begin: it rewrites the vault's tables when something went."""


class Retain(Request):
    """One round over everybody, as of now."""


@dataclass(frozen=True)
class GoneFields:
    """What of one person was erased, or is only stored from now on (`until` its last day), by which rules."""

    subject: str
    fields: tuple[str, ...]
    rules: tuple[str, ...]
    until: date | None = None


@dataclass(frozen=True)
class Retained:
    """What one round did. `people` counts whom it looked at, `contacts` the contact persons let go with a loan,
    `closed` the histories that ended, `destroyed` those whose keys went; `swept` as in `let_go`.
    """

    on: date
    people: int
    erased: tuple[GoneFields, ...]
    restricted: tuple[GoneFields, ...]
    contacts: int
    closed: int
    destroyed: int
    swept: bool


def retain(lender: Lender, _: Retain, *, going: Callable[[], bool] = lambda: True) -> Retained:
    """Go over everybody once, and keep what was done as figures; cut short between two people when not `going`."""
    one, ended = _Round(lender), True
    for standing in _everybody(lender):
        ended = going()
        if not ended:
            break
        one.look_at(standing)
    done = one.finished()
    _keep(lender, done, ended=ended)
    return done


def due(lender: Lender) -> bool:
    """Whether today's round is still to come: by night, or as soon after it as anybody looks."""
    local = lender.clock.now().astimezone(lender.settings.zone)
    return local.time() >= NIGHT and not RetentionRound.objects.filter(on=local.date(), ended=True).exists()


class _Round:
    """One round while it goes on."""

    def __init__(self, lender: Lender) -> None:
        self._lender = lender
        self._now = lender.clock.now()
        self._rules = lender.policy.rules.on(lender.today())
        self._ends_with_a_loan = frozenset(_ends_with_a_loan(lender))
        self._asking = frozenset(RightsRequest.objects.filter(answered_at=None).values_list("subject_id", flat=True))
        self._erased: list[GoneFields] = []
        self._restricted: list[GoneFields] = []
        self._counts: Counter[str] = Counter()

    def look_at(self, standing: Standing) -> None:
        """Do for one person what is due."""
        self._counts["people"] += 1
        if standing.facts.closed:
            self._destroy_if_old(standing)
        elif self._may_be_due(standing):
            history = outlook.living(self._lender, standing.subject)
            if history is not None:  # another round may have ended it meanwhile
                self._tidy(history)

    def finished(self) -> Retained:
        """What was done; the vault's files are swept when anything went."""
        went = bool(self._erased or self._restricted or self._counts["destroyed"])
        return Retained(
            on=self._lender.today(),
            people=self._counts["people"],
            erased=tuple(self._erased),
            restricted=tuple(self._restricted),
            contacts=self._counts["contacts"],
            closed=self._counts["closed"],
            destroyed=self._counts["destroyed"],
            swept=went and self._lender.vault.sweep(),
        )

    def _may_be_due(self, standing: Standing) -> bool:
        """Could anything be due? Told from the facts alone, so that most histories needn't be read."""
        facts = standing.facts
        if standing.subject in self._asking:
            return False
        if not facts.held:
            return not facts.namings or standing.kind == "borrower"
        if facts.contracts or facts.cases or standing.kind == "contact_person":
            return False
        settled = bool(facts.ended) and bool(facts.namings or facts.held & self._ends_with_a_loan)
        return settled or self._is_idle(facts) or any(until <= outlook.ms(self._now) for until in facts.until.values())

    def _is_idle(self, facts: Facts) -> bool:
        newest = outlook.moment(self._lender, facts.last_time)
        return retention.over_since(newest, self._now, self._rules) is not None

    def _tidy(self, history: History) -> None:
        for naming in outlook.ended_namings(self._lender, history, asked=False):
            ended = self._lender.vault.end_naming(naming, rules=PURPOSE_OVER)
            self._counts["contacts"] += not isinstance(ended, Refusal)
        for name in outlook.overdue(self._lender, history):
            self._erase(history, (name,), (history.facts.restricted[name], "CN.PIPL.47"))
        planned = outlook.outlook(self._lender, history, asked=False)
        self._erase(history, planned.goes, PURPOSE_OVER)
        self._restrict(history, tuple(one for one in planned.kept if one.field not in history.facts.until))
        self._close_if_empty(history.subject)

    def _erase(self, history: History, fields: tuple[str, ...], rules: tuple[str, ...]) -> None:
        if fields and not isinstance(self._lender.vault.erase(history.subject, fields, rules=rules), Refusal):
            self._erased.append(GoneFields(history.subject, fields, rules))

    def _restrict(self, history: History, kept: tuple[Kept, ...]) -> None:
        keepings = outlook.keepings(self._lender, kept)
        if not keepings or isinstance(
            self._lender.vault.erase(history.subject, (), rules=PURPOSE_OVER, kept=keepings), Refusal
        ):
            return
        for one in keepings:
            until = outlook.last_day(self._lender, one.until)
            self._restricted.append(GoneFields(history.subject, one.fields, (one.rule,), until))

    def _close_if_empty(self, subject: str) -> None:
        history = outlook.living(self._lender, subject)
        if history is not None and not history.facts.held:
            self._counts["closed"] += not isinstance(self._lender.vault.close(subject), Refusal)

    def _destroy_if_old(self, standing: Standing) -> None:
        closed = outlook.moment(self._lender, standing.facts.last_time)
        if closed + timedelta(days=retention.bundle_days(self._rules)) <= self._now:
            gone = let_go(self._lender, LetGo(subject=standing.subject))
            self._counts["destroyed"] += not isinstance(gone, Refusal)


def _ends_with_a_loan(lender: Lender) -> Iterator[str]:
    """Fields of a borrower that nothing keeps when the loan they were given for has ended."""
    for field in lender.policy.catalogue:
        kept = parse_retention(field.retention)
        here = field.whose == "borrower" and field.home == "vault"
        if here and not kept.years and kept.event != retention.RELATIONSHIP_END:
            yield field.name


def _everybody(lender: Lender) -> Iterator[Standing]:
    after = ""
    while found := lender.vault.standing(after=after, limit=AT_ONCE):
        yield from found
        after = found[-1].subject


def _keep(lender: Lender, done: Retained, *, ended: bool) -> None:
    """The figures of the day; a second round on the same day adds to those of the first."""
    counts = Counter((field, rules) for gone in done.erased for field in gone.fields for rules in [gone.rules])
    with transaction.atomic():
        row, _ = RetentionRound.objects.select_for_update().get_or_create(on=done.on, defaults=_nothing(lender))
        row.erased = json.dumps(_added(json.loads(row.erased), counts))
        row.people, row.at = done.people, lender.clock.now()
        row.ended, row.swept = ended or row.ended, done.swept or row.swept
        row.restricted += sum(len(one.fields) for one in done.restricted)
        row.contacts += done.contacts
        row.closed += done.closed
        row.destroyed += done.destroyed
        row.save()


def _nothing(lender: Lender) -> dict[str, object]:
    figures = dict.fromkeys(("people", "restricted", "contacts", "closed", "destroyed"), 0)
    return {"at": lender.clock.now(), "erased": "[]", "swept": False, **figures}


def _added(before: list[list[Any]], counts: Counter[tuple[str, tuple[str, ...]]]) -> list[list[Any]]:
    """`[field, rules, count]`, in the order of the names."""
    total = Counter({(str(field), tuple(rules)): int(count) for field, rules, count in before})
    total.update(counts)
    return [[field, list(rules), count] for (field, rules), count in sorted(total.items())]
