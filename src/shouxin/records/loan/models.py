"""Offers, loans and loan events as rows. What they mean is decided by `shouxin.core.loan`.

A loan is its signed terms and its events; no row holds a balance, a status or a schedule. All of
those are folded from the two whenever somebody asks (`core.loan.account.fold`).
"""

from django.db import models

ID_LENGTH = 36
"""A UUID as text."""


class Offer(models.Model):
    """What an approved applicant may sign until `valid_until` (that day included).

    `terms` is empty until a cost sheet was shown; from then on it is the document that a
    signature accepts, byte for byte. A signed offer is the loan of the same id.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    application_id = models.CharField(max_length=ID_LENGTH)
    product = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    asked_minor = models.BigIntegerField()
    limit_minor = models.BigIntegerField()
    annual_ppm = models.BigIntegerField()
    instalments = models.IntegerField()
    valid_until = models.DateField()
    made_at = models.DateTimeField()
    terms = models.TextField(default="")
    sheet_shown_at = models.DateTimeField(null=True)


class Loan(models.Model):
    """One loan: the terms as signed, and nothing that changes.

    `id` is that of the offer that was signed, and the name of the contract in the person's
    history. `terms` is canonical JSON in the shape of the outside contract and `terms_hash` its
    SHA-256. `source` is `signed`, or names the tape that brought the loan, with `source_ref` its
    number (or line) there.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    currency = models.CharField(max_length=3)
    principal_minor = models.BigIntegerField()
    opened_on = models.DateField()
    terms = models.TextField()
    terms_hash = models.CharField(max_length=64)
    source = models.CharField(max_length=ID_LENGTH, db_index=True)
    source_ref = models.CharField(max_length=64, default="")


class LoanEvent(models.Model):
    """One thing that happened to a loan, in the order in which it became known (`seq` from 1).

    `on` may lie before the events that are already there (a back-dated payment). `body` is the
    event document of the outside contract as canonical JSON. `key` is what the sender chose so
    that sending twice counts once; the same key never stands twice on one loan.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="events")
    seq = models.IntegerField()
    on = models.DateField()
    type = models.CharField(max_length=32)
    body = models.TextField()
    key = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("loan", "seq"), name="loan_event_seq"),
            models.UniqueConstraint(fields=("loan", "key"), name="loan_event_key"),
        )


class PaymentOrder(models.Model):
    """A borrower's wish to pay so much towards a loan, told to the payment gateway under this id.

    `choice` is what was chosen: `due`, `all` or `other`. `key` came with the form, so that sending it twice makes one
    order. `page` is where the gateway lets it be paid, empty until the gateway said so. What became of it is told by
    its arrivals; no row holds a status.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="orders")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    choice = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
    page = models.TextField(default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subject_id", "key"), name="loan_order_key"),)


class PaymentArrival(models.Model):
    """What the gateway said of an order, once for each `reference` (its own number of the payment).

    `event` is the id of the loan's event that it became; empty for a payment that was declined.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="arrivals")
    reference = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=8)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=ID_LENGTH, default="")
    received_at = models.DateTimeField()


class SignedText(models.Model):
    """The contract's words as somebody signed them, in the language that they read (`lang`) and in the other one.

    `id` is the loan's. `zh` and `en` are canonical JSON (`usecases.loan.contract_text`); `fingerprint` is that of the
    text in `lang`, and stands in the person's history beside the terms'.
    """

    id = models.CharField(primary_key=True, max_length=ID_LENGTH)
    subject_id = models.CharField(max_length=ID_LENGTH, db_index=True)
    version = models.CharField(max_length=16)
    lang = models.CharField(max_length=2)
    zh = models.TextField()
    en = models.TextField()
    fingerprint = models.CharField(max_length=64)
    signed_on = models.DateField()
