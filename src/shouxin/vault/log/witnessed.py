"""What witnesses said of the published checkpoint: their lines, in a file beside the log's own note.

A witness signs the text of one checkpoint, so its line counts while the log stands there and no longer. The file may be
lost: nothing rests on it but the lines themselves, and whoever gave one gives it again.
"""

from collections.abc import Iterable

from shouxin.core.merkle.note import Note, NoteError, Signature, Verifier, cosigned_at, parse_note
from shouxin.vault import on_disk
from shouxin.vault.interior import Interior

FILE = "cosigned"


def note(vault: Interior, own: str) -> str:
    """`own`, a note that the log signed, with the newest line of each witness of the policy that signed its text."""
    return _together(parse_note(own), lines(vault, own)).to_text()


def lines(vault: Interior, own: str) -> tuple[Signature, ...]:
    """The lines by themselves: of each witness one, and each right."""
    if not vault.watch.witnesses:
        return ()
    try:
        kept = parse_note((vault.note_path.parent / FILE).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, NoteError):
        return ()
    return _newest(vault, kept) if kept.text == parse_note(own).text else ()


def keep(vault: Interior, own: str, given: Iterable[Signature]) -> None:
    """Put these lines with those that are there already."""
    note = parse_note(own)
    both = Note(text=note.text, signatures=(*lines(vault, own), *given))
    path = vault.note_path.parent / FILE
    on_disk.replace(path, _together(note, _newest(vault, both)).to_text().encode())
    on_disk.sync(path.parent)


def _newest(vault: Interior, note: Note) -> tuple[Signature, ...]:
    found: dict[Verifier, Signature] = {}
    for line in note.signatures:
        for witness in vault.watch.witnesses:
            if witness.accepts(note.text, line) and cosigned_at(line) >= cosigned_at(found.get(witness, line)):
                found[witness] = line
    return tuple(found.values())


def _together(own: Note, lines: tuple[Signature, ...]) -> Note:
    return Note(text=own.text, signatures=(*own.signatures, *lines))
