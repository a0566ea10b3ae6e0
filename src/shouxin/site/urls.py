"""Every address, by app; each app's own file lists its pages."""

from django.urls import include, path

from shouxin.site.settings import FACES

handler400 = "shouxin.web.shell.page.bad_request"
handler403 = "shouxin.web.shell.page.forged"
handler404 = "shouxin.web.shell.page.not_found"
handler500 = "shouxin.web.shell.page.bug"

urlpatterns = [path("", include(f"{face}.urls")) for face in FACES]
