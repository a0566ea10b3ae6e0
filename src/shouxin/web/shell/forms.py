"""Forms: what was typed is kept, each error is said beside its field and in a summary on top, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from shouxin.web.shell.visit import Visit

LONGEST = 200
"""Characters of a field, unless it says otherwise; the vault limits bytes besides."""
_TYPED = {
    "required": _("Please fill in: {label}"),
    "max_length": _("{label}: no more than %(limit_value)d signs, please"),
    "null_characters_not_allowed": _("{label}: a sign in it can’t be read; please type it again"),
}
_CHOSEN = {"required": _("Please choose: {label}"), "invalid_choice": _("Please choose one of the answers: {label}")}
"""What is said where a field has no words of its own: plain, and with the field's name."""


def _frameworks(field: forms.Field, code: str) -> object:
    """What the framework would say of this fault; None where it leaves that to a validator."""
    ancestors = (each for each in type(field).__mro__ if each.__module__.startswith("django."))
    said = (getattr(each, "default_error_messages", {}).get(code) for each in ancestors)
    return next((message for message in said if message is not None), None)


class PageForm(forms.Form):
    """A form of one page. `key` makes sending twice count once: it is minted with the page and comes back with it."""

    template_name = "shell/fields.html"
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, request: Visit, *, initial: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.request = request
        data = request.POST if request.method == "POST" else None
        minted = {"key": request.lender.ids.new()}
        super().__init__(data, initial=minted | dict(initial or {}), label_suffix="", **kwargs)
        for name, field in self.fields.items():
            self._shape(name, field)
        for name in self.fields:  # errors are asked for only when every field has its limits
            self._describe(name)

    def _shape(self, name: str, field: forms.Field) -> None:
        if isinstance(field, forms.CharField) and field.max_length is None:
            field.max_length = LONGEST
            field.validators.append(MaxLengthValidator(LONGEST))
        field.widget.attrs.setdefault("autocomplete", "off")
        said = _CHOSEN if isinstance(field, forms.ChoiceField) else _TYPED
        for code, message in said.items():
            if field.error_messages.get(code) == _frameworks(field, code):
                field.error_messages[code] = str(message).replace("{label}", str(field.label or name))

    def _describe(self, name: str) -> None:
        described = [f"{name}-hint"] if self.fields[name].help_text else []
        described += [f"{name}-error"] if self.is_bound and name in self.errors else []
        if described:
            self.fields[name].widget.attrs["aria-describedby"] = " ".join(described)

    def refuse(self, field: str | None, message: str) -> None:
        """What the use case found wrong, said beside the field."""
        known = field if field in self.fields else None
        self.add_error(known, message)
        if known:
            self._describe(known)
