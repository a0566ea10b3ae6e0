"""Forms: what was typed is kept, each error is said beside its field and in a summary on top, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from shouxin.web.shell.visit import Visit

LONGEST = 200
"""Characters of a field, unless it says otherwise; the vault limits bytes besides."""


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

    def _shape(self, name: str, field: forms.Field) -> None:
        attrs = field.widget.attrs
        if isinstance(field, forms.CharField) and field.max_length is None:
            field.max_length = LONGEST
            field.validators.append(MaxLengthValidator(LONGEST))
        described = [f"{name}-hint"] if field.help_text else []
        described += [f"{name}-error"] if self.is_bound and name in self.errors else []
        if described:
            attrs["aria-describedby"] = " ".join(described)
        attrs.setdefault("autocomplete", "off")

    def refuse(self, field: str | None, message: str) -> None:
        """What the use case found wrong, said beside the field."""
        self.add_error(field if field in self.fields else None, message)
