"""Sign-ins and devices: where somebody is signed in as me, and how I end it."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from shouxin.usecases.privacy import devices, sessions
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.page import not_found, render
from shouxin.web.shell.visit import Visit

LONGEST_ID = 36
BROWSERS: Mapping[str, str | Promise] = {
    "wechat": _("WeChat"),
    "edge": "Edge",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
    "other": _("another browser"),
}
SYSTEMS: Mapping[str, str | Promise] = {
    "harmonyos": "HarmonyOS",
    "android": "Android",
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": "Windows",
    "mac": "Mac",
    "linux": "Linux",
    "other": _("another system"),
}
ENDINGS: Mapping[str, str | Promise] = {
    "signed_out": _("signed out"),
    "idle": _("ended after half an hour without use"),
    "too_long": _("ended after twelve hours"),
    "device": _("this device was signed out"),
    "phone": _("ended when the phone number was changed"),
}


@borrower
@require_safe
def account(request: Visit) -> HttpResponse:
    """All devices, the newest sign-ins, and the way to another phone number."""
    user = str(request.user.pk)
    found = devices.security(request.lender, user, request.session["sign_in"])
    others = [one for one in found.sign_ins if one.open and not one.here]
    context = {
        "devices": [(one, BROWSERS[one.browser], SYSTEMS[one.system]) for one in found.devices],
        "sign_ins": [
            (one, BROWSERS[one.browser], SYSTEMS[one.system], ENDINGS.get(one.ended_because, ""))
            for one in found.sign_ins
        ],
        "others": len(others),
        "tab": "data",
    }
    return render(request, "account/account.html", context)


@borrower
@require_POST
def end(request: Visit) -> HttpResponse:
    """End one other session. Somebody else's is not found."""
    ended = sessions.end(request.lender, _posted(request, "sign_in"), user=str(request.user.pk))
    return HttpResponseRedirect("/account") if ended else not_found(request)


@borrower
@require_POST
def end_others(request: Visit) -> HttpResponse:
    """End every session but this one."""
    sessions.end_all(request.lender, str(request.user.pk), but=request.session["sign_in"])
    return HttpResponseRedirect("/account")


@borrower
@require_POST
def forget(request: Visit) -> HttpResponse:
    """Sign a device out; the next sign-in there counts as one on a new device."""
    gone = devices.forget(request.lender, str(request.user.pk), _posted(request, "device"))
    return HttpResponseRedirect("/account") if gone else not_found(request)


def _posted(request: Visit, name: str) -> str:
    """An id as a button of ours sends it; anything else names nothing."""
    value = request.POST.get(name, "")
    return value if len(value) <= LONGEST_ID and value.isprintable() else ""
