"""Enrolment, storing, and naming contact persons: how a datum gets in."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shouxin.core.merkle.person_key import fingerprint
from shouxin.core.privacy.entry import Record, Value
from shouxin.core.privacy.field import MAX_CONTACT_PERSONS, NEVER_HELD
from shouxin.core.rules.refusal import Reason, Refusal, named
from shouxin.vault import models
from shouxin.vault.interior import Interior
from shouxin.vault.log.append import Work, commit
from shouxin.vault.log.batch import Added, Batch, LiveChain, Receipt
from shouxin.vault.seal import NONCE_BYTES, blind, place, seal

MAX_VALUE_BYTES = 400
INDEXED = frozenset({"id_number", "phone", "email", "bank_card"})
UNIQUE = frozenset({("borrower", "id_number"), ("contact_person", "phone")})
"""One living chain each: a borrower by ID number, a contact person by phone."""
_CHINA = re.compile(r"^(\+|00)86")
_NUMBERS = {"id_number": re.compile(r"[A-Z0-9]+"), "phone": re.compile(r"\+?[0-9]{4,20}")}
"""What must be left of these when they are spelt as `normal` does. Whether a Chinese ID number adds up is for the page
that asks for it: documents of other lands exist."""
NEVER_RULES = ("CN.APP.NECESSARY", "CN.APP.TC260")
ENROLMENT_NOTICE = ("enrolment", "2")


@dataclass(frozen=True, slots=True)
class Agreed:
    """A contract that existed before enrolment here: `terms` is the hash of its frozen terms,
    `imported_time` (ms) when it was made.
    """

    contract: str
    terms: str
    imported_time: int


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """A borrower and the fields they gave. `contracts` come over from an older system."""

    fields: Mapping[str, str] = field(repr=False)
    contracts: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The new subject, the receipt of their first entry, and the key that is handed out once."""

    subject: str
    receipt: Receipt
    person_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NamedContact:
    """A contact person that a borrower named, and the naming, by which the borrower may call them.

    `contact` is that person's own chain, one for all who name them, and `receipt` and `person_key` are of it: for
    their notice, never for the borrower, who would learn whether others named them.
    """

    contact: str
    naming: str
    receipt: Receipt
    person_key: bytes = field(repr=False)


def enrol_many(vault: Interior, requests: Sequence[EnrolRequest]) -> list[Enrolled | Refusal]:
    """Enrol borrowers in one batch; each succeeds or is refused by itself.

    Refuses a field that isn't in the catalogue, anything like an address book, and a second
    living chain for one ID number.
    """
    owners = Owners(vault, "borrower", [request.fields for request in requests])
    results = commit(vault, [_enrolling(vault, owners, request) for request in requests])
    return [one if isinstance(one, Refusal) else Enrolled(one[1].id, one[0].receipt, one[2]) for one in results]


def refusals(vault: Interior, requests: Sequence[EnrolRequest]) -> list[Refusal | None]:
    """What `enrol_many` would refuse of these now, for whoever keeps all or nothing; nobody is enrolled."""
    owners = Owners(vault, "borrower", [request.fields for request in requests])

    def judging(number: int, fields: Mapping[str, str]) -> Work[Refusal | None]:
        def work(_: Batch) -> Refusal | None:
            refusal = _checked(vault, "borrower", fields) or owners.taken(fields, str(number))
            if refusal is None:
                owners.take(fields, str(number))
            return refusal

        return work

    return commit(vault, [judging(number, one.fields) for number, one in enumerate(requests)])


def store(vault: Interior, subject: str, fields: Mapping[str, str]) -> Receipt | Refusal:
    """Add or replace fields of a person; entry `stored` (or `corrected` where a value stood)."""

    def work(batch: Batch) -> Added | Refusal:
        live = batch.chain(subject)
        if live is None or live.facts.closed:
            return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
        owners = Owners(vault, live.kind, [fields])
        checked = _checked(vault, live.kind, fields) or owners.taken(fields, live.id)
        if checked:
            return checked
        only_stored = next((name for name in fields if name in live.facts.restricted), None)
        if only_stored:
            return Refusal(Reason.RESTRICTED, (live.facts.restricted[only_stored],), only_stored)
        known = live.facts.held.intersection(fields)
        _seal_all(batch, live, fields)
        kind = "corrected" if known else "stored"
        return batch.add(live, {"kind": kind, "fields": _names(fields)})

    result = commit(vault, [work])[0]
    return result if isinstance(result, Refusal) else result.receipt


def name_contact(vault: Interior, borrower: str, fields: Mapping[str, str]) -> NamedContact | Refusal:
    """A borrower types in a contact person: name, phone, relation; at most two, never required.

    One entry in each chain, in one batch. The contact person's entries cite the naming's token
    and never the borrower; the borrower's say nothing of what the other does.
    """
    naming = vault.ids.new()

    def work(batch: Batch) -> tuple[LiveChain, Added, bytes] | Refusal:
        owner = batch.chain(borrower)
        if owner is None or owner.kind != "borrower" or owner.facts.closed:
            return Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "subject")
        refusal = _may_name(batch, owner, fields)
        if refusal:
            return refusal
        contact, first, key = _contact_chain(vault, batch, fields, naming)
        models.Naming.objects.create(token=naming, borrower_id=borrower, contact_id=contact.id)
        batch.add(owner, {"kind": "stored", "fields": ["contact_person"], "naming": naming})
        return contact, first, key

    result = commit(vault, [work])[0]
    if isinstance(result, Refusal):
        return result
    return NamedContact(result[0].id, naming, result[1].receipt, result[2])


def _enrolling(
    vault: Interior, owners: "Owners", request: EnrolRequest
) -> Work[tuple[Added, LiveChain, bytes] | Refusal]:
    def work(batch: Batch) -> tuple[Added, LiveChain, bytes] | Refusal:
        refusal = _checked(vault, "borrower", request.fields)
        if refusal:
            return refusal
        live = batch.create(vault.ids.new(), "borrower")
        refusal = owners.taken(request.fields, live.id)
        if refusal:
            return refusal
        owners.take(request.fields, live.id)
        first, key = _begin(vault, batch, live)
        batch.add(live, _notice(ENROLMENT_NOTICE))
        _seal_all(batch, live, request.fields)
        batch.add(live, {"kind": "stored", "fields": _names(request.fields)})
        for contract in request.contracts:
            batch.add(live, _agreed(contract))
        return first, live, key

    return work


def _agreed(contract: Agreed) -> Record:
    return {
        "kind": "agreed",
        "contract": contract.contract,
        "terms": contract.terms,
        "imported_time": contract.imported_time,
    }


def _begin(vault: Interior, batch: Batch, live: LiveChain) -> tuple[Added, bytes]:
    """The first two entries, and the person.key that the first receipt vouches for."""
    first = batch.add(live, {"kind": "enrolled", "as": live.kind})
    batch.add(live, {"kind": "key_issued", "key": fingerprint(live.ledger_key)})
    return first, live.ledger.person_key(vault.signer.name, first.leaf_hash).encode()


def _notice(notice: tuple[str, str]) -> Record:
    return {"kind": "notice_shown", "notice": notice[0], "version": notice[1]}


def _may_name(batch: Batch, owner: LiveChain, fields: Mapping[str, str]) -> Refusal | None:
    vault = batch.vault
    checked = _checked(vault, "contact_person", fields)
    if checked:
        return checked
    for name in ("name", "phone"):
        if name not in fields:
            return Refusal(Reason.MALFORMED, (), name)
    digest = blind(vault.index_key, "phone", normal("phone", fields["phone"]))
    if models.Stopped.objects.filter(digest=digest).exists():
        return Refusal(Reason.OPTED_OUT, ("CN.GBT45251.CONTACT", "CN.CBA2026.THIRD"), "contact_person")
    if len(owner.facts.namings) >= MAX_CONTACT_PERSONS:
        return Refusal(Reason.TOO_MANY_CONTACTS, ("CN.APP.TC260",), "contact_person")
    contact = Owners(vault, "contact_person", [fields]).of("phone", fields["phone"])
    known = batch.chain(contact) if contact else None
    if known is not None and known.facts.opted_out:
        return Refusal(Reason.OPTED_OUT, ("CN.GBT45251.CONTACT", "CN.CBA2026.THIRD"), "contact_person")
    named = models.Naming.objects.filter(borrower_id=owner.id, contact_id=contact or "")
    return Refusal(Reason.ALREADY_DONE, (), "contact_person") if named.exists() else None


def _contact_chain(
    vault: Interior, batch: Batch, fields: Mapping[str, str], naming: str
) -> tuple[LiveChain, Added, bytes]:
    """The contact person's one chain for all who name them, and this naming's entries in it."""
    known = Owners(vault, "contact_person", [fields]).of("phone", fields["phone"])
    live = batch.chain(known) if known else None
    first, key = None, b""
    if live is None:
        live = batch.create(vault.ids.new(), "contact_person")
        first, key = _begin(vault, batch, live)
    _seal_all(batch, live, fields, version=naming)
    stored: Record = {"kind": "stored", "fields": _names(fields), "naming": naming}
    added = batch.add(live, stored)
    return live, first or added, key


def _checked(vault: Interior, whose: str, fields: Mapping[str, str]) -> Refusal | None:
    """Every field is one of the catalogue's, and a short text."""
    for name, value in fields.items():
        if name.lower() in NEVER_HELD:
            return Refusal(Reason.ADDRESS_BOOK, NEVER_RULES, name)
        field = vault.catalogue.get(whose, name)
        if field is None or field.home != "vault":
            return Refusal(Reason.UNKNOWN_FIELD, ("CN.PIPL.5_6", "CN.APP.NECESSARY"), named(name, "fields"))
        if not 0 < len(value.encode()) <= MAX_VALUE_BYTES or not _is_number(name, value):
            return Refusal(Reason.MALFORMED, (), name)
    return None if fields else Refusal(Reason.MALFORMED, (), "fields")


def _is_number(name: str, value: str) -> bool:
    """An ID number or phone that means the same to everybody: look-alikes of other scripts would be a second person."""
    shape = _NUMBERS.get(name)
    return shape is None or shape.fullmatch(normal(name, value)) is not None


class Owners:
    """Who owns the values that must be unique: read once for a whole batch, then kept up."""

    def __init__(self, vault: Interior, whose: str, people: Sequence[Mapping[str, str]]) -> None:
        self._whose = whose
        self._digests = {
            (name, fields[name]): blind(vault.index_key, name, normal(name, fields[name]))
            for fields in people
            for name in fields
            if (whose, name) in UNIQUE
        }
        self._owners: dict[bytes, str] | None = None

    def of(self, name: str, value: str) -> str | None:
        """The living chain that has this value, or None. Asked inside the transaction only."""
        return self._known().get(self._digests[name, value])

    def take(self, fields: Mapping[str, str], chain_id: str) -> None:
        """From now on these values are this chain's."""
        for name, value in fields.items():
            if (name, value) in self._digests:
                self._known()[self._digests[name, value]] = chain_id

    def taken(self, fields: Mapping[str, str], chain_id: str) -> Refusal | None:
        """A refusal when another living chain has one of these values."""
        for name, value in fields.items():
            owner = self.of(name, value) if (self._whose, name) in UNIQUE else None
            if owner not in (None, chain_id):
                return Refusal(Reason.ALREADY_ENROLLED, (), name)
        return None

    def _known(self) -> dict[bytes, str]:
        if self._owners is None:
            self._owners = dict(self._read())
        return self._owners

    def _read(self) -> Iterator[tuple[bytes, str]]:
        digests = sorted(self._digests.values())
        for start in range(0, len(digests), 500):
            rows = models.BlindIndex.objects.filter(
                whose=self._whose, unique=True, digest__in=digests[start : start + 500]
            )
            yield from ((bytes(row.digest), row.chain_id) for row in rows)


def normal(name: str, value: str) -> str:
    """The spelling under which equal values of a field are found equal.

    Wide forms become plain ones; spaces, hyphens and signs that nobody sees go, and of a phone the prefix of China.
    """
    signs = unicodedata.normalize("NFKC", value)
    text = "".join(sign for sign in signs if not sign.isspace() and unicodedata.category(sign) != "Cf")
    text = text.replace("-", "")
    if name == "phone":
        return _CHINA.sub("", text)
    return text.casefold() if name == "email" else text.upper()


def _seal_all(batch: Batch, live: LiveChain, fields: Mapping[str, str], *, version: str = "1") -> None:
    """Seal the values under the person's data key, and index those that are looked up."""
    vault = batch.vault
    data_key = live.epoch.unwrap(live.wrapped_data)
    replaced = [name for name in fields if name in INDEXED and name in live.facts.held]
    if replaced:
        models.BlindIndex.objects.filter(chain_id=live.id, field__in=replaced).delete()
    for name, value in fields.items():
        nonce = vault.chance.token_bytes(NONCE_BYTES)
        sealed = seal(data_key, value.encode(), place=place(live.id, name, version), nonce=nonce)
        row = models.Datum(chain_id=live.id, field=name, version=version, sealed=sealed)
        batch.data.append(row)
        if name in INDEXED:
            batch.digests.append(_indexed(vault, live, name, value))


def _indexed(vault: Interior, live: LiveChain, name: str, value: str) -> models.BlindIndex:
    return models.BlindIndex(
        whose=live.kind,
        field=name,
        digest=blind(vault.index_key, name, normal(name, value)),
        chain_id=live.id,
        unique=(live.kind, name) in UNIQUE,
    )


def _names(fields: Mapping[str, str]) -> list[Value]:
    return list(fields)
