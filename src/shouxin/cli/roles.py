"""Commands about who may act: staff, parties, cases and grants."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Call, command

staff = typer.Typer(help="Members of staff and of agencies.", no_args_is_help=True)
party = typer.Typer(help="Organisations that may hold or receive data.", no_args_is_help=True)
case = typer.Typer(help="Cases of overdue loans.", no_args_is_help=True)
app.add_typer(staff, name="staff")
app.add_typer(party, name="party")
app.add_typer(case, name="case")

ActorName = Annotated[str, typer.Argument(metavar="ACTOR", help="role:id, such as collector:k31 or agent:a07.3.")]
PartyName = Annotated[str, typer.Argument(metavar="PARTY", help="kind:id; a bare id is an agency's.")]
CaseName = Annotated[str, typer.Argument(metavar="CASE", help="The case, as `case open` named it.")]
Holder = Annotated[str, typer.Option("--actor", metavar="A", help="Who works on it: an actor or an agency.")]


@command(staff, "appoint")
def appoint(call: Call, actor: ActorName) -> Any:
    """Appoint somebody; an agency's person needs an engaged agency."""
    from shouxin.usecases.privacy import staff as usecase

    return usecase.appoint(call.lender, usecase.Appoint.read({"actor": actor}))


@command(staff, "dismiss")
def dismiss(call: Call, actor: ActorName) -> Any:
    """End an appointment, with effect at the next use."""
    from shouxin.usecases.privacy import staff as usecase

    return usecase.dismiss(call.lender, usecase.Dismiss.read({"actor": actor}))


@command(staff, "credential")
def credential(call: Call, actor: ActorName) -> Any:
    """Make a sign-in for somebody appointed: a password to be changed and the second factor, shown this once."""
    from shouxin.usecases.privacy import staff_sign_in as usecase

    return usecase.credential(call.lender, usecase.Credential.read({"actor": actor}))


@command(party, "engage")
def engage(
    call: Call,
    party: PartyName,
    *,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The contract's last day.")] = None,
    contract: Annotated[str | None, typer.Option(metavar="ID", help="The contract's number.")] = None,
    purpose: Annotated[list[str] | None, typer.Option(metavar="P", help="What for; as often as there are.")] = None,
    field: Annotated[list[str] | None, typer.Option(metavar="F", help="Which fields; as often as there are.")] = None,
) -> Any:
    """Engage a party; what isn't said of its terms is as the policy's partners.toml has it."""
    from shouxin.usecases.privacy import party as usecase

    said = {"party": party, "until": until, "contract": contract, "purposes": purpose or None, "fields": field or None}
    return usecase.engage(call.lender, usecase.Engage.read({key: value for key, value in said.items() if value}))


@command(party, "suspend")
def suspend(call: Call, party: PartyName) -> Any:
    """Suspend a party: all its cases stop at once."""
    from shouxin.usecases.privacy import party as usecase

    return usecase.suspend(call.lender, usecase.Suspend.read({"party": party}))


@command(party, "returned")
def returned(
    call: Call,
    party: PartyName,
    subject: Annotated[str | None, typer.Option(metavar="SUBJECT", help="One person; default: everybody.")] = None,
) -> Any:
    """Enter a party's word that it gave back or deleted what it had."""
    from shouxin.usecases.privacy import party as usecase

    said = {"party": party} | ({"subject": subject} if subject else {})
    return usecase.gave_back(call.lender, usecase.GaveBack.read(said))


@command(case, "open")
def open_case(call: Call, subject: Annotated[str, typer.Argument(help="The borrower's id.")]) -> Any:
    """Open a case; refused while the loans here are on time. Where none is here, it is your word that one is late
    elsewhere, and nobody may call about it without a contract or a consent here.
    """
    from shouxin.usecases.outreach import open_case as usecase

    return usecase.open_case(call.lender, usecase.OpenCase.read({"subject": subject}))


@command(case, "close")
def close_case(
    call: Call, name: Annotated[str, typer.Argument(metavar="SUBJECT", help="The borrower's id, or the case's name.")]
) -> Any:
    """Close the borrower's open case; its grants end with it."""
    from shouxin.usecases.outreach import close_case as usecase
    from shouxin.usecases.privacy.open_case_of import open_case_of

    lender = call.lender
    return usecase.close_case(lender, usecase.CloseCase.read({"case": open_case_of(lender, name)}))


@command(app, "grant")
def grant(call: Call, case: CaseName, actor: Holder) -> Any:
    """Grant a case to an actor or an agency."""
    from shouxin.usecases.outreach import grant as usecase

    return usecase.grant(call.lender, usecase.Grant.read({"case": case, "actor": actor}))


@command(app, "recall")
def recall(call: Call, case: CaseName, actor: Holder) -> Any:
    """Take a grant back, with effect at the next use."""
    from shouxin.usecases.outreach import recall as usecase

    return usecase.recall(call.lender, usecase.Recall.read({"case": case, "actor": actor}))
