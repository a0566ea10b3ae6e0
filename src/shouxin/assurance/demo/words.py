"""The story's sentences in the reader's language: results are filled in as people write them."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from shouxin.assurance.demo.memory import Memory
from shouxin.assurance.demo.story import read
from shouxin.core.money import parse_amount
from shouxin.outbound.render import money
from shouxin.policy.load import Policy
from shouxin.policy.say import say


class Words(string.Formatter):
    """Fills `{step.key:form}` from what the story knows; the forms are `FORMS`."""

    def __init__(self, policy: Policy, memory: Memory, *, lang: str) -> None:
        self.policy = policy
        self.memory = memory
        self.lang = lang

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """The value at a path of the story's memory."""
        return self.memory.find(field_name), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value in the form that is named; as it is when none is."""
        return FORMS[format_spec](self, value) if format_spec else str(value)

    def say(self, key: str, **params: str | int) -> str:
        """A sentence of the policy."""
        return say(self.policy, self.lang, key, **params)

    def fill(self, words: Mapping[str, str]) -> str:
        """The sentence in the reader's language, filled in from the story's memory."""
        return self.format(words[self.lang])

    def frame(self, name: str, **params: str | float) -> str:
        """One of the story's own words around the steps."""
        return read().words[name][self.lang].format(**params)

    def refusal(self, document: Mapping[str, Any]) -> str:
        """A refusal in words, and the rules that asked for it."""
        sentence = self.say(f"reason.{document['reason']}")
        return "\n".join([sentence, *self.rules(document["rules"])])

    def rules(self, names: Sequence[str]) -> list[str]:
        """Each rule as its title, force, and id."""
        return [self.rule(name) for name in names]

    def rule(self, name: str) -> str:
        """`Call only between 8:00 and 22:00 (self-regulation) CN.…`."""
        rule = self.policy.rules.get(name)
        assert rule is not None, f"a refusal cites a rule of the packs: {name}"
        force = self.say(f"force.{rule.force}")
        title = rule.title[self.lang]
        return f"{title}（{force}） {name}" if self.lang == "zh" else f"{title} ({force}) {name}"

    def entry(self, row: Mapping[str, Any]) -> tuple[str, str, str, str]:
        """A row of an answer: number, moment, who, and what for (or why not) with the fields."""
        who = row["actor"] if "recipient" not in row else f"{row['actor']} → {row['recipient']}"
        fields = self.fields(row.get("fields", ()))
        if "reason" in row:
            told = f"{fields} · {self.say('reason.' + row['reason'])}"
        else:
            told = f"{self.say('purpose.' + row['purpose'])}{'：' if self.lang == 'zh' else ': '}{fields}"
        return str(row["entry"]), self.moment(row["at"]), who, told

    def scene(self, row: Mapping[str, Any]) -> tuple[str, str, str]:
        """A row of what would happen: when, whether it would be permitted, what it is and the rules that forbid it."""
        permitted = self.say("page.permitted" if row["allow"] else "page.not_permitted")
        forbidding = ", ".join(one["id"] for one in row["rules"] if one["effect"] == "block")
        return self.moment(row["at"]), permitted, f"{self.say('page.scene.' + row['scene'])} {forbidding}".strip()

    def amount(self, text: str) -> str:
        """`12000.00` as `¥12,000.00`."""
        currency = self.policy.house.currency
        return money(parse_amount(text, currency, where="amount"), currency)

    def rate(self, text: str) -> str:
        """`14.4000%` as `14.40%`."""
        number = text.removesuffix("%")
        whole, _, decimals = number.partition(".")
        return f"{whole}.{decimals.rstrip('0'):0<2}%"

    def day(self, value: str) -> str:
        """`2026-09-12` as `9月12日` or `12 Sep`."""
        return self._day(date.fromisoformat(value))

    def moment(self, value: str | datetime) -> str:
        """`2026-09-12T22:30:00+08:00` as `9月12日 22:30` or `12 Sep 22:30`, in the lender's zone."""
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        at = at.astimezone(self.memory.zone)
        return f"{self._day(at.date())} {at:%H:%M}"

    def _day(self, day: date) -> str:
        return f"{day.month}月{day.day}日" if self.lang == "zh" else f"{day.day} {_MONTHS[day.month - 1]}"

    def blocking(self, ruling: Mapping[str, Any]) -> str:
        """The rules of a ruling that say no."""
        return "\n".join(self.rule(one["id"]) for one in ruling["rules"] if one["effect"] == "block")

    def credit(self, reasons: Sequence[Mapping[str, Any]]) -> str:
        """The reasons of a decision, one after the other; the figures in them stay with the applicant."""
        end = "" if self.lang == "zh" else " "
        return "".join(self.say(f"credit.{one['code']}") + end for one in reasons)

    def changes(self, changes: Sequence[Mapping[str, Any]]) -> str:
        """What would get the applicant more, each kind once."""
        kinds = dict.fromkeys(self.say(f"change.{one['kind']}") for one in changes)
        return self.frame("changes", changes=self.listed(kinds)) if kinds else self.frame("as_asked")

    def listed(self, words: Iterable[str]) -> str:
        """Words in a row."""
        return ("、" if self.lang == "zh" else ", ").join(words)

    def fields(self, names: Sequence[str]) -> str:
        """The borrower's fields by their names for people."""
        return self.listed(self.say(f"field.borrower.{name}") for name in names)


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

FORMS: Mapping[str, Callable[[Words, Any], str]] = {
    "money": Words.amount,
    "rate": Words.rate,
    "day": Words.day,
    "moment": Words.moment,
    "count": lambda words, value: str(len(value)),
    "blocking": Words.blocking,
    "credit": Words.credit,
    "changes": Words.changes,
    "decision": lambda words, value: words.say(f"decision.{value}"),
    "fields": Words.fields,
    "percent": lambda words, value: str(value) if str(value).endswith("%") else f"{value}%",
}
"""How a value can be written: as an amount, a rate, a day, a moment, how many, the rules that forbid, and so on."""
