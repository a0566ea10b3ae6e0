"""Each kind of entry in a sentence, in both languages, whatever of its keys are there; and nobody else in it."""

import itertools

import pytest

from shouxin.core.privacy.entry import _SHAPES, KINDS, check_record
from shouxin.policy import folder
from shouxin.policy.load import load
from shouxin.usecases.oversight.entry_words import Words, verb_of
from shouxin.usecases.oversight.history_of import Line, content, fold
from tests.usecases.story import NOON, SHANGHAI

POLICY = load(folder())
MS = int(NOON.timestamp()) * 1000
VALUES = {
    "as": "borrower", "key": "ab", "to": "agency:a07", "notice": "marketing", "version": "1", "lang": "zh", "naming": "n1",
    "purpose": "marketing", "consent": 6, "contract": 3, "terms": "ab", "fields": ["phone", "name"], "source": "form",
    "rules": ["CN.PIPL.51"], "rule": "CN.AML.34", "until": MS, "case": 7, "why": "cured", "grant": 8, "channel": "call",
    "outcome": "no_answer", "actor": "collector:5d56fe12ce3a", "message": "m1", "broken": ["CN.CBA2026.HOURS"], "attempt": 9,
    "attempts": [9], "evidence": 10, "pause": 11, "forms": ["masked", "plain"], "basis": ["consent", 6], "policy": "ab",
    "party": "agency:a07", "recipient": "agency:a07", "reason": "no_grant", "count": 1, "where": "x", "asked": MS - 90_000,
    "right": "no_contact", "request": 12, "what": "credit", "reasons": [], "role": "collector", "appointment": 1,
    "engagement": 1, "agreement": "A-1", "purposes": ["marketing"],
}  # fmt: skip
TEXTS = {
    "case_opened": {"case": "C-1"},
    "refused": {"case": "C-1"},
    "returned": {"case": "C-1"},
    "agreed": {"contract": "L"},
    "decided": {"outcome": "less"},
}


def record(kind: str, optional: tuple[str, ...]):
    must, _ = _SHAPES[kind]
    keys = (*must.split(), *optional)
    made = {"v": 1, "kind": kind, "time": MS, **{key: (VALUES | TEXTS.get(kind, {}))[key] for key in keys}}
    check_record(made)
    return made


def optional_keys(kind: str) -> list[str]:
    return _SHAPES[kind][1].split()


def words(lang: str, whose: str = "borrower") -> Words:
    return Words(POLICY, lang, whose, SHANGHAI)


def said(made, lang: str, whose: str = "borrower") -> str:
    return "".join(piece.text for piece in words(lang, whose).sentence(made))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_has_a_sentence_for_each_kind_with_and_without_what_may_stand(kind, lang):
    may = optional_keys(kind)
    for count in range(len(may) + 1):
        for optional in itertools.combinations(may, count):
            for whose in ("borrower", "contact_person"):
                text = said(record(kind, optional), lang, whose)
                assert text.endswith(("。", "."))
                assert "{" not in text and "\ue000" not in text and "\ue001" not in text
                assert words(lang, whose).who(record(kind, optional))


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"kind": "refused", "fields": ["phone"], "purpose": "marketing"}, "想用手机号码，用途：营销。没有放行", "Wanted phone, for marketing. Not"),
        ({"kind": "stored", "fields": ["contact_person"], "naming": "n"}, "记下您填写的一位联系人", "a contact person that you named"),
        ({"kind": "attempted", "outcome": "handing_over", "channel": "email"}, "用电子邮件给您发一条消息", "Sent you a message by e-mail"),
        ({"kind": "agreed", "contract": "L", "imported_time": MS}, "签于 2026年11月24日", "24 Nov 2026"),
        ({"kind": "answered", "request": 12, "outcome": "documents_differ"}, "第 12 条的请求：没有办", "entry 12 was answered: not done"),
        ({"kind": "requested", "right": "erasure"}, "提出请求：删除。", "Made a request: deleting."),
        ({"kind": "restricted", "until": 0}, "按您的要求", "as you asked"),
        ({"kind": "restricted", "until": 1795449600000}, "到 2026年11月23日", "until 23 Nov 2026"),
        ({"kind": "decided", "outcome": "declined"}, "审批借款申请：这次没有通过。", "was decided: Not this time"),
    ],
)  # fmt: skip
def test_it_says_the_more_telling_thing_where_there_is_one(changes, zh, en):
    made = record(changes["kind"], ()) | changes
    assert zh in said(made, "zh")
    assert en in said(made, "en")


@pytest.mark.parametrize("purpose", ["gone_purpose"])
def test_it_says_an_id_where_the_policy_has_no_name_any_more(purpose):
    made = record("used", ()) | {"purpose": purpose, "fields": ["gone_field"], "forms": ["plain"]}
    assert "gone_field" in said(made, "en")
    assert purpose in said(made, "zh")


def test_it_says_in_which_form_a_field_was_seen():
    text = said(record("used", ()) | {"forms": ["token", "masked"]}, "en")
    assert "phone (as a token that opens nothing), name (masked)" in text


def test_it_marks_what_happened_to_which_data():
    strong = [piece.text for piece in words("en").sentence(record("disclosed", ())) if piece.strong]
    assert strong == ["phone (masked), name", "collection agency A-07"]


def test_it_calls_people_by_role_and_pseudonym_and_the_reader_you():
    assert words("en").actor("collector:5d56fe12ce3a") == "collector 5d56fe"
    assert words("en").actor("borrower:self") == words("en").actor("contact:self") == "You"
    assert words("zh").actor("system:reminder") == "系统"


@pytest.mark.parametrize(
    ("until", "text"),
    [
        ("loan_end", "deleted when the loan ends"),
        ("relationship_end + 10 years by CN.AML.34", "stored and not used for 10 years after the relationship ends"),
        ("2027-01-31T23:59:59+08:00", "contract until 31 Jan 2027"),
        ("", ""),
    ],
)
def test_it_says_how_long_a_field_is_kept(until, text):
    assert words("en").kept(until) == text


def line(j: int, made, minutes: int = 0) -> Line:
    from datetime import timedelta

    at = (NOON + timedelta(minutes=minutes)).astimezone(SHANGHAI)
    told = words("en")
    return Line(
        (j,),
        at,
        str(made["kind"]),
        verb_of(made),
        told.who(made),
        told.sentence(made),
        told.basis(made),
        (),
        "",
        content(made),
    )


def test_it_folds_only_uses_that_are_alike_and_of_one_day():
    used, other = record("used", ()), record("used", ()) | {"purpose": "servicing"}
    left = record("disclosed", ())
    folded = fold([line(6, left), line(5, used), line(4, left), line(3, other), line(2, used), line(1, used, -24 * 60)])
    assert [one.entries for one in folded] == [(6,), (5, 2), (4,), (3,), (1,)]
    assert [one.count for one in folded] == [1, 2, 1, 1, 1]
