"""The few things that are typed to sign in: a number, a code, an ID number."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shouxin.policy.say import say
from shouxin.policy.sentences import names_in
from shouxin.usecases.privacy.codes import mobile
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.visit import Visit

_DIGITS = {"inputmode": "numeric"}
_MINUTE, _NOTHING = timedelta(minutes=1), timedelta(0)


class PhoneField(forms.CharField):
    """A mobile number in any usual spelling."""

    widget = forms.TextInput({"inputmode": "tel", "autocomplete": "tel-national"})
    default_error_messages = {"required": _("Enter your mobile number, for example 138 0000 0101")}

    def clean(self, value: object) -> str:
        """The eleven digits."""
        typed = str(super().clean(value))
        try:
            return mobile(typed)
        except ValueError:
            raise ValidationError(_("A mobile number has 11 digits, for example 138 0000 0101")) from None


class NumberForm(PageForm):
    """The number by which somebody signs in."""

    phone = PhoneField(label=_("Your mobile number"))


class NewNumberForm(PageForm):
    """The number that takes the old one's place."""

    phone = PhoneField(label=_("Your new mobile number"))


class CodeForm(PageForm):
    """The six digits of a message; spaces between them do no harm."""

    code = forms.CharField(
        label=_("The six digits"),
        max_length=40,
        widget=forms.TextInput({**_DIGITS, "autocomplete": "one-time-code", "class": "box short"}),
        error_messages={"required": _("Enter the six digits of the message")},
    )


class IdNumberForm(PageForm):
    """Whose account it is, where two people share a number."""

    id_number = forms.CharField(
        label=_("Your ID number"),
        max_length=40,
        error_messages={"required": _("Enter your ID number, all 18 signs")},
    )


def why_not(request: Visit, found: NotProved) -> str:
    """The sentence, with the time of day where one has to wait."""
    key = f"proof.{found.why.value}"
    filled = {"at": clock(request, found.until)} if _names_a_time(request, key) and found.until else {}
    return say(request.lender.policy, request.lang, key, **filled)


def clock(request: Visit, moment: datetime) -> str:
    """Hours and minutes on the lender's clock, rounded up: earlier would be too early."""
    local = moment.astimezone(request.lender.settings.zone)
    late = local.second or local.microsecond
    return f"{local.replace(second=0, microsecond=0) + (_MINUTE if late else _NOTHING):%H:%M}"


def _names_a_time(request: Visit, key: str) -> bool:
    return "at" in names_in(request.lender.policy.sentences[request.lang][key])
