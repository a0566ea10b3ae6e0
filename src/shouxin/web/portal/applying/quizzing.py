"""Three questions, one by one, about the reader's own cost sheet. A wrong answer is explained and asked again."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.credit.quiz import QUESTIONS, Answer, Quiz, QuizOf, answer_quiz, quiz_of
from shouxin.usecases.loan.offer_of import OPEN, OfferOf, OwnOffer, offer_of
from shouxin.web.portal.applying import way
from shouxin.web.portal.applying.costing import over
from shouxin.web.portal.applying.door import borrower
from shouxin.web.shell.page import not_found, refused, render
from shouxin.web.shell.visit import Visit


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: Visit, offer: str, number: int) -> HttpResponse:
    """Question `number`, from 1. Answered rightly, it says so and leads on."""
    if not 1 <= number <= len(QUESTIONS):
        return not_found(request)
    found = offer_of(request.lender, OfferOf(subject=request.subject, offer=offer))
    if isinstance(found, Refusal):
        return refused(request, found)
    asked = quiz_of(request.lender, QuizOf(subject=request.subject, offer=offer))
    if found.state != OPEN:
        return over(request, found)
    if isinstance(asked, Refusal):
        return HttpResponseRedirect(f"/cost/{offer}")
    if request.method == "POST":
        return _take(request, found, asked, number)
    return _page(request, found, asked, number)


def _take(request: Visit, offer: OwnOffer, asked: Quiz, number: int) -> HttpResponse:
    option = request.POST.get("option", "")
    question = asked.questions[number - 1]
    if option not in {each.name for each in question.options}:
        return _page(request, offer, asked, number, unanswered=True)
    answer = Answer(subject=request.subject, offer=offer.offer, question=question.name, option=option)
    result = answer_quiz(request.lender, answer)
    if isinstance(result, Refusal):
        return refused(request, result, back=f"/cost/{offer.offer}")
    if result.right:
        return HttpResponseRedirect(f"/quiz/{offer.offer}/{number}")
    return _page(request, offer, asked, number, wrong=option)


def _page(
    request: Visit, offer: OwnOffer, asked: Quiz, number: int, *, wrong: str = "", unanswered: bool = False
) -> HttpResponse:
    assert offer.frozen is not None, "questions are about a sheet that was shown"
    context = {
        "stand": way.stand(4),
        "offer": offer,
        "sheet": offer.frozen.sheet,
        "question": asked.questions[number - 1],
        "before": list(enumerate(asked.questions[: number - 1], start=1)),
        "number": number,
        "of": len(QUESTIONS),
        "wrong": wrong,
        "unanswered": unanswered,
        "onward": f"/quiz/{offer.offer}/{number + 1}" if number < len(QUESTIONS) else f"/sign/{offer.offer}",
    }
    return render(request, "applying/quiz.html", context)
