"""Root keys inside a PKCS#11 token (an HSM, a smart card, SoftHSM): AES-256 keys that never leave it.

Configured by a PKCS#11 URI (RFC 7512): `pkcs11:token=LABEL;object=NAME?module-path=/….so&pin-source=file:/…`. Without
`pin-source` the PIN comes from the environment; it never stands in the URI. The key of epoch N is called
`NAME-<eight hex digits of the origin>-N`, so that two lenders can share a token.

What is stored is nonce (12 bytes) ‖ AES-256-GCM of the epoch's key, bound to origin and epoch.

python-pkcs11 isn't safe with threads, and a second log-in of one process fails: every question is one session on a
thread of its own, one at a time, and the library is let go afterwards (a forked child must begin anew).
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import unquote

from shouxin.vault.root import RootError, private
from shouxin.vault.root.binding import bound, tag

T = TypeVar("T")
SCHEME = "pkcs11:"
PIN = "SHOUXIN_PIN"
NONCE_BITS, TAG_BITS = 96, 128
_ONE_AT_A_TIME = threading.Lock()
_SAID = {
    "PinIncorrect": "the PIN is wrong; after a few wrong ones the token locks itself",
    "PinLocked": "the PIN is locked",
    "PinExpired": "the PIN has expired",
    "PinInvalid": "the PIN is wrong; after a few wrong ones the token locks itself",
    "PinLenRange": "the PIN is wrong; after a few wrong ones the token locks itself",
    "UserPinNotInitialized": "the token has no PIN yet",
    "NoSuchToken": "the token isn't there",
    "TokenNotPresent": "the token isn't there",
    "TokenNotRecognised": "the token isn't there",
    "DeviceRemoved": "the token was taken away",
    "MultipleTokensReturned": "two tokens have this label",
    "TokenWriteProtected": "the token takes no new key",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Which token, which module reaches it, what the keys are called, and where the PIN is."""

    module: str
    token: str
    object: str
    pin_file: str = ""


class TokenRoot:
    """Root keys of one lender (`origin`) in a token."""

    def __init__(self, text: str, *, origin: str) -> None:
        self._place = parse(text)
        self._origin = origin
        self._prefix = f"{self._place.object}-{tag(origin)}-"
        self.name = f"{SCHEME}token={self._place.token};object={self._place.object}"

    def wrap(self, key: bytes, *, epoch: int) -> bytes:
        """Encrypt inside the token, under this epoch's key; a key that a killed run left is taken."""
        return self._ask(partial(self._wrap, key, epoch))

    def unwrap(self, wrapped: bytes, *, epoch: int) -> bytes:
        """Decrypt inside the token."""
        return self._ask(partial(self._unwrap, wrapped, epoch))

    def forget(self, *, but: tuple[int, bytes] | None) -> bool:
        """Destroy them in the token."""
        return self._ask(partial(self._forget, but[0] if but else None))

    def _wrap(self, key: bytes, epoch: int, session: Any, api: ModuleType) -> bytes:
        label = f"{self._prefix}{epoch}"
        found = list(_keys(session, api, label)) or [_made(session, api, label)]
        nonce = bytes(session.generate_random(NONCE_BITS))
        return nonce + bytes(_closed(found[0], api, label).encrypt(key, **self._gcm(api, nonce, epoch)))

    def _unwrap(self, wrapped: bytes, epoch: int, session: Any, api: ModuleType) -> bytes:
        label = f"{self._prefix}{epoch}"
        found = next(_keys(session, api, label), None)
        if found is None:
            raise RootError(f"the token has no key {label}: it was destroyed, or this is another token")
        nonce, body = wrapped[: NONCE_BITS // 8], wrapped[NONCE_BITS // 8 :]
        try:
            return bytes(_closed(found, api, label).decrypt(body, **self._gcm(api, nonce, epoch)))
        except api.PKCS11Error:
            raise RootError(f"the token's key {label} is not the one this epoch was wrapped with") from None

    def _forget(self, before: int | None, session: Any, api: ModuleType) -> bool:
        own = [(key, key.label.removeprefix(self._prefix)) for key in _keys(session, api) if self._prefix in key.label]
        old = [key for key, number in own if number.isdecimal() and (before is None or int(number) < before)]
        for key in old:
            key.destroy()
        return bool(old)

    def _gcm(self, api: ModuleType, nonce: bytes, epoch: int) -> dict[str, Any]:
        bound_to = bound(self._origin, epoch)
        return {
            "mechanism": api.Mechanism.AES_GCM,
            "mechanism_param": api.GCMParams(nonce, aad=bound_to, tag_bits=TAG_BITS),
        }

    def _ask(self, question: Callable[[Any, ModuleType], T]) -> T:
        with _ONE_AT_A_TIME, ThreadPoolExecutor(1, "pkcs11") as owner:
            return owner.submit(_in_session, self._place, question).result()


def parse(text: str) -> Place:
    """Read a PKCS#11 URI. Raises `RootError`."""
    path, _, query = text.removeprefix(SCHEME).partition("?")
    found = dict(_pairs(path.split(";"))) | dict(_pairs(query.split("&")))
    if "pin-value" in found:
        raise RootError("a PIN doesn't belong into a configuration: name a file by pin-source=file:…")
    if found.keys() - {"token", "object", "module-path", "pin-source"} or not found.keys() >= {"token", "module-path"}:
        raise RootError("a token is pkcs11:token=LABEL;object=NAME?module-path=/….so&pin-source=file:/…")
    source = found.get("pin-source", "")
    return Place(
        module=found["module-path"],
        token=found["token"],
        object=found.get("object", "shouxin"),
        pin_file=source.removeprefix("file:"),
    )


def _pairs(parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for part in filter(None, parts):
        name, _, value = part.partition("=")
        yield name, unquote(value)


def _in_session(place: Place, question: Callable[[Any, ModuleType], T]) -> T:
    """Runs on the thread that owns the session."""
    api = _api()
    try:
        with _library(api, place.module) as library:
            token = library.get_token(token_label=place.token)
            pin = private.secret(place.pin_file, PIN, what="PIN")
            with token.open(rw=True, user_pin=pin) as session:
                return question(session, api)
    except api.PKCS11Error as error:
        word = type(error).__name__
        raise RootError(f"token {place.token}: {_SAID.get(word, f'it answers {word}')}") from None


@contextmanager
def _library(api: ModuleType, module: str) -> Iterator[Any]:
    try:
        library = api.lib(module)
    except api.PKCS11Error:
        raise RootError("the PKCS#11 module can't be loaded: see module-path") from None
    try:
        yield library
    finally:
        library.finalize()


def _api() -> ModuleType:
    try:
        import pkcs11  # noqa: PLC0415  an extra: only those who chose a token have it
    except ImportError:
        raise RootError('a token needs the extra: pip install "shouxin[hsm]"') from None
    return pkcs11


def _keys(session: Any, api: ModuleType, label: str = "") -> Iterator[Any]:
    wanted = {api.Attribute.CLASS: api.ObjectClass.SECRET_KEY} | ({api.Attribute.LABEL: label} if label else {})
    return iter(list(session.get_objects(wanted)))


def _made(session: Any, api: ModuleType, label: str) -> Any:
    does = api.MechanismFlag.ENCRYPT | api.MechanismFlag.DECRYPT
    stays = {api.Attribute.SENSITIVE: True, api.Attribute.EXTRACTABLE: False, api.Attribute.PRIVATE: True}
    return session.generate_key(api.KeyType.AES, 256, label=label, store=True, capabilities=does, template=stays)


def _closed(key: Any, api: ModuleType, label: str) -> Any:
    """The key, if it has never been readable: one that somebody brought along may lie elsewhere too."""
    if key[api.Attribute.EXTRACTABLE] or not key[api.Attribute.NEVER_EXTRACTABLE]:
        raise RootError(f"the token's key {label} can be read out of it, or once could: that is no root")
    return key
