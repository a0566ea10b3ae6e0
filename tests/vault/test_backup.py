"""A backup is a lender at one moment, without a key that anybody could use; it comes back whole or not at all."""

import json
import shutil
import stat
import threading

import pytest

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import parse_note, sign_note
from shouxin.site import backup as backing
from shouxin.site import config as configuration
from shouxin.site import databases, doctor, key_file, restore, wiring
from shouxin.usecases.lender import BadInput, CannotNow
from shouxin.vault import models
from shouxin.vault.log.note_file import LogBehindError
from shouxin.vault.root import RootError
from tests.cli.shell import shouxin
from tests.vault.cast import AI_LI, ask, enrol, opened, overdue

OWN = {"actor": "borrower:self", "purpose": "own_request", "fields": ["phone"]}


def quietly(_):
    """Progress that nobody reads."""


@pytest.fixture
def backed(lender, tmp_path):
    """A lender with Ai Li, and its backup."""
    subject = overdue(lender.vault).subject
    made = backing.backup(lender.settings.data_dir, tmp_path / "backup")
    return subject, tmp_path / "backup", made


def bare(lender):
    """What is left when both databases are lost; on PostgreSQL, two empty ones by other names."""
    folder = lender.settings.data_dir
    databases.close()
    for path in folder.glob("*.sqlite3*"):
        path.unlink()
    return folder


@pytest.fixture
def emptied(lender, postgres_urls_if_needed):
    """The lender's folder after both databases were lost."""
    folder = bare(lender)
    config = configuration.read(folder)
    if config.databases["vault"].engine == "postgresql":
        new = wiring.with_databases(
            config, book=postgres_urls_if_needed["default"], vault=postgres_urls_if_needed["vault"]
        )
        (folder / configuration.FILE).write_text(configuration.to_toml(new))
    return folder


@pytest.fixture
def postgres_urls_if_needed(request, lender):
    is_postgres = configuration.read(lender.settings.data_dir).databases["vault"].engine == "postgresql"
    return request.getfixturevalue("postgres_urls") if is_postgres else {}


def test_a_lender_comes_back_whole(lender, backed, emptied):
    subject, folder, made = backed
    back = restore.restore(folder, emptied)
    assert (back.origin, back.leaves, back.behind) == (lender.settings.origin, made.leaves, False)
    again = wiring.open_lender(emptied)
    assert opened(ask(again.vault, subject, **OWN)).values["phone"] == AI_LI["phone"]
    assert again.vault.audit().faults == ()
    assert all(row["ok"] for row in doctor.examine(emptied) if row["name"] != "data directory")


def test_no_usable_key_is_in_a_backup(lender, backed):
    """Every file of it, byte by byte; the same search finds the keys in the lender's own folder."""
    _, folder, _ = backed
    data_dir, inside = lender.settings.data_dir, lender.vault._inside
    root_key = next((data_dir / "keys").glob("root-*")).read_bytes()
    site_key = key_file.content(data_dir)
    epoch_key = inside.epochs.newest().key
    files = [path for path in folder.rglob("*") if path.is_file()]
    for key in (root_key, site_key, epoch_key, inside.index_key, inside.signer.seed):
        for spelt in (key, key.hex().encode()):
            assert not [path for path in files if spelt in path.read_bytes()]
    assert [path for path in data_dir.rglob("*") if path.is_file() and root_key in path.read_bytes()]
    assert not [path for path in files if AI_LI["phone"].encode() in path.read_bytes()]


def test_what_was_erased_is_not_in_it(embedded_lender, tmp_path):
    """Freed pages of the database, which may hold what was removed, are not copied."""
    subject = enrol(embedded_lender.vault).subject
    wrapped = bytes(models.Chain.objects.get(id=subject).data_key)
    embedded_lender.vault.erase(subject, ["email", "income"], rules=("CN.PIPL.47",))
    backing.backup(embedded_lender.settings.data_dir, tmp_path / "backup")
    assert not [p for p in (tmp_path / "backup").rglob("*") if p.is_file() and wrapped in p.read_bytes()]


def test_it_is_readable_by_its_owner_alone_and_no_half_of_it_is_one(data_dir, tmp_path):
    ran = shouxin("vault", "backup", tmp_path / "b", "--json", data_dir=data_dir)
    assert (ran.code, ran.document["epoch"]) == (0, 1)
    for path in [tmp_path / "b", *(tmp_path / "b").rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    again = shouxin("vault", "backup", tmp_path / "b", "--json", data_dir=data_dir)
    assert (again.code, again.error["code"]) == (2, "not_empty")
    (tmp_path / "b" / "backup.json").unlink()
    refused = shouxin("vault", "restore", tmp_path / "b", "--json", data_dir=tmp_path / "new")
    assert (refused.code, refused.error["code"]) == (2, "no_backup")
    assert not (tmp_path / "new").exists()


def changed_book(folder):
    path = folder / "book.sqlite3"
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def lost_file(folder):
    (folder / "site.key.sealed").unlink()


def another_version(folder):
    said = json.loads((folder / "backup.json").read_text())
    (folder / "backup.json").write_text(json.dumps(said | {"v": 2}))


@pytest.mark.parametrize("spoil", [changed_book, lost_file, another_version])
def test_a_spoilt_backup_is_refused_and_nothing_is_changed(embedded_lender, tmp_path, spoil):
    backing.backup(embedded_lender.settings.data_dir, tmp_path / "backup")
    spoil(tmp_path / "backup")
    folder = bare(embedded_lender)
    before = sorted(folder.rglob("*"))
    with pytest.raises((CannotNow, BadInput)):
        restore.restore(tmp_path / "backup", folder)
    assert sorted(folder.rglob("*")) == before


def test_it_does_not_write_over_a_lender_or_into_another(embedded_lender, tmp_path):
    folder = embedded_lender.settings.data_dir
    backing.backup(folder, tmp_path / "backup")
    with pytest.raises(BadInput, match="move it away first"):
        restore.restore(tmp_path / "backup", folder)
    shouxin("init", data_dir=tmp_path / "other")
    for path in (tmp_path / "other").glob("*.sqlite3"):
        path.unlink()
    with pytest.raises(BadInput, match="another lender"):
        restore.restore(tmp_path / "backup", tmp_path / "other")


def test_a_newer_log_beside_it_stops_it_and_told_otherwise_it_never_signs(lender, backed, emptied):
    """The databases were lost after the backup was made, and the note beside them is newer."""
    _, folder, _ = backed
    note = emptied / "log" / "checkpoint"
    signed = Checkpoint.parse(parse_note(note.read_text()).text)
    newer = Checkpoint(signed.origin, signed.size + 2, signed.root)
    note.write_text(sign_note(newer.to_text(), [lender.vault._inside.signer]))
    with pytest.raises(CannotNow, match="look for a newer one") as error:
        restore.restore(folder, emptied)
    assert error.value.code == "log_newer"
    assert restore.restore(folder, emptied, behind=True).behind
    with pytest.raises(LogBehindError):
        wiring.open_lender(emptied)


def test_published_tiles_tell_it_too(embedded_lender, tmp_path):
    """The note beside the databases was lost with them; what was published knows how far the log went."""
    folder = embedded_lender.settings.data_dir
    backing.backup(folder, tmp_path / "backup")
    enrol(embedded_lender.vault)
    embedded_lender.vault.publish()
    (bare(embedded_lender) / "log" / "checkpoint").unlink()
    with pytest.raises(CannotNow, match="look for a newer one"):
        restore.restore(tmp_path / "backup", folder)


def test_without_its_root_it_does_not_come_back(embedded_lender, tmp_path):
    subject = enrol(embedded_lender.vault).subject
    folder = embedded_lender.settings.data_dir
    backing.backup(folder, tmp_path / "backup")
    elsewhere = tmp_path / "new machine"
    with pytest.raises(RootError, match=r"root-1\.key is missing"):
        restore.restore(tmp_path / "backup", elsewhere)
    assert not [path for path in elsewhere.rglob("*") if path.is_file()]
    shutil.copy2(folder / "keys" / "root-1.key", elsewhere / "keys" / "root-1.key")
    restore.restore(tmp_path / "backup", elsewhere)
    again = wiring.open_lender(elsewhere)
    assert opened(ask(again.vault, subject, **OWN)).values["phone"] == AI_LI["phone"]
    assert key_file.content(elsewhere) == key_file.content(folder)


def test_in_the_middle_of_a_rotation_there_is_no_backup(embedded_lender, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("shouxin.vault.rotate._end", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            embedded_lender.vault.rotate(quietly)
    with pytest.raises(CannotNow, match="back up afterwards"):
        backing.backup(embedded_lender.settings.data_dir, tmp_path / "backup")
    assert not (tmp_path / "backup").exists() and not list(tmp_path.glob(".backup*"))
    embedded_lender.vault.rotate(quietly)
    assert backing.backup(embedded_lender.settings.data_dir, tmp_path / "backup").epoch == 2


@pytest.mark.postgres
@pytest.mark.parametrize("lender", ["postgresql"], indirect=True)
def test_it_says_what_is_missing_where_postgresql_has_no_programs(lender, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotNow, match="isn't installed") as error:
        backing.backup(lender.settings.data_dir, tmp_path / "backup")
    assert error.value.where == "pg_dump"


def test_the_lender_goes_on_while_it_is_backed_up(embedded_lender, tmp_path):
    """Each copy is of one moment: everybody whom the book names is in the vault."""
    stop, seen = threading.Event(), []

    def enrolling():
        while not stop.is_set():
            seen.append(enrol(embedded_lender.vault, id_number=f"B{len(seen)}", phone=f"1370000{len(seen):04}"))
        databases.close()

    thread = threading.Thread(target=enrolling)
    thread.start()
    try:
        made = backing.backup(embedded_lender.settings.data_dir, tmp_path / "backup")
    finally:
        stop.set()
        thread.join()
    assert seen
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(embedded_lender.settings.data_dir / "keys", elsewhere / "keys")
    restore.restore(tmp_path / "backup", elsewhere)
    found = wiring.open_lender(elsewhere).vault.audit()
    assert (found.faults, found.size) == ((), made.leaves)
