"""What an answer to each of the six questions rests on, before there is a person who asks.

It is asked of an empty history, so it says the same to everybody: what the history shows by itself, what stays the
lender's word, and what only somebody outside could show.
"""

from __future__ import annotations

from shouxin.usecases.lender import Lender
from shouxin.usecases.oversight.fall_behind import simulate
from shouxin.usecases.oversight.questions import Question, ask
from shouxin.usecases.oversight.told import Told

_NOTHING = Told(held=(), uses=(), left=(), refused=(), contacted=(), namings=0, recipients=())


def published_answers(lender: Lender) -> tuple[Question, ...]:
    """The six, in order; of each, `evidence` and `by` are what counts."""
    return ask(_NOTHING, simulate(lender, lender.today()), own_loan=True)
