"""What an insider or a thief might try. Each attempt is refused, with the reason it deserves."""

from dataclasses import replace
from pathlib import Path

import pytest

from shouxin.assurance import forge
from shouxin.assurance.little_log import Files, LittleLog, Scribe
from shouxin.core.merkle import prefix_tree
from shouxin.core.merkle.bundle import Bundle, Opening, chained
from shouxin.core.merkle.canonical import encode
from shouxin.core.merkle.chain import Epoch
from shouxin.core.merkle.note import Signer
from shouxin.core.merkle.statement import CONTEXT
from shouxin.verify import Reason, Verified, verify
from shouxin.verify.history import batches
from shouxin.verify.refuse import RefusedError
from tests.verify.story import (
    AI_LI,
    DAY,
    HOUR,
    LOG_KEY,
    MINUTE,
    ORIGIN,
    START,
    Story,
    agreed,
    consented,
    enrolled,
    five_entries,
    honest,
    refusal,
)

FRESH = b"F" * 32
GOLDEN = Path(__file__).parent / "golden" / "v1"


def edited(files, **changes):
    return replace(files, bundle=replace(Bundle.parse(files.bundle), **changes).encode())


@pytest.mark.parametrize("j", range(1, 6))
def test_it_says_at_which_entry_a_record_was_changed(j):
    files = honest().files()
    changed = replace(files, bundle=forge.change_record(files.bundle, j))
    assert refusal(changed) == ("chain_broken", f"entry {j}")


@pytest.mark.parametrize("j", range(1, 6))
def test_it_says_at_which_entry_a_salt_or_commitment_was_changed(j):
    files = honest().files()
    for name in ("salt", "commit"):
        openings = list(Bundle.parse(files.bundle).openings)
        openings[j - 1] = replace(openings[j - 1], **{name: bytes(32)})
        assert refusal(edited(files, openings=tuple(openings))) == ("chain_broken", f"entry {j}")


def test_leaving_out_the_last_entry_is_a_missing_entry():
    files = honest().files()
    assert refusal(replace(files, bundle=forge.drop_last(files.bundle))) == ("missing_entry", "entry 5")


def test_leaving_out_the_first_entry_is_a_missing_entry():
    files = honest().files()
    assert refusal(replace(files, bundle=forge.drop_first(files.bundle))) == ("missing_entry", "entry 1")


def test_leaving_out_an_entry_in_between_is_a_missing_entry():
    files = honest().files()
    openings = Bundle.parse(files.bundle).openings
    assert refusal(edited(files, openings=openings[:2] + openings[3:])) == ("missing_entry", "entry 3")


def test_leaving_out_all_entries_is_a_missing_entry():
    assert refusal(edited(honest().files(), openings=())) == ("missing_entry", "entry 1")


def test_an_entry_told_twice_is_malformed():
    files = honest().files()
    openings = Bundle.parse(files.bundle).openings
    assert refusal(edited(files, openings=openings + openings[-1:]))[0] == "malformed"


def test_a_lender_who_proves_a_shorter_history_with_its_own_map_is_caught_by_the_next_label():
    """The lender has map, tree and key: it can prove entries 1 to 4, but not that there is no fifth."""
    story = honest()
    sealed = story.scribe._sealed.pop()
    files = story.files()
    assert refusal(files) == ("missing_entry", "entry 5")
    story.scribe._sealed.append(sealed)


def test_a_statement_about_another_last_entry_is_a_missing_entry():
    files = honest().files()
    statement = replace(Bundle.parse(files.bundle).statement, leaf_n=bytes(32))
    signature = LOG_KEY.sign_under(CONTEXT, statement.payload())
    assert refusal(edited(files, statement=statement, signature=signature)) == ("missing_entry", "statement.leaf_N")


def test_a_fresh_key_under_a_statement_alone_is_a_bad_signature():
    files = honest().files()
    signature = Signer(name=ORIGIN, seed=FRESH).sign_under(CONTEXT, Bundle.parse(files.bundle).statement.payload())
    assert refusal(edited(files, signature=signature)) == ("bad_signature", "statement")


def test_signing_with_a_fresh_key_of_the_logs_name_is_an_unknown_signature():
    files = honest().files()
    signed = replace(files, bundle=forge.sign_afresh(files.bundle, seed=FRESH))
    assert refusal(signed)[0] == "unknown_signature"


def test_a_history_made_up_afterwards_is_late():
    """The forger holds the log's own key, and everything but the time is consistent."""
    now = START + 30 * DAY
    bodies = five_entries()
    records = [encode({"v": 1, "time": START + n * DAY} | body) for n, body in enumerate(bodies)]
    files = forge.history_made_up(records, origin=ORIGIN, seed=LOG_KEY.seed, now_ms=now)
    assert refusal(files, at=now) == ("late_entry", "entry 1")


def test_entries_logged_late_among_honest_ones_are_late():
    story = honest().tell(agreed(), late=HOUR)
    assert refusal(story.files()) == ("late_entry", "entry 6")


def test_epochs_that_claim_an_older_time_than_the_ones_before_go_backwards():
    story = honest()
    story.now -= HOUR
    story.tell(agreed())
    assert refusal(story.files(), at=START + MINUTE)[0] == "time_backwards"


def test_an_entry_that_stands_before_an_earlier_one_goes_backwards():
    """Entry 2 was logged first: j rises, its epoch falls."""
    story = Story()
    first, second = ({"v": 1, "time": START + MINUTE} | body for body in (enrolled(), agreed()))
    scribe = story.scribe
    openings = chained_out_of_order(scribe, [first, second])
    labels = [scribe.key.label(one.j) for one in openings]
    indices = scribe.log.append([(labels[1], openings[1].commit)], ms=START + MINUTE)
    indices |= scribe.log.append([(labels[0], openings[0].commit)], ms=START + MINUTE)
    scribe._sealed = [(indices[label], one.salt, one.record) for label, one in zip(labels, openings, strict=True)]
    story.now += MINUTE
    assert refusal(story.files()) == ("time_backwards", "entry 2")


def chained_out_of_order(scribe, records):
    return chained([(0, bytes([n]) * 32, encode(one)) for n, one in enumerate(records)], scribe.key)


def test_a_later_epoch_cannot_stand_for_the_one_that_closed_the_batch():
    """Without the two ends of its batch an entry could pass as logged later than it was."""
    files = honest().files()
    epochs = Bundle.parse(files.bundle).epochs
    assert refusal(edited(files, epochs=epochs[1:]))[0] == "not_in_log"
    story = honest()
    story.scribe._epochs = lambda indices: [one for one in story.scribe.log.epochs if one.number != 3]
    assert refusal(story.files()) == ("late_entry", "entry 3")


def test_an_epoch_that_nothing_needs_is_malformed():
    story = Story().tell(enrolled())
    for _ in range(3):
        story.now += MINUTE
        story.scribe.log.append([], ms=story.now)
    story.scribe._epochs = lambda indices: story.scribe.log.epochs
    assert refusal(story.files()) == ("malformed", "epochs")


def test_the_key_of_another_person_is_the_wrong_person():
    bos = Story(scribe=Scribe(LittleLog(LOG_KEY), key=b"B" * 32)).tell(enrolled()).files()
    files = honest().files()
    assert refusal(replace(files, person=bos.person))[0] == "wrong_person"


def test_a_history_begun_anew_is_the_wrong_person():
    """A second chain under the same key differs from the one whose first leaf the person holds."""
    files = honest().files()
    again = Story().tell(enrolled() | {"as": "contact_person"}).files()
    assert refusal(replace(again, person=files.person)) == ("wrong_person", "entry 1")


def test_a_key_of_another_log_is_the_wrong_person():
    other = Scribe(LittleLog(Signer(name="elsewhere", seed=LOG_KEY.seed)), key=AI_LI)
    elsewhere = Story(scribe=other).tell(enrolled()).files()
    assert refusal(replace(honest().files(), person=elsewhere.person)) == ("wrong_person", "person.origin")


def test_a_bundle_of_another_log_is_an_unknown_signature():
    other = Scribe(LittleLog(Signer(name="elsewhere", seed=LOG_KEY.seed)), key=AI_LI)
    elsewhere = Story(scribe=other).tell(enrolled()).files()
    files = honest().files()
    assert refusal(Files(elsewhere.bundle, files.trust, files.person)) == ("unknown_signature", "note.origin")


def test_an_entry_that_stands_elsewhere_in_the_log_is_not_in_it():
    files = honest().files()
    openings = list(Bundle.parse(files.bundle).openings)
    openings[1] = replace(openings[1], index=openings[1].index + 2)
    assert refusal(edited(files, openings=tuple(openings)))[0] == "not_in_log"


def test_a_chain_that_the_log_never_held_is_not_in_it():
    """Everything about the person is consistent, but the tree is another one."""
    story = Story().tell(enrolled())
    other = honest()
    story.scribe.log.note = other.scribe.log.note
    assert refusal(story.files()) == ("not_in_log", "epoch")
    bundle = Bundle.parse(Story().tell(enrolled(), agreed()).files().bundle)
    assert refusal(edited(honest().files(), openings=bundle.openings))[0] in ("missing_entry", "not_in_log")


def test_an_absent_path_that_is_left_out_is_a_missing_entry():
    assert refusal(edited(honest().files(), non_membership=())) == ("missing_entry", "entry 6")


def test_a_path_too_many_is_malformed():
    files = honest().files()
    paths = Bundle.parse(files.bundle).non_membership
    assert refusal(edited(files, non_membership=paths * 2)) == ("malformed", "non_membership")


class LyingLog(LittleLog):
    """Its map holds another leaf hash under each label than its tree."""

    def mapped(self, labels, hashes):
        return [(label, bytes(32)) for label in labels]


def test_a_map_that_differs_from_the_tree_is_noticed():
    story = Story(scribe=Scribe(LyingLog(LOG_KEY), key=AI_LI)).tell(enrolled())
    assert refusal(story.files()) == ("not_in_log", "entry 1")


def test_a_proof_with_a_changed_hash_leads_to_another_tree():
    files = Files(*((GOLDEN / name).read_bytes() for name in ("bundle.json", "trust.json", "person.key")))
    for place, one in enumerate(Bundle.parse(files.bundle).proof):
        proof = list(Bundle.parse(files.bundle).proof)
        proof[place] = one[::-1]
        assert refusal(edited(files, proof=tuple(proof))) == ("not_in_log", "proof")


def epochs_of(*rows):
    return [Epoch(size=size, entries=entries, map_root=bytes(32), ms=ms) for size, entries, ms in rows]


@pytest.mark.parametrize(
    ("epochs", "reason"),
    [
        (epochs_of((2, 1, 5), (4, 2, 5)), None),
        (epochs_of((2, 1, 5), (4, 3, 5)), Reason.MALFORMED),
        (epochs_of((4, 2, 5), (2, 1, 5)), Reason.MALFORMED),
        (epochs_of((2, 1, 5), (2, 1, 5)), Reason.MALFORMED),
        (epochs_of((4, 3, 5), (6, 2, 5)), Reason.NOT_IN_LOG),
        (epochs_of((2, 1, 5), (4, 2, 4)), Reason.TIME_BACKWARDS),
    ],
)
def test_epochs_rise_in_number_entries_and_time(epochs, reason):
    openings = [Opening(j=1, index=2, salt=b"", commit=b"", record=b"")]
    if reason is None:
        assert batches(openings, epochs) == epochs[1:]
    else:
        with pytest.raises(RefusedError) as caught:
            batches(openings, epochs)
        assert caught.value.verdict.reason is reason


def test_a_map_without_the_last_entry_does_not_hold_it():
    """The log signed a map that skips entry 5; its own path to entry 5 leads nowhere."""
    files = honest().files()
    found = Bundle.parse(files.bundle)
    empty = prefix_tree.PathProof((), found.membership.end)
    assert refusal(edited(files, membership=empty)) == ("not_in_log", "entry 5")


@pytest.mark.parametrize("name", forge.forgeries(honest().files().bundle, seed=FRESH))
def test_it_says_to_each_forgery_what_the_list_expects(name):
    files = honest().files()
    forged = replace(files, bundle=forge.forgeries(files.bundle, seed=FRESH)[name])
    assert refusal(forged)[0] == forge.EXPECTED[name]


def test_a_clock_put_back_while_nobody_watched_is_not_seen_and_that_is_said():
    """Only somebody who goes over the whole log, or kept a checkpoint, sees the empty epoch with an old time."""
    story = Story().tell(enrolled())
    log, began = story.scribe.log, story.now
    log.append([], ms=began + 300 * 86_400_000)  # others' life goes on
    log.append([], ms=began + 1)
    story.now = began
    story.tell(consented())
    log.append([], ms=began + 300 * 86_400_000)
    files = story.scribe.files(as_of=began + 300 * 86_400_000)
    verdict = verify(files.bundle, files.trust, files.person, at_ms=began + 300 * 86_400_000)
    assert isinstance(verdict, Verified)
    assert "times_nobody_watched" in verdict.cannot_prove
    times = [epoch.ms for epoch in log.epochs]
    assert times != sorted(times), "what an audit of the whole log sees"
