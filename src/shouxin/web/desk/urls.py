"""Addresses of the lender's desk. A case's token is random and tells nothing."""

from django.urls import path, register_converter

from shouxin.web.desk import case, entrance, rights, today, tries


class CaseToken:
    """What may stand for a case in an address; anything else is no page at all."""

    regex = "[A-Za-z0-9-]{1,40}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(CaseToken, "case")

app_name = "desk"
urlpatterns = [
    path("desk", today.today, name="today"),
    path("desk/sign-in", entrance.sign_in, name="sign_in"),
    path("desk/sign-out", entrance.sign_out, name="sign_out"),
    path("desk/password", entrance.password, name="password"),
    path("desk/rights", rights.inbox, name="rights"),
    path("desk/rights/kin", rights.kin, name="rights_kin"),
    path("desk/rights/<case:asked>", rights.one, name="rights_one"),
    path("desk/rights/<case:asked>/answer", rights.answer, name="rights_answer"),
    path("desk/case/<case:case>", case.case, name="case"),
    path("desk/case/<case:case>/number", case.number, name="number"),
    path("desk/case/<case:case>/reminder", case.reminder, name="reminder"),
    path("desk/case/<case:case>/contact-person", case.contact_person, name="contact_person"),
    path("desk/case/<case:case>/try", tries.attempt, name="attempt"),
    path("desk/case/<case:case>/promise", tries.promise, name="promise"),
]
