"""Deciding credit from basic information only: facts, affordability, a rule grid that is data, and reasons."""

from shouxin.core.credit.affordability import Affordability
from shouxin.core.credit.change import Change, ChangeKind
from shouxin.core.credit.decision import Decision, HumanReview, Outcome, decide
from shouxin.core.credit.facts import Facts, FactsError
from shouxin.core.credit.grid import Band, Grid, GridError
from shouxin.core.credit.reasons import Reason, ReasonCode

__all__ = [
    "Affordability",
    "Band",
    "Change",
    "ChangeKind",
    "Decision",
    "Facts",
    "FactsError",
    "Grid",
    "GridError",
    "HumanReview",
    "Outcome",
    "Reason",
    "ReasonCode",
    "decide",
]
