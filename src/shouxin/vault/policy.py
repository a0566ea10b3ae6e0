"""The Cedar policies in force, asked about one field at a time.

Entities. The principal is `Actor::"<role>"` with `role` and `party` (`platform` or `agency`); the
action is `Action::"use"`, or `Action::"disclose"` when someone receives the data; the resource is
`Field::"<whose>.<field>/<form>"` with `whose`, `field`, `class` and `form`. The context holds
`purpose`, `basis`, `has_case`, `has_grant`, `evidence` and the recipient's kind. No entity names a
person, so the set of questions is closed and each is decided once per policy version.

What goes wrong is a no: Cedar leaves a policy that fails out of the decision, and a forbidding one
left out would permit, so any error in the answer denies.
"""

import json
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

import cedarpy

from shouxin.core.privacy.gate import CedarQuestion
from shouxin.policy.cedar_files import SCHEMA, Cedar
from shouxin.policy.table import PolicyError

_FILE = "cedar"
_REMEMBERED = 8192
_PARTS = attrgetter(*(field.name for field in fields(CedarQuestion)))


class CedarPolicies:
    """Policies and schema, parsed once. Raises `PolicyError` when they can't be used."""

    def __init__(self, cedar: Cedar) -> None:
        self._purposes = frozenset(cedar.by_purpose)
        self._schema = _schema(cedar.schema)
        self._policies = _policies(cedar)
        self._decide = lru_cache(maxsize=_REMEMBERED)(self._ask)

    def covers(self, purpose: str) -> bool:
        """Whether any policy speaks for this purpose; one without a policy is refused."""
        return purpose in self._purposes

    def permits(self, question: CedarQuestion) -> bool:
        """Whether the policies let this role have this field in this form, now."""
        return self._decide(*_closed(question))

    def deciding(self, question: CedarQuestion) -> tuple[str, ...]:
        """The ids of the policies that decide the question; none when no policy permits it."""
        answer = self._answer(CedarQuestion(*_closed(question)))
        return tuple(sorted(answer.diagnostics.reasons))

    def _ask(self, *closed: Any) -> bool:
        answer = self._answer(CedarQuestion(*closed))
        return answer.allowed and not answer.diagnostics.errors

    def _answer(self, question: CedarQuestion) -> cedarpy.AuthzResult:
        request, entities = _request(question)
        return cedarpy.is_authorized(request, self._policies, entities, self._schema)


def _closed(question: CedarQuestion) -> tuple[Any, ...]:
    """What makes the question without the names of actor and parties: only their kinds."""
    role, _, party, *rest, recipient = _PARTS(question)
    return role, "", party.partition(":")[0], *rest, recipient.partition(":")[0]


def _request(question: CedarQuestion) -> tuple[dict[str, object], list[dict[str, object]]]:
    actor = {"type": "Actor", "id": question.role}
    field = {"type": "Field", "id": f"{question.whose}.{question.field}/{question.form}"}
    request: dict[str, object] = {
        "principal": actor,
        "action": {"type": "Action", "id": "disclose" if question.recipient else "use"},
        "resource": field,
        "context": {
            "purpose": question.purpose,
            "basis": question.basis,
            "has_case": question.has_case,
            "has_grant": question.has_grant,
            "evidence": question.evidence,
            "recipient": question.recipient,
        },
    }
    says = {
        "whose": question.whose,
        "field": question.field,
        "class": question.classification,
        "form": question.form,
    }
    return request, [
        {"uid": actor, "attrs": {"role": question.role, "party": question.party}, "parents": []},
        {"uid": field, "attrs": says, "parents": []},
    ]


def _schema(text: str) -> cedarpy.Schema:
    try:
        return cedarpy.Schema.from_str(text)
    except ValueError as error:
        raise PolicyError(SCHEMA, str(error)) from None


def _policies(cedar: Cedar) -> cedarpy.PolicySet:
    """Parsed under their own ids, so that an answer names them, and validated by the schema."""
    try:
        document = json.loads(cedarpy.policies_to_json_str(cedar.policies))
    except ValueError as error:
        raise PolicyError(_FILE, str(error)) from None
    named: dict[str, object] = {}
    for policy in document["staticPolicies"].values():
        policy_id = policy.get("annotations", {}).get("id")
        if not policy_id or policy_id in named:
            raise PolicyError(_FILE, f"the id {policy_id} is missing or stands twice")
        named[policy_id] = policy
    found = cedarpy.validate_policies(cedar.policies, cedar.schema)
    if not found.validation_passed:
        names = found.id_annotations_by_policy_id
        first = found.errors[0]
        raise PolicyError(_FILE, f"{names.get(first.policy_id, first.policy_id)}: {first.error}")
    return cedarpy.PolicySet.from_json_str(json.dumps({**document, "staticPolicies": named}))
