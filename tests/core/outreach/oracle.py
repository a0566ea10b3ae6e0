"""A second, slow opinion on contact: written from the sentences of the rules, sharing no code with them.

It knows a consumer finance company in China in 2026 and looks at one minute at a time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shouxin.core.outreach.question import Attempt, Pause, Question

OWING = {"debtor", "co_borrower", "guarantor"}
ANSWERED = {"connected", "refused", "wrong_person", None}
UNANSWERED = {"no_answer", "busy", "voicemail", "invalid_number", None}
MESSAGES = {"sms", "email", "in_app"}


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone)


def same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return local(one, zone).date() == local(other, zone).date()


def permitted(asked: Question, made: Sequence[Attempt], pauses: Sequence[Pause]) -> bool:
    """Whether every sentence of the rules leaves this contact free at `asked.at`."""
    return (
        8 <= local(asked.at, asked.zone).hour < 22
        and under_the_caps(asked, made)
        and not stopped(asked, made)
        and not on_hold(asked, pauses)
        and not waited_for(asked)
        and (asked.party in OWING or may_be_asked(asked, made))
    )


def under_the_caps(asked: Question, made: Sequence[Attempt]) -> bool:
    today = [one for one in made if same_day(one.at, asked.at, asked.zone)]
    mine = [one for one in today if one.person == asked.person]
    calls = [one for one in today if one.channel == "call"]
    answered = [one for one in calls if one.person == asked.person and one.outcome in ANSWERED]
    unanswered = [one for one in calls if one.point == asked.point and one.outcome in UNANSWERED]
    if asked.channel == "call" and (len(unanswered) >= 6 or (asked.party in OWING and len(answered) >= 3)):
        return False
    if asked.channel in MESSAGES:
        return not any(one.channel in MESSAGES for one in mine)
    return True


def stopped(asked: Question, made: Sequence[Attempt]) -> bool:
    dead_end = any(
        one.outcome == "wrong_person" and one.person == asked.person and one.point == asked.point and one.at <= asked.at
        for one in made
    )
    gone = asked.party == "debtor" and bool(asked.debtor_states)
    return dead_end or gone or asked.source == "other"


def on_hold(asked: Question, pauses: Sequence[Pause]) -> bool:
    if asked.dpd == 0:
        return False
    held = [hold for hold in pauses if hold.case == asked.case and hold.start <= asked.at]
    return any(hold.until is None or hold.until > asked.at for hold in held)


def waited_for(asked: Question) -> bool:
    """A promised day that isn't over, counted by hand from the day it was given, thirty days at most."""
    if asked.dpd == 0 or asked.asked_for:
        return False
    today = local(asked.at, asked.zone).date()
    for given in asked.promises:
        day = given.on
        for _ in range(31):
            if day == today:
                return True
            if day == given.by:
                break
            day += timedelta(days=1)
    return False


def may_be_asked(asked: Question, made: Sequence[Attempt]) -> bool:
    """A contact person: overdue, never refused, once a day and thrice in all, and the debtor lost."""
    if asked.party != "contact_person" or asked.dpd == 0:
        return False
    for one in made:
        known = one.person == asked.person or one.point == asked.point
        if known and one.party == "contact_person" and one.outcome == "refused" and one.at <= asked.at:
            return False
    here = [one for one in made if (one.case, one.person, one.party) == (asked.case, asked.person, "contact_person")]
    if len(here) >= 3 or any(same_day(one.at, asked.at, asked.zone) for one in here):
        return False
    return bool(asked.debtor_states) or lost(asked, made)


def lost(asked: Question, made: Sequence[Attempt]) -> bool:
    debtors = {one.person for one in made if one.case == asked.case and one.party == "debtor"}
    tries = [
        one
        for one in made
        if one.party == "debtor" and one.person in debtors and one.channel in {"call", "visit"} and one.at <= asked.at
    ]
    tries.sort(key=lambda one: one.at)
    run: list[Attempt] = []
    last_reached = None
    for one in tries:
        if one.outcome in {"connected", "refused", None}:
            run, last_reached = [], one.at
        else:
            run.append(one)
    return invalid(run) or three_dials(run, asked) or three_days(run, last_reached, asked)


def invalid(run: list[Attempt]) -> bool:
    last = {one.point: one.outcome for one in run if one.channel == "call"}
    return bool(last) and set(last.values()) == {"invalid_number"}


def three_dials(run: list[Attempt], asked: Question) -> bool:
    dials = [one for one in run if one.channel == "call"]
    if len(dials) < 3:
        return False
    return local(dials[2].at, asked.zone).date() < local(asked.at, asked.zone).date()


def three_days(run: list[Attempt], last_reached: datetime | None, asked: Question) -> bool:
    today = local(asked.at, asked.zone).date()
    days = {local(one.at, asked.zone).date() for one in run} - {today}
    if last_reached is not None:
        days.discard(local(last_reached, asked.zone).date())
    one_day = timedelta(days=1)
    return any({day, day + one_day, day + 2 * one_day} <= days for day in days)
