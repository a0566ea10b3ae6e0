"""Whatever happens to a loan, in whatever order it is heard of, nothing is lost and nothing is made up."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.core.loan import statement
from shouxin.core.loan.account import fold
from shouxin.core.loan.agreed import Part
from shouxin.core.loan.event import Event, EventError, Type
from tests.core.loan.loans import agreed
from tests.core.loan.test_terms import LOANS

START = date(2026, 6, 10)
DAYS = st.integers(0, 900).map(lambda days: START + timedelta(days=days))
AMOUNTS = st.integers(1, 3 * 10**6)
PENALTIES = st.sampled_from(
    [None, {"annual": "21.60%", "of": "overdue"}, {"daily": "0.05%", "of": "overdue_principal"}]
)

MONEY = st.builds(Event, on=DAYS, type=st.sampled_from([Type.PAY, Type.PAY_FAILED]), amount=AMOUNTS)
CHARGES = st.builds(
    Event,
    on=DAYS,
    type=st.sampled_from([Type.FEE, Type.PENALTY]),
    amount=st.integers(1, 10_000),
    due_on=st.none() | DAYS,
)
WAIVERS = st.builds(
    Event, on=DAYS, type=st.just(Type.WAIVE), amount=st.integers(1, 500), part=st.sampled_from(list(Part))
)
DEFERRALS = st.builds(Event, on=DAYS, type=st.just(Type.DEFER), instalments=st.integers(1, 3))
PAUSES = st.builds(
    lambda on, days: Event(on=on, type=Type.PAUSE_DELINQUENCY, begins=on, ends=on + timedelta(days=days)),
    DAYS,
    st.integers(0, 60),
)
RESUMES = st.builds(Event, on=DAYS, type=st.just(Type.RESUME_DELINQUENCY))
EVENTS = st.lists(MONEY | CHARGES | WAIVERS | DEFERRALS | PAUSES | RESUMES, max_size=12)


def account_of(changed, penalty, events, day=None):
    """The account, or None where an event asks for something that the account does not allow."""
    try:
        return fold(agreed(**changed | {"penalty": penalty}), events, as_of=day)
    except EventError:
        return None


@settings(max_examples=100, deadline=None)
@given(LOANS, PENALTIES, EVENTS)
def test_it_balances_after_any_life(changed, penalty, events):
    account = account_of(changed, penalty, events)
    if account is None:
        return
    rows = account.instalments
    waived = sum(event.amount for event in events if event.type is Type.WAIVE and event.part is Part.PRINCIPAL)
    repaid = sum(row.paid.principal for row in rows)
    assert repaid + account.principal + waived == account.terms.principal_minor
    assert sum(row.days for row in rows) == (rows[-1].due_on - account.terms.disbursed_on).days
    paid_in = sum(event.amount for event in events if event.type is Type.PAY)
    assert paid_in == sum(row.paid.total for row in rows) + account.credit
    assert all(row.outstanding == row.asked.total - row.paid.total >= 0 for row in rows)
    assert all(row.paid_early + row.paid_late <= row.paid.total for row in rows)
    assert all(bool(row.settled_on) == (row.outstanding == 0) or not row.asked.total for row in rows)
    assert rows[-1].balance == 0
    assert account.settle.amount >= 0
    assert account.behind.arrears == sum(row.outstanding for row in rows if row.due_on < account.as_of)
    assert (account.behind.dpd > 0) == (account.behind.arrears > 0)
    assert (
        account.credit == 0
        or account.outstanding == 0
        or any(event.type in (Type.FEE, Type.PENALTY) for event in events)
    )


@settings(max_examples=50, deadline=None)
@given(LOANS, PENALTIES, EVENTS, st.randoms())
def test_it_does_not_matter_in_which_order_days_are_heard_of(changed, penalty, events, chance):
    one_a_day = list({event.on: event for event in events}.values())
    shuffled = chance.sample(one_a_day, len(one_a_day))
    assert account_of(changed, penalty, one_a_day) == account_of(changed, penalty, shuffled)


@settings(max_examples=50, deadline=None)
@given(LOANS, PENALTIES, EVENTS, DAYS)
def test_it_never_lets_a_later_event_change_an_earlier_day(changed, penalty, events, day):
    earlier = [event for event in events if event.on <= day]
    assert account_of(changed, penalty, events, day) == account_of(changed, penalty, earlier, day)


@settings(max_examples=50, deadline=None)
@given(LOANS, PENALTIES, EVENTS, DAYS)
def test_it_owes_nothing_once_what_settles_is_paid(changed, penalty, events, day):
    account = account_of(changed, penalty, events, day)
    if account is None or not account.settle.amount:
        return
    happened = [event for event in events if event.on <= day]
    settled = account_of(
        changed, penalty, [*happened, Event(on=day, type=Type.SETTLE, amount=account.settle.amount)], day
    )
    assert settled.outstanding == 0
    assert settled.credit == account.credit
    assert settled.settle.amount == 0


@settings(max_examples=100, deadline=None)
@given(LOANS, PENALTIES, EVENTS, DAYS)
def test_it_counts_a_reversed_event_as_if_it_had_never_been(changed, penalty, events, day):
    account = account_of(changed, penalty, events, day)
    odd = Event(on=START, type=Type.PAY, amount=123, ref="odd")
    undone = account_of(changed, penalty, [odd, *events, Event(on=START, type=Type.REVERSE, of="odd")], day)
    if account is None:
        assert undone is None
        return
    assert [row for row in undone.transactions if not row.reversed] == list(account.transactions)
    assert (undone.instalments, undone.behind, undone.settle) == (account.instalments, account.behind, account.settle)


@settings(max_examples=100, deadline=None)
@given(LOANS, PENALTIES, EVENTS)
def test_it_writes_parts_that_add_up_to_their_totals(changed, penalty, events):
    account = account_of(changed, penalty, events)
    if account is None:
        return
    document = statement.to_doc(account)

    def minor(text):
        return int(text.replace(".", ""))

    for row in [*document["instalments"], document["totals"]]:
        assert minor(row["total"]) == sum(minor(row[part]) for part in ("principal", "interest", "fees", "penalties"))
        assert minor(row["total"]) == minor(row["paid"]) + minor(row["outstanding"])
    for part in ("principal", "interest", "fees", "penalties", "total", "paid", "outstanding"):
        assert minor(document["totals"][part]) == sum(minor(row[part]) for row in document["instalments"])
    settle = document["settle"]
    assert minor(settle["amount"]) == sum(
        minor(settle[part]) for part in ("principal", "interest", "fees", "penalties")
    )
