"""What was just done, said once on the next page; and a form that was sent twice is done once.

A session keeps a word of a closed list and the form's key, never an amount, a day or how somebody answered: those are
read from the records when the page is opened, by its entry.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.web.desk.words import Lazy
from shouxin.web.shell.visit import Visit

SAID, DONE = "desk_said", "desk_done"
KEPT = 20
WORDS: dict[str, Lazy] = {
    "sent": gettext_lazy("The reminder was sent to the address that they gave."),
    "queued": gettext_lazy("The reminder waits in line and goes as soon as the mail can take it."),
    "failed": gettext_lazy("The reminder couldn’t be delivered: their mail server doesn’t take it."),
    "unknown": gettext_lazy("Nobody knows whether the reminder arrived: the line broke. It isn’t sent again."),
    "tried": gettext_lazy("The try is recorded."),
    "tried_against_rules": gettext_lazy(
        "The try is recorded. The rules forbade this contact; the record says so, to them as well."
    ),
    "promised": gettext_lazy("The promise is recorded. Nobody presses them until its day is over."),
    "promised_reminder": gettext_lazy(
        "The promise is recorded. They get the reminder that they asked for on that day, and nothing else before."
    ),
    "promised_no_address": gettext_lazy(
        "The promise is recorded. The reminder can’t be sent: we hold no address of theirs to write to."
    ),
}
ASKED = "asked"
"""This word is followed by the relay mark of the call, which is random."""


def back_to(request: Visit, case: str, word: str, *, key: str = "") -> HttpResponse:
    """Back to the case, which says what was done; the form's key is remembered with that word."""
    request.session[SAID] = [word]
    if key:
        done = {**request.session.get(DONE, {}), key: word}
        request.session[DONE] = dict(list(done.items())[-KEPT:])
    return HttpResponseRedirect(reverse("desk:case", args=[case]))


def done_before(request: Visit, key: str) -> bool:
    """Was this form sent before?"""
    return bool(key) and key in request.session.get(DONE, {})


def back_again(request: Visit, case: str, key: str) -> HttpResponse:
    """Back to the case with the word of the first sending."""
    return back_to(request, case, str(request.session[DONE][key]))


def to_say(request: Visit) -> list[Lazy]:
    """What the page says on top, once."""
    return [_in_words(str(word)) for word in request.session.pop(SAID, [])]


def _in_words(word: str) -> Lazy:
    kind, _colon, mark = word.partition(":")
    if kind == ASKED:
        said = _("A contact person is being asked to pass a message on: %(mark)s. You see no name and no number.")
        return said % {"mark": mark}
    return WORDS.get(kind, WORDS["unknown"])
