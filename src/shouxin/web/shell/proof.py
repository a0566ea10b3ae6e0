"""Why a code was not taken, in the policy's own sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

from shouxin.policy.say import say
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.shell.visit import Visit
from shouxin.web.shell.words import moment


def why_not(request: Visit, found: NotProved) -> str:
    """With the moment from which it may be tried again, where there is one."""
    lender, key = request.lender, f"proof.{found.why.value}"
    if found.until is None:
        return say(lender.policy, request.lang, key)
    at = moment(_full_minute(found.until), request.lang, zone=lender.settings.zone, today=lender.today())
    return say(lender.policy, request.lang, key, at=at)


def _full_minute(when: datetime) -> datetime:
    """Rounded up: a minute earlier would be too early."""
    whole = when.replace(second=0, microsecond=0)
    return whole if whole == when else whole + timedelta(minutes=1)
