"""Histories that only the log itself could forge: each reaches one check of `verify.js`, and of Python's."""

from dataclasses import replace
from hashlib import sha256

import pytest

from shouxin.assurance.little_log import LittleLog, Scribe
from shouxin.core.merkle.bundle import Bundle, entry_hash
from shouxin.core.merkle.canonical import encode
from shouxin.core.merkle.chain import Epoch
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import Signature, parse_note, sign_note
from shouxin.core.merkle.person_key import PersonKey
from shouxin.core.merkle.prefix_tree import EMPTY_MAP, PathProof
from shouxin.core.merkle.proof import multiproof
from shouxin.core.merkle.spelling import to_base64
from shouxin.core.merkle.statement import CONTEXT
from shouxin.core.merkle.tree import leaf_hash, root_of
from tests.verify.node import Case, running_node
from tests.verify.story import AI_LI, HOUR, LOG_KEY, MINUTE, ORIGIN, START, Story, agreed, enrolled, honest

NOW = START + HOUR
FILES = honest().files()
KEY = PersonKey.parse(FILES.person)


@pytest.fixture(scope="module")
def js():
    with running_node() as running:
        yield running


def edited(files, **changes):
    return replace(files, bundle=replace(Bundle.parse(files.bundle), **changes).encode())


def renoted(note):
    return edited(FILES, note=note)


def answers(js, files):
    """What both say, if it is the same."""
    case = Case(files, NOW)
    assert js.differences([case]) == []
    answer = case.answer()
    return (answer["reason"], answer["where"]) if not answer["ok"] else None


def signed_log(*epochs, first=None, **changes):
    """Entry and epoch by turns, all of them proved, whatever the epochs say."""
    story = Story()
    for n in range(len(epochs)):
        story.tell(agreed() if n else enrolled())
    files = story.files()
    bundle = Bundle.parse(files.bundle)
    hashes = [entry_hash(KEY, one.j, one.commit) for one in bundle.openings]
    ends = [leaf_hash(one.to_leaf()) for one in epochs]
    root = root_of(one for pair in zip(hashes, ends, strict=True) for one in pair)
    note = sign_note(Checkpoint(ORIGIN, 2 * len(epochs), root).to_text(), [LOG_KEY])
    return edited(files, epochs=epochs, note=note, proof=(), **changes)


def epoch(size, entries, ms=START + MINUTE, root=EMPTY_MAP):
    return Epoch(size=size, entries=entries, map_root=root, ms=ms)


@pytest.mark.parametrize(
    ("epochs", "said"),
    [
        ((epoch(2, 0), epoch(4, 3)), ("malformed", "epochs")),
        ((epoch(2, 0), epoch(4, 2)), ("malformed", "epochs")),
        ((epoch(2, 1), epoch(4, 0)), ("not_in_log", "epochs")),
        ((epoch(2, 1), epoch(4, 2, START)), ("time_backwards", "epochs")),
        ((epoch(2, 1), epoch(4, 1)), ("late_entry", "entry 2")),
        ((epoch(2, 0),), ("late_entry", "entry 1")),
        ((epoch(2, 1),), ("not_in_log", "entry 1")),
        ((epoch(2, 2),), ("malformed", "bundle.epochs")),
        ((epoch(2, 3),), ("malformed", "bundle.epochs")),
    ],
)
def test_epochs_that_make_no_sense(js, epochs, said):
    assert answers(js, signed_log(*epochs)) == said


def folded(label, node, siblings):
    """The root to which a path leads."""
    for level in range(len(siblings) - 1, -1, -1):
        right = level < 256 and label[level >> 3] >> (7 - (level & 7)) & 1
        pair = siblings[level] + node if right else node + siblings[level]
        node = sha256(b"\x03" + pair).digest()
    return node


LABEL, NEXT = KEY.label(1), KEY.label(2)
FAR = bytes([NEXT[0] ^ 0x80]) + NEXT[1:]
"""Differs from the next label in the first bit."""


def one_entry(root, membership, absent):
    return signed_log(epoch(2, 1, root=root), membership=membership, non_membership=(absent,))


@pytest.mark.parametrize("siblings", [(), (b"s" * 32,), (EMPTY_MAP,), (b"s" * 32, EMPTY_MAP), (b"s" * 32,) * 257])
def test_a_path_of_the_last_entry_that_is_longer_than_it_may_be(js, siblings):
    (first,) = [entry_hash(KEY, 1, one.commit) for one in Bundle.parse(FILES.bundle).openings[:1]]
    root = folded(LABEL, sha256(b"\x02" + LABEL + first).digest(), siblings)
    said = answers(js, one_entry(root, PathProof(siblings, (LABEL, first)), PathProof((), None)))
    too_long = len(siblings) > 256 or siblings[-1:] == (EMPTY_MAP,)
    assert said == (("not_in_log", "entry 1") if too_long else ("missing_entry", "entry 2"))


@pytest.mark.parametrize("end", [FAR, NEXT])
def test_a_leaf_that_has_no_business_on_the_next_path(js, end):
    """The map's two roots are made equal by hand: one path for the last entry, one for the next."""
    (first,) = [entry_hash(KEY, 1, one.commit) for one in Bundle.parse(FILES.bundle).openings[:1]]
    leaf = sha256(b"\x02" + LABEL + first).digest()
    other = sha256(b"\x02" + end + bytes(32)).digest()
    root = folded(LABEL, leaf, (other,))
    right = LABEL[0] >> 7 == 1
    assert (NEXT[0] >> 7 == 1) != right, "the two numbers' labels part at the first bit"
    said = answers(js, one_entry(root, PathProof((other,), (LABEL, first)), PathProof((leaf,), (end, bytes(32)))))
    assert said == ("missing_entry", "entry 2")


def test_a_proof_with_a_hash_left_over_or_missing(js):
    story = Story(scribe=Scribe(LittleLog(LOG_KEY), key=AI_LI))
    story.scribe.write([encode({"v": 1, "time": START} | enrolled())], ms=START, others=[(b"\x01" * 32, bytes(32))])
    files = story.files()
    proof = Bundle.parse(files.bundle).proof
    assert answers(js, files) is None
    for spoilt in (proof[:-1], (*proof, bytes(32)), ()):
        assert answers(js, edited(files, proof=spoilt)) == ("not_in_log", "proof")


def test_two_entries_at_one_place(js):
    """The proof holds without the second of them, whose own leaf it gives as a hash."""
    story = honest()
    files = story.files()
    bundle = Bundle.parse(files.bundle)
    first, second, *others = bundle.openings
    places = sorted(one.index for one in (first, *others, *bundle.epochs))
    proof = tuple(multiproof(places, bundle.epochs[-1].size, story.scribe.log))
    for index in (first.index, bundle.epochs[0].index, 2**53 - 1):
        openings = (first, replace(second, index=index), *others)
        assert answers(js, edited(files, openings=openings, proof=proof)) == ("not_in_log", "proof")


NOTE = parse_note(Bundle.parse(FILES.bundle).note)
LINE = NOTE.signatures[0].line()


def line(name="elsewhere", data=b"x" * 68):
    return Signature(name=name, key_id=data[:4], body=data[4:]).line()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (line() * 99, ("unknown_signature", "note.signatures[1]")),
        (line() * 100, ("malformed", "note")),
        (line(data=b"12345"), ("unknown_signature", "note.signatures[1]")),
        (line(data=b"1234"), ("malformed", "note")),
        (line("a\ufeffb"), ("unknown_signature", "note.signatures[1]")),
        *[(line(f"a{space}b"), ("malformed", "note")) for space in "\x85\xa0\u1680\u2003\u2028\u202f\u205f\u3000+\x7f"],
        (line(""), ("malformed", "note")),
        ("\u2014 name\n", ("malformed", "note")),
        ("- name AAAAAAA=\n", ("malformed", "note")),
        (LINE, ("malformed", "note.signatures")),
        ("\n", ("malformed", "note")),
        (line().rstrip("\n"), ("malformed", "note")),
        (line().replace("\n", "\r\n"), ("malformed", "note")),
        (line().replace(" e", "  e"), ("malformed", "note")),
    ],
)
def test_lines_that_are_no_signatures_of_the_log(js, more, said):
    assert answers(js, renoted(f"{NOTE.text}\n{LINE}{more}")) == said


TEXT = NOTE.text.splitlines()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([*TEXT, "extension"], None),
        ([*TEXT, "one", "two"], None),
        ([*TEXT, "", "after an empty line"], ("malformed", "note")),
        (TEXT[:2], ("malformed", "note")),
        ([TEXT[0], "045", TEXT[2]], ("malformed", "note")),
        ([TEXT[0], "+45", TEXT[2]], ("malformed", "note")),
        ([TEXT[0], "", TEXT[2]], ("malformed", "note")),
        ([TEXT[0], str(2**64), TEXT[2]], ("malformed", "note")),
        ([TEXT[0], str(2**64 - 1), TEXT[2]], ("not_in_log", "epoch")),
        ([*TEXT[:2], to_base64(b"r" * 33)], ("malformed", "note")),
        ([*TEXT[:2], TEXT[2].rstrip("=")], ("malformed", "note")),
        (["é" * 300_000 + "😀" * 699_000, *TEXT[1:]], ("unknown_signature", "note.origin")),
        (["😀" * 1_000_000, *TEXT[1:]], ("malformed", "note")),
    ],
    ids=range(13),
)
def test_texts_of_checkpoints(js, lines, said):
    text = "".join(f"{one}\n" for one in lines)
    assert answers(js, renoted(f"{text}\n{LOG_KEY.sign(text).line()}")) == said


@pytest.mark.parametrize("starts", [(), (0,), (2,), (1, 1), (1, 3, 2), (1, 3, 3)])
def test_keys_of_a_person_that_do_not_rise_from_one(js, starts):
    keys = tuple((start, AI_LI) for start in starts)
    assert answers(js, replace(FILES, person=PersonKey(ORIGIN, keys).encode())) == ("malformed", "person.keys")


def test_a_refusal_that_was_asked_for_after_it_was_written(js):
    refused = {"kind": "refused", "reason": "no_grant", "rules": [], "actor": "collector:k32"}
    for asked, said in ((START, None), (START + 2 * MINUTE, None), (START + 2 * MINUTE + 1, ("malformed", "entry 2"))):
        assert answers(js, Story().tell(enrolled()).tell(refused | {"asked": asked}).files()) == said


def test_a_reached_attempt_that_is_too_long_ago_to_be_remembered(js):
    attempted = {"kind": "attempted", "channel": "call", "outcome": "no_answer", "actor": "system:self", "rules": []}
    for attempt, said in ((3, None), (2, ("malformed", "entry 63"))):
        story = Story().tell(enrolled(), *[attempted] * 61, {"kind": "reached", "attempt": attempt})
        assert answers(js, story.files()) == said


def test_terms_of_a_contract_and_its_end_may_stand_in_their_entries_and_nowhere_else(js):
    engaged = {"kind": "engaged", "party": "agency:a07", "until": 9}
    terms = {"agreement": "A-1", "purposes": ["collection"], "fields": ["name", "arrears"]}
    agreed = {"kind": "agreed", "contract": "L", "terms": "ab"}
    given = {
        "purpose": "reminder",
        "actor": "system:x",
        "fields": ["name"],
        "forms": ["plain"],
        "basis": ["contract", 2],
    }
    given |= {"rules": [], "policy": "p", "recipient": "channel:smtp", "until": 9}
    told = [
        ([engaged | terms], None),
        ([engaged | {"purposes": [], "fields": []}], None),
        ([engaged | terms | {"purposes": "collection"}], "entry 1.purposes"),
        ([engaged | terms | {"agreement": 7}], "entry 1.agreement"),
        ([engaged | {"terms": "ab"}], "entry 1.terms"),
        ([enrolled(), agreed, {"kind": "disclosed", **given}], None),
        ([enrolled(), agreed, {"kind": "disclosed", **given, "until": "9"}], "entry 3.until"),
        ([enrolled(), agreed, {"kind": "exported", **given}], "entry 3.until"),
    ]
    for bodies, where in told:
        said = answers(js, Story().tell(*bodies).files())
        assert said == (where and ("malformed", where)), bodies


def test_what_is_taken_back_can_be_done_again_but_not_twice(js):
    dismissed, suspended = {"kind": "dismissed", "appointment": 1}, {"kind": "suspended", "engagement": 1}
    appointed, engaged = {"kind": "appointed", "role": "collector"}, {"kind": "engaged", "party": "agency:a07"}
    paused, resumed = {"kind": "paused", "why": "complaint"}, {"kind": "resumed", "pause": 2}
    unreachable, asked = {"kind": "unreachable", "rules": [], "attempts": []}, {"kind": "contact_asked", "naming": "n"}
    told = [
        ([appointed, dismissed, appointed], None),
        ([appointed, appointed], "entry 2"),
        ([appointed, dismissed, engaged], "entry 3"),
        ([appointed, dismissed, dismissed], "entry 3"),
        ([engaged, suspended, engaged], None),
        ([engaged, suspended, enrolled()], "entry 3"),
        ([engaged, suspended, suspended], "entry 3"),
        ([enrolled(), paused, resumed], None),
        ([enrolled(), paused, resumed, resumed], "entry 4"),
        ([enrolled(), unreachable, asked | {"evidence": 2}], None),
        ([enrolled(), unreachable, asked | {"evidence": 1}], "entry 3"),
        ([enrolled(), asked | {"evidence": 0}], "entry 2"),
        ([enrolled(), unreachable | {"attempts": [1]}], "entry 2"),
    ]
    for bodies, where in told:
        said = answers(js, Story().tell(*bodies).files())
        assert said == (where and ("malformed", where)), bodies


def test_a_statement_and_a_person_key_spelt_in_other_ways(js):
    found = Bundle.parse(FILES.bundle)
    signature = LOG_KEY.sign_under(CONTEXT, replace(found.statement, as_of=NOW).payload())
    assert answers(js, edited(FILES, statement=replace(found.statement, as_of=NOW), signature=signature)) is None
    leaf_1 = KEY.leaf_1.hex()
    upper = replace(FILES, person=FILES.person.replace(leaf_1.encode(), leaf_1.upper().encode()))
    assert answers(js, upper) == ("malformed", "person.leaf_1")
