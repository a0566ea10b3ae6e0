"""What the import walls cannot see: a small lint over `src/shouxin`, run by `make lint`.

Import walls know which module imports which. They don't see a model fetched by name, SQL written by hand, one module
of the standard library among its siblings, the clock, chance, or a float. Each rule below says where it holds, and
why. There is no comment that silences a rule: a line that must break one is in the wrong room.

`python scripts/ast_lint.py [FOLDER]` prints `path:line: rule: message` and exits 1 when it found something.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MAX_LINES = 400
BELOW = ("core", "policy", "tape", "verify", "check")
VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "managers", "manager", "common", "misc"})
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


@dataclass(frozen=True)
class Finding:
    """One line that breaks one rule."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class Names:
    """Names that are banned outside some places; `names` are full dotted ones, an entry also bans what is below it.

    A place is a room (`adapters`) or a file (`verify/__main__.py`).
    """

    rule: str
    names: tuple[str, ...]
    but: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Calls:
    """Calls that are banned outside some places; `attributes` are the last name of what is called."""

    rule: str
    attributes: tuple[str, ...]
    but: tuple[str, ...]
    message: str


NAMES = (
    Names(
        "one-way-out",
        (
            *("urllib.request", "http.client", "ftplib", "telnetlib", "imaplib", "poplib", "nntplib", "xmlrpc.client"),
            *("socket", "socketserver", "asyncio.open_connection", "asyncio.open_unix_connection"),
        ),
        ("outbound",),
        "bytes leave by outbound only",
    ),
    Names(
        "clock",
        (
            *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
            *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter"),
            *("time.perf_counter_ns", "time.process_time", "time.localtime", "time.gmtime", "time.ctime"),
            *("time.strftime", "time.asctime", "time.clock_gettime", "email.utils.localtime"),
            *("django.utils.timezone.now", "django.utils.timezone.localdate", "django.utils.timezone.localtime"),
            *("django.db.models.functions.Now", "email.utils.make_msgid"),
        ),
        ("adapters", "verify/__main__.py"),  # the outsider's tool has no adapters: its entry point reads the clock
        "be told the time: the clock is an adapter, handed in",
    ),
    Names(
        "chance",
        (
            *("random", "secrets", "os.urandom", "os.getrandom", "ssl.RAND_bytes"),
            *("uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7", "uuid.uuid8", "uuid.getnode"),
            *("django.utils.crypto.get_random_string", "django.core.management.utils.get_random_secret_key"),
            *("django.db.models.functions.Random", "numpy.random"),
        ),
        ("adapters", "verify/witness.py"),  # an outsider's tool: a new witness draws its own key
        "be handed keys, ids and chance: they come from an adapter",
    ),
    Names(
        "hidden-import",
        ("importlib.import_module", "importlib.__import__", "django.utils.module_loading.import_string", "runpy"),
        ("site",),
        "an import by name is one that no wall sees",
    ),
)

CALLS = (
    Calls("model-by-name", ("get_model",), ("vault", "records"), "a model fetched by its name passes every wall"),
    # Below the tables `raw` and `extra` can't mean a query set.
    Calls("raw-sql", ("raw", "extra"), ("vault", "records", *BELOW), "SQL by hand passes every wall"),
    # Where aliases are pointed at databases, it is also asked what these are.
    Calls("raw-sql", ("RawSQL", "cursor"), ("vault", "records", "site"), "SQL by hand passes every wall"),
    Calls("hidden-import", ("__import__",), ("site",), "an import by name is one that no wall sees"),
    # A token makes its key inside itself, where no chance of ours reaches.
    Calls(
        "chance", ("generate_key",), ("adapters", "vault/root/pkcs11.py"), "be handed keys: they come from an adapter"
    ),
)


def main(arguments: list[str]) -> int:
    """Lints the folder (default: this project's `src/shouxin`) and returns the exit status."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[1] / "src" / "shouxin"
    findings = [
        finding
        for path in sorted(root.rglob("*.py"))
        for finding in check(path.read_text(encoding="utf-8"), PurePosixPath(path.relative_to(root)))
    ]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def check(source: str, path: PurePosixPath) -> list[Finding]:
    """Every finding in one file; `path` is relative to the package, so its first part is the room."""
    tree = ast.parse(source, filename=str(path))
    generated = "migrations" in path.parts
    found = [*_names(tree, path), *_calls(tree, path), *_automatic_clock(tree, path), *_unfinished(source, path)]
    found += _vague(path)
    if path.parts[0] == "core":
        found += _floats(tree, path)
    if not generated:
        found += _length(source, path)
    return sorted(set(found), key=lambda finding: (finding.line, finding.rule))


def _is_in(path: PurePosixPath, places: tuple[str, ...]) -> bool:
    return path.parts[0] in places or str(path) in places


def _names(tree: ast.AST, path: PurePosixPath) -> Iterator[Finding]:
    rules = [rule for rule in NAMES if not _is_in(path, rule.but)]
    for line, name in _used_names(tree):
        for rule in rules:
            if any(name == banned or name.startswith(f"{banned}.") for banned in rule.names):
                yield Finding(str(path), line, rule.rule, f"`{name}`: {rule.message}")


def _used_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported name and every dotted use of one, spelt in full whatever it is called here."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
                known[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield node.lineno, full
                known[alias.asname or alias.name] = full
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (full_name := _full_name(node, known)):
            yield node.lineno, full_name


def _full_name(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Attribute) and (front := _full_name(node.value, known)):
        return f"{front}.{node.attr}"
    return ""


def _calls(tree: ast.AST, path: PurePosixPath) -> Iterator[Finding]:
    rules = [rule for rule in CALLS if not _is_in(path, rule.but)]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for rule in rules:
            if _called(node) in rule.attributes:
                yield Finding(str(path), node.lineno, rule.rule, f"`{_called(node)}(`: {rule.message}")
        if path.parts[0] != "adapters" and _makes_a_private_key(node.func):
            yield Finding(str(path), node.lineno, "chance", "be handed keys: they come from an adapter")


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _makes_a_private_key(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute):
        return False
    owner = function.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return (function.attr == "generate" and name.endswith("PrivateKey")) or function.attr == "generate_private_key"


def _automatic_clock(tree: ast.AST, path: PurePosixPath) -> Iterator[Finding]:
    """Django's fields that read the clock by themselves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            yield Finding(str(path), node.value.lineno, "clock", f"`{node.arg}` reads the clock; hand the time in")


def _floats(tree: ast.AST, path: PurePosixPath) -> Iterator[Finding]:
    """No float in the core. True division is left alone: of two Fractions it is exact, and mypy
    refuses the float that two ints give wherever an int is due.
    """
    message = "the core counts in whole minor units, ppm and Fractions"
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield Finding(str(path), node.lineno, "float", f"`{node.value!r}`: {message}")
        elif isinstance(node, ast.Name) and node.id in ("float", "complex"):
            yield Finding(str(path), node.lineno, "float", f"`{node.id}`: {message}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round":
            yield Finding(str(path), node.lineno, "float", "`round(`: every rounding names its mode; see core/money")


def _unfinished(source: str, path: PurePosixPath) -> Iterator[Finding]:
    for number, line in enumerate(source.splitlines(), start=1):
        if word := UNFINISHED.search(line):
            yield Finding(str(path), number, "unfinished", f"{word[0]}: finish it, or say it in an issue")


def _vague(path: PurePosixPath) -> list[Finding]:
    return [
        Finding(str(path), 1, "vague-name", f"{part}: name a module by what it holds")
        for part in (*path.parent.parts, path.stem)
        if part in VAGUE_NAMES
    ]


def _length(source: str, path: PurePosixPath) -> list[Finding]:
    lines = len(source.splitlines())
    if lines <= MAX_LINES:
        return []
    return [Finding(str(path), MAX_LINES + 1, "length", f"{lines} lines; a newcomer wants at most {MAX_LINES}")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
