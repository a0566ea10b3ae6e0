"""Root keys in Vault's or OpenBao's Transit engine: they never leave the server.

Configured as `transit:https://HOST:PORT/MOUNT/NAME?token-source=file:/…&ca=/…&namespace=…`. Without `token-source` the
token comes from the environment. The key is called `NAME-<eight hex digits of the origin>`; each epoch has a version
of its own, and an old version is trimmed away for good.

What is stored is Transit's own text (`vault:vN:…`, AES-256-GCM), bound to origin and epoch by its associated data.
This is the one place of the vault that speaks over a network, to a server that the lender runs.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from shouxin.vault.root import RootError, private
from shouxin.vault.root.binding import bound, tag

T = TypeVar("T")
SCHEME = "transit:"
TOKEN = "SHOUXIN_TRANSIT_TOKEN"  # noqa: S105  the variable's name
SECONDS = 10
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_TEXT = re.compile(r"vault:v([1-9][0-9]{0,8}):[A-Za-z0-9+/=]+")
_ASKED = frozenset({"token-source", "ca", "namespace"})
_PART = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Place:
    """The server, where Transit is mounted, what the key is called, and where the token is."""

    address: str
    mount: str
    key: str
    token_file: str = ""
    ca: str = ""
    namespace: str = ""


class TransitRoot:
    """Root keys of one lender (`origin`) in a Transit engine."""

    def __init__(self, text: str, *, origin: str) -> None:
        self._place = parse(text)
        self._origin = origin
        self._key = f"{self._place.key}-{tag(origin)}"
        self.name = f"{SCHEME}{self._place.mount}/{self._place.key}"

    def wrap(self, key: bytes, *, epoch: int) -> bytes:
        """Encrypt under a new version of the key."""
        return self._ask(lambda transit: self._wrap(transit, key, epoch)).encode("ascii")

    def unwrap(self, wrapped: bytes, *, epoch: int) -> bytes:
        """Decrypt by whatever version the text names."""
        text = wrapped.decode("ascii", "replace")
        said = {"ciphertext": text, "associated_data": self._bound(epoch)}
        answer = self._ask(lambda transit: transit.decrypt_data(**self._named(), **said))
        return base64.b64decode(answer["data"]["plaintext"], validate=True)

    def forget(self, *, but: tuple[int, bytes] | None) -> bool:
        """Trim the versions before the one that is kept away, or the whole key."""
        if but is None:
            return self._ask(self._delete)
        version = _version(but[1])
        return self._ask(lambda transit: self._trim(transit, version))

    def _wrap(self, transit: Any, key: bytes, epoch: int) -> str:
        """A key that an administrator made before is taken, if nobody can read it out."""
        if self._state(transit) is None:
            transit.create_key(**self._named(), key_type="aes256-gcm96", exportable=False)
        elif epoch > 1:
            transit.rotate_key(**self._named())
        state = self._state(transit) or {}
        if state.get("exportable") or state.get("allow_plaintext_backup") or state.get("type") != "aes256-gcm96":
            raise RootError(f"the Transit key {self._key} can be read out of the server, or is no aes256-gcm96")
        said = {"plaintext": base64.b64encode(key).decode(), "associated_data": self._bound(epoch)}
        return str(transit.encrypt_data(**self._named(), **said)["data"]["ciphertext"])

    def _trim(self, transit: Any, version: int) -> bool:
        """Raising the lowest version that decrypts can be undone; trimming can't."""
        state = self._state(transit)
        if state is None or max(1, state["min_available_version"]) >= version:
            return False
        transit.update_key_configuration(**self._named(), min_decryption_version=version)
        transit.update_key_configuration(**self._named(), min_encryption_version=version)
        transit.trim_key(**self._named(), min_version=version)
        return True

    def _delete(self, transit: Any) -> bool:
        if self._state(transit) is None:
            return False
        transit.update_key_configuration(**self._named(), deletion_allowed=True)
        transit.delete_key(**self._named())
        return True

    def _state(self, transit: Any) -> dict[str, Any] | None:
        """What the server tells of the key; None when there is none."""
        try:
            found: dict[str, Any] = transit.read_key(**self._named())["data"]
        except _hvac().exceptions.InvalidPath:
            return None
        return found

    def _named(self) -> dict[str, str]:
        return {"name": self._key, "mount_point": self._place.mount}

    def _bound(self, epoch: int) -> str:
        return base64.b64encode(bound(self._origin, epoch)).decode()

    def _ask(self, question: Callable[[Any], T]) -> T:
        """One question on a line of its own; what the server says is put into our words, which quote nothing."""
        hvac = _hvac()
        import requests  # noqa: PLC0415  comes with hvac

        at = f"Transit at {urlsplit(self._place.address).hostname}"
        with requests.Session() as line:
            line.trust_env = False
            try:
                return question(self._client(hvac, line).secrets.transit)
            except hvac.exceptions.Forbidden:
                raise RootError(f"{at}: the token may not do this: see the policy in the guide") from None
            except hvac.exceptions.VaultDown:
                raise RootError(f"{at} is sealed, or not ready") from None
            except hvac.exceptions.InvalidPath:
                raise RootError(f"{at}: nothing is mounted at {self._place.mount}/") from None
            except hvac.exceptions.InvalidRequest:
                raise RootError(f"{at}: its key {self._key} doesn't open this: destroyed, or another one") from None
            except hvac.exceptions.VaultError as error:
                raise RootError(f"{at} answers {type(error).__name__}") from None
            except requests.RequestException:
                raise RootError(f"{at} doesn't answer") from None

    def _client(self, hvac: ModuleType, line: Any) -> Any:
        place = self._place
        token = private.secret(place.token_file, TOKEN, what="Transit token")
        return hvac.Client(
            url=place.address,
            token=token,
            namespace=place.namespace or None,
            verify=place.ca or True,
            timeout=SECONDS,
            allow_redirects=False,
            session=line,
        )


def parse(text: str) -> Place:
    """Read where the engine is. Raises `RootError`."""
    parts = urlsplit(text.removeprefix(SCHEME))
    mount, _, key = parts.path.strip("/").rpartition("/")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    shaped = all(map(_PART.fullmatch, [key, *mount.split("/")])) and asked.keys() <= _ASKED
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not shaped or not safe or not parts.hostname or parts.username or parts.password:
        raise RootError(
            "Transit is transit:https://HOST:PORT/MOUNT/NAME?token-source=file:/…, http on this machine only"
        )
    return Place(
        address=f"{parts.scheme}://{parts.netloc}",
        mount=mount,
        key=key,
        token_file=asked.get("token-source", "").removeprefix("file:"),
        ca=asked.get("ca", ""),
        namespace=asked.get("namespace", ""),
    )


def _version(wrapped: bytes) -> int:
    found = _TEXT.fullmatch(wrapped.decode("ascii", "replace"))
    if found is None:
        raise RootError("what is stored of this epoch isn't Transit's")
    return int(found[1])


def _hvac() -> ModuleType:
    try:
        import hvac  # noqa: PLC0415  an extra: only those who chose Transit have it
    except ImportError:
        raise RootError('Transit needs the extra: pip install "shouxin[transit]"') from None
    return hvac
