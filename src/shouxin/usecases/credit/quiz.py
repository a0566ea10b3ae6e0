"""Three questions about the reader's own cost sheet, before signing: the cost, lateness, and whom we contact.

They teach and don't examine: a wrong answer is explained and asked again, counts for nothing and isn't kept. But all
three are answered rightly before a signature is taken, about the very terms that are signed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from shouxin.core.loan import terms
from shouxin.core.loan.account import fold
from shouxin.core.loan.agreed import Terms
from shouxin.core.loan.schedule import build
from shouxin.core.money import format_amount, round_ratio
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.credit.models import Understood
from shouxin.records.loan.models import Offer
from shouxin.records.loan.reading import frozen
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.cost_sheet import still_open

COST, LATE, DATA = "cost", "late", "data"
QUESTIONS = (COST, LATE, DATA)
DAYS_LATE = 10
SEEN_FIRST = ("CN.COST.SHEET",)


class QuizOf(Request):
    """The questions about this person's offer."""

    subject: Text
    offer: Text


class Answer(Request):
    """One answer: the question's name and the chosen option's."""

    subject: Text
    offer: Text
    question: Text
    option: Text


@dataclass(frozen=True)
class Option:
    """A possible answer: its name, and an amount where it is one."""

    name: str
    amount: str = ""


@dataclass(frozen=True)
class Question:
    """`options` in an order that differs from sheet to sheet; `about` is the day and the amount that it speaks of."""

    name: str
    options: tuple[Option, ...]
    right: str
    about: Mapping[str, object]
    understood: bool
    tries: int

    @property
    def right_amount(self) -> str:
        """The amount of the right answer, "" where it is none."""
        return next(option.amount for option in self.options if option.name == self.right)


@dataclass(frozen=True)
class Quiz:
    """The questions about the terms with this hash."""

    terms_hash: str
    currency: str
    questions: tuple[Question, ...]

    @property
    def passed(self) -> bool:
        """Were all of them answered rightly?"""
        return all(one.understood for one in self.questions)


@dataclass(frozen=True)
class Answered:
    """Right or not, and how often it was tried."""

    right: bool
    tries: int


def quiz_of(lender: Lender, request: QuizOf) -> Quiz | Refusal:
    """The questions about the terms that were last shown; refused before any were, and when the offer is over."""
    offer = found.own_offer(request.offer, request.subject)
    if isinstance(offer, Refusal):
        return offer
    refusal = still_open(lender, offer)
    if refusal:
        return refusal
    if not offer.terms:
        return Refusal(Reason.NO_COST_SHEET, SEEN_FIRST, "offer")
    return _quiz(offer)


def answer_quiz(lender: Lender, request: Answer) -> Answered | Refusal:
    """Take one answer. Once right stays right, whatever is sent later."""
    quiz = quiz_of(lender, QuizOf(subject=request.subject, offer=request.offer))
    if isinstance(quiz, Refusal):
        return quiz
    question = next((one for one in quiz.questions if one.name == request.question), None)
    if question is None or request.option not in {option.name for option in question.options}:
        return Refusal(Reason.MALFORMED, (), "option")
    right = request.option == question.right
    with transaction.atomic():
        row, _ = Understood.objects.get_or_create(
            offer_id=request.offer,
            terms_hash=quiz.terms_hash,
            question=question.name,
            defaults={"id": lender.ids.new(), "subject_id": request.subject, "tries": 0},
        )
        waiting = Understood.objects.filter(id=row.id, at=None)
        waiting.update(tries=F("tries") + 1, at=lender.clock.now() if right else None)
    return Answered(right=right, tries=question.tries + 1)


def understood(offer: str, terms_hash: str) -> bool:
    """Were all questions about these terms answered rightly?"""
    rows = Understood.objects.filter(offer_id=offer, terms_hash=terms_hash, at__isnull=False)
    return set(QUESTIONS) <= set(rows.values_list("question", flat=True))


def _quiz(offer: Offer) -> Quiz:
    document = json.loads(offer.terms)
    agreed = terms.parse(document)
    _, terms_hash = frozen(document)
    rows = {row.question: row for row in Understood.objects.filter(offer_id=offer.id, terms_hash=terms_hash)}
    drawn = {COST: _cost(agreed), LATE: _late(agreed), DATA: _data()}
    questions = []
    for name, (options, about) in drawn.items():
        row = rows.get(name)
        mixed = sorted(options, key=lambda option: _mixed(terms_hash, name, option.name))
        understood_at, tries = (row.at, row.tries) if row else (None, 0)
        questions.append(Question(name, tuple(mixed), options[0].name, about, understood_at is not None, tries))
    return Quiz(terms_hash, agreed.currency, tuple(questions))


_Drawn = tuple[tuple[Option, ...], dict[str, object]]
"""The options, the right one first, and what the question speaks of."""


def _cost(agreed: Terms) -> _Drawn:
    """What is repaid in all; beside it the amount borrowed, and what interest on all of it to the end would make."""
    schedule = build(agreed)
    flat = agreed.annual * agreed.principal_minor * agreed.instalments / agreed.every.periods_a_year
    amounts = {
        "repay": schedule.total,
        "borrow": schedule.principal,
        "flat": schedule.principal + round_ratio(flat.numerator, flat.denominator),
    }
    return _different(amounts, agreed), {"borrow": format_amount(schedule.principal, agreed.currency)}


def _late(agreed: Terms) -> _Drawn:
    """What ten days of lateness with the first instalment add, by the very fold that will run the account."""
    first = build(agreed).rows[0]
    added = _penalty(agreed, first.due_on + timedelta(days=DAYS_LATE))
    amounts = {
        "added": added,
        "nothing": 0,
        "on_the_whole": round_ratio(added * agreed.principal_minor, first.principal),
    }
    about: dict[str, object] = {
        "due_on": first.due_on,
        "days": DAYS_LATE,
        "principal": format_amount(first.principal, agreed.currency),
    }
    return _different(amounts, agreed), about


def _penalty(agreed: Terms, on: date) -> int:
    return sum(row.asked.penalties for row in fold(agreed, [], as_of=on).instalments)


def _data() -> _Drawn:
    return (Option("me"), Option("address_book"), Option("employer")), {}


def _different(amounts: Mapping[str, int], agreed: Terms) -> tuple[Option, ...]:
    """One option an amount, the first of those that are equal."""
    names = {amount: name for name, amount in reversed(list(amounts.items()))}
    kept = [name for name in amounts if name in names.values()]
    return tuple(Option(name, format_amount(amounts[name], agreed.currency)) for name in kept)


def _mixed(terms_hash: str, question: str, option: str) -> bytes:
    """An order that nobody learns by heart, and that a reload doesn't change."""
    return hashlib.sha256(f"{terms_hash} {question} {option}".encode()).digest()
