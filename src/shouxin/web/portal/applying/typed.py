"""Reading what people type: amounts and dates in the spellings that they use, and text without invisible signs."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shouxin.core.money import MoneyError, format_amount, parse_amount

_AMOUNT = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})[-./年]?([0-9]{1,2})[-./月]?([0-9]{1,2})日?")
MOST = 10**12
"""Far beyond any amount that is asked for, in minor units."""


class LineField(forms.CharField):
    """A short text on one line. `max_bytes` is what the vault takes."""

    max_bytes = 400

    def clean(self, value: Any) -> Any:
        """The text, when nothing in it is invisible or too long."""
        text = super().clean(value)
        if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in text):
            raise ValidationError(_("There are signs in it that nobody can see. Please type it again."))
        if len(text.encode()) > self.max_bytes:
            raise ValidationError(_("This is too long. Please shorten it."))
        return text


class AmountField(LineField):
    """Money as people type it (`8600`, `8,600.50`, `¥8600`, full-width digits); gives a decimal string."""

    affix = "¥"

    def __init__(self, *, example: str, unclear: Any, currency: str = "CNY", **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "placeholder": example})
        super().__init__(max_length=40, widget=widget, **more)
        self._currency, self._unclear = currency, unclear

    def clean(self, value: Any) -> Any:
        """The amount with its decimals, "" for nothing."""
        text = super().clean(value)
        if not text and not self.required:
            return ""
        plain = re.sub(r"[\s,¥￥元]", "", unicodedata.normalize("NFKC", text))
        if not _AMOUNT.fullmatch(plain):
            raise ValidationError(self._unclear)
        try:
            minor = parse_amount(plain, self._currency, where="amount")
        except MoneyError:
            raise ValidationError(self._unclear) from None
        if minor > MOST:
            raise ValidationError(self._unclear)
        return format_amount(minor, self._currency)


class DayField(LineField):
    """A date in the ways that people write it (`2036-03-06`, `2036年3月6日`, `20360306`); gives ISO form."""

    def clean(self, value: Any) -> Any:
        """The date, "" for nothing."""
        text = super().clean(value)
        if not text and not self.required:
            return ""
        found = _DATE.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
        try:
            return date(*map(int, found.groups())).isoformat() if found else _unclear_date()
        except ValueError:
            return _unclear_date()


def _unclear_date() -> str:
    raise ValidationError(_("Please write the date as 2036-03-06."))
