"""Making and opening a vault, and its doors in one place.

Only the wiring builds one. A `Vault` gives no key, root or policy away; everything else in the
house asks it through the methods below, each of which is a module of its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from django.db import connections, transaction

from shouxin.core.merkle.note import Signer
from shouxin.core.merkle.statement import Held
from shouxin.core.privacy import consent_receipt
from shouxin.core.privacy.party import PLATFORM, Flow, Terms
from shouxin.core.privacy.retention import Keeping
from shouxin.core.rules.refusal import Refusal
from shouxin.policy.load import Policy
from shouxin.vault import (
    case,
    closing,
    consent,
    enrol,
    epoch,
    flows,
    forget,
    history,
    issue,
    keep,
    matrix,
    pass_on,
    record,
    replace_key,
    rotate,
    staff,
    use,
    whose,
)
from shouxin.vault.closing import Closed, Standing
from shouxin.vault.enrol import Agreed, Enrolled, EnrolRequest, NamedContact
from shouxin.vault.history import History
from shouxin.vault.interior import Chance, Clock, Ids, Interior
from shouxin.vault.log import append, audit, cosign, publish
from shouxin.vault.log.audit import Audit
from shouxin.vault.log.batch import Receipt
from shouxin.vault.log.cosign import Cosigned, NotCosigned
from shouxin.vault.log.publish import Published
from shouxin.vault.map.grown import GrownMap
from shouxin.vault.matrix import Cell, Matrix
from shouxin.vault.policy import CedarPolicies
from shouxin.vault.record import Deciding, DecidingAll
from shouxin.vault.root.choose import Roots
from shouxin.vault.rotate import EpochState, Rotated, Telling
from shouxin.vault.stopped import VaultStoppedError
from shouxin.vault.use import Opened, Refused, RequestError, Unreadable, UseRequest
from shouxin.verify import NotVerified, Verified

__all__ = [
    "Agreed",
    "Cell",
    "Closed",
    "Cosigned",
    "EnrolRequest",
    "Enrolled",
    "History",
    "NamedContact",
    "NotCosigned",
    "Opened",
    "Receipt",
    "Refused",
    "RequestError",
    "Standing",
    "Unreadable",
    "UseRequest",
    "Vault",
    "VaultStoppedError",
    "check_policy",
    "create",
    "open_vault",
]

NOTE_FILE = Path("log") / "checkpoint"
MAP_FILE = Path("log") / "map"
SIGNED_HERE = frozenset({consent_receipt.CONTEXT})
"""What the log's key signs besides checkpoints and statements."""
LOG_KEY, INDEX_KEY = "log_key", "index_key"
RootsNamed: TypeAlias = Callable[[], Sequence[str]]


@dataclass(frozen=True)
class Vault:
    """The doors. What they need inside is set once, when the vault is opened."""

    _inside: Interior = field(repr=False)

    def at(self, clock: Clock, ids: Ids | None = None) -> "Vault":
        """The same vault by another clock: how a story is told on its dates."""
        return Vault(replace(self._inside, clock=clock, ids=ids or self._inside.ids))

    # What gets in
    def enrol(self, request: EnrolRequest) -> Enrolled | Refusal:
        return enrol.enrol_many(self._inside, [request])[0]

    def enrol_many(self, requests: Sequence[EnrolRequest]) -> list[Enrolled | Refusal]:
        return enrol.enrol_many(self._inside, requests)

    def enrol_refusals(self, requests: Sequence[EnrolRequest]) -> list[Refusal | None]:
        return enrol.refusals(self._inside, requests)

    def issue_key(self, subject: str) -> bytes | Refusal:
        return issue.issue_key(self._inside, subject)

    def replace_key(self, subject: str) -> bytes | Refusal:
        return replace_key.replace_key(self._inside, subject)

    def store(self, subject: str, fields: Mapping[str, str]) -> Receipt | Refusal:
        return enrol.store(self._inside, subject, fields)

    def name_contact(self, borrower: str, fields: Mapping[str, str]) -> NamedContact | Refusal:
        return enrol.name_contact(self._inside, borrower, fields)

    # What may be done
    def consent(self, subject: str, purpose: str, *, notice: str, version: str) -> Receipt | Refusal:
        return consent.consent(self._inside, subject, purpose, notice=notice, version=version)

    def withdraw(self, subject: str, purpose: str) -> Receipt | Refusal:
        return consent.withdraw(self._inside, subject, purpose)

    def record(self, subject: str, decide: Deciding, *, actor: str | None = None) -> Receipt | Refusal:
        return record.record(self._inside, subject, decide, actor=actor)

    def record_all(self, subject: str, decide: DecidingAll, *, actor: str | None = None) -> Receipt | Refusal:
        return record.record_all(self._inside, subject, decide, actor=actor)

    def refuse(self, subject: str, refusal: Refusal, *, actor: str, purpose: str) -> Receipt | Refusal:
        return record.refuse(self._inside, subject, refusal, actor=actor, purpose=purpose)

    # Who may act
    def open_case(self, subject: str, *, rules: tuple[str, ...] = ()) -> tuple[str, Receipt] | Refusal:
        return case.open_case(self._inside, subject, rules=rules)

    def close_case(self, name: str, *, why: str = "cured") -> Receipt | Refusal:
        return case.close_case(self._inside, name, why=why)

    def grant(self, name: str, to: str) -> Receipt | Refusal:
        return case.grant(self._inside, name, to)

    def recall(self, name: str, to: str) -> Receipt | Refusal:
        return case.recall(self._inside, name, to)

    def holds(self, name: str, actor: str, *, purpose: str) -> int | Refusal:
        return case.holds(self._inside, name, actor, purpose=purpose)

    def may_work(self, name: str, actor: str, *, purpose: str) -> int | Refusal:
        return case.may_work(self._inside, name, actor, purpose=purpose)

    def case_subject(self, name: str) -> str | None:
        return case.subject_of(name)

    def appoint(self, actor: str) -> Receipt | Refusal:
        return staff.appoint(self._inside, actor)

    def dismiss(self, actor: str) -> Receipt | Refusal:
        return staff.dismiss(self._inside, actor)

    def engage(self, party: str, *, until: int = 0, terms: Terms | None = None) -> Receipt | Refusal:
        return staff.engage(self._inside, party, until=until, terms=terms)

    def suspend(self, party: str, *, why: str = "") -> Receipt | Refusal:
        return staff.suspend(self._inside, party, why=why)

    def parties(self) -> tuple[str, ...]:
        return staff.parties()

    def flows(self) -> tuple[Flow, ...]:
        return flows.flows(self._inside)

    def gave_back(self, party: str, *, subject: str = "") -> int | Refusal:
        return flows.gave_back(self._inside, party, subject=subject)

    # The one verb that opens
    def use(self, request: UseRequest) -> Opened | Refused | Unreadable:
        return use.use_many(self._inside, [request])[0]

    def use_many(self, requests: Sequence[UseRequest]) -> list[Opened | Refused | Unreadable]:
        return use.use_many(self._inside, requests)

    # What leaves that was never in
    def pass_on(self, field_name: str, value: str, *, recipient: str, typed_by: str = "") -> Refusal | None:
        return pass_on.pass_on(self._inside, field_name, value, recipient=recipient, typed_by=typed_by)

    # What can be checked
    def history(self, chain: str) -> History | None:
        return history.read(self._inside, chain)

    def recent(self, chain: str, *, since_ms: int) -> History | None:
        return history.recent(self._inside, chain, since_ms=since_ms)

    def bundle(
        self,
        subject: str,
        *,
        held: Iterable[Held] = (),
        questions: Iterable[dict[str, object]] = (),
    ) -> bytes | None:
        return history.bundle(self._inside, subject, held=held, questions=questions)

    def leaf_hashes(self, subject: str, numbers: Iterable[int]) -> dict[int, bytes]:
        return history.leaf_hashes(subject, numbers)

    def verified(self, subject: str, bundle: bytes) -> Verified | NotVerified:
        return history.verified(self._inside, subject, bundle)

    def last_moment(self) -> datetime:
        return append.last_moment()

    def whose(self, field_name: str, value: str) -> str | None:
        return whose.whose(self._inside, field_name, value)

    def holders(self, field_name: str, value: str) -> tuple[str, ...]:
        return whose.holders(self._inside, field_name, value)

    def contact_chain(self, name: str) -> str:
        return whose.contact_chain(name)

    def named_by(self, borrower: str) -> tuple[str, ...]:
        return whose.named_by(borrower)

    # What goes
    def refuse_for_good(self, contact: str) -> Receipt | Refusal:
        return forget.refuse_for_good(self._inside, contact)

    def erase(
        self, subject: str, fields: Sequence[str], *, rules: Sequence[str], kept: Sequence[Keeping] = ()
    ) -> Receipt | Refusal:
        return forget.erase(self._inside, subject, fields, rules=rules, kept=kept)

    def end_naming(self, naming: str, *, rules: Sequence[str]) -> Receipt | Refusal:
        return forget.end_naming(self._inside, naming, rules=rules)

    def close(
        self, subject: str, *, held: Iterable[Held] = (), questions: Iterable[dict[str, object]] = ()
    ) -> Closed | Refusal:
        return closing.close(self._inside, subject, held=held, questions=questions)

    def destroy(self, subject: str) -> Refusal | None:
        return closing.destroy(self._inside, subject)

    def sweep(self) -> bool:
        return closing.sweep(self._inside)

    def standing(self, *, after: str = "", limit: int = 500) -> list[Standing]:
        return closing.standing(self._inside, after=after, limit=limit)

    # What others keep for us, sealed
    def keep(self, kind: str, owner: str, value: bytes) -> str:
        return keep.keep(self._inside, kind, owner, value)

    def kept(self, kind: str, owner: str, text: str) -> bytes | None:
        return keep.kept(self._inside, kind, owner, text)

    def token_of(self, name: str, value: str) -> str:
        return keep.token_of(self._inside, name, value)

    def sign(self, context: str, payload: bytes) -> bytes:
        assert context in SIGNED_HERE, "a context of its own keeps one kind of document from passing for another"
        return self._inside.signer.sign_under(context, payload)

    def trust(self) -> bytes:
        return history.trust(self._inside)

    def checkpoint(self) -> str:
        return history.checkpoint(self._inside)

    def publish(self) -> Published:
        return publish.publish(self._inside)

    def cosign(self, lines: str) -> Cosigned | NotCosigned:
        return cosign.cosign(self._inside, lines)

    def audit(self) -> Audit:
        return audit.audit(self._inside)

    def rotate(self, told: Telling) -> Rotated:
        return rotate.rotate(self._inside, told)

    def moves_to(self, root: str) -> bool:
        return rotate.moves_to(self._inside, root)

    def epoch_state(self) -> EpochState:
        return rotate.state(self._inside)

    def matrix(self) -> Matrix:
        return matrix.enumerate_all(self._inside)

    def at_best(self, role: str, purpose: str, field: str) -> Cell:
        return matrix.at_best(self._inside, role, purpose, field)


def create(
    data_dir: Path, policy: Policy, *, clock: Clock, ids: Ids, chance: Chance, origin: str, roots: RootsNamed
) -> Vault:
    """A new vault in migrated, empty tables: root key, first epoch, log, platform's chain.

    `roots` gives the configured roots' words, the one in force first, whenever it is asked.
    """
    named = Roots(roots, data_dir, origin, chance.token_bytes)
    with transaction.atomic(using=append.ALIAS, durable=True):
        first = epoch.create(named, 1, key=chance.token_bytes(epoch.KEY_BYTES), ms=append.ms_of(clock))
        for name in (LOG_KEY, INDEX_KEY):
            epoch.keep_secret(first, name, chance.token_bytes(epoch.KEY_BYTES))
    inside = _assembled(data_dir, policy, clock=clock, ids=ids, chance=chance, roots=named)
    append.start(inside)
    engaged = staff.engage(inside, PLATFORM)
    assert not isinstance(engaged, Refusal)
    return Vault(inside)


def open_vault(
    data_dir: Path, policy: Policy, *, clock: Clock, ids: Ids, chance: Chance, origin: str, roots: RootsNamed
) -> Vault:
    """Open what `create` made. Raises a `VaultStoppedError` that names what is wrong."""
    named = Roots(roots, data_dir, origin, chance.token_bytes)
    inside = _assembled(data_dir, policy, clock=clock, ids=ids, chance=chance, roots=named)
    append.recover(inside)
    publish.check(inside, append.tip().note)
    return Vault(inside)


def check_policy(policy: Policy) -> None:
    """The Cedar policies parse and fit their schema. Raises `PolicyError`, as opening a vault would."""
    CedarPolicies(policy.cedar)


def _assembled(data_dir: Path, policy: Policy, *, clock: Clock, ids: Ids, chance: Chance, roots: Roots) -> Interior:
    """The root is asked here once an epoch, and while the vault is open only for an epoch that is new to it."""
    _assert_durable()
    epochs = epoch.Epochs(roots)
    return Interior(
        clock=clock,
        chance=chance,
        ids=ids,
        note_path=data_dir / NOTE_FILE,
        tiles_path=data_dir / publish.FOLDER,
        map=GrownMap(data_dir / MAP_FILE),
        catalogue=policy.catalogue,
        policies=CedarPolicies(policy.cedar),
        policy_hash=policy.hash,
        watch=policy.watch,
        epochs=epochs,
        signer=Signer(roots.origin, epoch.secret(epochs, LOG_KEY)),
        index_key=epoch.secret(epochs, INDEX_KEY),
    )


def _assert_durable() -> None:
    """A commit must mean that the disk has it; a database set otherwise is refused at start."""
    connection = connections[append.ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone()[0] == 2, "the vault's SQLite must be synchronous=FULL"
            return
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone()[0] not in ("off", "local"), "synchronous_commit must be on"
