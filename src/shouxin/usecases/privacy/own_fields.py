"""A single field of one's own: restrict its use, lift that again, or have it deleted (PIPL articles 44 and 47).

Only for what nobody had to give: what a contract needs is named by the refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shouxin.core.privacy import rights
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.purpose import OWN_RESTRICTION
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.privacy import outlook, requests
from shouxin.vault.history import History
from shouxin.vault.opening import Receipt


class RestrictField(Request):
    """Keep this field and use it for nothing from now on; `lift` takes that back."""

    subject: Text
    field: Text
    lift: bool = False


class DeleteField(Request):
    """Delete this field."""

    subject: Text
    field: Text


class OwnFields(Request):
    """Whose."""

    subject: Text


@dataclass(frozen=True)
class OwnField:
    """One field that is held. `rule` and `until` (its last day), when it is only stored; `own`: because they asked."""

    name: str
    required: bool
    rule: str = ""
    until: date | None = None
    own: bool = False


def own_fields(lender: Lender, request: OwnFields) -> tuple[OwnField, ...]:
    """The names of the sealed fields that are held, in the catalogue's order; no value is opened for that."""
    history = outlook.living(lender, request.subject)
    if history is None:
        return ()
    facts, choice = history.facts, optional_fields(lender, history)
    names = [field.name for field in lender.policy.catalogue if field.whose == history.kind and field.home == "vault"]
    return tuple(
        OwnField(
            name=name,
            required=name not in choice,
            rule=facts.restricted.get(name, ""),
            until=outlook.last_day(lender, facts.until[name]) if name in facts.until else None,
            own=facts.restricted.get(name) == OWN_RESTRICTION,
        )
        for name in names
        if name in facts.held
    )


def optional_fields(lender: Lender, history: History) -> tuple[str, ...]:
    """The fields that are held of this person and that they needn't have given."""
    found = (lender.policy.catalogue.get(history.kind, name) for name in sorted(history.facts.held))
    return tuple(field.name for field in found if field and not lender.policy.natures[field.key].required)


def restrict_field(lender: Lender, request: RestrictField) -> Receipt | Refusal:
    """Entries `requested`, `restricted` (or `unrestricted`) and `answered`."""
    history = _own(lender, request.subject, request.field)
    if isinstance(history, Refusal):
        return history
    by = history.facts.restricted.get(request.field, "")
    if (by == OWN_RESTRICTION) != request.lift:
        return Refusal(Reason.ALREADY_DONE if by in ("", OWN_RESTRICTION) else Reason.RESTRICTED, (by,) if by else ())
    body: Record = {"kind": "unrestricted", "fields": [request.field]}
    if not request.lift:
        body = {"kind": "restricted", "fields": [request.field], "rule": OWN_RESTRICTION, "until": 0}
    return _at_once(
        lender, request.subject, "restriction", lambda: lender.vault.record(request.subject, lambda _: body)
    )


def delete_field(lender: Lender, request: DeleteField) -> Receipt | Refusal:
    """Entries `requested`, `deleted` and `answered`; the value, its index and the key that sealed it are gone."""
    history = _own(lender, request.subject, request.field)
    if isinstance(history, Refusal):
        return history
    rules = rights.RIGHTS["erasure"].rules
    return _at_once(
        lender, request.subject, "erasure", lambda: lender.vault.erase(request.subject, [request.field], rules=rules)
    )


def _own(lender: Lender, subject: str, field: str) -> History | Refusal:
    history = outlook.living(lender, subject)
    if history is None:
        return requests.NOT_YOURS
    if field not in history.facts.held:
        return Refusal(Reason.NOT_HELD, ("CN.PIPL.47",), "field")
    if field not in optional_fields(lender, history):
        return Refusal(Reason.STILL_NEEDED, ("CN.PIPL.13",), "field")
    return history


def _at_once(lender: Lender, subject: str, right: str, act: Callable[[], Receipt | Refusal]) -> Receipt | Refusal:
    asked = requests.begin(lender, subject, right)
    if isinstance(asked, Refusal):
        return asked
    done = act()
    if isinstance(done, Receipt):
        requests.finish(lender, subject, asked.entry, rights.DONE)
    return done
