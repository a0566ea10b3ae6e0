"""The site with one view more, `/bare`, which answers "ok": what a page is measured against."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from shouxin.site.wsgi import application as application


def bare(_: HttpRequest) -> HttpResponse:
    """Nothing but what every page goes through."""
    return HttpResponse("ok", content_type="text/plain")


from shouxin.site import urls  # noqa: E402  its views exist only once the lender is open

urls.urlpatterns = [*urls.urlpatterns, path("bare", bare)]  # type: ignore[list-item]  # a list of both is fine
