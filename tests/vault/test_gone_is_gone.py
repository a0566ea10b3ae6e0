"""After closing and a rotation, a backup of before and every old file put back open nothing.

What could open her data is looked for as bytes, raw and wrapped, in every file of the lender: the same search finds
it before. PostgreSQL's write-ahead log keeps older pages for a while (see docs/guide/keys.md); what is wrapped there
is wrapped by a key that is gone, like in any other old copy.
"""

import shutil

import pytest

from shouxin.site import backup as backing
from shouxin.site import config as configuration
from shouxin.site import databases, restore, wiring
from shouxin.vault import ledger, models
from shouxin.vault.root import RootError
from tests.vault.cast import ask, enrol, must, opened, overdue
from tests.vault.files import holding

OWN = {"actor": "borrower:self", "purpose": "own_request", "fields": ["phone"]}
WENDY = {"id_number": "110101199001010037", "phone": "13800005679", "name": "Wendy", "email": "w@example.invalid"}


def quietly(_):
    """Progress that nobody reads."""


def test_gone_is_gone(lender, tmp_path, request):
    cast, wendy = overdue(lender.vault), enrol(lender.vault, **WENDY)
    folder, keys = lender.settings.data_dir, Keys(lender, wendy.subject)
    lender.vault.publish()
    backing.backup(folder, tmp_path / "backup")
    assert keys.found_wrapped(lender) and not keys.found_raw(lender)
    (folder / "somebody's copy").write_bytes(wendy.person_key)
    assert keys.found_raw(lender), "the search finds a key that lies about"
    (folder / "somebody's copy").unlink()
    old = old_files(lender, tmp_path)

    must(lender.vault.close(wendy.subject))
    assert lender.vault.destroy(wendy.subject) is None
    assert lender.vault.rotate(quietly).swept
    lender.vault.publish()
    backing.backup(folder, tmp_path / "new backup")

    assert not keys.found_wrapped(lender) and not keys.found_raw(lender)
    assert opened(ask(lender.vault, cast.subject, **OWN)).values["phone"]
    assert not any(one in path.read_bytes() for one in keys.all for path in files_of(tmp_path / "new backup"))
    put_back(lender, old, tmp_path, request)


class Keys:
    """All that could open one person's data: her keys raw, wrapped, and the epoch's key that wraps them."""

    def __init__(self, lender, subject):
        row, epoch = models.Chain.objects.get(id=subject), lender.vault._inside.epochs.newest()
        self.wrapped = [bytes(row.ledger_key), bytes(row.data_key), bytes(models.Epoch.objects.get().wrapped)]
        opened_keys = [ledger.opened(lender.vault._inside, row).in_force, epoch.unwrap(row.data_key), epoch.key]
        self.raw = [spelt for key in opened_keys for spelt in (key, key.hex().encode())]
        self.all = [*self.wrapped, *self.raw]

    def found_wrapped(self, lender):
        found = [holding(one, lender) for one in self.wrapped]
        assert all(found) or not any(found)
        return all(found)

    def found_raw(self, lender):
        folder = lender.settings.data_dir
        return any(holding(one, lender) for one in self.raw) or any(
            one in path.read_bytes() for one in self.raw for path in files_of(folder)
        )


def files_of(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def old_files(lender, tmp_path):
    """A copy of the whole folder but its root's keys, as a thief or an older snapshot of the disk has it."""
    databases.close()
    return shutil.copytree(lender.settings.data_dir, tmp_path / "old", ignore=shutil.ignore_patterns("root-*"))


def put_back(lender, old, tmp_path, request):
    """Under the root that there is now, neither the backup nor the files open, and no key of now opens an old one."""
    folder, newest = lender.settings.data_dir, lender.vault._inside.epochs.newest()
    databases.close()
    new = shutil.copytree(folder / "keys", tmp_path / "again" / "keys").parent
    config = configuration.read(folder)
    if config.databases["vault"].engine == "sqlite":
        shutil.copytree(folder / "keys", old / "keys", dirs_exist_ok=True)
        with pytest.raises(RootError, match=r"root-1\.key is missing"):
            wiring.open_lender(old)
        rows = list(models.Chain.objects.all())
        assert len(rows) > 1 and not any(opens(newest, row) for row in rows)
    else:
        urls = request.getfixturevalue("postgres_urls")
        put = wiring.with_databases(config, book=urls["default"], vault=urls["vault"])
        (new / configuration.FILE).write_text(configuration.to_toml(put))
    with pytest.raises(RootError, match=r"root-1\.key is missing"):
        restore.restore(tmp_path / "backup", new)
    assert not (new / "vault.sqlite3").exists()


def opens(epoch, row):
    from shouxin.vault.epoch import KeyLostError

    try:
        return epoch.unwrap(row.ledger_key) or epoch.unwrap(row.data_key)
    except KeyLostError:
        return False
