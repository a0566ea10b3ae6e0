r"""Signed notes (C2SP signed-note) with Ed25519 keys of type 1 and cosignatures of type 4.

A note is its text, an empty line, and signature lines ``— name base64``. A key is written
``name+id+base64``: the id is the first four bytes, in hex, of
SHA-256(name ‖ "\n" ‖ type ‖ public key), the base64 holds the type and the public key.
A cosignature (C2SP tlog-cosignature) also signs the time at which the witness saw the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shouxin.core.merkle.spelling import CONTROL, SpellingError, from_base64, from_hex, to_base64

ED25519 = 0x01
COSIGNATURE = 0x04
KEY_SIZE = 32
SIGNATURE_SIZE = 64
NOTE_MAX_BYTES = 1_000_000
SIGNATURES_MAX = 100

_DASH = "\u2014 "
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]+")


class NoteError(ValueError):
    """The text is not a well-formed note or key."""


class WrongSignatureError(NoteError):
    """A signature by a known key doesn't verify."""


class UnknownSignatureError(NoteError):
    """No known key signed."""


class AmbiguousKeyError(NoteError):
    """Two known keys share a name and id, and a signature is by one of them."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who says to have signed, under which key id, and the rest of it."""

    name: str
    key_id: bytes
    body: bytes

    def line(self) -> str:
        """The line as it stands in a note."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.body)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note; nothing in it has been verified. ``text`` ends in a line feed."""

    text: str
    signatures: tuple[Signature, ...]

    def to_text(self) -> str:
        """The note as it was parsed."""
        return self.text + "\n" + "".join(one.line() for one in self.signatures)


def parse_note(raw: str) -> Note:
    """Take a note apart, strictly: line feeds only, exactly one at the end, no control
    character, at most a hundred signatures. Raises ``NoteError``.
    """
    if len(raw) > NOTE_MAX_BYTES or CONTROL.search(raw):
        raise NoteError("too long, or a control character")
    before, gap, after = raw.rpartition("\n\n")
    if not gap or not after.endswith("\n"):
        raise NoteError("no signatures after an empty line")
    lines = after[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise NoteError("too many signatures")
    return Note(text=before + "\n", signatures=tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not _NAME.fullmatch(name):
        raise NoteError("a line that is not a signature")
    try:
        data = from_base64(encoded)
    except SpellingError as error:
        raise NoteError("a signature that is not canonical base64") from error
    if len(data) < 5:
        raise NoteError("a signature too short to be one")
    return Signature(name=name, key_id=data[:4], body=data[4:])


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name, of type 1 (plain) or 4 (a witness's cosignatures)."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise NoteError("a key name may not be empty or hold a space or plus")
        if self.kind not in (ED25519, COSIGNATURE) or len(self.public) != KEY_SIZE:
            raise NoteError("a key of an unknown type")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; no proof of anything."""
        hashed = self.name.encode("utf-8") + b"\n" + bytes([self.kind]) + self.public
        return sha256(hashed).digest()[:4]

    @property
    def text(self) -> str:
        """The key as C2SP writes it (vkey)."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read a vkey; its id must match. Raises ``NoteError``."""
        parts = vkey.split("+", 2)
        if len(parts) != 3:
            raise NoteError("a key is name+id+base64")
        try:
            key_id, data = from_hex(parts[1], size=4), from_base64(parts[2], size=1 + KEY_SIZE)
        except SpellingError as error:
            raise NoteError("a key whose id or base64 is malformed") from error
        key = cls(name=parts[0], kind=data[0], public=data[1:])
        if key.key_id != key_id:
            raise NoteError("a key whose id does not match")
        return key

    def made(self, signature: Signature) -> bool:
        """Whether the line names this key; says nothing of whether it is true."""
        return signature.name == self.name and signature.key_id == self.key_id

    def accepts(self, text: str, signature: Signature) -> bool:
        """Whether the signature line is this key's over the note text."""
        if not self.made(signature):
            return False
        if self.kind == ED25519:
            return _valid(self.public, signature.body, text.encode("utf-8"))
        if len(signature.body) != 8 + SIGNATURE_SIZE:
            return False
        message = _cosigned(text, cosigned_at(signature)).encode("utf-8")
        return _valid(self.public, signature.body[8:], message)

    def accepts_under(self, context: str, payload: bytes, signature: bytes) -> bool:
        """Whether ``signature`` (64 bytes) is this key's over context ‖ 0x00 ‖ payload."""
        return _valid(self.public, signature, _under(context, payload))


@dataclass(frozen=True, slots=True)
class Signer:
    """A private Ed25519 key of type 1 with its name. Never printed: the seed has no repr."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_SIZE:
            raise NoteError("a seed is 32 bytes")

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        public = self._key().public_key().public_bytes_raw()
        return Verifier(name=self.name, kind=ED25519, public=public)

    def sign(self, text: str) -> Signature:
        """The signature line over a note text."""
        body = self._key().sign(text.encode("utf-8"))
        return Signature(name=self.name, key_id=self.verifier.key_id, body=body)

    def sign_under(self, context: str, payload: bytes) -> bytes:
        """64 bytes over context ‖ 0x00 ‖ payload. The zero byte, which no note may hold,
        keeps these signatures apart from those of notes.
        """
        return self._key().sign(_under(context, payload))

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's private Ed25519 key of type 4 with its name. Never printed: the seed has no repr."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(name=self.name, kind=COSIGNATURE, public=Signer(self.name, self.seed).verifier.public)

    def cosign(self, text: str, seconds: int) -> Signature:
        """The line that says: at this time (Unix seconds) this text was the newest checkpoint of its log that I saw."""
        body = Signer(self.name, self.seed).sign(_cosigned(text, seconds)).body
        return Signature(name=self.name, key_id=self.verifier.key_id, body=seconds.to_bytes(8, "big") + body)


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """The note of ``text`` signed by each in turn. Raises ``NoteError`` for a bad text."""
    if not text.endswith("\n"):
        raise NoteError("a note text ends in a line feed")
    note = Note(text=text, signatures=tuple(signer.sign(text) for signer in signers)).to_text()
    assert parse_note(note).text == text, "what is signed can be read back"
    return note


def open_note(raw: str, verifiers: Iterable[Verifier]) -> Note:
    """The note with the signature lines that known keys made, in its order, exact repeats once.

    As Go's ``note.Open``: raises a ``NoteError`` when a known key's signature is wrong, when
    two verifiers share name and id, or when no known key signed.
    """
    note = parse_note(raw)
    known, _ = sorted_out(note, verifiers)
    if not known:
        raise UnknownSignatureError("no known key signed")
    return Note(text=note.text, signatures=known)


def sorted_out(note: Note, verifiers: Iterable[Verifier]) -> tuple[tuple[Signature, ...], tuple[Signature, ...]]:
    """The lines that known keys made, and those that nobody known made; exact repeats once.

    Raises ``WrongSignatureError`` and ``AmbiguousKeyError``, whichever comes first in the note.
    """
    keys = list(verifiers)
    known: list[Signature] = []
    unknown: list[Signature] = []
    for signature in dict.fromkeys(note.signatures):
        makers = [key for key in keys if key.made(signature)]
        if len(makers) > 1:
            raise AmbiguousKeyError("two keys of one name and id")
        if makers and not makers[0].accepts(note.text, signature):
            raise WrongSignatureError("a signature by a known key is wrong")
        (known if makers else unknown).append(signature)
    return tuple(known), tuple(unknown)


def cosigned_at(signature: Signature) -> int:
    """Unix seconds inside a cosignature; to be believed only after ``accepts``."""
    return int.from_bytes(signature.body[:8], "big")


def _cosigned(text: str, seconds: int) -> str:
    return f"cosignature/v1\ntime {seconds}\n{text}"


def _under(context: str, payload: bytes) -> bytes:
    return context.encode("ascii") + b"\0" + payload


def _valid(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
