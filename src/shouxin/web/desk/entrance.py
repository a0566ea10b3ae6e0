"""Signing in with password and second factor on one page, choosing a password of one's own, and leaving."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouxin.core.privacy.rights import DESKS
from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.privacy.staff_sign_in import ChoosePassword, StaffSignIn, choose_password, staff_sign_in
from shouxin.usecases.privacy.tries import NotProved, Why
from shouxin.web.desk import words
from shouxin.web.desk.forms import PasswordForm, SignInForm
from shouxin.web.shell import session
from shouxin.web.shell.doors import public, staff
from shouxin.web.shell.page import render
from shouxin.web.shell.visit import Visit


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Visit) -> HttpResponse:
    """Whatever is wrong, the answer is one. What was typed stays, but for what proves somebody."""
    form = SignInForm(request)
    if request.method != "POST":
        return _sign_in_page(request, form)
    if not form.is_valid():
        return _sign_in_page(request, form, status=400)
    said = form.cleaned_data
    asked = StaffSignIn(actor=said["actor"], password=said["password"], code=said["code"])
    answer = staff_sign_in(request.lender, asked)
    if isinstance(answer, NotProved):
        form.refuse(None, _not_proved(request, answer))
        return _sign_in_page(request, form, status=403)
    session.begin(request, answer)
    if answer.user.must_change:
        session.want(request)
        return HttpResponseRedirect(reverse("desk:password"))
    return session.where_next(request, _first_page(answer.user.actor))


def _first_page(actor: str) -> str:
    """A collector's list of the day, or what waits at another desk."""
    return reverse("desk:rights" if actor.partition(":")[0] in DESKS else "desk:today")


def _sign_in_page(request: Visit, form: SignInForm, *, status: int = 200) -> HttpResponse:
    return render(
        request, "desk/sign_in.html", {"form": form, "ended": request.session.pop("ended", "")}, status=status
    )


def _not_proved(request: Visit, answer: NotProved) -> str:
    if answer.why is Why.TOO_MANY and answer.until is not None:
        return _("That were too many tries; try again after %(at)s") % {"at": words.moment(request, answer.until)}
    return _("Name, password and code don’t fit together. Which of them is wrong we don’t say")


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Visit) -> HttpResponse:
    """The first password is good for choosing another; other sessions end."""
    user: Any = request.user
    form = PasswordForm(request)
    if request.method != "POST":
        return _password_page(request, form)
    if not form.is_valid():
        return _password_page(request, form, status=400)
    said = form.cleaned_data
    asked = ChoosePassword(
        user=str(user.pk), sign_in=request.session.get("sign_in", ""), password=said["password"], new=said["new"]
    )
    answer = choose_password(request.lender, asked)
    if isinstance(answer, NotProved):
        wrong = (
            _("That isn’t the password that you have now") if answer.why is Why.WRONG else _not_proved(request, answer)
        )
        form.refuse("password", wrong)
        return _password_page(request, form, status=403)
    if isinstance(answer, Refusal):
        form.refuse("new", _("Choose one of at least twelve signs that isn’t your name here and isn’t the old one"))
        return _password_page(request, form, status=400)
    user.refresh_from_db()
    update_session_auth_hash(request, user)  # the change ends every other session, not this one
    return session.where_next(request, _first_page(user.actor))


def _password_page(request: Visit, form: PasswordForm, *, status: int = 200) -> HttpResponse:
    user: Any = request.user
    return render(request, "desk/password.html", {"form": form, "first": user.must_change}, status=status)


@staff()
@require_POST
def sign_out(request: Visit) -> HttpResponse:
    """The session ends here and on our side."""
    session.finish(request)
    return HttpResponseRedirect(reverse("desk:sign_in"))
