"""What a person sees of their own sign-ins, and how they end one from another."""

from datetime import timedelta

import pytest

from tests.usecases.privacy.test_sign_in import FIREFOX, entered
from tests.usecases.story import NOON, enrolled

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (FIREFOX, "firefox linux"),
        (IPHONE, "safari iphone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130", "edge windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36", "chrome android"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/116 MicroMessenger/8.0", "wechat android"),
        ("curl/8.0", "other other"),
        ("", "other other"),
        ("<script>alert(1)</script>" * 1000, "other other"),
    ],
)
def test_it_names_a_browser_by_words_of_a_short_list(user_agent, label):
    from shouxin.usecases.privacy.devices import label_of

    assert label_of(user_agent) == label


@pytest.fixture
def two(texting, gateway):
    """Two sessions of one borrower, on two devices: the older, the newer, and the lender a little later."""
    enrolled(texting)
    later = texting.at(NOON + timedelta(minutes=2))
    return entered(texting, gateway), entered(later, gateway), later


def seen(lender, signed):
    from shouxin.usecases.privacy.devices import security

    return security(lender, signed.user.id, signed.sign_in)


def test_it_lists_devices_and_sign_ins_with_the_newest_first(two):
    older, newer, lender = two
    found = seen(lender, newer)
    assert [(one.sign_in, one.open, one.here) for one in found.sign_ins] == [
        (newer.sign_in, True, True),
        (older.sign_in, True, False),
    ]
    assert [(one.browser, one.system, one.here) for one in found.devices] == [
        ("firefox", "linux", True),
        ("firefox", "linux", False),
    ]


def test_it_ends_one_session_or_all_others(two):
    from shouxin.usecases.privacy.sessions import end, end_all, stands

    older, newer, lender = two
    assert not end(lender, older.sign_in, user="somebody else")
    assert end(lender, older.sign_in, user=newer.user.id)
    assert not end(lender, older.sign_in, user=newer.user.id), "it was ended before"
    assert stands(lender, older.sign_in, older.user) == "signed_out"
    assert end_all(lender, newer.user.id, but=newer.sign_in) == 0
    assert stands(lender, newer.sign_in, newer.user) == ""


def test_it_forgets_a_device_and_signs_it_out(two, gateway):
    from shouxin.usecases.privacy.devices import forget
    from shouxin.usecases.privacy.sessions import stands

    older, newer, lender = two
    device = next(one for one in seen(lender, newer).devices if not one.here)
    assert not forget(lender, "somebody else", device.device)
    assert forget(lender, newer.user.id, device.device)
    assert stands(lender, older.sign_in, older.user) == "device"
    assert [one.here for one in seen(lender, newer).devices] == [True]
    again = entered(lender.at(NOON + timedelta(minutes=5)), gateway, device=older.device_cookie)
    assert again.new_device, "who comes back on a forgotten device is told as if it were new"


def test_it_shows_nothing_of_another_person(two, texting, gateway):
    _, newer, lender = two
    enrolled(texting, id_number="110101198009090909", phone="13900000001")
    other = entered(lender, gateway, phone="13900000001")
    assert len(seen(lender, newer).sign_ins) == 2
    assert [one.sign_in for one in seen(lender, other).sign_ins] == [other.sign_in]
