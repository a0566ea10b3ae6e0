"""What the desk's pages ask for."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from shouxin.policy.say import say
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.visit import Visit

KEY = re.compile(r"[0-9a-f-]{36}", re.ASCII)
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?", re.ASCII)
HOW_TO_WRITE = _("Write the amount in figures, for example 500 or 500.50")
CHANNELS = ("call", "visit", "sms", "letter")
OUTCOMES = ("no_answer", "busy", "voicemail", "connected", "refused", "wrong_person", "invalid_number")
LANGS = (("zh", _("in Chinese")), ("en", _("in English")))


class KeyForm(PageForm):
    """Only the key that makes sending twice count once; a mangled one is replaced."""

    def clean_key(self) -> str:
        """The key as the page minted it, or a new one."""
        given = str(self.cleaned_data["key"])
        return given if KEY.fullmatch(given) else self.request.lender.ids.new()


class ReminderForm(KeyForm):
    """In which language."""

    lang = forms.ChoiceField(
        label=_("Language of the letter"), choices=LANGS, widget=forms.Select(attrs={"class": "box short"})
    )


class Proof(forms.TextInput):
    """What proves somebody is typed anew each time; it isn't shown again."""

    def format_value(self, value: Any) -> str | None:
        """Nothing."""
        return None


class SignInForm(PageForm):
    """Both factors."""

    actor = forms.CharField(
        label=_("Your name here"),
        help_text=_("Role and number, for example collector:k31"),
        error_messages={"required": _("Enter your name here, for example collector:k31")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        error_messages={"required": _("Enter your password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code of your second factor"),
        help_text=_("Six digits, from the app on your phone; each one is good once"),
        max_length=20,
        error_messages={"required": _("Enter the six digits that your app shows now")},
        widget=Proof(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(PageForm):
    """A password of one's own."""

    password = forms.CharField(
        label=_("The password that you have now"),
        max_length=1000,
        strip=False,
        error_messages={"required": _("Enter the password that you have now")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("The new one"),
        help_text=_("At least twelve signs; a few words are fine. Not your name here, and not the old one"),
        max_length=1000,
        strip=False,
        error_messages={"required": _("Enter a new password of at least twelve signs")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AttemptForm(KeyForm):
    """Who was tried, by what, and how it ended. Whom is asked only while a contact person's answer is waited for."""

    whom = forms.ChoiceField(
        label=_("Whom"),
        choices=(("debtor", _("the borrower")), ("contact_person", _("the contact person who was asked"))),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose whom you tried")},
    )
    channel = forms.ChoiceField(
        label=_("By what means"),
        choices=[(code, code) for code in CHANNELS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you tried"), "invalid_choice": _("Choose how you tried")},
    )
    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=[(code, code) for code in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended"), "invalid_choice": _("Choose how it ended")},
    )

    def __init__(self, request: Visit, *, awaits: bool, **kwargs: Any) -> None:
        self.awaits = awaits
        super().__init__(request, initial={"channel": "call"}, **kwargs)
        fields: dict[str, Any] = self.fields
        if not awaits:
            del fields["whom"]
        for name, codes in (("channel", CHANNELS), ("outcome", OUTCOMES)):
            fields[name].choices = [(code, _said(request, f"{name}.{code}")) for code in codes]

    def clean_whom(self) -> str:
        """Whom, if there is a choice."""
        given = str(self.cleaned_data["whom"])
        if self.awaits and not given:
            raise forms.ValidationError(_("Choose whom you tried"))
        return given if self.awaits else "debtor"


class PromiseForm(KeyForm):
    """What they said: how much, and by when."""

    amount = forms.CharField(
        label=_("Amount"),
        max_length=24,
        help_text=_("As they said it, also when it is less than what is due"),
        error_messages={"required": HOW_TO_WRITE, "max_length": HOW_TO_WRITE},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    by = forms.DateField(
        label=_("By when"),
        help_text=_("The last day on which it would be in time; today at the earliest"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _("Choose the day"), "invalid": _("Write the day as 2026-11-28")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reminder = forms.ChoiceField(
        label=_("A reminder on that day"),
        help_text=_("Only if they asked for one: a letter to the address that they gave, and nothing else until then"),
        choices=(("", _("they asked for none")), *LANGS),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose whether they asked for a reminder")},
    )

    def clean_amount(self) -> str:
        """`¥1,000` and `１０００` are read like `1000`."""
        text = unicodedata.normalize("NFKC", str(self.cleaned_data["amount"]))
        text = text.replace("¥", "").replace("元", "").replace(",", "").strip()
        if not _AMOUNT.fullmatch(text):
            raise forms.ValidationError(HOW_TO_WRITE)
        return text


def _said(request: Visit, key: str) -> str:
    return capfirst(say(request.lender.policy, request.lang, key))
