"""Files spoilt by chance, the same each time: turned bits, cuts, splices, other spellings, hostile letters."""

import json
from dataclasses import replace
from random import Random

from shouxin.assurance.little_log import Files

# What a reader of JSON or of a note may stumble over.
PIECES = [
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"/", b"+", b"=", b" ", b"\n", b"\t", b"\r"),
    *(b"0", b"-", b"-0", b"01", b"1.5", b"1e5", b"1e", b"9" * 16, b"9" * 17, b"9007199254740991", b"9007199254740992"),
    *(b"NaN", b"Infinity", b"-Infinity", b"null", b"true", b"false", b'"a":1,', b'"v":1', b'"__proto__":1,'),
    *(b"\\u", b"\\u0000", b"\\u00E9", b"\\ud83d\\ude00", b"\\/", b"\\b", b"\\x", b"\x00", b"\x1f", b"\x7f"),
    # Not UTF-8: a lone byte, a cut letter, a surrogate, an overlong zero, beyond U+10FFFF, the start of U+FFFD.
    *(b"\xff", b"\xc3", b"\xe4\xbd", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xef\xbf"),
    # UTF-8: U+FFFD, a byte order mark, an emoji, two spellings of é, a line separator, a next-line.
    *(b"\xef\xbf\xbd", b"\xef\xbb\xbf", "😀".encode(), b"\xc3\xa9", b"e\xcc\x81", "\u2028".encode(), b"\xc2\x85"),
    *("\ue000".encode(), "ﬁ".encode(), "각".encode(), "\u1100\u1161".encode()),
]


def spoilt(files: Files, *, seed: int, count: int) -> list[tuple[str, Files]]:
    """`count` sets of files of which one has been changed in one to three places, with a name for each."""
    chance = Random(seed)
    found = []
    for number in range(count):
        name = chance.choice(["bundle", "bundle", "bundle", "trust", "person"])
        raw = getattr(files, name)
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            raw = chance.choice(WAYS)(raw, chance)
        found.append((f"seed {seed}, number {number}, {name}", replace(files, **{name: raw})))
    return found


def flipped(raw: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + bytes(byte ^ 1 << chance.randrange(8) for byte in raw[place : place + 1]) + raw[place + 1 :]


def truncated(raw: bytes, chance: Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def cut(raw: bytes, chance: Random) -> bytes:
    start, end = _range(raw, chance)
    return raw[:start] + raw[end:]


def spliced(raw: bytes, chance: Random) -> bytes:
    (start, end), (first, after) = _range(raw, chance), _range(raw, chance)
    return raw[:start] + raw[first:after] + raw[end:]


def doubled(raw: bytes, chance: Random) -> bytes:
    start, end = _range(raw, chance)
    return raw[:end] + raw[start:]


def inserted(raw: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + chance.choice(PIECES) + raw[place:]


def replaced(raw: bytes, chance: Random) -> bytes:
    start, end = _range(raw, chance)
    return raw[:start] + chance.choice(PIECES) + raw[end:]


def prolonged(raw: bytes, chance: Random) -> bytes:
    return raw + chance.choice(PIECES)


def reordered(raw: bytes, chance: Random) -> bytes:
    """The keys of every object in another order; what is no JSON any more stays as it is."""
    try:
        value = json.loads(raw)
    except ValueError:
        return raw
    return json.dumps(_shuffled(value, chance), separators=(",", ":"), ensure_ascii=chance.random() < 0.3).encode(
        "utf-8", "replace"
    )


WAYS = [flipped, truncated, cut, spliced, doubled, inserted, inserted, replaced, replaced, prolonged, reordered]


def _shuffled(value: object, chance: Random) -> object:
    if isinstance(value, list):
        return [_shuffled(one, chance) for one in value]
    if not isinstance(value, dict):
        return value
    keys = chance.sample(sorted(value), len(value))
    return {key: _shuffled(value[key], chance) for key in keys}


def _range(raw: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(raw) + 1)
    return start, min(len(raw), start + chance.choice([1, 1, 2, 4, 30, 500]))
