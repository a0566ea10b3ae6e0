"""answer.html: the answer as one file in both languages, readable on a phone, on paper and without a network.

No script, nothing from elsewhere.  The page never says "verified" in its own name: a lender that made it can't vouch
for it, so it says how to check.  Red stands only where the lender's own check failed.  What cannot be shown is printed
in the same type size as everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from shouxin.policy.load import Policy
from shouxin.policy.say import say
from shouxin.usecases.oversight.fall_behind import Applied
from shouxin.usecases.oversight.findings import Findings
from shouxin.usecases.oversight.questions import Question
from shouxin.usecases.oversight.told import ASKED, Contact, Stopped, Use, moment
from shouxin.verify import NotVerified
from shouxin.verify.verdict import CANNOT_PROVE, FIRST_KEY

_STYLE = """
:root{--paper:#f6f4ee;--surface:#fff;--line:#dcd8cc;--ink:#1a1d21;--ink-2:#474c52;--act:#1f4b99;--left:#6a3e87;
--wrong:#a12a1b;--wrong-tint:#fbe9e5}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--surface:#1d2125;--line:#363c42;--ink:#eceef0;--ink-2:#bfc5cb;
--act:#9dbdff;--left:#d0a9ea;--wrong:#ff9e8c;--wrong-tint:#3e1f19}}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:44rem;background:var(--paper);color:var(--ink);
font:400 1.0625rem/1.65 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
font-variant-numeric:tabular-nums lining-nums}
h1{font-size:1.875rem;line-height:1.3;margin:0 0 1rem}h2{font-size:1.25rem;margin:2rem 0 .5rem}
p,ul,ol{margin:.25rem 0}[lang=en]{color:var(--ink-2)}
section{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:1rem;margin:1rem 0}
section.wrong{background:var(--wrong-tint);border:2px solid var(--wrong)}section.unlit{border:2px dashed var(--line)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .5rem .25rem 0;
border-top:1px solid var(--line)}th{font-weight:700}.used{color:var(--act)}.left,.carried{color:var(--left)}
code{font-family:ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
@media (max-width:34rem){table,tbody,tr,td{display:block}thead{display:none}td{border:0;padding:0}
tr{border-top:1px solid var(--line);padding:.5rem 0;display:block}}
@media print{body{background:#fff;max-width:none}section{break-inside:avoid}thead{display:table-header-group}}
"""
_MARKS = {"held": "□", "used": "●", "left": "➔", "carried": "➔", "refused": "⊖"}
COMMAND = "shouxin verify bundle.json --trust trust.json --person person.key"


class _Words:
    """Sentences of the policy, already escaped: what stands in it is the lender's, and even so is never markup."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def both(self, key: str, **params: str | int) -> str:
        """Chinese over English, each in its own paragraph."""
        return paragraphs(*(say(self._policy, lang, key, **params) for lang in ("zh", "en")))

    def line(self, key: str) -> str:
        """Both on one line, for a heading or a cell."""
        zh, en = (escape(say(self._policy, lang, key)) for lang in ("zh", "en"))
        return f'<span lang="zh">{zh}</span> · <span lang="en">{en}</span>'

    def name(self, key: str, fallback: str) -> str:
        """The name of a field, purpose or reason; its id where the policy has no name for it (any more)."""
        known = f"{key}.{fallback}" in self._policy.sentences["zh"]
        return self.line(f"{key}.{fallback}") if known else f"<code>{escape(fallback)}</code>"

    def party(self, party: str) -> str:
        """A party's own name in both languages where it has one, and always what the entries call it."""
        known = f"party_name.{party}" in self._policy.sentences["zh"]
        code = f"<code>{escape(party)}</code>"
        return f"{self.line(f'party_name.{party}')} {code}" if known else code

    def answer(self, question: Question) -> str:
        """The sentence that answers a question."""
        return paragraphs(question.said(self._policy, "zh"), question.said(self._policy, "en"))


def paragraphs(zh: str, en: str) -> str:
    """One text in both languages."""
    return f'<p lang="zh">{escape(zh)}</p><p lang="en">{escape(en)}</p>'


def render(policy: Policy, findings: Findings) -> str:
    """The whole page; the four verbs, what left always open, the six questions, how to check, what can't be shown."""
    words = _Words(policy)
    parts = [
        f"<h1>{words.line('page.title')}</h1>",
        words.both("page.as_of", at=findings.as_of.isoformat(sep=" ", timespec="minutes")),
        _verdict(words, findings),
        *_questions(words, findings),
        _held(words, findings),
        _uses(words, "used", findings.told.uses),
        _uses(words, "left", [one for one in findings.told.left if not one.carried]),
        _uses(words, "carried", [one for one in findings.told.left if one.carried]),
        _refused(words, findings.told.refused),
        _contacted(words, findings.told.contacted),
        _scenes(words, findings),
        _limits(words, findings),
    ]
    title = escape(f"{say(policy, 'zh', 'page.title')} · {say(policy, 'en', 'page.title')}")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    return f'<!doctype html>\n<html lang="zh"><head>{head}<style>{_STYLE}</style></head>\n<body>\n' + (
        "\n".join(parts) + "\n</body></html>\n"
    )


def _verdict(words: _Words, findings: Findings) -> str:
    checked = findings.verified
    if isinstance(checked, NotVerified):
        reason = words.name("verify", checked.reason.value)
        failed = words.both(f"verdict.{findings.verdict}")
        fault = f"<p>{reason}: <code>{escape(checked.where)}</code></p>"
        return f'<section class="wrong" role="alert">{failed}{fault}</section>'
    where = f"{checked.checkpoint.origin}, {checked.checkpoint.size}"
    body = words.both(f"verdict.{findings.verdict}") + words.both("page.complete", entries=len(checked.records))
    how = words.both("page.check_it_yourself")
    point = f"<p><code>{escape(where)}</code><br><code>{checked.checkpoint.root.hex()}</code></p>"
    return f'<section class="unlit">{body}{how}<p><code>{escape(COMMAND)}</code></p>{point}</section>'


def _questions(words: _Words, findings: Findings) -> Iterable[str]:
    yield f"<h2>{words.line('page.questions')}</h2>"
    for question in findings.questions:
        yield (
            f"<section><p><b>{question.n}. {words.line(f'question.{question.n}')}</b></p>"
            f"{words.answer(question)}"
            f"<p>{words.line(f'evidence.{question.evidence}')} ({words.line(f'by.{question.by}')})</p></section>"
        )


def _heading(words: _Words, verb: str) -> str:
    return f'<h2 class="{verb}">{_MARKS.get(verb, "")} {words.line(f"page.{verb}")}</h2>'


def _table(words: _Words, verb: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table under its verb; an empty one says so, and what will stand there."""
    if not rows:
        return _heading(words, verb) + words.both(f"page.empty.{verb}")
    head = "".join(f"<th>{words.line(f'page.column.{column}')}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"{_heading(words, verb)}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _held(words: _Words, findings: Findings) -> str:
    zone = findings.zone
    rows = [
        (
            _field(words, findings.kind, one.field),
            words.party(one.party),
            moment(one.since, zone).isoformat(sep=" ", timespec="minutes"),
            escape(one.until),
            escape(one.basis),
        )
        for one in findings.told.held
    ]
    return _table(words, "held", ("field", "party", "since", "until", "basis"), rows)


def _uses(words: _Words, verb: str, uses: Sequence[Use]) -> str:
    columns = ("entry", "at", "actor", "purpose", "fields", "basis")
    rows = [
        (
            str(use.entry),
            use.at.isoformat(sep=" ", timespec="minutes"),
            f"<code>{escape(use.actor)}</code>",
            words.name("purpose", use.purpose),
            escape(", ".join(use.fields)),
            escape(use.basis),
            *([words.party(use.recipient)] if use.recipient else []),
        )
        for use in uses
    ]
    return _table(words, verb, columns if verb == "used" else (*columns, "recipient"), rows)


def _refused(words: _Words, stopped: Sequence[Stopped]) -> str:
    rows = [
        (
            str(one.entry),
            one.at.isoformat(sep=" ", timespec="minutes"),
            f"<code>{escape(one.actor)}</code>",
            words.name("reason", one.reason),
            escape(", ".join(one.rules)),
        )
        for one in stopped
    ]
    return _table(words, "refused", ("entry", "at", "actor", "reason", "rules"), rows)


def _contacted(words: _Words, contacts: Sequence[Contact]) -> str:
    """Not one of the four verbs, but what people fear: each try to reach somebody, also those that failed."""
    rows = [
        (
            str(one.entry),
            one.at.isoformat(sep=" ", timespec="minutes"),
            f"<code>{escape(one.actor)}</code>" if one.actor else "",
            words.line("page.asked") if one.channel == ASKED else words.name("channel", one.channel),
            words.name("outcome", one.outcome) if one.outcome else "",
            _rules(words, one),
        )
        for one in contacts
    ]
    return _table(words, "contacted", ("entry", "at", "actor", "channel", "outcome", "rules"), rows)


def _rules(words: _Words, contact: Contact) -> str:
    """The rules that were applied; those against which somebody was contacted all the same stand out."""
    kept = ", ".join(rule for rule in contact.rules if rule not in contact.broken)
    against = f"<b>{words.line('page.against')}: {escape(', '.join(contact.broken))}</b>" if contact.broken else ""
    return f"{escape(kept)} {against}".strip()


def _cited(rule: Applied) -> str:
    """Where a rule is written, in both languages."""
    return "<br>".join(f'<span lang="{lang}">{escape(rule.citation[lang])}</span>' for lang in ("zh", "en"))


def _field(words: _Words, kind: str, name: str) -> str:
    return words.name(f"field.{kind}", name)


def _scenes(words: _Words, findings: Findings) -> str:
    """What question 6 rests on: each scene, its ruling, and every rule with its force and source."""
    if not findings.scenes:
        return ""
    parts = [f"<h2>{words.line('page.scenes')}</h2>"]
    for scene in findings.scenes:
        ruling = words.line("page.permitted" if scene.allow else "page.not_permitted")
        at = scene.at.isoformat(sep=" ", timespec="minutes")
        rules = "".join(
            f"<li><code>{escape(one.id)}</code> {words.name('force', one.force)}: {_cited(one)}</li>"
            for one in scene.rules
        )
        name = words.line(f"page.scene.{scene.scene}")
        parts.append(f"<section><p><b>{name}</b> {at}: {ruling}</p><ul>{rules}</ul></section>")
    return "".join(parts)


def _limits(words: _Words, findings: Findings) -> str:
    checked = findings.verified
    names = (*CANNOT_PROVE, FIRST_KEY) if isinstance(checked, NotVerified) else checked.cannot_prove
    items = "".join(f"<li>{words.both(f'cannot_prove.{name}')}</li>" for name in names)
    return f"<h2>{words.line('page.limits')}</h2><ul>{items}</ul>"
