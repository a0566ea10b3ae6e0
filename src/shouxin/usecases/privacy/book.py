"""Fields about a person that live in the book: computed from its records at the moment they may be shown.

Only `use` asks this room, after the vault's entry is durable, and the person's own answer; a test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo

from shouxin.core.loan import terms
from shouxin.core.loan.account import Account, fold
from shouxin.core.loan.event import Event, EventError
from shouxin.core.loan.promise import promised
from shouxin.core.money import format_amount
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import loans_of
from shouxin.records.outreach.models import Attempt
from shouxin.usecases.lender import CannotNow, Lender


def check(subject: str) -> None:
    """Raise `CannotNow` when this person's loans can't be added up: they are in two currencies."""
    if len(set(Loan.objects.filter(subject_id=subject).values_list("currency", flat=True))) > 1:
        raise CannotNow("loans in two currencies: ask loan by loan", where="subject", code="two_currencies")


def fields(lender: Lender, subject: str, names: Iterable[str]) -> dict[str, object]:
    """The named fields over all loans of the person, as of the lender's today; amounts are decimal strings."""
    accounts = _accounts(lender, subject)
    return {
        name: _COMPUTED[name](accounts) if name in _COMPUTED else _RECORDED[name](lender, subject) for name in names
    }


def next_due_on(lender: Lender, subject: str) -> date | None:
    """The day of the person's next instalment, for an answer to that person."""
    dates = [one.next_due.due_on for one in _accounts(lender, subject) if one.next_due]
    return min(dates, default=None)


def _accounts(lender: Lender, subject: str) -> list[Account]:
    today = lender.today()
    return [account for _, agreed, events in loans_of(subject) if (account := _account(agreed, events, today))]


def _account(agreed: terms.Terms, events: Sequence[Event], as_of: date) -> Account | None:
    """None for a loan that was signed and not paid out yet: nothing is owed on it."""
    try:
        return fold(agreed, events, as_of=as_of)
    except EventError:
        return None


def _sum(accounts: Sequence[Account], amount: Callable[[Account], int]) -> str:
    currency = accounts[0].terms.currency if accounts else "CNY"
    return format_amount(sum(map(amount, accounts)), currency)


def _next_due(accounts: Sequence[Account]) -> str:
    dates = [one.next_due.due_on for one in accounts if one.next_due]
    return min(dates).isoformat() if dates else ""


def _promise(lender: Lender, subject: str) -> list[dict[str, str]]:
    """The newest promise of each loan: `{amount, currency, by, word}`."""
    found = []
    for loan, _, events in loans_of(subject):
        given = promised(events, as_of=lender.today())
        if given:
            said = {"amount": format_amount(given.amount, loan.currency), "currency": loan.currency}
            found.append(said | {"by": given.by.isoformat(), "word": given.word.value})
    return found


def _contact_history(lender: Lender, subject: str) -> list[dict[str, str]]:
    """Each try at the person themself, in order: `{at, channel, outcome}`; who tried stands nowhere here."""
    rows = Attempt.objects.filter(subject_id=subject, person_id=subject).exclude(entry=0).order_by("at")
    zone = lender.settings.zone
    return [{"at": row.at.astimezone(zone).isoformat(), "channel": row.channel, "outcome": row.outcome} for row in rows]


def _pause(lender: Lender, subject: str) -> list[dict[str, str]]:
    """Each time collection was paused or taken up again: `{kind, at, until}`; `until` is empty when no day was set."""
    history = lender.vault.history(subject)
    found = [one for one in history.entries if one.record["kind"] in ("paused", "resumed")] if history else []
    zone = lender.settings.zone
    return [
        {"kind": str(one.record["kind"]), "at": _iso(one.time, zone), "until": _iso(one.record.get("until"), zone)}
        for one in found
    ]


def _iso(ms: object, zone: tzinfo) -> str:
    return datetime.fromtimestamp(ms / 1000, zone).isoformat(timespec="seconds") if isinstance(ms, int) and ms else ""


_RECORDED: Mapping[str, Callable[[Lender, str], object]] = {
    "promise": _promise,
    "contact_history": _contact_history,
    "pause": _pause,
}
_COMPUTED: Mapping[str, Callable[[Sequence[Account]], object]] = {
    "balance": lambda accounts: _sum(accounts, lambda one: one.principal),
    "arrears": lambda accounts: _sum(accounts, lambda one: one.behind.arrears),
    "days_past_due": lambda accounts: max((one.behind.dpd for one in accounts), default=0),
    "next_due": _next_due,
    "terms": lambda accounts: [terms.to_doc(one.terms) for one in accounts],
}
