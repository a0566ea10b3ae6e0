"""What would become of a person's data now: read from their own history and the house's policy; changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.privacy.retention import (
    RELATIONSHIP_END,
    Datum,
    Happened,
    Keeping,
    Kept,
    Life,
    Plan,
    over_since,
    plan,
)
from shouxin.usecases.lender import Lender
from shouxin.vault.history import History

_EVENTS = {"ended": ("loan_end", "transaction_end"), "decided": ("decision",), "withdrawn": ("consent_end",)}
"""Which entry is which event of a retention."""
_START = datetime(1970, 1, 1, tzinfo=UTC)


def living(lender: Lender, subject: str) -> History | None:
    """The history of a person whose account isn't closed."""
    history = lender.vault.history(subject)
    lives = history is not None and history.kind in SUBJECT_KINDS and not history.facts.closed
    return history if lives else None


def outlook(lender: Lender, history: History, *, asked: bool) -> Plan:
    """The fate of every sealed field; `asked`, when the person asks for everything to go."""
    facts = history.facts
    since = _since(history)
    fields = [lender.policy.catalogue.get(history.kind, name) for name in sorted(facts.held)]
    data = [
        Datum(field, since[field.name], required=lender.policy.natures[field.key].required)
        for field in fields
        if field is not None and not _waits(lender, facts.until.get(field.name, 0))
    ]
    return plan(data, _life(lender, history, asked=asked))


def overdue(lender: Lender, history: History) -> tuple[str, ...]:
    """The fields whose duty is over."""
    now = ms(lender.clock.now())
    return tuple(sorted(name for name, until in history.facts.until.items() if until <= now))


def already_kept(lender: Lender, history: History) -> tuple[Kept, ...]:
    """The fields that are only stored already, by a duty that still runs."""
    facts = history.facts
    return tuple(
        Kept(name, facts.restricted[name], last_day(lender, until))
        for name, until in sorted(facts.until.items())
        if _waits(lender, until)
    )


def ended_namings(lender: Lender, history: History, *, asked: bool) -> tuple[str, ...]:
    """The namings of contact persons that nothing needs any more: the loan they were given for has ended."""
    facts, life = history.facts, _life(lender, history, asked=asked)
    if history.kind != "borrower" or (life.runs and not asked):
        return ()
    over = life.happened.get("loan_end")
    given = {
        str(entry.record["naming"]): entry.j
        for entry in history.entries
        if entry.record["kind"] == "stored" and "naming" in entry.record
    }
    everything = asked or RELATIONSHIP_END in life.happened
    return tuple(
        sorted(name for name in facts.namings if everything or (over is not None and given[name] < over.entry))
    )


def keepings(lender: Lender, kept: tuple[Kept, ...]) -> list[Keeping]:
    """As the vault enters them: a group for each rule and day, until the midnight that ends the day."""
    groups: dict[tuple[str, date], list[str]] = {}
    for one in kept:
        groups.setdefault((one.rule, one.until), []).append(one.field)
    return [
        Keeping(tuple(fields), rule, ms(_midnight(lender, until + timedelta(days=1))))
        for (rule, until), fields in groups.items()
    ]


def last_day(lender: Lender, until: int) -> date:
    """The last day of a keeping, from the moment (ms) that ends it."""
    return moment(lender, until - 1).date()


def moment(lender: Lender, at: int) -> datetime:
    """A time of an entry (ms) on the lender's clock."""
    return (_START + timedelta(milliseconds=at)).astimezone(lender.settings.zone)


def ms(moment: datetime) -> int:
    """A moment as entries write it."""
    return (moment - _START) // timedelta(milliseconds=1)


def _waits(lender: Lender, until: int) -> bool:
    return until > ms(lender.clock.now())


def _life(lender: Lender, history: History, *, asked: bool) -> Life:
    facts, now = history.facts, lender.clock.now().astimezone(lender.settings.zone)
    runs = bool(facts.contracts or facts.cases)
    happened = _happened(lender, history)
    idle = over_since(moment(lender, history.entries[-1].time), now, lender.policy.rules.on(now.date()))
    over = None if runs else now if asked else idle
    if over is not None:
        happened[RELATIONSHIP_END] = Happened(facts.n + 1, over)
    contracted = bool(facts.contracts or facts.ended)
    return Life(now, runs=runs, contracted=contracted, asked=asked, happened=happened)


def _happened(lender: Lender, history: History) -> dict[str, Happened]:
    return {
        event: Happened(entry.j, moment(lender, entry.time))
        for entry in history.entries
        for event in _EVENTS.get(str(entry.record["kind"]), ())
    }


def _since(history: History) -> dict[str, int]:
    """The number of the entry since which each value that is held stands."""
    found: dict[str, int] = {}
    for entry in history.entries:
        if entry.record["kind"] in ("stored", "corrected"):
            names = entry.record["fields"]
            assert isinstance(names, list)
            found |= dict.fromkeys(map(str, names), entry.j)
    return found


def _midnight(lender: Lender, day: date) -> datetime:
    return datetime.combine(day, time(0), lender.settings.zone)
