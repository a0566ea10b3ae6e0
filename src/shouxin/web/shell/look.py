"""Language, theme and size of letters: three cookies, each set by an ordinary POST."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shouxin.web.shell.doors import public
from shouxin.web.shell.middleware import LANGS, SIZES, THEMES
from shouxin.web.shell.page import bad_input
from shouxin.web.shell.visit import Visit

CHOICES = {"lang": LANGS, "theme": (*THEMES, ""), "size": SIZES}
YEAR = 365 * 86_400


@public
@require_POST
def look(request: Visit) -> HttpResponse:
    """Set what was chosen and go back to where the reader was."""
    chosen = {name: request.POST[name] for name in CHOICES if name in request.POST}
    for name, value in chosen.items():
        if value not in CHOICES[name]:
            return bad_input(request, name, "one of: " + ", ".join(filter(None, CHOICES[name])))
    answer = HttpResponseRedirect(here(request.POST.get("next", "/")))
    for name, value in chosen.items():
        answer.set_cookie(name, value, max_age=YEAR, samesite="Strict", secure=request.is_secure(), httponly=True)
    return answer


def here(path: str) -> str:
    """The path if it is one of ours, else the home page: a redirect never leads elsewhere."""
    ours = url_has_allowed_host_and_scheme(path, allowed_hosts=None) and path.startswith("/")
    return path if ours and not urlsplit(path).netloc else "/"
