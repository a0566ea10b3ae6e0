"""How the answer is checked, and a page that checks a file; nothing is uploaded, so there is no form to receive it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shouxin.core.rules.rule import Rule
from shouxin.core.rules.ruling import ALLOW, BLOCK, REQUIRE
from shouxin.usecases.lender import Lender
from shouxin.usecases.oversight.fall_behind import Scene, simulate
from shouxin.usecases.oversight.published_answers import published_answers
from shouxin.usecases.oversight.published_log import verifier
from shouxin.verify.verdict import CANNOT_PROVE, FIRST_KEY
from shouxin.web.public.showing import show
from shouxin.web.shell.doors import public
from shouxin.web.shell.visit import Visit

LIMITS = (*CANNOT_PROVE, FIRST_KEY)


@public
@require_safe
def how(request: Visit) -> HttpResponse:
    """The three steps, the six questions with what each answer rests on, and what nobody can show."""
    lender = request.lender
    scenes = [(scene, _deciding(lender, scene)) for scene in simulate(lender, lender.today())]
    return show(request, "how", {"questions": published_answers(lender), "scenes": scenes, "limits": LIMITS})


def _deciding(lender: Lender, scene: Scene) -> list[Rule]:
    """Of an act that is permitted the rules that it must keep to; of one that isn't, those that forbid it."""
    effects = (ALLOW, REQUIRE) if scene.allow else (BLOCK,)
    found = [lender.policy.rules.get(one.id, lender.today()) for one in scene.rules if one.effect in effects]
    return [rule for rule in found if rule]


@public
@require_safe
def check(request: Visit) -> HttpResponse:
    """Three files and one button; the work is done by the reader's own device."""
    return show(request, "check", {"verifier": verifier(), "limits": LIMITS})
