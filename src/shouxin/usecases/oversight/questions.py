"""The six questions, each with its answer and the honest kind of evidence for it.

`shown`: the evidence is in this very answer.  `not_shown`: it could be shown and isn't.  `cannot_be_shown`: nobody can.
`by`: the history (which proves itself), the lender's signed statement (its word), or an outside source.
"""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.policy.load import Policy
from shouxin.policy.say import say
from shouxin.policy.sentences import names_in
from shouxin.usecases.oversight.fall_behind import Scene, reaches_others
from shouxin.usecases.oversight.told import Told

NO, YES, UNKNOWN = "no", "yes", "unknown"
SHOWN, NOT_SHOWN = "shown", "not_shown"
HISTORY, STATEMENT, OUTSIDE = "history", "statement", "outside"


@dataclass(frozen=True)
class Question:
    """One of the six; `count` is filled into the sentence where the sentence names it, and so is `carried`: how often
    something went only to be delivered, which `count` leaves out.
    """

    n: int
    answer: str
    evidence: str
    by: str
    count: int = 0
    carried: int = 0

    def said(self, policy: Policy, lang: str) -> str:
        """The answer as a sentence of the policy, in `zh` or `en`."""
        key = f"answer.{self.n}.{self.answer}"
        known = {"count": self.count, "carried": self.carried}
        return say(policy, lang, key, **{name: known[name] for name in names_in(policy.sentences[lang][key])})


def ask(told: Told, scenes: tuple[Scene, ...], *, own_loan: bool) -> tuple[Question, ...]:
    """All six, in order; `own_loan` says whether `scenes` were played on an instalment of the person's own."""
    used = len(told.uses)
    called = sum(contact.channel == "call" for contact in told.contacted)
    reached = reaches_others(scenes)
    carried = sum(one.carried for one in told.left)
    return (
        # No app package was audited: nothing is known of it here.
        Question(1, UNKNOWN, NOT_SHOWN, OUTSIDE),
        # The catalogue half, by our word; a scan of every store would be the other half.
        Question(2, YES if told.namings else NO, NOT_SHOWN, STATEMENT, told.namings),
        Question(3, YES if used else NO, SHOWN, HISTORY, used),
        Question(4, YES if told.left else NO, SHOWN, HISTORY, len(told.left) - carried, carried),
        # Our own ledger only: a carrier's bill, which shows what a ledger hides, was not matched.
        Question(5, YES if called else NO, NOT_SHOWN, OUTSIDE, called),
        # Would anybody else be reached? By the rules in force, which are the lender's to state.
        Question(6, YES if reached else NO, SHOWN if own_loan else NOT_SHOWN, STATEMENT),
    )
