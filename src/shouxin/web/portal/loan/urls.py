"""Addresses of the loan pages, and the payment gateway's hook."""

from django.urls import path, register_converter

from shouxin.web.portal.loan import defer, home, hook, pay, putting_off, schedule


class Name:
    """The id of a loan or an order (a UUID as text); any other address is none."""

    regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Name, "loan_name")

app_name = "loan"
urlpatterns = [
    path("me", home.home, name="home"),
    path("schedule", schedule.schedules, name="schedules"),
    path("loan/<loan_name:loan>", schedule.schedule, name="schedule"),
    path("loan/<loan_name:loan>/pay", pay.pay, name="pay"),
    path("loan/<loan_name:loan>/defer", defer.defer, name="defer"),
    path("loan/<loan_name:loan>/defer/<int:by>", putting_off.put_off, name="put_off"),
    path("pay/<loan_name:order>", pay.payment, name="payment"),
    path("hooks/payments", hook.payments, name="hook"),
]
