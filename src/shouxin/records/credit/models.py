"""Applications as rows. The facts that a decision used are personal and are not kept here."""

from django.db import models

ID_LENGTH = 36
"""A UUID as text."""


class Application(models.Model):
    """What somebody asked for, and the decision on it once there is one.

    `state` is `received`, `approved`, `declined` or `review`. `decision` is JSON: outcome, limit,
    rate, reason codes and what would change them; never an income, an employer or another value of
    the applicant. `policy_hash` says which policy decided, so that it can be replayed. `key` is
    what the sender chose so that sending twice counts once; null where nothing was chosen.
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
    key = models.CharField(max_length=64, null=True)  # noqa: DJ001  # of rows without one there may be many

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subject_id", "key"), name="application_key"),)


class Understood(models.Model):
    """A question about one offer's own cost sheet, asked before signing.

    `terms_hash` is the sheet that it was about: other terms, other questions. `tries` counts the
    answers, `at` is when the right one came (null until then). Which wrong ones came first is
    nobody's business and isn't kept.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    offer_id = models.CharField(max_length=ID_LENGTH)
    terms_hash = models.CharField(max_length=64)
    question = models.CharField(max_length=16)
    tries = models.IntegerField()
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("offer_id", "terms_hash", "question"), name="understood_once"),)
