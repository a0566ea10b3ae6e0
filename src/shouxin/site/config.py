"""`config.toml` of a data directory: what the log is called, where its two databases are, where mail goes.

Who the lender is (name, zone, currency) is policy: `policy/house.toml`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from shouxin.site import folders
from shouxin.usecases.lender import BadInput, CannotNow

FILE = "config.toml"
ALIASES = ("default", "vault")
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9./_-]{2,127}")
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?|http://(127\.0\.0\.1|localhost):[0-9]{1,5}")
_SQLITE_FILES = {"default": "book.sqlite3", "vault": "vault.sqlite3"}
_ADDRESSES = ("url", "sms", "payments")
_KEYS = {"v", "origin", "mail_from", "smtp", "databases", "root", *_ADDRESSES}
_MOVING = "old_root"
_ROOT = re.compile(r"file|pkcs11:[!-~]{1,900}|transit:[!-~]{1,900}")


@dataclass(frozen=True)
class Database:
    """One database: a SQLite file of the data directory (`name` is its file name), or one of PostgreSQL.

    No password stands here or on a command line: libpq takes it from its own password file or environment.
    """

    engine: str
    name: str
    host: str = ""
    port: str = ""
    user: str = ""


@dataclass(frozen=True)
class Config:
    """What `init` decided; `origin` names the log and never changes, `smtp` is `host:port` or empty (mail waits).

    `url` is where people find the pages, `sms` and `payments` where the gateways are; empty: there is none.
    `root` is what wraps the vault's keys, `old_root` the one before while a move isn't finished. No PIN, no token.
    """

    origin: str
    mail_from: str
    smtp: str
    databases: Mapping[str, Database]
    url: str = ""
    sms: str = ""
    payments: str = ""
    root: str = "file"
    old_root: str = ""


def sqlite(alias: str) -> Database:
    """The embedded default."""
    return Database("sqlite", _SQLITE_FILES[alias])


def from_url(url: str, *, where: str) -> Database:
    """A PostgreSQL database by its URL, such as `postgresql://shouxin@/book?host=/run/postgresql`."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name or query.keys() - {"host", "port"}:
        raise BadInput("a database is postgresql://USER@HOST:PORT/NAME", where=where)
    if parts.password is not None:
        raise BadInput("leave the password to libpq (PGPASSFILE)", where=where)
    host, port = parts.hostname or unquote(query.get("host", "")), str(parts.port or query.get("port", ""))
    return Database("postgresql", name, host, port, unquote(parts.username or ""))


def checked(config: Config) -> Config:
    """The same configuration; raises `BadInput` for what can't be."""
    if not _ORIGIN.fullmatch(config.origin):
        raise BadInput("an origin is like lender.example/log, lower case, no spaces", where="origin")
    if config.smtp and not re.fullmatch(r"[^:\s]+:[0-9]{1,5}", config.smtp):
        raise BadInput("a mail server is HOST:PORT", where="smtp")
    for key in _ADDRESSES:
        if getattr(config, key) and not _ADDRESS.fullmatch(getattr(config, key)):
            raise BadInput("an address is https://HOST, or http://HOST:PORT on this machine", where=key)
    for key in ("root", _MOVING):
        check_root(getattr(config, key) or "file", where=key)
    if config.databases["default"] == config.databases["vault"]:
        raise BadInput("book and vault are two databases", where="vault database")
    return config


def check_root(text: str, *, where: str) -> None:
    """Raise `BadInput` for words that name no root, or hold a secret."""
    if not _ROOT.fullmatch(text):
        raise BadInput("a root is file, pkcs11:… or transit:…", where=where)
    if "pin-value" in text or re.search(r"[?&]token=", text):
        raise BadInput("no PIN and no token here: name a private file by pin-source or token-source", where=where)


def roots(data_dir: Path) -> Callable[[], tuple[str, ...]]:
    """Reads the roots' words when asked, the one in force first: a process with an open vault follows a move."""

    def named() -> tuple[str, ...]:
        config = read(data_dir)
        return (config.root, *([config.old_root] if config.old_root else []))

    return named


def set_root(data_dir: Path, *, root: str, old_root: str) -> None:
    """Write both into `config.toml` and change nothing else of it; the whole file or none of it, synced."""
    check_root(root, where="--root")
    path = data_dir / FILE
    kept = [line for line in path.read_text("utf-8").splitlines() if not re.match(rf"{_MOVING}\s*=", line)]
    at = next(n for n, line in enumerate(kept) if re.match(r"root\s*=", line))
    moving = [f"{_MOVING} = {_quoted(old_root)}"] if old_root else []
    kept[at : at + 1] = [f"root = {_quoted(root)}", *moving]
    folders.replace_synced(path, "\n".join(kept) + "\n")


def to_toml(config: Config) -> str:
    """The file's text."""
    lines = [
        "# Written by `shouxin init`. The origin names the log: changing it makes every history unverifiable.",
        "v = 1",
        *(f"{key} = {_quoted(getattr(config, key))}" for key in ("origin", "mail_from", "smtp", *_ADDRESSES, "root")),
        *([f"{_MOVING} = {_quoted(config.old_root)}"] if config.old_root else []),
    ]
    for alias in ALIASES:
        lines += ["", f"[databases.{alias}]"]
        pairs = vars(config.databases[alias]).items()
        lines += [f"{key} = {_quoted(value)}" for key, value in pairs if value]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def read(data_dir: Path) -> Config:
    """The configuration of a data directory.

    Raises `BadInput` when there is no lender, `CannotNow` when its configuration is damaged.
    """
    path = data_dir / FILE
    if not path.is_file():
        raise BadInput("no lender here; `shouxin init` makes one", where=str(data_dir), code="no_lender")
    try:
        return checked(_parsed(tomllib.loads(path.read_text("utf-8"))))
    except OSError as error:
        raise CannotNow(f"can't be read: {error.strerror}", where=FILE, code="config") from None
    except (ValueError, KeyError, TypeError, BadInput):
        raise CannotNow("damaged: not the file that `init` wrote", where=FILE, code="config") from None


def _parsed(document: dict[str, Any]) -> Config:
    if document.keys() - {_MOVING} != _KEYS or document["v"] != 1:
        raise ValueError(FILE)
    return Config(
        origin=document["origin"],
        mail_from=document["mail_from"],
        smtp=document["smtp"],
        **{key: document[key] for key in _ADDRESSES},
        root=document["root"],
        old_root=document.get(_MOVING, ""),
        databases={alias: Database(**document["databases"][alias]) for alias in ALIASES},
    )
