"""What a person allowed, one purpose after the other: since when, on which wording, who receives, and whether it
stands (PIPL articles 14, 15 and 44). A look at one's own consents is no use and writes no entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.privacy.purpose import CONSENT, CONTRACT, PURPOSES, Purpose
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.notice import Notice
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy.consent import notice_for
from shouxin.vault.history import Entry, History

GIVEN, WITHDRAWN, NEVER = "given", "withdrawn", "never"
_START = datetime(1970, 1, 1, tzinfo=UTC)


class ConsentsOf(Request):
    """Whose consents."""

    subject: Text


@dataclass(frozen=True)
class Standing:
    """One purpose that consent can carry, and how this person stands to it.

    `entry`, `since` and `version` are of the last consent, `withdrawal` and `ended` of its withdrawal; `reworded` says
    that the notice has another version now. `under_contract`: the purpose goes on without the consent, because a
    contract carries it.
    """

    purpose: str
    state: str
    notice: Notice
    entry: int = 0
    since: datetime | None = None
    version: str = ""
    withdrawal: int = 0
    ended: datetime | None = None
    under_contract: bool = False

    @property
    def reworded(self) -> bool:
        """Whether what was read then isn't what the notice says now."""
        return bool(self.version) and self.version != self.notice.version


@dataclass(frozen=True)
class Consents:
    """First those that stand, then those that were withdrawn, then those never given."""

    kind: str
    standing: tuple[Standing, ...]


def consents_of(lender: Lender, request: ConsentsOf) -> Consents | Refusal:
    """All purposes with a notice that a consent of this person carries; what a contract carries, if it was given."""
    history = lender.vault.history(request.subject)
    if history is None or history.kind not in SUBJECT_KINDS:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    found = [
        _standing(history, needs, notice)
        for needs in PURPOSES.values()
        if CONSENT in needs.bases and history.kind in needs.whose and (notice := notice_for(lender, needs.name))
    ]
    shown = [one for one in found if one.state != NEVER or PURPOSES[one.purpose].bases[0] == CONSENT]
    order = (GIVEN, WITHDRAWN, NEVER)
    return Consents(history.kind, tuple(sorted(shown, key=lambda one: order.index(one.state))))


def _standing(history: History, needs: Purpose, notice: Notice) -> Standing:
    last = _last(history, needs.name)
    given, taken = last.get("consented"), last.get("withdrawn")
    if given is None:
        return Standing(needs.name, NEVER, notice, under_contract=_carried(history, needs))
    stands = needs.name in history.facts.consents
    return Standing(
        purpose=needs.name,
        state=GIVEN if stands else WITHDRAWN,
        notice=notice,
        entry=given.j,
        since=_moment(given),
        version=str(given.record["version"]),
        withdrawal=0 if stands or taken is None else taken.j,
        ended=None if stands or taken is None else _moment(taken),
        under_contract=_carried(history, needs),
    )


def _last(history: History, purpose: str) -> Mapping[str, Entry]:
    about = [entry for entry in history.entries if entry.record.get("purpose") == purpose]
    return {str(entry.record["kind"]): entry for entry in about}


def _carried(history: History, needs: Purpose) -> bool:
    return CONTRACT in needs.bases and bool(history.facts.contracts)


def _moment(entry: Entry) -> datetime:
    return _START + timedelta(milliseconds=entry.time)
