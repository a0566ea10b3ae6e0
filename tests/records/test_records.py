"""The book's tables hold no personal field, and the migrations make what the models say."""

import io
from pathlib import Path

import pytest

from tests.book import book  # noqa: F401  a fixture

ROOMS = ("loan", "credit", "outreach")


@pytest.fixture
def models(book: Path):  # noqa: F811  the fixture of the same name
    from django.apps import apps

    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def test_it_has_migrations_that_make_the_models(book: Path) -> None:  # noqa: F811
    from django.core.management import call_command

    said = io.StringIO()
    call_command("makemigrations", *ROOMS, check=True, dry_run=True, stdout=said)
    assert "No changes" in said.getvalue()


def test_it_names_the_subject_on_every_table(models) -> None:
    assert [model.__name__ for model in models if not hasattr(model, "subject_id")] == []


def test_it_keeps_no_money_in_a_decimal_or_a_float(models) -> None:
    kinds = {field.get_internal_type() for model in models for field in model._meta.fields}
    assert kinds.isdisjoint({"DecimalField", "FloatField"})


def test_it_has_no_column_named_like_a_personal_field(models) -> None:
    personal = {"name", "phone", "email", "address", "employer", "income", "bank_card", "id_number", "relation", "text"}
    columns = {(model.__name__, field.name) for model in models for field in model._meta.fields}
    assert [pair for pair in columns if pair[1] in personal] == []


def test_it_ties_no_table_to_another_room(models) -> None:
    for model in models:
        for field in model._meta.fields:
            if field.is_relation:
                assert field.related_model._meta.app_label == model._meta.app_label


def test_it_takes_a_key_once_a_loan(book: Path) -> None:  # noqa: F811
    from datetime import UTC, date, datetime

    from django.db import IntegrityError

    from shouxin.records.loan.models import Loan, LoanEvent

    day = date(2026, 11, 24)
    loans = [
        Loan.objects.create(
            id=f"loan{number}",
            subject_id="s",
            currency="CNY",
            principal_minor=1,
            opened_on=day,
            terms="{}",
            terms_hash="",
            source="signed",
        )
        for number in (1, 2)
    ]
    event = {
        "subject_id": "s",
        "on": day,
        "type": "pay",
        "body": "{}",
        "recorded_at": datetime(2026, 11, 24, tzinfo=UTC),
    }
    LoanEvent.objects.create(id="e1", loan=loans[0], seq=1, key="k", **event)
    LoanEvent.objects.create(id="e2", loan=loans[1], seq=1, key="k", **event)
    with pytest.raises(IntegrityError):
        LoanEvent.objects.create(id="e3", loan=loans[0], seq=2, key="k", **event)
