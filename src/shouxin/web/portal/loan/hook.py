"""Where the payment gateway brings its notices. Its signature is the door: no session, no form token."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import BadInput
from shouxin.usecases.loan.payment_arrived import PaymentArrived, payment_arrived
from shouxin.web.shell.doors import machine
from shouxin.web.shell.visit import Visit

HEADER = "Shouxin-Signature"
_MOST_BYTES = 4096


@csrf_exempt
@machine
@require_POST
def payments(request: Visit) -> HttpResponse:
    """200 says "taken, don't send again"; the bodies are one word, since a program reads them.

    403 for what isn't the gateway's, 404 for an order that isn't ours, 409 for what contradicts what was taken before.
    """
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > _MOST_BYTES:
        return _say("too large", 413)
    notice = PaymentArrived(request.body, request.headers.get(HEADER, ""))
    try:
        noted = payment_arrived(request.lender, notice)
    except BadInput as error:
        return _say(error.code, 403 if error.code in ("signature", "stale") else 400)
    if isinstance(noted, Refusal):
        return _say(noted.reason.value, 404 if noted.reason is Reason.NOT_YOURS else 409)
    return _say("again" if noted.already else "taken", 200)


def _say(word: str, status: int) -> HttpResponse:
    return HttpResponse(word, content_type="text/plain", status=status)
