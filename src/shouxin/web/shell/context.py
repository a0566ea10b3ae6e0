"""What every template may say: who the lender is, how the reader wants it, whether time is simulated."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from shouxin.web.shell import words


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of every page."""
    visit: Any = request
    lender = getattr(visit, "lender", None)
    if lender is None:
        return {}
    user = getattr(visit, "user", None)
    simulated = words.moment(lender.clock.now(), visit.lang, zone=lender.settings.zone)
    return {
        "lender_name": lender.settings.name[visit.lang],
        "lang": visit.lang,
        "html_lang": "zh-Hans" if visit.lang == "zh" else "en",
        "theme": visit.theme,
        "size": visit.size,
        "zone": lender.settings.zone.key,
        "now": lender.clock.now(),
        "simulated": simulated if lender.simulated else "",
        "signed_in": user.kind if user is not None and user.is_authenticated else "",
        "actor": user.actor if user is not None and user.is_authenticated else "",
    }
