"""Commands about the vault itself: a new epoch or root, a backup, and its way back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, command
from shouxin.cli.output import Form, note

if TYPE_CHECKING:
    from shouxin.vault.rotate import Progress

vault = typer.Typer(help="The vault: new epochs and roots, backup and restore.", no_args_is_help=True)
app.add_typer(vault, name="vault")

OLDER = "a backup made before this opens no more: make a new one now"


@command(vault, "rotate", lender=False)
def rotate(
    call: Call,
    root: Annotated[
        str, typer.Option("--root", metavar="ROOT", help="Move to this root: file, pkcs11:… or transit:….")
    ] = "",
) -> Any:
    """Wrap everybody's keys anew and destroy the old epoch's key; killed, it goes on where it was.

    Backups made before open no more: that is what makes an erasure hold. Make a new one afterwards.
    """
    from shouxin.site.rotating import rotate as rotate_vault
    from shouxin.usecases.lender import to_document

    done = rotate_vault(call.data_dir, Telling(call.form), root=root)
    if call.form is Form.PEOPLE:
        note(f"shouxin: {OLDER}")
    return Answer(to_document(done))


class Telling:
    """Says on stderr how far it is, for people, and no more often than every tenth of the way."""

    def __init__(self, form: Form) -> None:
        self._silent = form is not Form.PEOPLE
        self._tenth = -1

    def __call__(self, progress: Progress) -> None:
        """One step more."""
        tenth = 10 * progress.done // max(progress.of, 1)
        if tenth > self._tenth and not self._silent:
            note(f"shouxin: {progress.done} of {progress.of}")
        self._tenth = max(tenth, self._tenth)


@command(vault, "backup", lender=False)
def backup(
    call: Call,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for it.")],
) -> Any:
    """Copy book, vault, policy and configuration into DIR, while the lender goes on; no key but wrapped ones."""
    from shouxin.site.backup import backup as make_backup
    from shouxin.usecases.lender import to_document

    return Answer(to_document(make_backup(call.data_dir, folder, at=call.at)))


@command(vault, "restore", lender=False)
def restore(
    call: Call,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `vault backup` made.")],
    behind: Annotated[
        bool, typer.Option("--behind", help="Put it back although the log went on since; it will never sign again.")
    ] = False,
) -> Any:
    """Put a backup back into --data-dir, whose databases are gone, and where the root's key stands."""
    from shouxin.site.restore import restore as put_back
    from shouxin.usecases.lender import to_document

    return Answer(to_document(put_back(folder, call.data_dir, behind=behind)))
