"""`shouxin vault restore`: a backup becomes a lender again, or is refused with nothing changed.

What is put back must open under the root that stands there, be whole by its own hashes, and not be older than what
this log is known to have signed: the last note, or the published tiles, beside the databases. With `behind` an older
one is put back all the same, and then the vault refuses to sign, as it must: somebody may hold a proof of what is
missing (docs/guide/backup.md says what to do).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shouxin.adapters.chance import SystemChance
from shouxin.adapters.clock import SystemClock
from shouxin.core.merkle.checkpoint import Checkpoint, CheckpointError
from shouxin.core.merkle.note import NoteError, parse_note
from shouxin.site import config as configuration
from shouxin.site import databases, folders, key_file, wiring
from shouxin.site.backup import KEPT_AS, MANIFEST, NOTE, SITE_KEY, VERSION, copy_name, digest, program, reaching
from shouxin.site.config import Config, Database
from shouxin.usecases.lender import BadInput, CannotNow

PUBLISHED = Path("tiles") / "checkpoint"
KEYS = "keys"


@dataclass(frozen=True)
class Restored:
    """The lender whose log goes so far; `behind` when it is known to have gone further."""

    origin: str
    leaves: int
    behind: bool


def restore(folder: Path, data_dir: Path, *, behind: bool = False) -> Restored:
    """Put the backup in `folder` back into `data_dir`. Raises `BadInput`, `CannotNow`, `RootError`."""
    said = _whole(folder)
    config = _configuration(folder, data_dir, said)
    known = max(_signed(data_dir / NOTE, config.origin), _signed(data_dir / PUBLISHED, config.origin))
    if known > said["leaves"] and not behind:
        message = f"the log went on to {known} leaves, and this backup ends at {said['leaves']}: look for a newer one"
        raise CannotNow(message, where=NOTE.as_posix(), code="log_newer")
    with folders.sibling(data_dir, SystemChance()) as new, _filled(config, folder, new):
        site_key = _proved(config, folder, data_dir, new)
        databases.close()
        _put_back(new, data_dir, site_key)
    return Restored(config.origin, said["leaves"], known > said["leaves"])


def _whole(folder: Path) -> dict[str, Any]:
    """What the backup says of itself, once every file is what it says."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        files: dict[str, str] = said["files"]
        right = said["v"] == VERSION and {"origin", "leaves", "engines"} <= said.keys()
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput("no finished backup", where=str(folder), code="no_backup") from None
    if not right:
        raise BadInput("a backup of another version", where=str(folder), code="no_backup")
    for name, expected in files.items():
        path = folder / name
        if not path.is_file() or digest(path) != expected:
            raise CannotNow("is not what was backed up", where=name, code="damaged")
    return said


def _configuration(folder: Path, data_dir: Path, said: dict[str, Any]) -> Config:
    """That of `data_dir`, where one stands already (it may name other databases, or another place of the PIN)."""
    there = (data_dir / configuration.FILE).exists()
    config = configuration.read(data_dir if there else folder)
    if config.origin != said["origin"]:
        raise BadInput("another lender lives here", where=str(data_dir), code="not_empty")
    for alias in configuration.ALIASES:
        database = config.databases[alias]
        if database.engine != said["engines"][alias]:
            raise BadInput("config.toml names a database of another kind", where=alias, code="database")
        if database.engine == "sqlite" and any(data_dir.glob(f"{database.name}*")):
            raise BadInput("is there; move it away first", where=database.name, code="not_empty")
    return config


def _signed(path: Path, origin: str) -> int:
    """How many leaves this log is known to have signed for; 0 where nothing says it."""
    try:
        signed = Checkpoint.parse(parse_note(path.read_text("utf-8")).text)
    except FileNotFoundError:
        return 0
    except (NoteError, CheckpointError, UnicodeDecodeError):
        raise CannotNow("can't be read, and only it tells a restored backup", where=path.name, code="damaged") from None
    if signed.origin != origin:
        raise BadInput("is of another log", where=path.name, code="not_empty")
    return signed.size


@contextmanager
def _filled(config: Config, folder: Path, new: Path) -> Iterator[None]:
    """Both databases from their copies: files in `new`, or what PostgreSQL holds, emptied if a later step fails."""
    wiring.set_up_django()
    databases.point(config.databases, new)
    with databases.emptied_on_failure():
        for alias in configuration.ALIASES:
            database, name = config.databases[alias], copy_name(alias, config.databases[alias].engine)
            if database.engine == "sqlite":
                shutil.copyfile(folder / name, new / database.name)
                folders.sync_file(new / database.name)
            else:
                _fill(database, folder / name)
        yield


def _fill(database: Database, dump: Path) -> None:
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--no-password"]
    command = [program("pg_restore"), *words, *reaching(database), f"--dbname={database.name}", str(dump)]
    if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603  PostgreSQL's own, words of ours
        raise CannotNow("could not", where="pg_restore", code="database")


def _proved(config: Config, folder: Path, data_dir: Path, new: Path) -> bytes:
    """Open what was put together, under the root that stands in `data_dir`; gives the site's own key."""
    there = (data_dir / configuration.FILE).exists()
    shutil.copyfile((data_dir if there else folder) / configuration.FILE, new / configuration.FILE)
    (new / NOTE).parent.mkdir()
    shutil.copyfile(folder / NOTE, new / NOTE)
    wiring.copy_policy(folder / wiring.POLICY, new / wiring.POLICY)
    (data_dir / KEYS).mkdir(mode=0o700, parents=True, exist_ok=True)
    (new / KEYS).symlink_to((data_dir / KEYS).absolute())
    policy = wiring.policy_of(new / wiring.POLICY)
    vault = wiring.open_vault(new, config, policy, clock=SystemClock(), chance=SystemChance())
    key = vault.kept(KEPT_AS, "site", (folder / SITE_KEY).read_text("utf-8"))
    if key is None:
        raise CannotNow("doesn't open in this vault", where=SITE_KEY, code="damaged")
    (new / KEYS).unlink()
    return key


def _put_back(new: Path, data_dir: Path, site_key: bytes) -> None:
    """The configuration last: before it stands, no lender lives here. What stands already stays."""
    data_dir.chmod(0o700)
    if not (data_dir / key_file.FILE).exists():
        key_file.create(data_dir, site_key)
    (data_dir / NOTE).parent.mkdir(exist_ok=True)
    names = [Path(path.name) for path in sorted(new.glob("*.sqlite3"))]
    for name in [*names, Path(wiring.POLICY), NOTE, Path(configuration.FILE)]:
        if not (data_dir / name).exists():
            (new / name).rename(data_dir / name)
    folders.sync_folder(data_dir / NOTE.parent)
    folders.sync_folder(data_dir)
