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
    user: Any = getattr(visit, "user", None)
    now, known = lender.clock.now(), user is not None and user.is_authenticated
    return {
        "lender_name": lender.settings.name[visit.lang],
        "phone": lender.policy.house.phone,
        "lang": visit.lang,
        "html_lang": "zh-Hans" if visit.lang == "zh" else "en",
        "theme": visit.theme,
        "size": visit.size,
        "zone": lender.settings.zone.key,
        "now": now,
        "simulated": words.moment(now, visit.lang, zone=lender.settings.zone) if lender.simulated else "",
        "signed_in": user.kind if known else "",
        "actor": user.actor if known else "",
    }
