"""The cast and the clock of the outreach tests: Ai Li owes, Dan is her contact person."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shouxin.core.outreach.question import Attempt, Question
from shouxin.core.rules.pack import Pack, RuleBook
from shouxin.policy import folder
from shouxin.policy.load import load

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOOK = load(folder()).rules
EVERY_KIND = ("bank", "bank_card", "consumer_finance_company", "microlender", "collection_agency")

AI_LI = Question(
    case="C-7Q2F",
    person="ai-li",
    party="debtor",
    point="ai-li-mobile",
    channel="call",
    at=datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI),
    zone=SHANGHAI,
    dpd=14,
)
DAN = replace(AI_LI, person="dan", party="contact_person", point="dan-mobile")


def at(text: str, *, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment such as `11-24 10:00` of 2026 in `zone`."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)


def tried(outcome: str | None, when: str, *, of: Question = AI_LI) -> Attempt:
    """An attempt to reach `of` with this outcome."""
    return replace(of, at=at(when), outcome=outcome).made()


def three_days_silent() -> tuple[Attempt, ...]:
    """Dials to Ai Li on three days in a row that nobody answered, up to 23 November."""
    first = at("11-21 09:00")
    times = (first + timedelta(days=day) for day in range(3))
    return tuple(replace(AI_LI, at=moment, outcome="no_answer").made() for moment in times)


def without(book: RuleBook, rule_id: str) -> RuleBook:
    """The book as if nobody had written this rule."""
    packs = (replace(pack, rules=tuple(r for r in pack.rules if r.id != rule_id)) for pack in book.packs)
    return replace(book, packs=tuple(packs))


def only(book: RuleBook, *rule_ids: str) -> RuleBook:
    """The book with nothing but these rules in it."""
    rules = tuple(rule for rule in book if rule.id in rule_ids)
    return replace(book, packs=(Pack("some", "1", rules),))
