"""The proof from outside: files handed over, and a child process that knows nothing of the lender looks at them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shouxin.assurance import forge
from shouxin.assurance.little_log import Files
from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.canonical import encode
from shouxin.vault.history import History

SECONDS = 60
TOUCHED = ("change_record", "drop_last", "sign_afresh")
"""The forgeries that somebody can make who holds the bundle alone; the last one has the log's own key."""


VERIFY = "verify"


class ProofError(Exception):
    """The child process did not say what it must of `what`: the files, or a forgery by its name."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(why)
        self.what = what


@dataclass(frozen=True)
class Paths:
    """The three files that a verifier takes, on disk."""

    bundle: Path
    trust: Path
    person: Path


@dataclass(frozen=True)
class Attack:
    """A forgery and the child's refusal of it."""

    name: str
    verdict: Mapping[str, Any]


def hand_over(files: Files, folder: Path) -> Paths:
    """Write the files for one person's eyes (0600)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = Paths(folder / "bundle.json", folder / "trust.json", folder / "person.key")
    for path, data in ((paths.bundle, files.bundle), (paths.trust, files.trust), (paths.person, files.person)):
        keep(path, data)
    return paths


def keep(path: Path, data: bytes) -> None:
    """A new file that only its owner reads."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def verified(paths: Paths, *, at: str) -> Mapping[str, Any]:
    """What the child process says of the files that were handed over. Raises `ProofError` unless it is a yes."""
    verdict = ask_child(VERIFY, paths, at=at)
    if verdict["ok"] is not True:
        raise ProofError(VERIFY, f"{verdict.get('reason')} at {verdict.get('where')}")
    return verdict


def ask_child(what: str, paths: Paths, *, at: str) -> Mapping[str, Any]:
    """What `python -I -m shouxin.verify` prints of these files, in an empty directory with an empty environment.

    `at` is the moment to verify at, empty for the child's own clock. Raises `ProofError` when it prints no verdict.
    """
    words = [str(paths.bundle), "--trust", str(paths.trust), "--person", str(paths.person), "--json"]
    command = [sys.executable, "-I", "-m", "shouxin.verify", *words, *(["--at", at] if at else [])]
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(  # noqa: S603  our own interpreter, our own module
            command, cwd=empty, env={}, capture_output=True, timeout=SECONDS, check=False
        )
    try:
        verdict: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise ProofError(what, f"the verifier ended with {done.returncode} and no verdict") from None
    if done.returncode != (0 if verdict.get("ok") is True else 1):
        raise ProofError(what, f"the verifier ended with {done.returncode}")
    return verdict


def attacks(files: Files, history: History, *, seed: bytes, folder: Path, at: str) -> Iterator[Attack]:
    """Each forgery as the child process judged it. Raises `ProofError` for one that isn't refused as it must be."""
    made_up = _made_up(files.bundle, history, seed=seed)
    forged = {name: replace(files, bundle=one) for name, one in forge.forgeries(files.bundle, seed=seed).items()}
    for name, one in (*((name, forged[name]) for name in TOUCHED), ("history_made_up", made_up)):
        verdict = ask_child(name, hand_over(one, folder / name), at=at)
        expected = forge.EXPECTED[name].value
        if verdict.get("reason") != expected or not verdict.get("where"):
            raise ProofError(name, f"{verdict.get('reason', 'verified')}; {expected} was expected")
        yield Attack(name, verdict)


def _made_up(bundle: bytes, history: History, *, seed: bytes) -> Files:
    """Every entry as it stands, times and all, written in one batch at the moment of the bundle's checkpoint."""
    found = Bundle.parse(bundle)
    origin = found.note.split("\n", 1)[0]
    records = [encode(entry.record) for entry in history.entries]
    return forge.history_made_up(records, origin=origin, seed=seed, now_ms=found.epochs[-1].ms)
