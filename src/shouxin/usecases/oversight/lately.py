"""How often a person's data was used, left and was refused lately, and whether they were contacted today: counts for a
home page, which lead to the history itself and are no proof of anything.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shouxin.core.privacy.field import SUBJECT_KINDS
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.oversight.told import LEFT_KINDS

DAYS = 7


class Lately(Request):
    """Whose."""

    subject: Text


@dataclass(frozen=True)
class LatelyCounted:
    """Entries of the last seven days by verb; `contacted_today` are attempts to reach the person since midnight;
    `reported` says whether anything ever left for a credit bureau; `namings` how many contact persons were named;
    `paused_until` when a pause of collection ends.
    """

    used: int
    left: int
    refused: int
    contacted_today: int
    reported: bool
    namings: int
    paused: bool
    paused_until: datetime | None


def lately(lender: Lender, request: Lately) -> LatelyCounted | Refusal:
    """Count; somebody unknown gets the refusal of what isn't theirs."""
    zone, now = lender.settings.zone, lender.clock.now()
    week = _ms(now - timedelta(days=DAYS))
    history = lender.vault.recent(request.subject, since_ms=week)
    if history is None or history.kind not in SUBJECT_KINDS:
        return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
    midnight = _ms(datetime.combine(lender.today(), time(0), zone))
    kinds = [str(one.record["kind"]) for one in history.entries]
    today = [one for one in history.entries if one.time >= midnight]
    facts = history.facts
    paused = facts.paused_at(_ms(now))
    return LatelyCounted(
        used=kinds.count("used"),
        left=sum(kinds.count(kind) for kind in LEFT_KINDS),
        refused=kinds.count("refused"),
        contacted_today=sum(one.record["kind"] == "attempted" and one.record["channel"] == "call" for one in today),
        reported=any(party.startswith("bureau:") for party in facts.given),
        namings=len(facts.namings),
        paused=paused,
        paused_until=datetime.fromtimestamp(facts.paused_until / 1000, zone) if paused and facts.paused_until else None,
    )


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
