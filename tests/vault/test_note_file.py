"""The signed note beside the database: without it, or with one that isn't ours, the vault stands still."""

import pytest

from shouxin.core.merkle.note import Signer, sign_note
from shouxin.vault.stopped import VaultStoppedError
from tests.vault.cast import ask, enrol, opened, overdue


def _gone(path, text, lender):
    path.unlink()


def _empty(path, text, lender):
    path.write_text("")


def _bytes(path, text, lender):
    path.write_bytes(b"\xff\xfe\x00")


def _folder(path, text, lender):
    path.unlink()
    path.mkdir()


def _cut(path, text, lender):
    path.write_text(text[: len(text) // 2])


def _unsigned(path, text, lender):
    path.write_text(text.partition("\n\n")[0] + "\n")


def _of_another_log(path, text, lender):
    signer = Signer("other.example/log", bytes(32))
    path.write_text(sign_note(text.partition("\n\n")[0].replace(lender.settings.origin, signer.name) + "\n", [signer]))


def _by_another_key(path, text, lender):
    signer = Signer(lender.settings.origin, bytes(32))
    path.write_text(sign_note(text.partition("\n\n")[0] + "\n", [signer]))


def _smaller_by_another_key(path, text, lender):
    lines = text.partition("\n\n")[0].splitlines()
    lines[1] = str(int(lines[1]) - 1)
    path.write_text(sign_note("\n".join(lines) + "\n", [Signer(lender.settings.origin, bytes(32))]))


WRONG = [_gone, _empty, _bytes, _folder, _cut, _unsigned, _of_another_log, _by_another_key, _smaller_by_another_key]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one.__name__)
def test_it_signs_nothing_without_its_own_last_note(embedded_lender, wrong):
    vault = embedded_lender.vault
    cast = overdue(vault)
    path, before = vault._inside.note_path, vault.checkpoint()
    wrong(path, path.read_text(), embedded_lender)
    with pytest.raises(VaultStoppedError) as stopped:
        ask(vault, cast.subject)
    assert stopped.value.where == "log/checkpoint"
    assert vault.checkpoint() == before
    from shouxin.site import wiring

    with pytest.raises(VaultStoppedError):
        wiring.open_lender(embedded_lender.settings.data_dir)


def test_it_goes_on_from_an_older_note_of_its_own(embedded_lender):
    """A crash between the database's commit and the note leaves the file one note behind."""
    vault = embedded_lender.vault
    cast = overdue(vault)
    path = vault._inside.note_path
    older = path.read_text()
    opened(ask(vault, cast.subject))
    path.write_text(older)
    opened(ask(vault, cast.subject))
    assert path.read_text() == vault.checkpoint()


def test_a_new_log_needs_no_note_before_its_first(embedded_lender, tmp_path):
    from shouxin.core.merkle.checkpoint import Checkpoint
    from shouxin.vault.log import note_file

    signer = embedded_lender.vault._inside.signer
    note_file.check(
        tmp_path / "checkpoint", sign_note(Checkpoint(signer.name, 1, bytes(32)).to_text(), [signer]), signer
    )
    with pytest.raises(VaultStoppedError):
        note_file.check(tmp_path / "checkpoint", embedded_lender.vault.checkpoint(), signer)


def test_it_stands_still_over_a_damaged_snapshot(embedded_lender):
    from shouxin.vault import models

    vault = embedded_lender.vault
    subject = enrol(vault).subject
    row = models.Chain.objects.get(id=subject)
    row.facts = bytes(row.facts)[:-1] + bytes([bytes(row.facts)[-1] ^ 1])
    row.save()
    with pytest.raises(VaultStoppedError) as stopped:
        ask(vault, subject, actor="borrower:self", purpose="own_request")
    assert stopped.value.where == f"chain {subject}"
    assert any(subject in fault for fault in vault.audit().faults)


def test_it_stands_still_over_a_damaged_entry(embedded_lender):
    from shouxin.vault import models

    vault = embedded_lender.vault
    subject = enrol(vault).subject
    models.Opening.objects.filter(chain_id=subject, j=2).update(sealed=b"\x01\x01" + bytes(60))
    for act in (lambda: vault.history(subject), lambda: vault.bundle(subject)):
        with pytest.raises(VaultStoppedError) as stopped:
            act()
        assert stopped.value.where == f"chain {subject}"
