"""Questions one after the other: what was allowed counts as made, with its outcome."""

from collections import defaultdict

from shouxin.core.outreach.contact_person import debtors_of
from shouxin.core.outreach.may_contact import may_contact
from shouxin.core.outreach.question import Attempt, History, Pause, Question
from shouxin.core.rules.pack import RuleBook
from shouxin.core.rules.ruling import Ruling


class Stream:
    """Rules on a sequence of questions and keeps count, looking only at attempts that matter."""

    def __init__(self, book: RuleBook, *, pauses: tuple[Pause, ...] = ()) -> None:
        self._book = book
        self._pauses = pauses
        self._made: list[Attempt] = []
        self._by: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def ask(self, question: Question) -> Ruling:
        """The ruling; an allowed question becomes an attempt that later ones are measured by."""
        ruling = may_contact(question, self._history(question), self._book)
        if ruling.allow:
            self._count(question.made())
        return ruling

    def _history(self, question: Question) -> History:
        in_case = self._by["case", question.case]
        debtors = debtors_of(question.case, (self._made[place] for place in in_case))
        places = {*in_case, *self._by["point", question.point]}
        for person in {question.person, *debtors}:
            places.update(self._by["person", person])
        attempts = tuple(self._made[place] for place in sorted(places))
        return History(attempts, self._pauses)

    def _count(self, attempt: Attempt) -> None:
        for key in ("case", "person", "point"):
            self._by[key, getattr(attempt, key)].append(len(self._made))
        self._made.append(attempt)
