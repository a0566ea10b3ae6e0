"""The desk's pictures: the day with its quiet hours, and two small ones in rows whose words stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouxin.policy.say import say
from shouxin.usecases.outreach.worklist import Done
from shouxin.web.charts import day_band, svg
from shouxin.web.charts.day_band import DayBand, Try
from shouxin.web.charts.svg import NARROW, WIDE, Picture
from shouxin.web.desk import words
from shouxin.web.shell.visit import Visit

_DAY = 24 * 60
_SIDE, _GAP, _MOST = 12, 3, 12
_BAR = 96


def day(
    request: Visit, opens: str, closes: str, tries: Sequence[Done], *, calls: bool = True
) -> tuple[Picture, Picture]:
    """The day narrow and wide; without `calls`, a case in which nobody is called any more today."""
    narrow, wide = (_day(request, opens, closes, tries, width, calls=calls) for width in (NARROW, WIDE))
    return narrow, wide


def _day(request: Visit, opens: str, closes: str, tries: Sequence[Done], width: int, *, calls: bool) -> Picture:
    now = minute_of(request, request.lender.clock.now())
    head = (_("Time"), _("Channel"), _("Outcome"))
    said = {"opens": opens, "closes": closes, "now": clock(now), "count": len(tries)}
    allowed = _("Contact is allowed from %(opens)s to %(closes)s; now it is %(now)s; tries today: %(count)s")
    no_call = _("No call in this case today; now it is %(now)s; tries today: %(count)s")
    return day_band.draw(
        DayBand(
            label=(allowed if calls else no_call) % said,
            is_open=calls,
            opens=minutes(opens),
            closes=minutes(closes),
            now=now,
            tries=tuple(
                Try(minute=minute_of(request, one.at), reached=one.reached, row=_row(request, one)) for one in tries
            ),
            now_said=_("now %(at)s") % {"at": clock(now)},
            open_said=_open_said(now, minutes(opens), closes, width) if calls else _("no call in this case today"),
            quiet_said=_("quiet"),
            head=head,
            width=width,
        )
    )


def _open_said(now: int, opens: int, closes: str, width: int) -> str:
    left = minutes(closes) - now
    if now < opens or left <= 0 or width == NARROW:
        return _("contact allowed")
    return _("contact allowed until %(closes)s · %(left)s left") % {"closes": closes, "left": words.length(left)}


def _row(request: Visit, one: Done) -> tuple[str, ...]:
    policy, lang = request.lender.policy, request.lang
    outcome = say(policy, lang, f"outcome.{one.outcome}") if one.outcome in OUTCOMES else _("sent")
    return (
        words.clock(request, one.at),
        say(policy, lang, f"channel.{one.channel}"),
        outcome,
    )


OUTCOMES = ("connected", "refused", "no_answer", "busy", "voicemail", "wrong_person", "invalid_number")


def window(request: Visit, opens: str, closes: str, *, start: datetime | None) -> SafeString:
    """What is left of today's open hours from `start` on, and the moment; nothing green when `start` is None."""
    now = minute_of(request, request.lender.clock.now())
    parts = [svg.rect(0, 6, _BAR, 6, "f-line", round_=2)]
    first = _first_minute(request, start)
    if first is not None:
        first = max(first, minutes(opens), now)
        if first < minutes(closes):
            parts.append(svg.rect(_x(first), 6, _x(minutes(closes)) - _x(first), 6, "f-proof", round_=2))
    parts.append(svg.line(_x(now), 2, _x(now), 16, "s-ink", width=2))
    return _small(parts, _BAR, 18)


def _first_minute(request: Visit, start: datetime | None) -> int | None:
    if start is None:
        return None
    local = start.astimezone(request.lender.settings.zone)
    ahead = (local.date() - request.lender.today()).days
    return 0 if ahead < 0 else None if ahead > 0 else local.hour * 60 + local.minute


def boxes(used: int, most: int) -> SafeString:
    """As many boxes as a cap allows, the used ones full; beyond twelve the words beside must do."""
    if most > _MOST:
        return SafeString("")
    full = "f-due s-due" if used >= most else "f-ink2 s-ink2"
    parts = [
        svg.rect(
            Fraction(n * (_SIDE + _GAP) * 10 + 10, 10), 3, _SIDE, _SIDE, full if n < used else "f-none s-edge", round_=2
        )
        for n in range(most)
    ]
    return _small(parts, most * (_SIDE + _GAP) + 1, 18)


def _small(parts: list[str], width: int, height: int) -> SafeString:
    """A drawing beside words that say the same, so it is silent for a screen reader."""
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return SafeString(f'<svg {size} aria-hidden="true" focusable="false">{"".join(parts)}</svg>')


def minutes(clock_time: str) -> int:
    """`08:00` as minutes of the day."""
    at = time.fromisoformat(clock_time)
    return at.hour * 60 + at.minute


def minute_of(request: Visit, moment: datetime) -> int:
    """The minute of the day on the lender's clock."""
    local = moment.astimezone(request.lender.settings.zone)
    return local.hour * 60 + local.minute


def clock(minute: int) -> str:
    """Minutes of the day as `08:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _x(minute: int) -> Fraction:
    return Fraction(minute * _BAR, _DAY)
