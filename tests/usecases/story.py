"""The cast and the steps that many stories share: applying, signing, a loan that was paid out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shouxin.core.rules.refusal import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BO, CHEN, AGENT, AGENCY = "collector:k31", "collector:k32", "agent:a07.3", "agency:a07"
AI_LI = {
    "name": "Ai Li",
    "phone": "13800000101",
    "id_number": "110101199003071014",
    "bank_card": "6222021234567890123",
    "email": "ai.li@mail.example",
    "income": "8600.00",
    "monthly_obligations": "500.00",
    "employer": "Beidou Bakery",
}


def must(result):
    """The result of an act that the story takes for granted."""
    assert not isinstance(result, Refusal), result
    return result


def reason(result) -> str:
    """Why not, or `done`."""
    return result.reason.value if isinstance(result, Refusal) else "done"


def kinds(lender, subject: str) -> list[str]:
    """The kinds of all entries of a history, in order."""
    return [str(entry.record["kind"]) for entry in lender.vault.history(subject).entries]


def last(lender, subject: str) -> dict:
    """The newest entry of a history."""
    return lender.vault.history(subject).entries[-1].record


def at(lender, day: str, hour: int = 12):
    """The same lender on another day, at that hour in Shanghai."""
    local = datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)
    return lender.at(local.astimezone(UTC))


def enrolled(lender, **changes: str) -> str:
    """A new borrower like Ai Li but for the changes, with consent to the credit decision."""
    from shouxin.vault.enrol import EnrolRequest

    person = must(lender.vault.enrol(EnrolRequest({**AI_LI, **changes})))
    must(lender.vault.consent(person.subject, "credit_decision", notice="credit_decision", version="1"))
    return person.subject


def applied(lender, subject: str, amount: str = "12000.00", instalments: int = 12):
    from shouxin.usecases.credit.apply import Apply, apply

    return apply(lender, Apply(subject=subject, amount=amount, instalments=instalments))


def offered(lender, subject: str, amount: str = "12000.00", instalments: int = 12) -> str:
    """An offer, by applying and being decided on."""
    from shouxin.usecases.credit.decide import Decide, decide

    application = must(applied(lender, subject, amount, instalments))
    offer = must(decide(lender, Decide(application=application.application))).offer
    assert offer is not None
    return offer


def sheet(lender, subject: str, offer: str, **more):
    from shouxin.usecases.loan.cost_sheet import CostSheet, cost_sheet

    return cost_sheet(lender, CostSheet(subject=subject, offer=offer, **more))


def sign(lender, subject: str, offer: str, **more):
    from shouxin.usecases.loan.sign import Sign
    from shouxin.usecases.loan.sign import sign as act

    return act(lender, Sign(subject=subject, offer=offer, **more))


def signed(lender, subject: str, amount: str = "12000.00", instalments: int = 12) -> str:
    """A signed loan that is not paid out yet."""
    offer = offered(lender, subject, amount, instalments)
    must(sheet(lender, subject, offer))
    return must(sign(lender, subject, offer)).loan


def disburse(lender, loan: str, **more):
    from shouxin.usecases.loan.disburse import Disburse
    from shouxin.usecases.loan.disburse import disburse as act

    return act(lender, Disburse(loan=loan, **more))


def borrowed(lender, subject: str, amount: str = "12000.00", instalments: int = 12) -> str:
    """A loan that was paid out today."""
    loan = signed(lender, subject, amount, instalments)
    must(disburse(lender, loan))
    return loan


def pay(lender, loan: str, amount: str, key: str, **more):
    from shouxin.usecases.loan.pay import Pay
    from shouxin.usecases.loan.pay import pay as act

    return act(lender, Pay(loan=loan, amount=amount, key=key, **({"currency": "CNY"} | more)))


def statement(lender, loan: str, subject: str, **more):
    from shouxin.usecases.loan.statement import Statement
    from shouxin.usecases.loan.statement import statement as act

    return act(lender, Statement(loan=loan, subject=subject, **more))


def staffed(lender) -> None:
    """Bo and Chen collect; the agency a07 is engaged and has a person."""
    must(lender.vault.appoint(BO))
    must(lender.vault.appoint(CHEN))
    must(lender.vault.engage(AGENCY))
    must(lender.vault.appoint(AGENT))


def with_carriers(lender):
    """The same lender; whoever carries its messages is under contract since the log's newest entry."""
    from shouxin.usecases.privacy.party import engage_carriers

    engage_carriers(lender.at(lender.vault.last_moment()))
    return lender


def opened_case(lender, subject: str):
    from shouxin.usecases.outreach.open_case import OpenCase, open_case

    return open_case(lender, OpenCase(subject=subject))


def granted(lender, case: str, actor: str = BO):
    from shouxin.usecases.outreach.grant import Grant, grant

    return grant(lender, Grant(case=case, actor=actor))


def tried(lender, case: str, outcome: str, *, actor: str = BO, channel: str = "call", **more):
    from shouxin.usecases.outreach.record_attempt import RecordAttempt, record_attempt

    return record_attempt(lender, RecordAttempt(case=case, actor=actor, channel=channel, outcome=outcome, **more))


def remind(lender, loan: str, **more):
    from shouxin.usecases.outreach.remind import Remind
    from shouxin.usecases.outreach.remind import remind as act

    return act(lender, Remind(loan=loan, **more))


def collect(lender, subject: str, actor: str = BO, fields=("phone",), case: str | None = None):
    """Use data for collection; gives the refusal, or the opened values."""
    from shouxin.usecases.loan.opening import open_fields
    from shouxin.vault.opening import UseRequest

    return open_fields(lender, UseRequest(subject, actor, "collection", tuple(fields), case=case))
