"""Cases, grants, attempts, outgoing messages and the ledger as rows.

The binding facts (is a case open, does a grant stand) are the vault's own entries; these rows
are the platform's working copy, for lists and counts. A message is a template and the person it
is for: its text and address exist only while it is being handed over.
"""

from django.db import models

ID_LENGTH = 36
"""A UUID as text."""


class Case(models.Model):
    """One collection case of one person. `closed_because` is a code, empty while open."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=32, default="")


class Grant(models.Model):
    """One actor's grant on one case, while `recalled_at` is empty."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="grants")
    actor = models.CharField(max_length=96)
    granted_at = models.DateTimeField()
    recalled_at = models.DateTimeField(null=True)


class Attempt(models.Model):
    """One try to reach somebody about a person's debt, made by any channel.

    `subject_id` is the borrower, `person_id` who was tried and `party` what they are in the case
    (`debtor`, `contact_person`). `point` is a token of the number or address, never itself.
    `outcome` is empty while it isn't known, and `not_taken` when nothing left the house. `rules`
    are the ids that the ruling applied; `entry` is the entry in the history of who was tried;
    `message_id` is the outbox row of a message.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH)
    person_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    case_id = models.CharField(max_length=ID_LENGTH)
    actor = models.CharField(max_length=96)
    party = models.CharField(max_length=32)
    point = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    outcome = models.CharField(max_length=32, default="")
    at = models.DateTimeField()
    rules = models.TextField(default="[]")
    entry = models.IntegerField()
    message_id = models.CharField(max_length=ID_LENGTH, default="")

    class Meta:
        indexes = (models.Index(fields=("subject_id", "at"), name="attempt_of_person"),)


class Outbox(models.Model):
    """One message to one person, from the moment it was decided.

    `state`: `queued` → `claimed` (a worker has it, nothing left the house) → `handing_over`
    (bytes may have left) → `sent`, `failed` (the other side refused it for good), `refused`
    (the gate said no) or `unknown` (a worker died while handing over; never sent again).
    `params` is JSON without any personal value. `message_id` is fixed when the row is made, so
    that a second copy, should one ever leave, is recognised as the same message.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    template = models.CharField(max_length=64)
    lang = models.CharField(max_length=8)
    params = models.TextField(default="{}")
    state = models.CharField(max_length=16)
    message_id = models.CharField(max_length=128, unique=True)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    why = models.CharField(max_length=64, default="")

    class Meta:
        indexes = (models.Index(fields=("state", "not_before"), name="outbox_waiting"),)


class Ledger(models.Model):
    """One line for each thing that left the house, or may have: what the bill is matched with.

    `recipient_id` is the person addressed, `party` the organisation that carried it, `ref` what
    the carrier knows it by (a Message-ID). Lines are added and never changed.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    recipient_id = models.CharField(max_length=ID_LENGTH)
    channel = models.CharField(max_length=16)
    party = models.CharField(max_length=80)
    template = models.CharField(max_length=64)
    ref = models.CharField(max_length=128)
    size = models.IntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16)
    entry = models.IntegerField()
