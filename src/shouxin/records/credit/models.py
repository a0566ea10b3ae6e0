"""Applications as rows. The facts that a decision used are personal and are not kept here."""

from django.db import models

ID_LENGTH = 36
"""A UUID as text."""


class Application(models.Model):
    """What somebody asked for, and the decision on it once there is one.

    `state` is `received`, `approved` or `declined`. `decision` is JSON: outcome, limit, rate,
    reason codes and what would change them; never an income, an employer or another value of
    the applicant. `policy_hash` says which policy decided, so that it can be replayed.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    product = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    instalments = models.IntegerField()
    applied_at = models.DateTimeField()
    state = models.CharField(max_length=16)
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(default="")
    policy_hash = models.CharField(max_length=64, default="")
