"""Commands about a person's own will: enrol, name a contact person, consent and withdraw, have everything erased."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, command, documents
from shouxin.cli.output import NO, YES

Keys = Annotated[Path | None, typer.Option("--keys", help="Put each person.key here, as SUBJECT.key.")]
Subject = Annotated[str, typer.Argument(help="The borrower's id.")]


@command(app, "enrol")
def enrol(call: Call, keys: Keys = None) -> Any:
    """Enrol a borrower: {name, phone, id_number, …} on standard input."""
    from shouxin.cli.keys import KeyFolder
    from shouxin.usecases.privacy import enrol as usecase

    folder = KeyFolder(keys)

    def one(document: dict[str, Any]) -> Any:
        result = usecase.enrol(call.lender, usecase.Enrol.read(document))
        if isinstance(result, usecase.Enrolled):
            folder.keep(result.subject, result.person_key)
        return result

    return documents(call, one)


@command(app, "contact-person")
def contact_person(call: Call, subject: Subject, keys: Keys = None) -> Any:
    """Name a contact person: {name, phone, relation} on standard input; at most two, never required."""
    from shouxin.cli.keys import KeyFolder
    from shouxin.usecases.privacy import contact_person as usecase

    folder = KeyFolder(keys)

    def one(document: dict[str, Any]) -> Any:
        request = usecase.ContactPerson.read({"subject": subject, **document})
        result = usecase.contact_person(call.lender, request)
        if isinstance(result, usecase.Named):
            folder.keep(result.contact, result.person_key)
        return result

    return documents(call, one)


@command(app, "consent")
def consent(
    call: Call,
    subject: Annotated[str, typer.Argument(help="Whose consent.")],
    purpose: Annotated[str, typer.Option(help="One purpose, such as credit_decision.")],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
) -> Any:
    """Consent to one purpose, or take that back."""
    from shouxin.usecases.privacy import consent as usecase

    said = {"subject": subject, "purpose": purpose}
    if withdraw:
        return usecase.withdraw(call.lender, usecase.Withdraw.read(said))
    return usecase.consent(call.lender, usecase.Consent.read(said))


@command(app, "erase")
def erase(
    call: Call,
    subject: Annotated[str, typer.Argument(help="Who asks for everything about them to go.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The last file of a closed history goes here."),
    ] = None,
) -> Any:
    """Erase what may go; what a duty keeps is only stored. With nothing left, the history ends and its keys with it.

    The last file is handed over before: in --out, else in the answer (`last_file`).
    """
    from shouxin.cli.keys import LastFiles
    from shouxin.usecases.lender import to_document
    from shouxin.usecases.privacy import erase as usecase
    from shouxin.usecases.privacy.let_go import LetGo, let_go

    folder = LastFiles(out)
    result = usecase.erase(call.lender, usecase.Erase.read({"subject": subject}))
    if not isinstance(result, usecase.Erased):
        return result
    document = to_document(result)
    if result.last_file is not None:
        document |= folder.hand_over(result.subject, result.last_file)
        let_go(call.lender, LetGo(subject=result.subject))
    call.lender.vault.sweep()
    return Answer(document, NO if result.needed else YES)
