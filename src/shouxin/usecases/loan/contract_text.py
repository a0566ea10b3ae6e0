"""The contract in words, made from the very terms that are signed: one text for the page, for the file, for any paper.

The words are the policy's (`contract.toml`), the figures the terms', hours and caps those of the rules in force on the
day. The same terms, day and policy give the same text, and its fingerprint is taken of it as plain lines.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shouxin.core.loan.schedule import Schedule, build
from shouxin.core.loan.terms import Terms
from shouxin.core.rules.rule import Rule
from shouxin.outbound.render import day, money
from shouxin.policy.contract import Section
from shouxin.policy.load import Policy
from shouxin.policy.say import say
from shouxin.usecases.loan.contract_facts import Facts, facts_of


@dataclass(frozen=True)
class Source:
    """A rule that a part rests on: where it is written, how binding that is, and how sure we are of its words."""

    rule: str
    said: str


@dataclass(frozen=True)
class Clause:
    """One part: its lines, the rows of the schedule in one of the parts (the sum last), and what it rests on."""

    title: str
    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class ContractText:
    """The whole text in one language (`zh`, `en`); `columns` are the heads of its table."""

    lang: str
    version: str
    title: str
    columns: tuple[str, ...]
    clauses: tuple[Clause, ...]

    @property
    def plain(self) -> str:
        """The text as lines, ending with a line feed: what a file holds and a printer prints."""
        return "\n".join(_lines(self)) + "\n"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the plain text in UTF-8, hex."""
        return hashlib.sha256(self.plain.encode()).hexdigest()


def contract_text(
    policy: Policy, agreed: Terms, *, contract: str, terms_hash: str, signed_on: date, lang: str
) -> ContractText:
    """Write it out. `contract` is the loan's id, `signed_on` the day whose rules hold."""
    facts = facts_of(policy, agreed, contract=contract, terms_hash=terms_hash, signed_on=signed_on, lang=lang)
    words = policy.contract
    return ContractText(
        lang=lang,
        version=words.version,
        title=words.title[lang],
        columns=words.columns[lang],
        clauses=tuple(_clause(policy, section, agreed, facts) for section in words.sections),
    )


def to_doc(text: ContractText) -> dict[str, object]:
    """The text as it is kept."""
    clauses = [
        {
            "title": one.title,
            "lines": list(one.lines),
            "rows": [list(row) for row in one.rows],
            "sources": [[source.rule, source.said] for source in one.sources],
        }
        for one in text.clauses
    ]
    head = {"lang": text.lang, "version": text.version, "title": text.title, "columns": list(text.columns)}
    return {**head, "clauses": clauses}


def from_doc(document: Mapping[str, Any]) -> ContractText:
    """The text as it was kept."""
    clauses = tuple(
        Clause(
            title=one["title"],
            lines=tuple(one["lines"]),
            rows=tuple(map(tuple, one["rows"])),
            sources=tuple(Source(*source) for source in one["sources"]),
        )
        for one in document["clauses"]
    )
    head = {name: document[name] for name in ("lang", "version", "title")}
    return ContractText(**head, columns=tuple(document["columns"]), clauses=clauses)


def _clause(policy: Policy, section: Section, agreed: Terms, facts: Facts) -> Clause:
    standing = [line for line in section.lines if not line.when or line.when in facts.conditions]
    rules = [rule for name in section.rules if (rule := policy.rules.get(name, facts.signed_on))]
    if section.cooling_off and facts.cooling_off:
        rules.append(facts.cooling_off.rule)
    return Clause(
        title=section.title[facts.lang],
        lines=tuple(line.text[facts.lang].format(**facts.names) for line in standing),
        rows=tuple(_rows(policy, build(agreed), facts.lang)) if section.schedule else (),
        sources=_each_once(_source(policy, rule, facts.lang) for rule in rules),
    )


def _each_once(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Several rules may stand in one clause of one text: it is named once."""
    once: dict[str, Source] = {}
    for source in sources:
        once.setdefault(source.said, source)
    return tuple(once.values())


def _source(policy: Policy, rule: Rule, lang: str) -> Source:
    """A rule of the house has no source but its own title."""
    citation = rule.title[lang] if rule.force == "house_policy" else rule.citation[lang]
    force, status = (say(policy, lang, f"{kind}.{of}") for kind, of in (("force", rule.force), ("status", rule.status)))
    return Source(rule.id, policy.contract.basis[lang].format(citation=citation, force=force, status=status))


def _rows(policy: Policy, schedule: Schedule, lang: str) -> Iterator[tuple[str, ...]]:
    currency = schedule.terms.currency
    for row in schedule.rows:
        amounts = (money(minor, currency) for minor in (row.principal, row.interest, row.total))
        yield (str(row.number), day(row.due_on, lang), *amounts)
    sums = (schedule.principal, schedule.interest, schedule.total)
    yield (policy.contract.sum[lang], "", *(money(minor, currency) for minor in sums))


def _lines(text: ContractText) -> Iterator[str]:
    yield text.title
    for number, clause in enumerate(text.clauses, start=1):
        yield from ("", f"{number}. {clause.title}", *clause.lines)
        if clause.rows:
            yield from (" | ".join(row) for row in (text.columns, *clause.rows))
        yield from (source.said for source in clause.sources)
