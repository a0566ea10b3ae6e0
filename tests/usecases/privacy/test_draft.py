"""What was typed and isn't done yet: sealed for its owner, and nothing to anybody else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.usecases.lender import BadInput

OWNER, OTHER = "0190a000-0000-7000-8000-00000000000a", "0190a000-0000-7000-8000-00000000000b"
TYPED = {"income": "8600", "name": "Ai Li", "note": "<b>'; --"}


def test_it_gives_what_was_typed_back_to_its_owner_alone(here):
    from shouxin.usecases.privacy.draft import keep_draft, read_draft

    text = keep_draft(here, OWNER, TYPED)
    assert read_draft(here, OWNER, text) == TYPED
    assert read_draft(here, OTHER, text) is None
    assert read_draft(here, OWNER, text, kind="form") is None
    assert keep_draft(here, OWNER, TYPED) != text, "the same typed twice doesn't look the same"


def test_it_holds_nothing_that_can_be_read(here):
    from shouxin.usecases.privacy.draft import keep_draft

    text = keep_draft(here, OWNER, TYPED)
    assert text.isascii() and not any(value in text for value in TYPED.values())


def test_it_opens_nothing_that_was_changed(here):
    from shouxin.usecases.privacy.draft import keep_draft, read_draft

    text = keep_draft(here, OWNER, TYPED)
    for at in range(len(text)):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        found = read_draft(here, OWNER, changed)
        assert found is None or found == TYPED, "bits that base64 doesn't use"


@pytest.mark.parametrize("text", ["", "=", "A", "AAAA", "é", "\0", "A" * 10_000, "-_-_", "null"])
def test_it_opens_nothing_that_it_did_not_make(here, text):
    from shouxin.usecases.privacy.draft import read_draft

    assert read_draft(here, OWNER, text) is None


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200) | st.integers() | st.none(), max_size=20))
def test_it_keeps_whatever_a_form_may_hold(here, typed):
    from shouxin.usecases.privacy.draft import keep_draft, read_draft

    assert read_draft(here, OWNER, keep_draft(here, OWNER, typed)) == typed


def test_it_refuses_to_keep_more_than_a_form_holds(here):
    from shouxin.usecases.privacy.draft import keep_draft

    with pytest.raises(BadInput, match="too much"):
        keep_draft(here, OWNER, {"note": "x" * 70_000})


def test_it_counts_one_value_alike_and_two_apart(here):
    token = here.vault.token_of
    assert token("phone", "138 0000 0101") == token("phone", "138-00000101")
    assert token("phone", "13800000101") != token("phone", "13800000102")
    assert token("phone", "13800000101") != token("device", "13800000101")
    assert token("device", "a-b") != token("device", "ab")
