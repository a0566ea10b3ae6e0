"""Staff signs in with two factors; each code is good once, and guessing gets slower and slower."""

from datetime import timedelta

import pyotp
import pytest

from tests.usecases.story import BO, CHEN, NOON, must, reason

STEP = timedelta(seconds=30)


def credential(lender, actor=BO):
    from shouxin.usecases.privacy.staff_sign_in import Credential
    from shouxin.usecases.privacy.staff_sign_in import credential as act

    return act(lender, Credential.read({"actor": actor}))


@pytest.fixture
def bo(texting):
    """Bo, appointed, with a credential."""
    must(texting.vault.appoint(BO))
    return must(credential(texting))


def code_at(issued, lender, *, steps=0) -> str:
    return pyotp.parse_uri(issued.otpauth).at(lender.clock.now() + steps * STEP)


def entered(lender, issued, *, actor=BO, password=None, code=None) -> str:
    from shouxin.usecases.privacy.staff_sign_in import StaffSignIn, staff_sign_in

    request = StaffSignIn(
        actor=actor,
        password=issued.password if password is None else password,
        code=code_at(issued, lender) if code is None else code,
    )
    found = staff_sign_in(lender, request)
    return found.why.value if hasattr(found, "why") else found.user.actor


def test_it_lets_in_who_has_both_factors(texting, bo):
    assert entered(texting, bo) == BO


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_it_bears_with_a_clock_that_is_half_a_minute_off(texting, bo, steps):
    assert entered(texting, bo, code=code_at(bo, texting, steps=steps)) == BO


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_it_takes_no_code_of_another_time(texting, bo, steps):
    assert entered(texting, bo, code=code_at(bo, texting, steps=steps)) == "wrong"


def test_it_takes_each_code_once(texting, bo):
    code = code_at(bo, texting)
    assert entered(texting, bo, code=code) == BO
    assert entered(texting, bo, code=code) == "wrong", "used would say that the password was right"
    assert entered(texting, bo, code=code_at(bo, texting, steps=-1)) == "wrong", "nor an earlier one afterwards"
    later = texting.at(NOON + 2 * STEP)
    assert entered(later, bo) == BO


@pytest.mark.parametrize(
    "what",
    [
        {"password": "wrong"},
        {"password": ""},
        {"code": "000000"},
        {"code": ""},
        {"actor": CHEN},
        {"actor": "collector:nobody"},
        {"actor": "borrower:self"},
        {"actor": "\0"},
        {"actor": "' OR 1=1 --"},
        {"actor": ""},
    ],
    ids=repr,
)
def test_it_gives_one_answer_to_all_that_is_wrong(texting, bo, what):
    assert entered(texting, bo, **what) == "wrong"


def test_it_makes_each_try_after_the_fifth_wait_longer(texting, bo):
    assert [entered(texting, bo, password="guess") for _ in range(6)] == ["wrong"] * 5 + ["too_many"]
    assert entered(texting, bo) == "too_many", "even with what is right"
    waits, now = [], NOON
    for _ in range(9):
        from shouxin.usecases.privacy import tries

        waited = tries.begin(texting.at(now), "staff", BO)
        waits.append((waited.until - now).total_seconds() // 60)
        now = waited.until
        entered(texting.at(now), bo, password="guess")
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert entered(texting.at(now + timedelta(hours=1)), bo) == BO


def test_it_makes_who_guesses_a_name_that_is_none_wait_as_well(texting, bo):
    answers = [entered(texting, bo, actor="collector:nobody") for _ in range(6)]
    assert answers == ["wrong"] * 5 + ["too_many"]


def test_it_gives_a_credential_to_the_appointed_alone(texting):
    assert reason(credential(texting)) == "not_appointed"
    assert reason(credential(texting, "collector:nobody")) == "not_appointed"


def test_it_replaces_an_older_credential_and_ends_its_sessions(texting, bo):
    from shouxin.records.access.models import SignIn

    assert entered(texting, bo) == BO
    fresh = must(credential(texting))
    assert SignIn.objects.get().ended_because == "credential"
    later = texting.at(NOON + 2 * STEP)
    assert entered(later, bo) == "wrong"
    assert entered(later, fresh) == BO


def test_it_shuts_out_who_was_dismissed(texting, bo):
    from shouxin.records.access.models import SignIn
    from shouxin.usecases.privacy.staff import Dismiss, dismiss

    assert entered(texting, bo) == BO
    must(dismiss(texting, Dismiss(actor=BO)))
    assert SignIn.objects.get().ended_because == "dismissed"
    assert entered(texting.at(NOON + 2 * STEP), bo) == "wrong"


@pytest.mark.parametrize(
    ("new", "answer"),
    [
        ("a long walk by the river", "done"),
        ("short", "malformed"),
        ("", "malformed"),
        ("my name is k31, hello", "malformed"),
        (None, "malformed"),
    ],
)
def test_it_lets_them_choose_a_password_of_their_own(texting, bo, new, answer):
    from shouxin.records.access.models import User
    from shouxin.usecases.privacy.sessions import begin
    from shouxin.usecases.privacy.staff_sign_in import ChoosePassword, choose_password

    user = User.objects.get(login=BO)
    assert user.must_change
    request = ChoosePassword(
        user=user.id, sign_in=begin(texting, user), password=bo.password, new=bo.password if new is None else new
    )
    assert reason(choose_password(texting, request)) == answer
    assert User.objects.get(login=BO).must_change == (answer != "done")
    assert entered(texting, bo, password=new if answer == "done" else bo.password) == BO


def test_it_keeps_neither_factor_as_it_stands(here, data_dir):
    must(here.vault.appoint(BO))
    issued = must(credential(here))
    raw = b"".join(path.read_bytes() for path in data_dir.glob("*.sqlite3*"))
    assert b"argon2" in raw, "the search finds what is there"
    for secret in (issued.password, pyotp.parse_uri(issued.otpauth).secret):
        assert secret.encode() not in raw
    assert issued.password not in repr(issued)


def test_it_ends_a_session_of_staff_sooner_than_a_borrowers(texting, bo):
    from shouxin.records.access.models import User
    from shouxin.usecases.privacy.sessions import begin, stands

    user = User.objects.get(login=BO)
    name = begin(texting, user)
    assert stands(texting.at(NOON + timedelta(minutes=14)), name, user) == ""
    assert stands(texting.at(NOON + timedelta(minutes=30)), name, user) == "idle"
