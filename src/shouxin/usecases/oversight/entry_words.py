"""One entry of a history in one sentence, for the person whose history it is.

Names roles and pseudonyms, never another person nor what another person did: of a contact person a borrower reads only
that one was named and asked.  A sentence is given in pieces, so that a page can set what matters in bold without
markup in a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import cast

from shouxin.core.privacy.actor import UNPROVED
from shouxin.core.privacy.entry import USE_KINDS, Record
from shouxin.core.privacy.party import only_delivers
from shouxin.core.privacy.purpose import OWN_REQUEST
from shouxin.core.rules.retention import RetentionError, parse_retention
from shouxin.core.rules.rule import Rule
from shouxin.policy.load import Policy
from shouxin.policy.say import say
from shouxin.policy.sentences import names_in
from shouxin.usecases.oversight.told import LEFT_KINDS, moment

VERBS = ("used", "left", "refused", "held")
_VERB_OF = {
    **dict.fromkeys(LEFT_KINDS, "left"),
    **dict.fromkeys(("stored", "corrected", "deleted", "restricted", "unrestricted", "returned"), "held"),
    "used": "used",
    "refused": "refused",
}
_THEIRS = frozenset({"consented", "withdrawn", "agreed", "requested"})
"""Kinds without an actor that the person did; the rest without one is the lender's doing."""
_SENT = "handing_over"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True)
class Piece:
    """A part of a sentence; what is `strong` is what happened to which data."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Words:
    """Sentences for one reader: `whose` is the kind of the history (`borrower`, `contact_person`)."""

    policy: Policy
    lang: str
    whose: str
    zone: tzinfo

    def sentence(self, record: Record) -> tuple[Piece, ...]:
        """What happened, without who did it."""
        key = f"entry.{kind_of(record, self.whose)}"
        wanted = names_in(self.policy.sentences[self.lang][key])
        return _pieces(say(self.policy, self.lang, key, **{name: self._filled(name, record) for name in wanted}))

    def who(self, record: Record) -> str:
        """The role and pseudonym of who did it; the person, or the lender where no one is named."""
        if "actor" in record:
            return self.actor(str(record["actor"]))
        if record["kind"] == "returned":
            return self.party(str(record["recipient"]))
        return self.say("entry_who.you" if record["kind"] in _THEIRS else "entry_who.we")

    def actor(self, name: str) -> str:
        """`collector:5d56fe12ce3a` → `催收员 5d56fe`: the same in every line of this history and in no other's."""
        role, _, ident = name.partition(":")
        if role in ("borrower", "contact"):
            return self.say("entry_who.unproved" if ident == UNPROVED else "entry_who.you")
        return self.named("role", role) if role == "system" else f"{self.named('role', role)} {ident[:6]}"

    def party(self, name: str) -> str:
        """`agency:a07` → `催收机构 A-07`; one that has a name of its own, by that."""
        named = self.policy.sentences[self.lang].get(f"party_name.{name}")
        if named:
            return named
        kind, _, ident = name.partition(":")
        short = f"{ident[:1]}-{ident[1:]}" if ident[1:].isdigit() else ident
        return f"{self.named('party', kind)} {short.upper()}" if ident != "self" else self.named("party", kind)

    def field(self, name: str, form: str = "plain") -> str:
        """A field's name; with its form where it wasn't seen in plain."""
        if name == "contact_person":
            return self.say("entry_who.contact_person")
        said = self.named(f"field.{self.whose}", name)
        return said if form == "plain" else self.say(f"entry_who.{form}", field=said)

    def fields(self, record: Record) -> str:
        """The fields that a record names, each with its form."""
        names = [str(one) for one in cast("Iterable[object]", record["fields"])]
        forms = [str(one) for one in cast("Iterable[object]", record.get("forms", ()))] or ["plain"] * len(names)
        return self.listed(map(self.field, names, forms))

    def purpose(self, name: str) -> str:
        """A purpose's name."""
        return self.named("purpose", name)

    def listed(self, names: Iterable[str]) -> str:
        """Names one after the other."""
        return self.say("entry_who.joint").join(names)

    def basis(self, record: Record) -> str:
        """What a use rested on, as the entry cites it; "" where there is none."""
        if record["kind"] not in USE_KINDS:
            return ""
        kind, *cited = cast("list[str | int]", record["basis"])
        key = f"entry_basis.{kind}"
        wanted = names_in(self.policy.sentences[self.lang][key])
        return self.say(key, **{name: str(cited[0]) for name in wanted})

    def kept(self, until: str) -> str:
        """How long a field is kept: by its retention in the catalogue, by a duty that has begun (`DAY by RULE`), or by
        a party's contract; "" when open.
        """
        duty = _DUTY.fullmatch(until)
        if duty:
            return self.say("entry_list.duty_until", day=self._date(datetime.fromisoformat(duty[1])))
        try:
            kept = parse_retention(until)
        except RetentionError:
            return self.say("entry_list.contract_until", day=self._last_day(until)) if until else ""
        if kept.rule:
            return self.say(f"kept_longer.{kept.event}", years=str(kept.years))
        return self.say(f"kept.{kept.event}")

    def citation(self, rule: Rule) -> str:
        """Where a rule is written; the lender's own says what it asks, because nobody else has written it."""
        return rule.title[self.lang] if rule.force == "house_policy" else rule.citation[self.lang]

    def named(self, section: str, name: str) -> str:
        """The name of a thing in the reader's language; its id where the policy has no name for it (any more)."""
        return self.policy.sentences[self.lang].get(f"{section}.{name}", name)

    def say(self, key: str, **params: str) -> str:
        """A sentence of the policy."""
        return say(self.policy, self.lang, key, **params)

    def _filled(self, name: str, record: Record) -> str:
        strong = name in ("fields", "refusal", "recipient")
        text = self._value(name, record)
        return f"{_OPEN}{text}{_CLOSE}" if strong else text

    def _value(self, name: str, record: Record) -> str:
        if name == "entry":
            return str(next(record[key] for key in _POINTERS if isinstance(record.get(key), int)))
        if name == "day":
            return self._day(record)
        if name == "fields":
            return self.fields(record)
        if name == "refusal":
            return self.named("reason", str(record["reason"]))
        if name == "outcome" and record["kind"] == "decided":
            return self.named("decision", str(record["outcome"]))
        if name == "outcome" and record["kind"] == "answered":
            return self.named("right_outcome", str(record["outcome"]))
        if name == "notice":
            return self._notice(str(record["notice"]))
        if name in ("recipient", "whom"):
            return self._party_or_actor(str(record["recipient" if name == "recipient" else "to"]))
        return self.named(name, str(record[name]))

    def _notice(self, key: str) -> str:
        notice = self.policy.notices.get(key)
        own = self.policy.sentences[self.lang].get(f"own_notice.{key}", key)
        return notice.text[self.lang]["title"] if notice else own

    def _party_or_actor(self, name: str) -> str:
        kinds = self.policy.sentences[self.lang]
        return self.party(name) if f"party.{name.partition(':')[0]}" in kinds else self.actor(name)

    def _last_day(self, until: str) -> str:
        """A contract ends when its last day is over."""
        return self._date(datetime.fromisoformat(until) - timedelta(seconds=1))

    def _day(self, record: Record) -> str:
        if record["kind"] == "restricted":  # its last day is over with the moment that it names
            return self._date(moment(cast(int, record["until"]) - 1, self.zone))
        key = "imported_time" if "imported_time" in record else "until"
        return self._date(moment(cast(int, record[key]), self.zone))

    def _date(self, when: datetime) -> str:
        if self.lang == "zh":
            return f"{when.year}年{when.month}月{when.day}日"
        return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


_DUTY = re.compile(r"(\d{4}-\d{2}-\d{2}) by [A-Z][A-Z0-9._]*", re.ASCII)
_POINTERS = ("consent", "case", "grant", "attempt", "pause", "request", "appointment", "engagement", "contract")


def verb_of(record: Record) -> str:
    """Which of the four verbs this entry is, or ""."""
    return _VERB_OF.get(str(record["kind"]), "")


def kind_of(record: Record, whose: str) -> str:
    """The entry's kind, or the more telling sentence that there is for it."""
    kind = str(record["kind"])
    variant = _VARIANTS.get(kind)
    return variant(record, whose) if variant else kind


def _refused(record: Record, _: str) -> str:
    has = ("fields" in record, "purpose" in record)
    suffix = {(True, True): "_both", (True, False): "_fields", (False, True): "_purpose", (False, False): ""}
    return f"refused{suffix[has]}"


def _stored(record: Record, whose: str) -> str:
    if "naming" not in record:
        return "stored"
    return "stored_contact" if whose == "borrower" else "stored_named"


def _disclosed(record: Record, _: str) -> str:
    if not only_delivers(str(record["recipient"])):
        return "disclosed"
    if record["purpose"] != OWN_REQUEST:
        return "disclosed_carried"
    return "disclosed_typed" if str(record["actor"]).endswith(f":{UNPROVED}") else "disclosed_code"


_VARIANTS: Mapping[str, Callable[[Record, str], str]] = {
    "agreed": lambda record, _: "agreed_before" if "imported_time" in record else "agreed",
    "stored": _stored,
    "disclosed": _disclosed,
    "case_closed": lambda record, _: "case_closed_cured" if record.get("why") == "cured" else "case_closed",
    "attempted": lambda record, _: "attempted_sent" if record["outcome"] == _SENT else "attempted",
    "paused": lambda record, _: "paused_until" if record.get("until") else "paused",
    "refused": _refused,
    "requested": lambda record, _: "requested_no_contact" if record["right"] == "no_contact" else "requested",
    "answered": lambda record, _: "answered" if "outcome" in record else "answered_only",
    "restricted": lambda record, _: "restricted" if record["until"] else "restricted_own",
    "decided": lambda record, _: f"decided_{record['what']}" if record["what"] in ("credit", "deferral") else "decided",
}


def _pieces(text: str) -> tuple[Piece, ...]:
    """Cut at the marks; everything between a pair of them is strong."""
    parts = enumerate(text.replace(_CLOSE, _OPEN).split(_OPEN))
    return tuple(Piece(part, strong=n % 2 == 1) for n, part in parts if part)
