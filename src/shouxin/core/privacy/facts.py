"""What a chain says as of now: a pure fold of its entries, the same for gate and verifier.

`fold` takes one entry after the other; `violation` says, before an entry is folded, what the
history lacks to carry it. The vault keeps a sealed snapshot of `Facts`; a snapshot shortens the
fold and never changes it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from shouxin.core.privacy import purpose as purposes
from shouxin.core.privacy.actor import OWN_ROLES
from shouxin.core.privacy.entry import FIRST_KINDS, USE_KINDS, Record, Value

KEPT_ATTEMPTS = 60
"""Attempts that a snapshot remembers: more than ten days at six a day (CN.CBA2026.FREQ)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to reach the person: entry number, time (ms), channel and outcome."""

    entry: int
    time: int
    channel: str
    outcome: str


@dataclass(frozen=True)
class Facts:
    """The state of one chain after its `n`-th entry. Numbers are entry numbers, 0 for none.

    `given` says which fields each recipient got and hasn't given back or deleted. `restricted` names of each field
    that is only stored the rule that says so, `until` the moment (ms) from which it needn't be any more; a field
    without one is restricted until that is lifted. `bounds` are the purposes and fields of a party's contract.
    """

    n: int = 0
    kind: str = ""
    last_time: int = 0
    consents: Mapping[str, int] = field(default_factory=dict)
    withdrawn: Mapping[int, int] = field(default_factory=dict)
    once_consented: frozenset[str] = frozenset()
    contracts: Mapping[int, str] = field(default_factory=dict)
    ended: tuple[int, ...] = ()
    cases: Mapping[int, str] = field(default_factory=dict)
    grants: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    restricted: Mapping[str, str] = field(default_factory=dict)
    until: Mapping[str, int] = field(default_factory=dict)
    namings: frozenset[str] = frozenset()
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    unreachable: int = 0
    paused: int = 0
    paused_until: int = 0
    opted_out: int = 0
    appointed: int = 0
    engaged: int = 0
    engaged_until: int = 0
    bounds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    closed: int = 0

    def engaged_at(self, ms: int) -> bool:
        """Is this party's engagement standing at that moment?"""
        return bool(self.engaged) and not 0 < self.engaged_until <= ms

    def beyond(self, purpose: str, names: Iterable[str]) -> str:
        """What this party's contract doesn't have: the purpose, or the first of these fields; "" when it has all.

        An engagement from before terms were kept bounds nothing.
        """
        if not self.bounds:
            return ""
        if purpose not in self.bounds["purposes"]:
            return purpose
        return next((name for name in names if name not in self.bounds["fields"]), "")

    def paused_at(self, ms: int) -> bool:
        """Does a pause hold at that moment? One with an end is over by itself."""
        return bool(self.paused) and not 0 < self.paused_until <= ms

    def case_entry(self, case: str) -> int:
        """The entry that opened this case and still holds, else 0."""
        return next((j for j, name in self.cases.items() if name == case), 0)

    def grant_entry(self, case_entry: int, *names: str) -> int:
        """A live grant of that case to one of these names (pseudonym or party), else 0."""
        live = (j for j, (case, to) in self.grants.items() if case == case_entry and to in names)
        return next(live, 0)


def fold(facts: Facts, record: Record) -> Facts:
    """The facts after one more entry, number `facts.n + 1`."""
    j = facts.n + 1
    step = _STEPS.get(cast(str, record["kind"]))
    after = step(facts, j, record) if step else facts
    return _after(after, n=j, last_time=cast(int, record["time"]))


def violation(facts: Facts, record: Record) -> str | None:
    """Why this record can't be entry `facts.n + 1`: a reason of the verifier's list, or None."""
    kind = cast(str, record["kind"])
    if (facts.n == 0) != (kind in FIRST_KINDS) and not _again(facts, kind):
        return "malformed"
    if facts.closed:
        return "after_closing"
    if cast(int, record["time"]) < facts.last_time:
        return "time_backwards"
    if kind in USE_KINDS:
        return _use_violation(facts, record)
    return _reference_violation(facts, kind, record)


def to_doc(facts: Facts) -> dict[str, Any]:
    """A JSON document of the facts (keys that are numbers become strings)."""
    doc: dict[str, Any] = {}
    for name, value in vars(facts).items():
        if not value:
            continue
        if name == "attempts":
            doc[name] = [[a.entry, a.time, a.channel, a.outcome] for a in value]
        elif isinstance(value, frozenset):
            doc[name] = sorted(value)
        elif name in ("given", "bounds"):
            doc[name] = {key: sorted(names) for key, names in value.items()}
        else:
            doc[name] = value
    return doc


def from_doc(doc: Mapping[str, Any]) -> Facts:
    """Read back what `to_doc` wrote."""
    values: dict[str, Any] = dict(doc)
    for name in ("withdrawn", "contracts", "cases"):
        if name in values:
            values[name] = {int(j): value for j, value in values[name].items()}
    if "grants" in values:
        values["grants"] = {int(j): (case, to) for j, (case, to) in values["grants"].items()}
    for name in ("once_consented", "held", "deleted", "namings"):
        if name in values:
            values[name] = frozenset(values[name])
    for name in ("given", "bounds"):
        if name in values:
            values[name] = {key: frozenset(names) for key, names in values[name].items()}
    if "attempts" in values:
        values["attempts"] = tuple(Attempt(*row) for row in values["attempts"])
    if "ended" in values:
        values["ended"] = tuple(values["ended"])
    return Facts(**values)


def _again(facts: Facts, kind: str) -> bool:
    """A dismissed person may be appointed again, a suspended party engaged again."""
    return (kind == "appointed" and facts.kind == "staff" and not facts.appointed) or (
        kind == "engaged" and facts.kind == "party" and not facts.engaged
    )


def _use_violation(facts: Facts, record: Record) -> str | None:
    needs = purposes.PURPOSES.get(cast(str, record["purpose"]))
    if needs is None or facts.kind not in needs.whose:
        return "no_basis"
    if needs.needs_recipient and record["kind"] == "used":
        return "malformed"
    lacking = _basis_violation(facts, needs, record)
    if lacking:
        return lacking
    if _only_stored(facts, record):
        return "no_basis"
    case = cast(int, record.get("case", 0))
    if needs.needs_case and case not in facts.cases:
        return "no_case"
    if needs.needs_grant and not _granted(facts, case, record):
        return "no_grant"
    return None


def _only_stored(facts: Facts, record: Record) -> bool:
    """Does it use a field that is only stored now, for anything else?"""
    if not facts.restricted:
        return False
    rules = [
        facts.restricted[name] for name in map(str, cast(list[Value], record["fields"])) if name in facts.restricted
    ]
    return not all(purposes.serves_restricted(cast(str, record["purpose"]), rule) for rule in rules)


def _granted(facts: Facts, case: int, record: Record) -> bool:
    grant = facts.grants.get(cast(int, record.get("grant", 0)))
    return (
        grant is not None
        and grant[0] == case
        and grant[1]
        in (
            record["actor"],
            record.get("party"),
        )
    )


def _basis_violation(facts: Facts, needs: purposes.Purpose, record: Record) -> str | None:
    basis = cast(list[Value], record["basis"])
    if not basis or basis[0] not in needs.bases:
        return "no_basis"
    if basis == [purposes.OWN_REQUEST]:
        return None if cast(str, record["actor"]).split(":")[0] in OWN_ROLES else "no_basis"
    if len(basis) != 2:
        return "no_basis"
    kind, cited = basis
    if kind == purposes.DUTY:
        return None if cited in needs.duties else "no_basis"
    if kind == purposes.CONTRACT:
        return None if cited in facts.contracts else "no_basis"
    if facts.consents.get(needs.name) == cited:
        return None
    return "after_withdrawal" if cited in facts.withdrawn else "no_basis"


def _reference_violation(facts: Facts, kind: str, record: Record) -> str | None:
    holds = _REFERENCES.get(kind)
    return None if holds is None or holds(facts, record) else "malformed"


_REFERENCES: dict[str, Callable[[Facts, Any], bool]] = {
    "refused": lambda f, r: r.get("asked", 0) <= r["time"],
    "withdrawn": lambda f, r: f.consents.get(r["purpose"]) == r["consent"],
    "ended": lambda f, r: r["contract"] in f.contracts,
    "case_closed": lambda f, r: r["case"] in f.cases,
    "granted": lambda f, r: r["case"] in f.cases,
    "recalled": lambda f, r: r["grant"] in f.grants,
    "resumed": lambda f, r: f.paused == r["pause"] != 0,
    "reached": lambda f, r: any(a.entry == r["attempt"] for a in f.attempts),
    "unreachable": lambda f, r: {a.entry for a in f.attempts}.issuperset(r["attempts"]),
    "returned": lambda f, r: f.given.get(r["recipient"], frozenset()).issuperset(r["fields"]),
    "contact_asked": lambda f, r: f.unreachable == r["evidence"] != 0,
    "dismissed": lambda f, r: f.appointed == r["appointment"] != 0,
    "suspended": lambda f, r: f.engaged == r["engagement"] != 0,
}


def _after(facts: Facts, **changes: Any) -> Facts:
    """As `dataclasses.replace`, which asks every field for its default first; this is done for each entry."""
    after = object.__new__(Facts)
    vars(after).update(vars(facts), **changes)
    return after


def _without(mapping: Mapping[Any, Any], key: object) -> dict[Any, Any]:
    return {k: v for k, v in mapping.items() if k != key}


def _withdrawn(f: Facts, j: int, r: Any) -> Facts:
    return _after(
        f,
        consents=_without(f.consents, r["purpose"]),
        once_consented=f.once_consented | {r["purpose"]},
        withdrawn={**f.withdrawn, r["consent"]: j},
    )


def _ended(f: Facts, _: int, r: Any) -> Facts:
    return _after(f, contracts=_without(f.contracts, r["contract"]), ended=(*f.ended, r["contract"]))


def _stored(f: Facts, _: int, r: Any) -> Facts:
    names = frozenset(r["fields"])
    namings = f.namings | ({r["naming"]} if "naming" in r else set())
    return _after(f, held=f.held | names, deleted=f.deleted - names, namings=namings)


def _deleted(f: Facts, _: int, r: Any) -> Facts:
    """What another naming still holds of a contact person stays."""
    namings = f.namings - ({r["naming"]} if "naming" in r else set())
    if "naming" in r and namings:
        return _after(f, namings=namings)
    names = frozenset(r["fields"])
    gone = _after(f, held=f.held - names, deleted=f.deleted | names, namings=namings)
    return gone if "naming" in r else _unrestricted(gone, 0, r)


def _restricted(f: Facts, _: int, r: Any) -> Facts:
    lifted = _unrestricted(f, 0, r)
    until = dict.fromkeys(r["fields"], r["until"]) if r["until"] else {}
    rules = dict.fromkeys(r["fields"], r["rule"])
    return _after(lifted, restricted={**lifted.restricted, **rules}, until={**lifted.until, **until})


def _unrestricted(f: Facts, _: int, r: Any) -> Facts:
    rules = {name: rule for name, rule in f.restricted.items() if name not in r["fields"]}
    until = {name: ms for name, ms in f.until.items() if name not in r["fields"]}
    return _after(f, restricted=rules, until=until)


def _case_closed(f: Facts, _: int, r: Any) -> Facts:
    """A closed case takes its grants with it."""
    live = {j: grant for j, grant in f.grants.items() if grant[0] != r["case"]}
    return _after(f, cases=_without(f.cases, r["case"]), grants=live)


def _left(f: Facts, _: int, r: Any) -> Facts:
    party = r["recipient"]
    return _after(f, given={**f.given, party: f.given.get(party, frozenset()) | frozenset(r["fields"])})


def _returned(f: Facts, _: int, r: Any) -> Facts:
    still = f.given.get(r["recipient"], frozenset()) - frozenset(r["fields"])
    rest = _without(f.given, r["recipient"])
    return _after(f, given={**rest, r["recipient"]: still} if still else rest)


def _attempted(f: Facts, j: int, r: Any) -> Facts:
    attempt = Attempt(j, r["time"], r["channel"], r["outcome"])
    return _after(f, attempts=(*f.attempts, attempt)[-KEPT_ATTEMPTS:])


def _reached(f: Facts, _: int, r: Any) -> Facts:
    """Whoever is reached is no longer out of reach, and the tries start anew."""
    settled = tuple(replace(a, outcome="connected") if a.entry == r["attempt"] else a for a in f.attempts)
    return _after(f, attempts=settled, unreachable=0)


def _engaged(f: Facts, j: int, r: Any) -> Facts:
    said = {key: frozenset(r.get(key, ())) for key in ("purposes", "fields")}
    bounds = said if r.keys() & said.keys() else {}
    return _after(f, kind="party", engaged=j, engaged_until=r.get("until", 0), bounds=bounds)


def _requested(f: Facts, j: int, r: Any) -> Facts:
    return _after(f, opted_out=j) if r["right"] == "no_contact" else f


_STEPS: dict[str, Callable[[Facts, int, Any], Facts]] = {
    "enrolled": lambda f, j, r: _after(f, kind=r["as"]),
    "appointed": lambda f, j, r: _after(f, kind="staff", appointed=j),
    "dismissed": lambda f, j, r: _after(f, appointed=0),
    "engaged": _engaged,
    "suspended": lambda f, j, r: _after(f, engaged=0, engaged_until=0, bounds={}),
    "consented": lambda f, j, r: _after(f, consents={**f.consents, r["purpose"]: j}),
    "withdrawn": _withdrawn,
    "agreed": lambda f, j, r: _after(f, contracts={**f.contracts, j: r["contract"]}),
    "ended": _ended,
    "stored": _stored,
    "deleted": _deleted,
    "restricted": _restricted,
    "unrestricted": _unrestricted,
    "case_opened": lambda f, j, r: _after(f, cases={**f.cases, j: r["case"]}),
    "case_closed": _case_closed,
    "granted": lambda f, j, r: _after(f, grants={**f.grants, j: (r["case"], r["to"])}),
    "recalled": lambda f, j, r: _after(f, grants=_without(f.grants, r["grant"])),
    "disclosed": _left,
    "exported": _left,
    "returned": _returned,
    "attempted": _attempted,
    "reached": _reached,
    "unreachable": lambda f, j, r: _after(f, unreachable=j),
    "paused": lambda f, j, r: _after(f, paused=j, paused_until=r.get("until", 0)),
    "resumed": lambda f, j, r: _after(f, paused=0, paused_until=0),
    "requested": _requested,
    "closed": lambda f, j, r: _after(f, closed=j),
}
