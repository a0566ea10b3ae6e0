"""A borrower changes their number: the old one proves it, then the new one, and everybody hears of it."""

from datetime import timedelta

import pytest

from tests.usecases.privacy.test_sign_in import entered, name
from tests.usecases.privacy.texts import PHONE, code_in, newest
from tests.usecases.story import NOON, borrowed, enrolled, kinds, must

NEW = "13900000009"


@pytest.fixture
def ai_li(texting, gateway):
    """Ai Li with a loan, signed in on two devices; gives the session in use and the lender a little later."""
    subject = enrolled(texting)
    borrowed(texting, subject)
    other = entered(texting, gateway)
    later = texting.at(NOON + timedelta(minutes=10))
    return subject, entered(later, gateway), other, later.at(NOON + timedelta(minutes=20))


def old_proved(lender, gateway, subject, *, typed=None):
    from shouxin.usecases.privacy.step_up import AskStepUp, StepUp, ask, prove

    sent, number = ask(lender, AskStepUp(subject=subject, about="old_phone"))
    code = code_in(gateway) if typed is None else typed
    return prove(lender, StepUp(subject=subject, about="old_phone", code=sent.code, number=number, typed=code))


def changed(lender, gateway, signed, proof, *, phone=NEW, typed=None):
    from shouxin.usecases.privacy.change_phone import ChangePhone, SendToNew, change_phone, send_to_new

    subject = signed.user.subject_id
    sent = send_to_new(lender, SendToNew(subject=subject, proof=proof, phone=phone))
    if not isinstance(sent, tuple):
        return sent
    request = ChangePhone(
        subject=subject,
        user=signed.user.id,
        sign_in=signed.sign_in,
        proof=proof,
        code=sent[0].code,
        number=sent[1],
        typed=code_in(gateway, phone) if typed is None else typed,
    )
    return change_phone(lender, request)


def test_it_changes_the_number_after_both_codes(ai_li, gateway):
    from shouxin.usecases.privacy.sessions import stands

    subject, signed, other, lender = ai_li
    before = len(kinds(lender, subject))
    must(changed(lender, gateway, signed, old_proved(lender, gateway, subject)))
    assert kinds(lender, subject)[before:] == ["disclosed", "disclosed", "corrected", "notice_shown", "disclosed"]
    assert lender.vault.holders("phone", NEW) == (subject,)
    assert lender.vault.holders("phone", PHONE) == ()
    assert stands(lender, other.sign_in, other.user) == "phone"
    assert stands(lender, signed.sign_in, signed.user) == ""
    assert "已经换成这一个" in newest(gateway, NEW)


def test_it_changes_nothing_without_the_old_number(ai_li, gateway):
    subject, signed, _, lender = ai_li
    proof = old_proved(lender, gateway, subject, typed="000000")
    assert proof.why.value == "wrong"
    for forged in ("", "x", lender.vault.keep("proof", "somebody", b"{}")):
        assert changed(lender, gateway, signed, forged).reason.value == "expired"
    assert lender.vault.holders("phone", PHONE) == (subject,)


def test_it_changes_nothing_on_a_wrong_code_to_the_new_number(ai_li, gateway):
    subject, signed, _, lender = ai_li
    proof = old_proved(lender, gateway, subject)
    assert changed(lender, gateway, signed, proof, typed="").why.value == "wrong"
    assert lender.vault.holders("phone", PHONE) == (subject,)


def test_it_lets_the_proof_of_the_old_number_end(ai_li, gateway):
    subject, signed, _, lender = ai_li
    proof = old_proved(lender, gateway, subject)
    late = lender.at(NOON + timedelta(minutes=31))
    assert changed(late, gateway, signed, proof).reason.value == "expired"


def test_it_takes_no_proof_of_something_else(ai_li, gateway):
    from shouxin.usecases.privacy.step_up import AskStepUp, StepUp, ask, holds, prove

    subject, signed, _, lender = ai_li
    sent, number = ask(lender, AskStepUp(subject=subject, about="show"))
    proof = prove(lender, StepUp(subject=subject, about="show", code=sent.code, number=number, typed=code_in(gateway)))
    assert holds(lender, subject, "show", proof)
    assert not holds(lender, subject, "show", proof, bound="offer 7")
    assert not holds(lender, "somebody else", "show", proof)
    assert changed(lender, gateway, signed, proof).reason.value == "expired"


def test_it_names_what_is_signed_and_binds_the_code_to_it(ai_li, gateway):
    from shouxin.usecases.privacy.step_up import AskStepUp, StepUp, ask, prove

    subject, _, _, lender = ai_li
    figures = {"amount": "¥12,000.00", "total": "¥12,956.45"}
    asked = AskStepUp(subject=subject, about="sign", bound="terms a", figures=figures)
    sent, number = ask(lender, asked)
    assert "借 ¥12,000.00，一共还 ¥12,956.45" in newest(gateway)

    def proved(bound):
        return prove(
            lender,
            StepUp(subject=subject, about="sign", code=sent.code, number=number, typed=code_in(gateway), bound=bound),
        )

    assert name(proved("terms b")) == "NotProved"
    assert name(proved("terms a")) == "str"
