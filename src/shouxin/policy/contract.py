"""The loan contract in words: sections of lines in both languages, each with the rules that it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shouxin.core.rules.rule import LANGUAGES
from shouxin.policy.sentences import names_in
from shouxin.policy.table import PolicyError, Table, read_toml

FILE = "contract.toml"
CONDITIONS = {
    "fees": "something is charged besides interest",
    "no_fees": "nothing is",
    "usual_order": "money goes to costs, interest, principal of one instalment after the other (民法典 art. 561)",
    "other_order": "it goes otherwise",
    "ahead_next": "money beyond what is due goes to the next instalments",
    "ahead_last": "it goes to the last one, then backwards",
    "penalty_principal": "late principal bears penalty interest",
    "penalty_interest": "late interest does",
    "penalty_both": "both do",
    "penalty_free_days": "the first days after the due date are free of it",
    "no_penalty": "nothing bears penalty interest",
    "hours": "a rule of the day gives quiet hours for calls",
    "calls": "a rule of the day caps answered calls",
    "pause": "a rule of the day stops collection while one talks",
    "complaint": "a rule of the day gives a clock for complaints",
    "cooling_off": "a rule of the day gives days to change one's mind",
    "no_cooling_off": "none does",
}
"""When a line stands, by the name that `when` gives it."""
NAMES = frozenset(
    "lender lender_contact lender_phone contract signed_on borrow begins_on paying_bank annual repay cost all_in "
    "compound count level last first_due last_due fees terms_hash version".split()
)
"""What any line may fill in."""
NAMES_WHEN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("penalty_principal", "penalty_interest", "penalty_both"), frozenset({"late"})),
    "penalty_free_days": frozenset({"free_days"}),
    "hours": frozenset({"from", "to"}),
    "calls": frozenset({"calls"}),
    "complaint": frozenset({"complaint_days", "complaint_complex", "complaint_most"}),
    "cooling_off": frozenset({"cooling_days", "cooling_until"}),
}
"""What a line may fill in besides, because its condition gives it."""
BASIS = frozenset({"citation", "force", "status"})
COLUMNS = 5
"""Number, day, principal, interest, all of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence or two in each language; `when` names its condition, "" for none."""

    text: Mapping[str, str]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """`rules` are ids of the rules that it rests on; `schedule` has the table of instalments below its lines,
    `cooling_off` the rule that gives days to change one's mind, where one does.
    """

    title: Mapping[str, str]
    lines: tuple[Line, ...]
    rules: tuple[str, ...]
    schedule: bool
    cooling_off: bool


@dataclass(frozen=True, slots=True)
class Contract:
    """The words of a version; what a loan fills in is left open. `columns` and `sum` are the table's, `basis` names the
    source of a rule.
    """

    version: str
    title: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    sum: Mapping[str, str]
    basis: Mapping[str, str]
    sections: tuple[Section, ...]


def read_contract(folder: Path) -> Contract:
    """`contract.toml`. Raises `PolicyError` for a name or a condition that nothing fills in."""
    table = Table(FILE, "contract", read_toml(folder, FILE))
    contract = Contract(
        version=table.text("version"),
        title=table.texts("title"),
        columns=_columns(table.sub("columns")),
        sum=table.texts("sum"),
        basis=table.texts("basis"),
        sections=tuple(_section(each) for each in _tables(table, "section")),
    )
    table.close()
    if [section.schedule for section in contract.sections].count(True) != 1:
        raise PolicyError(FILE, "exactly one section holds the schedule")
    if any(names_in(text) != BASIS for text in contract.basis.values()):
        raise table.fail(f"basis fills in {', '.join(sorted(BASIS))}")
    return contract


def _columns(table: Table) -> Mapping[str, tuple[str, ...]]:
    columns = {language: table.words(language) for language in LANGUAGES}
    table.close()
    if any(len(heads) != COLUMNS for heads in columns.values()):
        raise table.fail(f"the schedule has {COLUMNS} columns")
    return columns


def _section(table: Table) -> Section:
    section = Section(
        title=table.texts("title"),
        lines=tuple(_line(each) for each in _tables(table, "line")),
        rules=table.words("rules"),
        schedule=table.flag("schedule") if table.has("schedule") else False,
        cooling_off=table.flag("cooling_off") if table.has("cooling_off") else False,
    )
    table.close()
    return section


def _line(table: Table) -> Line:
    when = table.text("when", tuple(CONDITIONS)) if table.has("when") else ""
    line = Line({language: table.text(language) for language in LANGUAGES}, when)
    table.close()
    known = NAMES | NAMES_WHEN.get(when, frozenset())
    for text in line.text.values():
        strange = sorted(names_in(text) - known)
        if strange:
            raise table.fail(f"nothing fills in {{{strange[0]}}}")
    zh, en = (names_in(line.text[language]) for language in LANGUAGES)
    if zh != en:
        raise table.fail("the two languages fill in different names")
    return line


def _tables(table: Table, key: str) -> list[Table]:
    value = table.raw(key)
    if not isinstance(value, list) or not value:
        raise table.fail(f"{key} must be a list of tables")
    return [Table(FILE, f"{key} {number}", each) for number, each in enumerate(value, start=1)]
