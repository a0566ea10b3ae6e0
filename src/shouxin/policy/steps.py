"""What a desk proposes next: `steps.toml`, a table that a collections lead edits, read into the core's lines."""

from pathlib import Path

from shouxin.core.loan.promise import Word
from shouxin.core.outreach.next_step import Act, Line, Why
from shouxin.policy.table import PolicyError, Table, read_toml

FILE = "steps.toml"
_ACTS = (Act.CALL.value, Act.MESSAGE.value, Act.WAIT.value)
_WHYS = tuple(why.value for why in Why if why is not Why.PAUSED)
_WORDS = tuple(word.value for word in Word if word is not Word.OPEN)


def read_steps(folder: Path) -> tuple[Line, ...]:
    """The lines in order. Raises `PolicyError`; a table in which some case would fit no line is refused."""
    document = Table(FILE, "steps", read_toml(folder, FILE))
    document.text("version")
    entries = document.raw("step")
    document.close()
    if not isinstance(entries, list):
        raise PolicyError(FILE, "step must be a list of [[step]] tables")
    lines = tuple(_line(entry, number) for number, entry in enumerate(entries, start=1))
    if not lines or lines[-1] != Line(lines[-1].act, lines[-1].why) or lines[-1].act is not Act.WAIT:
        raise PolicyError(FILE, "the last line must be a wait without a when, so that every case fits one")
    return lines


def _line(entry: object, number: int) -> Line:
    table = Table(FILE, f"step {number}", entry)
    act, why = Act(table.text("act", _ACTS)), Why(table.text("why", _WHYS))
    when = table.sub("when") if table.has("when") else Table(FILE, f"step {number} when", {})
    table.close()
    line = Line(
        act,
        why,
        promise_runs=_flag(when, "promise_runs"),
        promise=tuple(Word(word) for word in when.words("promise", _WORDS)) if when.has("promise") else (),
        tried=_flag(when, "tried"),
        reached=_flag(when, "reached"),
        unanswered_today=_whole(when, "unanswered_today"),
        written_within=_whole(when, "written_within"),
        spoken_within=_whole(when, "spoken_within"),
    )
    when.close()
    return line


def _flag(when: Table, key: str) -> bool | None:
    return when.flag(key) if when.has(key) else None


def _whole(when: Table, key: str) -> int:
    return when.whole(key) if when.has(key) else 0
