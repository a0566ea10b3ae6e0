"""Addresses of applying."""

from django.urls import path, register_converter

from shouxin.web.portal.applying import (
    agreeing,
    contracting,
    costing,
    deciding,
    first_key,
    joining,
    questions,
    quizzing,
    signing,
    start,
)


class Name:
    """The id of an application or an offer (a UUID as text); any other address is none."""

    regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Name, "applying_name")

app_name = "applying"
urlpatterns = [
    path("apply", start.start, name="start"),
    path("apply/check", joining.check, name="check"),
    path("apply/consents", agreeing.consents, name="consents"),
    path("apply/consents/<str:purpose>", agreeing.one, name="consent"),
    path("apply/key", first_key.save, name="save_key"),
    path("apply/<str:name>", questions.question, name="question"),
    path("decision/<applying_name:application>", deciding.decision, name="decision"),
    path("cost/<applying_name:offer>", costing.cost, name="cost"),
    path("quiz/<applying_name:offer>/<int:number>", quizzing.quiz, name="quiz"),
    path("sign/<applying_name:offer>", signing.sign, name="sign"),
    path("sign/<applying_name:offer>/contract", contracting.contract, name="contract"),
    path("sign/<applying_name:offer>/contract.txt", contracting.text, name="contract_text"),
    path("sign/<applying_name:offer>/terms", signing.terms, name="terms"),
    path("sign/<applying_name:offer>/done", signing.done, name="done"),
]
