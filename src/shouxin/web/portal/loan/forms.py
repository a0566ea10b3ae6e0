"""What these pages ask for: an amount, and how far to put off."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouxin.usecases.loan.paying import Choice
from shouxin.web.shell.forms import PageForm

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII)
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?", re.ASCII)


class AmountField(forms.CharField):
    """An amount as people write it (`¥1,000`, `１０００`, `500.5 元`), read as a decimal string."""

    affix = "¥"

    def clean(self, value: Any) -> str:
        """The decimal string, or the error that says how to write one."""
        text = unicodedata.normalize("NFKC", super().clean(value))
        if not text:
            return ""  # required or not is said by `required`
        text = text.replace("¥", "").replace("元", "").replace(",", "").strip()
        if not _AMOUNT.fullmatch(text):
            raise forms.ValidationError(_("Write the amount in figures, for example 500 or 500.50"))
        return text


class PayForm(PageForm):
    """One of the three ways; `seen` is the amount that the page showed beside the button."""

    choice = forms.ChoiceField(choices=[(one.value, one.value) for one in Choice], widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    act = forms.ChoiceField(choices=[("look", "look"), ("pay", "pay")], widget=forms.HiddenInput)
    amount = AmountField(
        label=_("Another amount"),
        help_text=_("From 0.01 up to what pays everything off"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"max_length": _("Write the amount in figures, for example 500 or 500.50")},
    )

    def clean_key(self) -> str:
        """The key as the page minted it; a mangled one is replaced, and then the form counts as a new one."""
        given = str(self.cleaned_data["key"])
        return given if KEY.fullmatch(given) else self.request.lender.ids.new()


class PutOffForm(PageForm):
    """The code from the message, and the fingerprint of the plan that this page shows."""

    plan = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    typed = forms.CharField(
        label=_("Code from the text message"),
        max_length=40,
        required=False,
        help_text=_(
            "The message names by how long, and the interest that it adds. If a figure is wrong, don’t enter it."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    clean_key = PayForm.clean_key
