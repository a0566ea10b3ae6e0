"""What people asked for about their data, and what the daily round erased. Not one personal value."""

from django.db import models

ID_LENGTH = 36
"""A UUID as text."""


class RightsRequest(models.Model):
    """A request that somebody has to answer: `right` of the closed list, `desk` the role that answers.

    `entry` is its number in the person's history, where it and its answer are told; 0 until that is written. `about`
    is a field's name or the id of an application; `proposed` what the person typed as the right value, sealed by the
    vault for this request, empty once it is answered. `due_on` is null where no rule names a number of days, `clock`
    the rule that does; `reminded_on` is the day on which the desk was reminded of it.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    right = models.CharField(max_length=24)
    desk = models.CharField(max_length=16)
    entry = models.BigIntegerField()
    about = models.CharField(max_length=64, default="")
    proposed = models.TextField(default="")
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    clock = models.CharField(max_length=40, default="")
    reminded_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=96, default="")
    outcome = models.CharField(max_length=24, default="")

    class Meta:
        indexes = (models.Index(fields=("desk", "answered_at", "due_on"), name="request_of_desk"),)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_id", "right", "about"),
                condition=models.Q(answered_at=None),
                name="one_open_request",
            ),
        )


class RetentionRound(models.Model):
    """One daily round: `erased` is JSON, how many values of each field went by which rules. `ended`: over everybody."""

    on = models.DateField(primary_key=True)
    at = models.DateTimeField()
    ended = models.BooleanField(default=False)
    people = models.IntegerField()
    erased = models.TextField()
    restricted = models.IntegerField()
    contacts = models.IntegerField()
    closed = models.IntegerField()
    destroyed = models.IntegerField()
    swept = models.BooleanField()
