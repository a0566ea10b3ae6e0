"""The passes over a tape: reading and judging every row, asking whom the vault would refuse, keeping the good ones."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice

from django.db import transaction

from shouxin.core.loan import event, terms
from shouxin.core.loan.account import fold
from shouxin.core.loan.event import EventError
from shouxin.core.loan.schedule import build
from shouxin.core.loan.terms import Terms, TermsError
from shouxin.core.privacy.entry import Record
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan, LoanEvent
from shouxin.records.loan.reading import frozen
from shouxin.tape.fault import Fault
from shouxin.tape.loans import LoanRow, LoanTape
from shouxin.usecases.lender import BadInput, Lender, check_stated
from shouxin.usecases.loan.entering import always
from shouxin.vault.enrol import Agreed, EnrolRequest, normal

CHUNK = 1000
"""Rows that are kept together: one batch of the log, one transaction of the book."""
_LONGEST_BYTES, _LONGEST_REF = 400, 64
_TOLD_EVERY = 500
_REMEMBERED = 50_000


class Reading:
    """The first pass. Afterwards `faults` is complete and `good_rows` may be read."""

    def __init__(self, tape: LoanTape, *, today: date, currency: str) -> None:
        self._tape = tape
        self._today = today
        self._currency = currency
        self.rows = 0
        self.good = 0
        self.faults: list[Fault] = []
        self._readable = lru_cache(maxsize=_REMEMBERED)(_readable)

    def all_rows(self) -> Iterator[int]:
        """Read every row; gives the number done from time to time."""
        for row in self._tape.rows():
            self.rows += not (isinstance(row, Fault) and row.file)
            fault = row if isinstance(row, Fault) else self._judge(row)
            if fault:
                self.faults.append(fault)
            else:
                self.good += 1
            if self.rows % _TOLD_EVERY == 0:
                yield self.rows

    def good_rows(self) -> Iterator[LoanRow]:
        """The rows without a fault, read once more."""
        bad = {fault.line for fault in self.faults if not fault.file}
        for row in self._tape.rows():
            if isinstance(row, LoanRow) and row.line not in bad:
                yield row

    def _judge(self, row: LoanRow) -> Fault | None:
        if not row.fields:
            return Fault(row.line, "", "no field of a borrower")
        if len(row.ref) > _LONGEST_REF or not row.ref.isprintable():
            return Fault(row.line, self._tape.column_at("loan.ref"), "is no number of a loan")
        for name, value in row.fields.items():
            if len(value.encode()) > _LONGEST_BYTES:
                return Fault(row.line, self._tape.column_at(f"borrower.{name}"), "is too long")
        try:
            check_stated(row.fields, self._currency)
        except BadInput as error:
            return Fault(row.line, self._tape.column_at(f"borrower.{error.where}"), error.message)
        try:
            agreed = self._readable(frozen(row.terms)[0])
            if agreed.disbursed_on > self._today:
                raise TermsError("disbursed_on", "lies ahead")
        except TermsError as error:
            return Fault(row.line, self._tape.column_at(f"terms.{error.where}"), error.message)
        return self._judge_payments(row, agreed)

    def _judge_payments(self, row: LoanRow, agreed: Terms) -> Fault | None:
        if not row.payments:
            return None
        events = []
        try:
            for payment in row.payments:
                events.append(event.parse(payment.event, agreed, where=str(payment.line)))
                if events[-1].on > self._today:
                    raise EventError(f"{payment.line}.on", "lies ahead")
            fold(agreed, events)
        except (EventError, TermsError) as error:
            line, _, key = error.where.partition(".")
            return Fault(row.line, self._tape.column_at("loan.ref"), f"payment of line {line}: {key} {error.message}")
        return None


def _readable(text: str) -> Terms:
    """Terms that make sense and give a schedule that adds up; loans of one wording are judged once."""
    agreed = terms.parse(json.loads(text))
    build(agreed)
    return agreed


class Judging:
    """The pass between, for a tape that is kept whole or not at all: whom would the vault refuse?

    Not those whom an earlier run of this very tape brought. Their other rows need no enrolment.
    """

    def __init__(self, lender: Lender, tape: LoanTape, *, source: str) -> None:
        self._lender = lender
        self._tape = tape
        self._source = source
        self._known: set[str] = set()

    def faults(self, rows: Iterator[LoanRow]) -> list[Fault]:
        """A fault for each row of somebody whom the vault would refuse."""
        found: list[Fault] = []
        while chunk := list(islice(rows, CHUNK)):
            kept = _kept(self._source, chunk)
            self._known |= {_person(row) for row in chunk if _ref(row) in kept}
            first = {_person(row): row for row in reversed(chunk) if _person(row) not in self._known}
            requests = [EnrolRequest(row.fields) for row in first.values()]
            answers = dict(zip(first, self._lender.vault.enrol_refusals(requests), strict=True))
            for row in chunk:
                refusal = answers.get(_person(row))
                if refusal:
                    found.append(_not_enrolled(self._tape, row, refusal))
        return found


class Keeping:
    """The last pass: people into the vault, loans into the book, a chunk at a time.

    Rows with one ID number are one person; their fields are taken from the first such row.
    """

    def __init__(self, lender: Lender, tape: LoanTape, *, source: str) -> None:
        self._lender = lender
        self._tape = tape
        self._source = source
        self._known: dict[str, str] = {}
        self.kept = 0
        self.already = 0
        self.faults: list[Fault] = []

    def rows(self, rows: Iterator[LoanRow]) -> Iterator[int]:
        """Keep them all; gives the number done after each chunk."""
        done = 0
        while chunk := list(islice(rows, CHUNK)):
            done += len(chunk)
            self._keep([self._coming(row) for row in self._fresh(chunk)])
            yield done

    def _fresh(self, chunk: list[LoanRow]) -> list[LoanRow]:
        """Without those that an earlier run of this very tape kept."""
        kept = _kept(self._source, chunk)
        self.already += len(kept)
        for row in chunk:
            if _ref(row) in kept and "id_number" in row.fields:
                self._known[_person(row)] = kept[_ref(row)]
        return [row for row in chunk if _ref(row) not in kept]

    def _coming(self, row: LoanRow) -> "_Coming":
        agreed = terms.parse(row.terms)
        text, terms_hash = frozen(terms.to_doc(agreed))
        return _Coming(row, self._lender.ids.new(), agreed, text, terms_hash)

    def _keep(self, coming: list["_Coming"]) -> None:
        subjects = self._enrolled(coming)
        good = [one for one in coming if _person(one.row) in subjects]
        loans = [self._loan(one, subjects[_person(one.row)]) for one in good]
        events = [event for one, loan in zip(good, loans, strict=True) for event in self._events(one, loan)]
        with transaction.atomic():
            Loan.objects.bulk_create(loans)
            LoanEvent.objects.bulk_create(events)
        self.kept += len(loans)

    def _enrolled(self, coming: list["_Coming"]) -> dict[str, str]:
        """The subject of each person: the new ones enrolled in one batch with all their contracts."""
        loans: dict[str, list[_Coming]] = {}
        for one in coming:
            loans.setdefault(_person(one.row), []).append(one)
        subjects = {person: self._known[person] for person in loans if person in self._known}
        for person, subject in subjects.items():
            self._add_contracts(subject, loans[person])
        new = [person for person in loans if person not in subjects]
        requests = [EnrolRequest(loans[person][0].row.fields, self._contracts(loans[person])) for person in new]
        for person, answer in zip(new, self._lender.vault.enrol_many(requests), strict=True):
            if isinstance(answer, Refusal):
                self.faults += [_not_enrolled(self._tape, one.row, answer) for one in loans[person]]
                continue
            subjects[person] = answer.subject
            if "id_number" in loans[person][0].row.fields:
                self._known[person] = answer.subject
        return subjects

    def _contracts(self, coming: list["_Coming"]) -> tuple[Agreed, ...]:
        return tuple(Agreed(one.id, one.terms_hash, self._moment(one)) for one in coming)

    def _add_contracts(self, subject: str, coming: list["_Coming"]) -> None:
        for contract in self._contracts(coming):
            body: Record = {
                "kind": "agreed",
                "contract": contract.contract,
                "terms": contract.terms,
                "imported_time": contract.imported_time,
            }
            answer = self._lender.vault.record(subject, always(body))
            assert not isinstance(answer, Refusal), "this person was enrolled a moment ago"

    def _moment(self, one: "_Coming") -> int:
        """When the contract was made, in ms: the tape knows the day, so its beginning here."""
        day = datetime.combine(one.agreed.disbursed_on, time(0), self._lender.settings.zone)
        return int(day.timestamp()) * 1000

    def _loan(self, one: "_Coming", subject: str) -> Loan:
        return Loan(
            id=one.id,
            subject_id=subject,
            currency=one.agreed.currency,
            principal_minor=one.agreed.principal_minor,
            opened_on=one.agreed.disbursed_on,
            terms=one.text,
            terms_hash=one.terms_hash,
            source=self._source,
            source_ref=_ref(one.row),
        )

    def _events(self, one: "_Coming", loan: Loan) -> Iterator[LoanEvent]:
        """The payments that came along; each is known here by its line on the tape."""
        for seq, payment in enumerate(one.row.payments, start=1):
            key = f"tape.{payment.line}"
            happened = event.parse({**payment.event, "ref": key}, one.agreed)
            yield LoanEvent(
                id=self._lender.ids.new(),
                subject_id=loan.subject_id,
                loan=loan,
                seq=seq,
                on=happened.on,
                type=happened.type.value,
                body=frozen(event.to_doc(happened, one.agreed))[0],
                key=key,
                recorded_at=self._lender.clock.now(),
            )


@dataclass(frozen=True, slots=True)
class _Coming:
    """A good row on its way in, with the id it gets and its terms as they are kept."""

    row: LoanRow
    id: str
    agreed: Terms
    text: str
    terms_hash: str


def _kept(source: str, rows: list[LoanRow]) -> dict[str, str]:
    """Whose loans of these rows an earlier run of this very tape kept: reference → subject."""
    refs = [_ref(row) for row in rows]
    return dict(Loan.objects.filter(source=source, source_ref__in=refs).values_list("source_ref", "subject_id"))


def _not_enrolled(tape: LoanTape, row: LoanRow, refusal: Refusal) -> Fault:
    known = refusal.reason is Reason.ALREADY_ENROLLED
    message = "this person is enrolled here already" if known else f"refused: {refusal.reason.value}"
    return Fault(row.line, tape.column_at(f"borrower.{refusal.where}"), message)


def _ref(row: LoanRow) -> str:
    return row.ref or f"line {row.line}"


def _person(row: LoanRow) -> str:
    """One ID number is one person; a row without is a person of its own."""
    return normal("id_number", row.fields["id_number"]) if "id_number" in row.fields else f"line {row.line}"
