"""A contact person's copy, and the end of their history: the code of the notice is typed once more before either."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.privacy.contact_rights import OfContact, contact_copy, contact_erase
from shouxin.usecases.privacy.last_file import LastFile, last_file
from shouxin.usecases.privacy.let_go import LetGo, let_go
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.public.contact import ANY, ERASED, MINE, PassForm, as_file, why_not
from shouxin.web.public.showing import show
from shouxin.web.shell import session
from shouxin.web.shell.doors import contact, public
from shouxin.web.shell.page import refused
from shouxin.web.shell.visit import Visit


@contact
@require_http_methods(ANY)
def copy(request: Visit) -> HttpResponse:
    """What we hold of them, shown once; that it was opened is an entry of their history."""
    form = PassForm(request)
    if request.method == "POST" and form.is_valid():
        made = contact_copy(request.lender, _asked(request, form))
        if isinstance(made, Refusal):
            return refused(request, made, back=MINE)
        if not isinstance(made, NotProved):
            return show(request, "contact_copy", {"copy": made}, here="contact")
        form.refuse("code", why_not(request, made))
    return show(request, "contact_copy", {"form": form}, here="contact")


@contact
@require_http_methods(ANY)
def erase(request: Visit) -> HttpResponse:
    """What goes, in words; with the code it is done."""
    form = PassForm(request)
    if request.method == "POST" and form.is_valid():
        done = contact_erase(request.lender, _asked(request, form))
        if isinstance(done, Refusal):
            return refused(request, done, back=MINE)
        if not isinstance(done, NotProved):
            return HttpResponseRedirect(ERASED)
        form.refuse("code", why_not(request, done))
    if _is_closed(request):
        return HttpResponseRedirect(ERASED)
    return show(request, "contact_erase", {"form": form}, here="contact")


@contact
@require_safe
def erased(request: Visit) -> HttpResponse:
    """The last file, until it is destroyed."""
    found = last_file(request.lender, LastFile(subject=request.subject))
    if isinstance(found, Refusal):
        return HttpResponseRedirect(MINE)
    return show(request, "contact_erased", {"last": found}, here="contact")


@contact
@require_safe
def last(request: Visit) -> HttpResponse:
    """The bundle that ends in `closed`."""
    found = last_file(request.lender, LastFile(subject=request.subject))
    return refused(request, found) if isinstance(found, Refusal) else as_file("last-file.json", found.bundle)


@contact
@require_POST
def destroy(request: Visit) -> HttpResponse:
    """They have the file: the keys go now, and this page with them."""
    gone = let_go(request.lender, LetGo(subject=request.subject))
    if isinstance(gone, Refusal):
        return refused(request, gone)
    session.finish(request)
    return HttpResponseRedirect(reverse("public:contact_gone"))


@public
@require_safe
def gone(request: Visit) -> HttpResponse:
    """What stands after that; the same for whoever opens it."""
    return show(request, "contact_gone", {}, here="contact")


def _asked(request: Visit, form: PassForm) -> OfContact:
    return OfContact(contact=request.subject, code=form.cleaned_data["code"])


def _is_closed(request: Visit) -> bool:
    return not isinstance(last_file(request.lender, LastFile(subject=request.subject)), Refusal)
