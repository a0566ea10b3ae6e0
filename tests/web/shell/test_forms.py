"""What a form says of its own accord: plain words, with the field's name, in the reader's language."""

from __future__ import annotations

import pytest

LABELS = {"en": "Amount of the loan", "zh": "借款金额"}


@pytest.fixture
def form(lender):
    """A form of one field without words of its own, as somebody sent it."""
    from django import forms
    from django.test import RequestFactory
    from django.utils import translation

    from shouxin.web.shell.forms import PageForm

    class Sample(PageForm):
        amount = forms.CharField()
        months = forms.ChoiceField(label="Months", choices=[("6", "6"), ("12", "12")])
        own = forms.CharField(error_messages={"required": "its own words"})

    def make(lang: str, **sent: str):
        request = RequestFactory().post("/", sent)
        request.lender, request.lang = lender, lang
        Sample.base_fields["amount"].label = LABELS[lang]
        with translation.override({"zh": "zh-hans", "en": "en"}[lang]):
            found = Sample(request)
            return {name: [str(one) for one in said] for name, said in found.errors.items()}

    return make


def test_it_names_the_field_that_is_missing(form):
    assert form("en") == {
        "amount": ["Please fill in: Amount of the loan"],
        "months": ["Please choose: Months"],
        "own": ["its own words"],
    }
    assert form("zh")["amount"] == ["请填写：借款金额"]


def test_it_says_how_much_fits_and_what_cannot_be_read(form):
    said = form("zh", amount="x" * 201, months="7", own="a\0b")
    assert said["amount"] == ["借款金额：最多 200 个字"]
    assert said["months"][0].startswith("请从答案里选一个：")
    assert "读不出的字符" in said["own"][0]


def test_it_looks_at_every_field_only_once_all_have_their_limits(form):
    assert "own" in form("en", amount="", months="6", own="y" * 201)
