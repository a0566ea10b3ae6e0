"""Sessions: from signing in until signing out, or until they were idle or open too long. Staff's are shorter.

The web's session holds the user's id and the id of the sign-in; whether that still stands is asked at each request, so
one session can be ended from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shouxin.records.access.models import BORROWER, CONTACT, STAFF, Device, SignIn, User
from shouxin.usecases.lender import Lender

TOUCH_AFTER = timedelta(minutes=1)
"""How exactly it is known when a session was last used: each request would be a write otherwise."""


@dataclass(frozen=True)
class Limits:
    """How long a session may be idle, and how long it may last at all."""

    idle: timedelta
    longest: timedelta


LIMITS: Mapping[str, Limits] = {
    BORROWER: Limits(idle=timedelta(minutes=30), longest=timedelta(hours=12)),
    CONTACT: Limits(idle=timedelta(minutes=30), longest=timedelta(hours=2)),
    STAFF: Limits(idle=timedelta(minutes=15), longest=timedelta(hours=10)),
}


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, for the web's own session: its `user`, the id of the sign-in, and a device's cookie if it is
    to be set.
    """

    user: User
    sign_in: str
    device_cookie: str = ""
    new_device: bool = False


def user_of(lender: Lender, subject: str, kind: str) -> User:
    """The user of a person's chain, made when they first sign in. It can't be signed in to by a password."""
    made = {"id": lender.ids.new(), "kind": kind, "subject_id": subject, "password": "!"}
    user, _ = User.objects.get_or_create(login=subject, defaults=made)
    return user


def begin(lender: Lender, user: User, device: Device | None = None) -> str:
    """A new session; gives the id of its sign-in."""
    now, name = lender.clock.now(), lender.ids.new()
    SignIn.objects.create(id=name, user=user, device=device, at=now, last_at=now)
    return name


def stands(lender: Lender, sign_in: str, user: User) -> str:
    """Empty while the session stands, else why it ended: `signed_out`, `idle`, `too_long` or another word."""
    row = SignIn.objects.filter(id=sign_in, user_id=user.id).first()
    if row is None:
        return "unknown"
    if row.ended_at is not None or not user.active:
        return row.ended_because or "closed"
    now, limits = lender.clock.now(), LIMITS[user.kind]
    over = "idle" if now - row.last_at > limits.idle else "too_long" if now - row.at > limits.longest else ""
    if over:
        end(lender, sign_in, because=over)
    elif now - row.last_at >= TOUCH_AFTER:
        SignIn.objects.filter(id=sign_in, ended_at=None).update(last_at=now)
    return over


def end(lender: Lender, sign_in: str, *, because: str = "signed_out", user: str | None = None) -> bool:
    """End one session; with `user` only if it is theirs. False when there was nothing to end."""
    rows = SignIn.objects.filter(id=sign_in, ended_at=None)
    mine = rows if user is None else rows.filter(user_id=user)
    return mine.update(ended_at=lender.clock.now(), ended_because=because) > 0


def end_all(lender: Lender, user: str, *, but: str = "", because: str = "signed_out") -> int:
    """End every session of this user, except one; how many that were."""
    rows = SignIn.objects.filter(user_id=user, ended_at=None).exclude(id=but)
    return rows.update(ended_at=lender.clock.now(), ended_because=because)
