"""What a check expects of a rule's parameters, so that a rule that was loaded can be trusted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shouxin.core.rules.rule import Param

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

_LEAST = {"whole": 1, "count": 0}


@dataclass(frozen=True, slots=True)
class Expects:
    """One parameter: `kind` is `whole` (1 or more), `count` (0 or more), `time` (HH:MM), `word` or `words`.

    Words come from `among` unless it is empty.
    """

    kind: str
    among: tuple[str, ...] = ()
    optional: bool = False


def fault(expected: Mapping[str, Expects], params: Mapping[str, Param]) -> str:
    """What is wrong with `params`, in words; empty when nothing is."""
    unknown = sorted(set(params) - set(expected))
    if unknown:
        return f"unknown parameter {unknown[0]}"
    for name, expects in expected.items():
        if name not in params:
            if not expects.optional:
                return f"parameter {name} is missing"
        elif not _fits(expects, params[name]):
            among = f" among {', '.join(expects.among)}" if expects.among else ""
            return f"parameter {name} is not {expects.kind}{among}"
    return ""


def _fits(expects: Expects, value: Param) -> bool:
    if expects.kind in _LEAST:
        return isinstance(value, int) and not isinstance(value, bool) and value >= _LEAST[expects.kind]
    if expects.kind == "time":
        return isinstance(value, str) and _TIME.fullmatch(value) is not None
    words = value if isinstance(value, tuple) else (value,)
    if (expects.kind == "words") != isinstance(value, tuple) or not words:
        return False
    return all(isinstance(word, str) and _known(expects, word) for word in words)


def _known(expects: Expects, word: str) -> bool:
    return not expects.among or word in expects.among
