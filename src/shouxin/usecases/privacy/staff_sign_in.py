"""Staff signs in with a password (argon2) and a code of a second factor (TOTP, RFC 6238), each code once.

A credential is made for an appointed member of staff and shown once. Its password is good for choosing another.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from pydantic import Field

from shouxin.core.privacy.actor import ActorError, parse_actor
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.access.models import STAFF, User
from shouxin.usecases.lender import ActorName, Lender, Request, Text
from shouxin.usecases.privacy import sessions, tries
from shouxin.usecases.privacy.sessions import SignedIn
from shouxin.usecases.privacy.tries import NotProved, Why

STEP_SECONDS = 30
STEPS_APART = 1
"""How many steps a phone's clock may be off, either way."""
LEAST_LENGTH = 12
SECRET_BYTES = 20


class Credential(Request):
    """A new credential for this member of staff; an older one is over, and so are its sessions."""

    actor: ActorName


@dataclass(frozen=True)
class Issued:
    """Shown once, and kept nowhere as it stands: the password that must be changed, and the second factor's address."""

    actor: str
    password: str = field(repr=False)
    otpauth: str = field(repr=False)

    def shown(self) -> dict[str, str]:
        """What its owner must be shown, once."""
        return {"actor": self.actor, "password": self.password, "otpauth": self.otpauth}


class StaffSignIn(Request):
    """Who says to be whom, with both factors as they were typed."""

    actor: str = Field(max_length=200)
    password: str = Field(max_length=1000)
    code: str = Field(max_length=200)


class ChoosePassword(Request):
    """A password of one's own in place of the one that stands."""

    user: Text
    sign_in: Text
    password: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


def credential(lender: Lender, request: Credential) -> Issued | Refusal:
    """Make one; refused for somebody who isn't appointed."""
    history = lender.vault.history(request.actor)
    if history is None or history.kind != "staff" or not history.facts.appointed:
        return Refusal(Reason.NOT_APPOINTED, ("CN.PIPL.51",), "actor")
    password, secret = _password(lender), base64.b32encode(lender.chance.token_bytes(SECRET_BYTES)).decode()
    made = {"id": lender.ids.new(), "kind": STAFF, "actor": request.actor, "password": "!"}
    with transaction.atomic():
        user, _ = User.objects.select_for_update().get_or_create(login=request.actor, defaults=made)
        user.password, user.must_change, user.active = _hashed(lender, password), True, True
        user.second_factor, user.last_step = lender.vault.keep("second_factor", user.id, secret.encode()), 0
        user.save()
    sessions.end_all(lender, user.id, because="credential")
    tries.forget(lender, "staff", request.actor)
    totp = pyotp.TOTP(secret, name=request.actor, issuer=lender.settings.name["en"])
    return Issued(request.actor, password, totp.provisioning_uri())


def staff_sign_in(lender: Lender, request: StaffSignIn) -> SignedIn | NotProved:
    """Sign in; whatever is wrong, the answer is one and takes as long. After five tries each next one has to wait."""
    waits = tries.begin(lender, "staff", request.actor)
    if waits:
        return waits
    user = _user(request.actor)
    knows = _knows(lender, user, request.password)
    step = _step(lender, user, request.code)
    if user is None or not knows or not step or not _appointed(lender, user):
        return NotProved(Why.WRONG)
    if not User.objects.filter(id=user.id, last_step__lt=step).update(last_step=step):
        return NotProved(Why.WRONG)  # "used already" would say that the password was right
    tries.forget(lender, "staff", request.actor)
    return SignedIn(user, sessions.begin(lender, user))


def choose_password(lender: Lender, request: ChoosePassword) -> NotProved | Refusal | None:
    """Change it; other sessions end. Refused when the new one is short or says the name or the old one again."""
    user = User.objects.get(id=request.user, kind=STAFF)
    waits = tries.begin(lender, "staff", user.login)
    if waits:
        return waits
    if not _knows(lender, user, request.password):
        return NotProved(Why.WRONG)
    tries.forget(lender, "staff", user.login)
    name = user.login.partition(":")[2]
    if len(request.new) < LEAST_LENGTH or request.new == request.password or name in request.new:
        return Refusal(Reason.MALFORMED, (), "new")
    user.password, user.must_change = _hashed(lender, request.new), False
    user.save(update_fields=["password", "must_change"])
    sessions.end_all(lender, user.id, but=request.sign_in, because="password")
    return None


def shut(lender: Lender, actor: str) -> None:
    """Whoever was dismissed can't sign in, and is signed out."""
    for user in User.objects.filter(login=actor, kind=STAFF):
        user.active, user.second_factor = False, ""
        user.set_unusable_password()
        user.save()
        sessions.end_all(lender, user.id, because="dismissed")


def _user(login: str) -> User | None:
    try:
        actor = str(parse_actor(login.strip()))
    except ActorError:
        return None
    return User.objects.filter(login=actor, kind=STAFF, active=True).first()


def _knows(lender: Lender, user: User | None, password: str) -> bool:
    """Is this the password? Somebody who doesn't exist costs one hash too."""
    if user is None or not user.has_usable_password():
        _hashed(lender, password)
        return False
    return check_password(password, user.password)


def _step(lender: Lender, user: User | None, typed: str) -> int:
    """The time step whose code this is, 0 for none. A step that was taken before is told apart by the caller."""
    sealed = user.second_factor if user else ""
    secret = lender.vault.kept("second_factor", user.id, sealed) if user else None
    totp = pyotp.TOTP(secret.decode() if secret else "A" * 32)
    now = int(lender.clock.now().timestamp()) // STEP_SECONDS
    plain = "".join(typed.split()).encode("utf-8", "replace")
    right = 0
    for step in range(now - STEPS_APART, now + STEPS_APART + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), plain):
            right = step
    return right if secret else 0


def _appointed(lender: Lender, user: User) -> bool:
    history = lender.vault.history(user.actor)
    return history is not None and bool(history.facts.appointed)


def _password(lender: Lender) -> str:
    """Twenty signs of base32 (100 bits), in groups that can be read out."""
    signs = base64.b32encode(lender.chance.token_bytes(13)).decode().lower()[:20]
    return "-".join(signs[at : at + 5] for at in range(0, 20, 5))


def _hashed(lender: Lender, password: str) -> str:
    return make_password(password, salt=lender.chance.token_bytes(16).hex(), hasher="argon2")
