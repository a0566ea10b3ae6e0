"""Everything that has a name has a sentence, in both languages and in words that don't shame."""

import re
from collections.abc import Iterable

import pytest

from shouxin.core.credit.change import ChangeKind
from shouxin.core.credit.decision import Outcome
from shouxin.core.credit.reasons import ReasonCode
from shouxin.core.outreach.question import CHANNELS, OUTCOMES
from shouxin.core.privacy.actor import ROLES
from shouxin.core.privacy.entry import KINDS
from shouxin.core.privacy.field import FORMS
from shouxin.core.privacy.party import KINDS as PARTIES
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.rule import FORCES, LANGUAGES, STATUSES, TOPICS
from shouxin.policy import folder
from shouxin.policy.fields import CLASSES
from shouxin.policy.load import load
from shouxin.policy.say import SayError, say
from shouxin.verify.verdict import CANNOT_PROVE, FIRST_KEY
from shouxin.verify.verdict import Reason as VerifyReason

POLICY = load(folder())
ANSWERS = ("no", "yes", "unknown")
NAMED: dict[str, Iterable[str]] = {
    "reason": [reason.value for reason in Reason],
    "verify": [reason.value for reason in VerifyReason],
    "verdict": ["nothing_unlawful_found", "findings", "not_verified"],
    "question": [str(number) for number in range(1, 7)],
    **{f"answer.{number}": ANSWERS for number in range(1, 7)},
    "evidence": ["shown", "not_shown", "cannot_be_shown"],
    "by": ["history", "statement", "outside"],
    "cannot_prove": [*CANNOT_PROVE, FIRST_KEY],
    "purpose": PURPOSES,
    "basis": ["consent", "contract", "duty", "own_request"],
    "field.borrower": [field.name for field in POLICY.catalogue if field.whose == "borrower"],
    "field.contact_person": [field.name for field in POLICY.catalogue if field.whose == "contact_person"],
    "form": FORMS,
    "class": CLASSES,
    "role": ROLES,
    "party": PARTIES,
    "kind": KINDS,
    "channel": CHANNELS,
    "outcome": OUTCOMES,
    "effect": ["allow", "block", "require"],
    "force": FORCES,
    "status": STATUSES,
    "topic": TOPICS,
    "decision": [outcome.value for outcome in Outcome],
    "credit": [code.value for code in ReasonCode],
    "change": [kind.value for kind in ChangeKind],
    "change_to": [kind.value for kind in ChangeKind],
}
SHAMING = re.compile(
    "拖欠|失信|老赖|恶意|最后通牒|后果自负|绝对安全|银行级|百分百|您确定|"
    "delinquent|bad debtor|final warning|bank-grade|100 ?% safe",
    re.IGNORECASE,
)


@pytest.mark.parametrize("section", NAMED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_a_sentence_for_every_name_and_no_other(section: str, language: str) -> None:
    keys = {key for key in POLICY.sentences[language] if key.rpartition(".")[0] == section}
    assert keys == {f"{section}.{name}" for name in NAMED[section]}


def shown_to_people() -> Iterable[str]:
    for language in LANGUAGES:
        yield from POLICY.sentences[language].values()
        for notice in POLICY.notices.values():
            yield from notice.text[language].values()
        for section in POLICY.contract.sections:
            yield from (section.title[language], *(line.text[language] for line in section.lines))
        for message in POLICY.messages.values():
            yield message[language].subject + message[language].body
        for rule in POLICY.rules:
            yield rule.title[language] + rule.sentence[language]


def test_it_neither_shames_nor_boasts() -> None:
    assert [text for text in shown_to_people() if SHAMING.search(text)] == []


def test_it_writes_chinese_with_its_own_punctuation() -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
    assert [text for text in POLICY.sentences["zh"].values() if half_width.search(text)] == []


def test_it_fills_in_what_a_sentence_names() -> None:
    assert "another organisation: 2." in say(POLICY, "en", "answer.4.yes", count=2, carried=3)
    assert say(POLICY, "zh", "reason.no_grant").startswith("没有放行")


@pytest.mark.parametrize(
    ("language", "key", "params"),
    [
        ("en", "reason.nothing", {}),
        ("fr", "reason.paused", {}),
        ("en", "answer.4.yes", {}),
        ("en", "answer.4.no", {"count": 1}),
    ],
)
def test_it_refuses_a_missing_key_or_place(language: str, key: str, params: dict[str, int]) -> None:
    with pytest.raises(SayError):
        say(POLICY, language, key, **params)
