"""The browsers that a person signed in with, and what they are told of a new one.

A device is known by a long random cookie, of which only the keyed hash is kept, and shown by words of a short list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouxin.records.access.models import Device, SignIn, User
from shouxin.usecases.lender import CannotNow, Lender
from shouxin.usecases.privacy import sessions, texting
from shouxin.usecases.privacy.texting import Notice

COOKIE_BYTES = 32
SECURITY = "system:security"
NOTICES = {
    "sms_new_device": Notice("sms_new_device", SECURITY, "servicing", "new_device"),
    "sms_phone_changed": Notice("sms_phone_changed", SECURITY, "servicing", "phone_changed"),
}
SHOWN = 20
"""Sign-ins that the list shows; older ones are told of by the devices' dates."""

_BROWSERS = {
    "micromessenger": "wechat",
    "edg": "edge",
    "firefox": "firefox",
    "fxios": "firefox",
    "chrome": "chrome",
    "crios": "chrome",
    "safari": "safari",
}
_SYSTEMS = {
    "harmony": "harmonyos",
    "android": "android",
    "iphone": "iphone",
    "ipad": "ipad",
    "windows": "windows",
    "mac os": "mac",
    "linux": "linux",
}
"""What a browser says of itself, and our word for it; the first that fits counts."""


def label_of(user_agent: str) -> str:
    """`browser system` in words of two short lists: what a person needs to know a device again, and no fingerprint."""
    said = user_agent[:500].lower()
    browser = next((name for mark, name in _BROWSERS.items() if mark in said), "other")
    system = next((name for mark, name in _SYSTEMS.items() if mark in said), "other")
    return f"{browser} {system}"


@dataclass(frozen=True)
class Recognised:
    """The device, the cookie to set when it has none that is known here, and whether this person never used it."""

    device: Device
    cookie: str
    is_new: bool


def recognise(lender: Lender, user: User, cookie: str, user_agent: str) -> Recognised:
    """The device of this cookie, or a new one. A cookie that isn't of our making is replaced."""
    now, token = lender.clock.now(), lender.vault.token_of("device", cookie)
    seen = Device.objects.filter(token=token).exists() if cookie else False
    if not seen:
        cookie = lender.chance.token_bytes(COOKIE_BYTES).hex()
        token = lender.vault.token_of("device", cookie)
    with transaction.atomic():
        made = {"id": lender.ids.new(), "label": label_of(user_agent), "first_at": now, "last_at": now}
        device, new = Device.objects.select_for_update().get_or_create(user=user, token=token, defaults=made)
        again = not new and device.forgotten_at is not None
        device.last_at, device.forgotten_at, device.label = now, None, label_of(user_agent)
        device.save()
    return Recognised(device, "" if seen else cookie, new or again)


def tell(lender: Lender, subject: str, template: str, *, lang: str) -> None:
    """Enter that this happened in the person's history, and tell their phone, where the law lets us use it.

    Before there is a contract nothing carries the use of the number: then the page and the history tell it alone.
    """
    texting.enter(lender, subject, NOTICES[template], lang)
    history = lender.vault.history(subject)
    if history is None or not (history.facts.contracts or "servicing" in history.facts.consents):
        return
    message = texting.queue(lender, subject, template, lang=lang)
    try:
        texting.deliver(lender, message, NOTICES)
    except CannotNow:
        return  # it waits in the outbox for the worker


@dataclass(frozen=True)
class KnownDevice:
    """One device as its owner sees it; `here` is the one that asks."""

    device: str
    browser: str
    system: str
    first_at: datetime
    last_at: datetime
    here: bool


@dataclass(frozen=True)
class KnownSignIn:
    """One sign-in; `open` while its session stands. `ended_because` is a word, empty for one that was never ended."""

    sign_in: str
    browser: str
    system: str
    at: datetime
    last_at: datetime
    open: bool
    here: bool
    ended_because: str


@dataclass(frozen=True)
class Security:
    """What a person sees of their own sign-ins, newest first."""

    devices: list[KnownDevice]
    sign_ins: list[KnownSignIn]


def security(lender: Lender, user: str, sign_in: str) -> Security:
    """The devices and the newest sign-ins of this user."""
    rows = list(SignIn.objects.select_related("device").filter(user_id=user).order_by("-at", "-id")[:SHOWN])
    here = next((row.device_id for row in rows if row.id == sign_in), None)
    known = Device.objects.filter(user_id=user, forgotten_at=None).order_by("-last_at", "-id")
    return Security([_device(one, here) for one in known], [_sign_in(lender, row, sign_in) for row in rows])


def forget(lender: Lender, user: str, device: str) -> bool:
    """Sign a device out and forget it: the next sign-in there is one on a new device. False when it isn't theirs."""
    now = lender.clock.now()
    mine = Device.objects.filter(id=device, user_id=user, forgotten_at=None).update(forgotten_at=now)
    for row in SignIn.objects.filter(device_id=device, user_id=user, ended_at=None) if mine else ():
        sessions.end(lender, row.id, because="device")
    return mine > 0


def _device(row: Device, here: str | None) -> KnownDevice:
    browser, _, system = row.label.partition(" ")
    return KnownDevice(row.id, browser, system, row.first_at, row.last_at, row.id == here)


def _sign_in(lender: Lender, row: SignIn, here: str) -> KnownSignIn:
    browser, _, system = (row.device.label if row.device else "other other").partition(" ")
    limits, now = sessions.LIMITS["borrower"], lender.clock.now()
    stands = row.ended_at is None and now - row.last_at <= limits.idle and now - row.at <= limits.longest
    because = row.ended_because or ("" if stands else "idle")
    return KnownSignIn(row.id, browser, system, row.at, row.last_at, stands, row.id == here, because)
