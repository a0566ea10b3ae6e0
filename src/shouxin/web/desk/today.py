"""Today: what to do next, in order, with the reason; each listed person is opened by one entry of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouxin.usecases.outreach.worklist import LATER, NOW, PAUSED, PROMISED, Listed, Today, Worklist, worklist
from shouxin.web.desk import once, pictures, words
from shouxin.web.desk.door import collector
from shouxin.web.shell.page import render
from shouxin.web.shell.visit import Visit

STATES = (NOW, LATER, PROMISED, PAUSED)
TOLD = ("promise", "pause", "contact_history")
"""The fields of which a row's reason may tell, the first that was opened."""


@collector
@require_GET
def today(request: Visit) -> HttpResponse:
    """The list; `?show=` leaves one state, `?page=` turns the page. HEAD would open and show nothing: it is refused."""
    show = request.GET.get("show", "all")
    show = show if show in STATES else "all"
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1
    asked = Worklist.read({"actor": request.actor, "page": max(1, number), "show": show})
    found = worklist(request.lender, asked)
    return render(request, "desk/today.html", _context(request, found, show))


def _context(request: Visit, found: Today, show: str) -> dict[str, Any]:
    narrow, wide = pictures.day(request, found.opens, found.closes, found.done)
    first = next((row for row in found.rows if row.state == NOW), None)
    return {
        "here": "today",
        "list": found,
        "rows": [_Row(request, found, row) for row in found.rows],
        "first": first,
        "heading": _heading(found),
        "counts": [(state, words.STATES[state], found.counts[state]) for state in STATES],
        "all": sum(found.counts.values()),
        "show": show,
        "narrow": narrow,
        "wide": wide,
        "previous": _page(show, found.page - 1) if found.page > 1 else "",
        "following": _page(show, found.page + 1) if found.page < found.pages else "",
        "reached": sum(one.reached for one in found.done),
        "said": once.to_say(request),
    }


def _page(show: str, number: int) -> str:
    return f"?{urlencode({'show': show, 'page': number})}"


def _heading(found: Today) -> str:
    now, later = found.counts[NOW], found.counts[LATER]
    if now == 1:
        return _("One case to work on now")
    if now:
        return _("%(count)s cases to work on now") % {"count": now}
    return _("Nothing to do at this moment") if later else _("Nothing to do today")


@dataclass
class _Row:
    """A row with its words and its small pictures."""

    request: Visit
    found: Today
    row: Listed

    @property
    def act(self) -> Any:
        """What is next."""
        return words.ACTS[self.row.step.act]

    @property
    def why(self) -> Any:
        """Why."""
        return words.WHYS[self.row.step.why]

    @property
    def told(self) -> str:
        """The field of which the reason tells."""
        return next((name for name in TOLD if name in self.row.opened), "")

    @property
    def state(self) -> Any:
        """The state in words."""
        return words.STATES[self._state]

    @property
    def icon(self) -> str:
        """The state as a shape."""
        return words.STATE_ICONS[self._state][0]

    @property
    def tone(self) -> str:
        """The colour of that shape."""
        return words.STATE_ICONS[self._state][1]

    @property
    def _state(self) -> str:
        """A word that wasn't kept, or only in part, is what is to be seen first."""
        given = self.row.promise
        return given.word if given and given.word in words.NOT_KEPT else self.row.state

    @property
    def until(self) -> str:
        """Until when to wait, in words; empty when time alone doesn't end it, or when there is nothing to wait for."""
        until = self.row.step.until or self._paused_until()
        return words.moment(self.request, until) if until else ""

    @property
    def last_day(self) -> date | None:
        """The last day of a pause that ends at midnight: nobody says "until the 4th, 00:00"."""
        until = self._paused_until()
        local = until.astimezone(self.request.lender.settings.zone) if until else None
        return local.date() - timedelta(days=1) if local and local.time() == time(0) else None

    def _paused_until(self) -> datetime | None:
        """The end of the pause that was opened for this row, if it has one."""
        opened = self.row.opened.get("pause")
        until = opened[-1]["until"] if isinstance(opened, list) and opened else ""
        return datetime.fromisoformat(until) if until else None

    @property
    def window(self) -> SafeString:
        """What is left of today."""
        now = self.request.lender.clock.now()
        start = now if self.row.state == NOW else self.row.step.until if self.row.state == LATER else None
        return pictures.window(self.request, self.found.opens, self.found.closes, start=start)

    @property
    def hours(self) -> str:
        """The same in words."""
        if self.row.state == NOW:
            return _("until %(closes)s") % {"closes": self.found.closes}
        if self.row.state == LATER and self.until:
            return _("from %(at)s") % {"at": self.until}
        return _("no contact")

    @property
    def caps(self) -> list[tuple[Any, SafeString, str]]:
        """Answered and unanswered calls, of how many."""
        return [
            (name, pictures.boxes(one.made, one.most), words.of(one.made, one.most))
            for name, one in words.caps(self.row.tallies)
            if one.check != "messages"
        ]
