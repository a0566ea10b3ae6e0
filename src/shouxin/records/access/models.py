"""Who may sign in and how, as rows. Not one personal value: a person is an opaque id, a number a token.

Whatever proves something (a code, a device's cookie, a contact person's pass) stands here as a keyed hash only; the
key is the vault's. A stolen copy of these tables signs nobody in.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

ID_LENGTH = 36
"""A UUID as text."""
TOKEN_LENGTH = 64
"""A keyed hash as hex."""
BORROWER, CONTACT, STAFF = "borrower", "contact", "staff"


class Users(BaseUserManager["User"]):
    """Django asks for a user by natural key; rows are made by the use cases, which hand in their ids."""


class User(AbstractBaseUser):
    """Somebody who may sign in: `kind` is `borrower`, `contact` or `staff`.

    `login` is opaque: a person's subject id, a member of staff's actor (`collector:k31`). `subject_id` is the person's
    chain, `actor` a member of staff's name; the other is empty. Only staff has a password, and a `second_factor`, the
    TOTP secret as the vault sealed it; `last_step` is the newest time step whose code was taken, so that none is taken
    twice. A password that somebody else made `must_change`.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    kind = models.CharField(max_length=10)
    login = models.CharField(max_length=96, unique=True)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True, default="")
    actor = models.CharField(max_length=96, default="")
    second_factor = models.TextField(default="")
    last_step = models.BigIntegerField(default=0)
    must_change = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    last_login = None

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's name for it is a class attribute
        """May this one sign in? Django asks at each request."""
        return self.active


class Device(models.Model):
    """A browser that signed in once. `token` is the keyed hash of its cookie, `label` words of a closed list."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    token = models.CharField(max_length=TOKEN_LENGTH, db_index=True)
    label = models.CharField(max_length=32)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "token"), name="one_device_of_a_user"),)


class SignIn(models.Model):
    """One session, from signing in to its end. `ended_because`: a word (`signed_out`, `idle`, `too_long`, …)."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="sign_ins")
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=16, default="")

    class Meta:
        indexes = (models.Index(fields=("user", "at"), name="sign_in_of_user"),)


class OneTimeCode(models.Model):
    """A code that was sent. `about` is what it is for, `point` the token of the number it went to.

    `subject_id` is empty for a number that somebody typed, and the person whose stored number it was otherwise.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    about = models.CharField(max_length=32)
    point = models.CharField(max_length=TOKEN_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, default="")
    digest = models.CharField(max_length=TOKEN_LENGTH)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("point", "about", "sent_at"), name="code_to_number"),)


class Tries(models.Model):
    """How often something was tried in a row: `name` says what and, as a token, about whom.

    `since` is when it was counted last; nothing is tried again before `not_before`.
    """

    name = models.CharField(primary_key=True, max_length=96)
    count = models.IntegerField(default=0)
    since = models.DateTimeField()
    not_before = models.DateTimeField(null=True)


class ContactPass(models.Model):
    """The code of one notice to a contact person, which opens that person's own page and nothing else."""

    token = models.CharField(primary_key=True, max_length=TOKEN_LENGTH)
    contact_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
