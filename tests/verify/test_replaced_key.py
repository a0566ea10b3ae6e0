"""A history under one ledger key after another: believed when each change is told, and refused when anything hides."""

from dataclasses import replace

import pytest

from shouxin.assurance.little_log import LittleLog, Scribe
from shouxin.core.merkle.bundle import Bundle
from shouxin.core.merkle.chain import label
from shouxin.core.merkle.person_key import PersonKey, fingerprint
from shouxin.verify import Verified
from tests.verify.story import AI_LI, LOG_KEY, MINUTE, Story, agreed, case_opened, check, enrolled, refusal, used

SECOND, THIRD = b"B" * 32, b"C" * 32


def person(*keys):
    return PersonKey(origin=LOG_KEY.name, keys=keys)


def replaced(to):
    return {"kind": "key_rotated", "to": fingerprint(to)}


def story(*keys, bodies):
    """A log in which this person's entries stand, each in a batch of its own, under these keys."""
    scribe = Scribe(LittleLog(LOG_KEY), key=AI_LI)
    scribe.key = person(*keys)
    told = Story(scribe=scribe)
    for body in bodies:
        told.tell(body)
    return told


def twice_replaced():
    """Six entries: 1–2 under the first key, 3–4 under the second, 5–6 under the third."""
    bodies = [
        enrolled(),
        replaced(SECOND),
        agreed(),
        replaced(THIRD),
        used("servicing", ["contract", 3]),
        case_opened(),
    ]
    return story((1, AI_LI), (3, SECOND), (5, THIRD), bodies=bodies)


def with_key(files, *keys):
    return replace(files, person=person(*keys).encode())


def test_it_believes_a_history_whose_changes_are_told():
    verdict = check(twice_replaced().files())
    assert isinstance(verdict, Verified) and len(verdict.records) == 6
    assert len(Bundle.parse(twice_replaced().files().bundle).non_membership) == 3


def test_it_believes_one_that_ends_in_the_change():
    files = story((1, AI_LI), (3, SECOND), bodies=[enrolled(), replaced(SECOND)]).files()
    assert isinstance(check(files), Verified)
    assert len(Bundle.parse(files.bundle).non_membership) == 2


def test_a_key_that_no_entry_tells_of_is_refused():
    files = story((1, AI_LI), (3, SECOND), bodies=[enrolled(), replaced(THIRD), agreed()]).files()
    assert refusal(files) == ("wrong_person", "entry 2")
    files = story((1, AI_LI), (3, SECOND), bodies=[enrolled(), agreed(), case_opened()]).files()
    assert refusal(files) == ("wrong_person", "entry 2")


def test_a_change_to_a_key_that_the_person_has_not_is_refused():
    """Cut at the change and shown with the old key alone, the history would look whole without what came after."""
    cut = story((1, AI_LI), bodies=[enrolled(), replaced(SECOND)])
    hidden = [(label(SECOND, 3), bytes(32))]
    cut.now += MINUTE
    cut.write([], others=hidden)
    assert refusal(cut.files()) == ("wrong_person", "entry 2")
    in_the_middle = story((1, AI_LI), bodies=[enrolled(), replaced(SECOND), agreed()])
    assert refusal(in_the_middle.files()) == ("wrong_person", "entry 2")


def test_an_old_file_does_not_open_what_came_after_it():
    files = with_key(twice_replaced().files(), (1, AI_LI), (3, SECOND))
    assert refusal(files) == ("wrong_person", "membership")


def test_a_newer_file_opens_what_came_before_it():
    files = story((1, AI_LI), (3, SECOND), bodies=[enrolled()]).files()
    assert isinstance(check(files), Verified)
    later = with_key(story((1, AI_LI), bodies=[enrolled(), agreed(), case_opened()]).files(), (1, AI_LI), (9, SECOND))
    assert isinstance(check(later), Verified)


@pytest.mark.parametrize(("key", "j"), [(AI_LI, 3), (SECOND, 5), (THIRD, 7)])
def test_an_entry_hidden_under_any_of_the_keys_is_a_missing_entry(key, j):
    """The next number may stand under no key: not the one in force, and not one that was replaced."""
    told = twice_replaced()
    told.now += MINUTE
    told.write([], others=[(label(key, j), bytes(32))])
    assert refusal(told.files()) == ("missing_entry", "entry 7")


def test_every_key_needs_its_path():
    files = twice_replaced().files()
    bundle = Bundle.parse(files.bundle)
    fewer = replace(bundle, non_membership=bundle.non_membership[:2]).encode()
    assert refusal(replace(files, bundle=fewer)) == ("missing_entry", "entry 7")
    more = replace(bundle, non_membership=(*bundle.non_membership, bundle.non_membership[0])).encode()
    assert refusal(replace(files, bundle=more)) == ("malformed", "non_membership")
