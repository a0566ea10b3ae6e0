"""Files that hold a secret: they belong to the process's user and nobody else may read them.

A key that others can read is not a key, so such a file is refused.
"""

import os
import stat
from pathlib import Path

from shouxin.vault.root import RootError


def read(path: Path, *, what: str, most: int) -> bytes:
    """The file's bytes, `most` at most. Raises `RootError`, which calls it `what` by its name without its folder."""
    called = f"the {what} {path.name}"
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise RootError(f"{called} is missing") from None
    except OSError:
        raise RootError(f"{called} can't be opened") from None
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if stat.S_IMODE(state.st_mode) & 0o077:
            raise RootError(f"{called} is readable by others: chmod 600 it")
        if state.st_uid != os.geteuid():
            raise RootError(f"{called} belongs to another user")
        found = file.read(most + 1)
    if len(found) > most:
        raise RootError(f"{called} is longer than {most} bytes")
    return found


def secret(source: str, variable: str, *, what: str) -> str:
    """A PIN or token: the first line of the private file `source`, else of the environment variable."""
    if source:
        text = read(Path(source), what=f"{what} file", most=4096).decode("utf-8", "replace").split("\n")[0].strip()
    else:
        text = os.environ.get(variable, "")
    if not text:
        raise RootError(f"no {what}: put it into a file that the root names, or into {variable}")
    return text
