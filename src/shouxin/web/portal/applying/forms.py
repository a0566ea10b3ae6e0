"""The questions of an application, one form a page. What is wrong is said with an example, and nobody is blamed."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouxin.usecases.credit import spelling
from shouxin.usecases.privacy.codes import mobile
from shouxin.web.portal.applying.draft import Draft
from shouxin.web.portal.applying.typed import AmountField, DayField, LineField
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.visit import Visit


class Question(PageForm):
    """One page. `title` is its heading, `asks` the fields of the catalogue that it fills in."""

    title: ClassVar[Promise]
    asks: ClassVar[tuple[str, ...]] = ()

    def __init__(self, request: Visit, draft: Draft) -> None:
        super().__init__(request, initial={name: draft[name] for name in self.base_fields if name != "key"})

    def given(self) -> dict[str, Any]:
        """What this page answered, by the draft's names; "" for what was left out."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}

    def left_out(self) -> dict[str, Any]:
        """The answer of somebody who would rather not."""
        return dict.fromkeys((name for name in self.base_fields if name != "key"), "")


def give(form: forms.Form, fields: Mapping[str, forms.Field]) -> None:
    """This form alone has these fields. They must be there before it is made: it is checked as soon as it is."""
    vars(form)["base_fields"] = dict(fields)


def with_choices(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    """The choices that there are today."""
    fields = deepcopy(dict(form.base_fields))
    field: Any = fields[name]
    field.choices = choices
    give(form, fields)


class AmountForm(Question):
    """How much, and in how many months."""

    title = _("How much do you want to borrow?")
    amount = AmountField(
        label=_("Amount of the loan"), example="12000", unclear=_("Please write the amount as a number, such as 12000")
    )
    instalments = forms.TypedChoiceField(
        label=_("Over how many months"), widget=forms.RadioSelect, coerce=int, choices=(),
        error_messages={
            "required": _("Please choose the number of months"),
            "invalid_choice": _("Please choose one of these numbers of months"),
        },
    )  # fmt: skip

    def __init__(self, request: Visit, draft: Draft, months: list[tuple[int, str]]) -> None:
        with_choices(self, "instalments", months)
        super().__init__(request, draft)

    def over(self, message: str) -> None:
        """The amount is none that is lent."""
        self.add_error("amount", message)


class IdentityForm(Question):
    """Name and identity card."""

    title = _("What are your name and ID number?")
    asks = ("name", "id_number", "id_valid_until")
    name = LineField(
        label=_("Name"), help_text=_("As on your ID card"), max_length=60,
        error_messages={"required": _("Please write your name")},
    )  # fmt: skip
    id_number = LineField(
        label=_("ID number"), help_text=_("18 signs; the last may be an X"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocapitalize": "characters"}),
        error_messages={"required": _("Please write your ID number")},
    )  # fmt: skip
    id_valid_until = DayField(
        label=_("The card is valid until"), required=False, max_length=20,
        help_text=_("Such as 2036-03-06. Leave it empty if it is valid for good."),
    )  # fmt: skip
    under_age = False

    def clean_id_number(self) -> str:
        """The number, when its check digit is right."""
        found = spelling.id_number(self.cleaned_data["id_number"])
        if found is None:
            raise ValidationError(_("Something in this ID number doesn’t fit: please compare all 18 signs"))
        plain, born = found
        today = self.request.lender.today()
        if born > today:
            raise ValidationError(_("The date of birth in this ID number lies ahead: please compare it"))
        self.under_age = not spelling.of_age(born, today)
        return plain

    def clean_id_valid_until(self) -> str:
        """The day, when it hasn't passed."""
        until: str = self.cleaned_data["id_valid_until"]
        if until and until < self.request.lender.today().isoformat():
            raise ValidationError(_("This card has run out. With a new one, please write its date."))
        return until


class IncomeForm(Question):
    """What comes in each month."""

    title = _("How much do you take home in a month?")
    asks = ("income",)
    income = AmountField(
        label=_("Monthly income, after tax"), example="8600",
        help_text=_("The average of the last three months. Wages and business both count; it needn’t be exact."),
        unclear=_("Please write your monthly income as a number, such as 8600"),
        error_messages={"required": _("Please write your monthly income as a number, such as 8600")},
    )  # fmt: skip


class ObligationsForm(Question):
    """What goes out each month by contract."""

    title = _("What do you have to pay each month?")
    asks = ("monthly_obligations",)
    monthly_obligations = AmountField(
        label=_("Fixed monthly payments"), example="1500",
        help_text=_("Rent, mortgage, car and other loans together. If there are none, write 0."),
        unclear=_("Please write your monthly payments as a number, such as 1500, or 0"),
        error_messages={"required": _("Please write your monthly payments as a number, such as 1500, or 0")},
    )  # fmt: skip


class EmployerForm(Question):
    """Where somebody works."""

    title = _("Where do you work?")
    asks = ("employer",)
    employer = LineField(
        label=_("Employer"), max_length=100,
        help_text=_("It bears on limit and rate; left out, less may be lent. Nobody calls there, now or later."),
        error_messages={"required": _("Please write the name of your employer, or leave this step out")},
    )  # fmt: skip


class CardForm(Question):
    """Where the money goes."""

    title = _("To which card should the money go?")
    asks = ("bank_card",)
    bank_card = LineField(
        label=_("Bank card number"), help_text=_("A debit card in your own name"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Please write the number on your card")},
    )  # fmt: skip

    def clean_bank_card(self) -> str:
        """The number, when its check digit is right."""
        plain = spelling.card_number(self.cleaned_data["bank_card"])
        if plain is None:
            raise ValidationError(_("One digit of this card number doesn’t fit: please compare it with your card"))
        return plain


class EmailForm(Question):
    """Where reminders may go."""

    title = _("Do you want reminders by e-mail?")
    asks = ("email",)
    email = LineField(
        label=_("E-mail"), max_length=120,
        help_text=_("We write to remind you of payments; advertising only if you consent to it."),
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email"}),
        error_messages={"required": _("Please write an address such as name@mail.example, or leave this step out")},
    )  # fmt: skip

    def clean_email(self) -> str:
        """An address with both its parts."""
        text: str = self.cleaned_data["email"]
        name, at, host = text.partition("@")
        if not (name and at and "." in host and not any(sign.isspace() for sign in text)):
            raise ValidationError(_("Please write an address such as name@mail.example"))
        return text


class ContactsForm(Question):
    """At most two people whom somebody names, typed in by hand; nobody has to be named."""

    title = _("Is there somebody we may ask, if we can’t reach you?")
    asks = ("name", "phone", "relation")
    MOST = 2

    def __init__(self, request: Visit, draft: Draft) -> None:
        fields: dict[str, forms.Field] = {"key": PageForm.base_fields["key"]}
        for place in (1, 2):
            fields.update({f"{name}_{place}": field for name, field in _contact_fields().items()})
        give(self, fields)
        super().__init__(request, draft)
        for place, one in enumerate(draft["contacts"], start=1):
            self.initial.update({f"{name}_{place}": value for name, value in one.items()})

    def person(self, place: int) -> list[forms.BoundField]:
        """The three fields of one person."""
        return [self[f"{name}_{place}"] for name in self.asks]

    @property
    def people(self) -> list[list[forms.BoundField]]:
        """Both."""
        return [self.person(place) for place in (1, 2)]

    def clean(self) -> dict[str, Any]:
        """Each person whole or not at all, and not the same one twice."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for place in (1, 2):
            begun = any(cleaned.get(f"{name}_{place}") for name in self.asks)
            for name in self.asks:
                if begun and f"{name}_{place}" not in self.errors and not cleaned.get(f"{name}_{place}"):
                    self.add_error(f"{name}_{place}", _("Please fill in all three, or none of this person"))
        first, second = (cleaned.get(f"phone_{place}") for place in (1, 2))
        if first and first == second:
            self.add_error("phone_2", _("This is the same number as the first person’s"))
        return cleaned

    def given(self) -> dict[str, Any]:
        """Those who were named."""
        people = [{name: self.cleaned_data[f"{name}_{place}"] for name in self.asks} for place in (1, 2)]
        return {"contacts": [one for one in people if one["phone"]]}

    def left_out(self) -> dict[str, Any]:
        """Nobody."""
        return {"contacts": []}


class ContactPhoneField(LineField):
    """A mainland mobile number, however it is spelt; gives its eleven digits."""

    def clean(self, value: Any) -> Any:
        """The digits, "" for nothing."""
        text = super().clean(value)
        try:
            return mobile(text) if text else ""
        except ValueError:
            raise ValidationError(_("A mobile number has 11 digits, such as 13900000102")) from None


def _contact_fields() -> dict[str, forms.Field]:
    tel = forms.TextInput(attrs={"inputmode": "tel"})
    return {
        "name": LineField(label=_("Name"), required=False, max_length=60),
        "phone": ContactPhoneField(label=_("Mobile number"), required=False, max_length=40, widget=tel),
        "relation": LineField(
            label=_("Relation to you"), required=False, max_length=20, help_text=_("Such as sister, friend, colleague")
        ),
    }


FORMS: Mapping[str, type[Question]] = {
    "identity": IdentityForm,
    "income": IncomeForm,
    "obligations": ObligationsForm,
    "employer": EmployerForm,
    "card": CardForm,
    "email": EmailForm,
    "contacts": ContactsForm,
}
