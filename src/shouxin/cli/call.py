"""One call of the command line: its form, its lender, and how a plain function becomes a command.

The options that stand everywhere (`--data-dir --json --jsonl --at --lang`) are declared once, here, and work before
the command's name as well as after it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from shouxin.cli.output import (
    BAD,
    CANNOT,
    NO,
    YES,
    Form,
    NotWrittenError,
    bug_document,
    error_document,
    print_document,
    print_error,
    print_text,
)

if TYPE_CHECKING:
    from shouxin.usecases.lender import Lender

DataDir = Annotated[
    Path | None,
    typer.Option(help="Where the lender lives.", envvar="SHOUXIN_DATA_DIR", show_default="./shouxin-data"),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON line in, one JSON line out.")]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="Act as of this time (with offset).")]
Lang = Annotated[str | None, typer.Option(metavar="zh|en", help="The reader's language.", show_default="en")]

EVERYWHERE: dict[str, tuple[Any, Any]] = {
    "data_dir": (DataDir, None),
    "json_": (Json, False),
    "jsonl": (Jsonl, False),
    "at": (At, None),
    "lang": (Lang, None),
}
DEFAULT_DATA_DIR = Path("shouxin-data")


@dataclass
class Call:
    """What stands on the command line besides the command's own arguments."""

    data_dir: Path = DEFAULT_DATA_DIR
    form: Form = Form.PEOPLE
    at: datetime | None = None
    lang: str = "en"
    _lender: list[Lender] = field(default_factory=list)

    @property
    def lender(self) -> Lender:
        """The lender of `--data-dir`, opened once before the command began; only commands that need one have it."""
        return self._lender[0]

    def open(self) -> None:
        """Open it; use cases can be imported only afterwards, because their tables then have a home."""
        from shouxin.site.wiring import open_lender

        self._lender.append(open_lender(self.data_dir, at=self.at))


@dataclass(frozen=True)
class Answer:
    """A document whose exit code is not read off from it; `text` replaces the readable form for people."""

    document: Any
    code: int = YES
    text: str | None = None


@dataclass(frozen=True)
class Done:
    """The command has already printed its lines; this is its exit code."""

    code: int


def command(app: typer.Typer, name: str, *, lender: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register `function(call, …)` as the command `name`; what it returns is printed in the form that was asked for.

    It may return a dataclass or mapping (0), a `Refusal` (1), an `Answer` or `Done`.  Unless `lender` is False the
    lender of `--data-dir` is open when it begins.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(**given: Any) -> None:
            call = _call(given)
            raise typer.Exit(_finish(call, function, given, lender=lender))

        _sign(run, function)
        app.command(name)(run)
        return function

    return register


def _sign(run: Callable[..., Any], function: Callable[..., Any]) -> None:
    """Give `run` the parameters of `function` (without its first, the call) and those that stand everywhere."""
    hints = get_type_hints(function, include_extras=True)
    own = list(inspect.signature(function).parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY
    signed = [p.replace(annotation=hints[p.name], kind=keyword) for p in own]
    signed += [
        inspect.Parameter(name, keyword, default=default, annotation=kind)
        for name, (kind, default) in EVERYWHERE.items()
    ]
    signed.append(inspect.Parameter("ctx", keyword, annotation=typer.Context))
    vars(run)["__signature__"] = inspect.Signature(signed)
    run.__annotations__ = {p.name: p.annotation for p in signed}
    del vars(run)["__wrapped__"]


def _finish(call: Call, function: Callable[..., Any], given: dict[str, Any], *, lender: bool) -> int:
    try:
        if lender:
            call.open()
        return _print(call, function(call, **given))
    except (typer.Exit, typer.TyperException, BrokenPipeError, NotWrittenError):
        raise
    except Exception as error:  # noqa: BLE001  a traceback would quote values, and they may be personal
        document, code = trouble(error)
        print_error(document, call.form)
        return code


def trouble(error: Exception) -> tuple[dict[str, Any], int]:
    """What to say about an exception, and its exit code."""
    from shouxin.site.trouble import as_unable
    from shouxin.usecases.lender import CannotNow

    unable = as_unable(error)
    if unable is None:
        return bug_document(error), CANNOT
    document = error_document(code=unable.code, where=unable.where, message=unable.message)
    return document, CANNOT if isinstance(unable, CannotNow) else BAD


def _print(call: Call, result: Any) -> int:
    if isinstance(result, Done):
        return result.code
    answer = answered(result)
    text = answer.text or _refusal_text(call, answer) if call.form is Form.PEOPLE else None
    if text is not None:
        print_text(text)
    else:
        print_document(answer.document, call.form)
    return answer.code


def _refusal_text(call: Call, answer: Answer) -> str | None:
    """A refusal as a sentence in the reader's language, with the rules that asked for it."""
    refused = answer.document.get("refused") if isinstance(answer.document, dict) else None
    if refused is None:
        return None
    from shouxin.policy.say import say

    sentence = say(call.lender.policy, call.lang, f"reason.{refused['reason']}")
    return " ".join([sentence, *(f"[{rule}]" for rule in refused["rules"])])


def answered(result: Any) -> Answer:
    """The document of a use case's result: `{refused: …}` with exit code 1 for a refusal, else its own with 0."""
    from shouxin.core.rules.refusal import Refusal
    from shouxin.usecases.lender import to_document

    if isinstance(result, Answer):
        return result
    if isinstance(result, Refusal):
        return Answer({"refused": result.to_doc()}, NO)
    return Answer(to_document(result))


def everywhere(
    ctx: typer.Context,
    *,
    data_dir: DataDir = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    at: At = None,
    lang: Lang = None,
) -> None:
    """Shouxin: consumer credit in which no personal datum is used or leaves unlawfully or unrecorded."""
    ctx.obj = {"data_dir": data_dir, "json_": json_, "jsonl": jsonl, "at": at, "lang": lang}


def _call(given: dict[str, Any]) -> Call:
    """Take the common options out of `given`; what stands after the command's name wins, the environment comes last."""
    ctx: typer.Context = given.pop("ctx")
    before: dict[str, Any] = ctx.obj or {}
    after = {name: given.pop(name) for name in EVERYWHERE}
    typed = {name: value for name, value in after.items() if _is_typed(ctx, name)}
    said = after | before | typed
    if said["json_"] and said["jsonl"]:
        raise typer.BadParameter("--json and --jsonl exclude each other")
    if said["lang"] not in (None, "zh", "en"):
        raise typer.BadParameter("--lang is zh or en")
    form = Form.JSON if said["json_"] else Form.LINES if said["jsonl"] else Form.PEOPLE
    return Call(
        data_dir=said["data_dir"] or DEFAULT_DATA_DIR,
        form=form,
        at=moment(said["at"]) if said["at"] else None,
        lang=said["lang"] or "en",
    )


def _is_typed(ctx: typer.Context, name: str) -> bool:
    """Does it stand on the command line, after the command's name?"""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def moment(text: str) -> datetime:
    """A time with its offset, as `--at` takes it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("--at takes a time such as 2026-11-24T10:32:00+08:00") from None
    if found.tzinfo is None:
        raise typer.BadParameter("--at needs an offset, as in 2026-11-24T10:32:00+08:00")
    return found


def documents(call: Call, handle: Callable[[dict[str, Any]], Any]) -> Any:
    """Put the one document on standard input to `handle`, or with `--jsonl` each line, in one process."""
    from shouxin.cli.lines import answer_lines, read_document

    if call.form is Form.LINES:
        return Done(answer_lines(lambda document: answered(handle(document)).document))
    return handle(read_document())
