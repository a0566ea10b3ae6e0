"""May someone be contacted? The rules of China and of the house, as a lending officer reads them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shouxin.core.outreach.contact_person import Evidence, out_of_reach
from shouxin.core.outreach.may_contact import PARAMS, may_contact
from shouxin.core.outreach.question import Attempt, History, Pause, Promise, Question
from shouxin.core.rules.refusal import Reason
from shouxin.core.rules.ruling import Ruling
from tests.core.outreach.cast import (
    AI_LI,
    BOOK,
    DAN,
    EVERY_KIND,
    SHANGHAI,
    at,
    only,
    three_days_silent,
    tried,
    without,
)

NOTHING = History()


def ask(question: Question, *attempts: Attempt, pauses: tuple[Pause, ...] = ()) -> Ruling:
    return may_contact(question, History(attempts, pauses), BOOK)


def blocked_by(ruling: Ruling) -> set[str]:
    return {item.rule_id for item in ruling.blocking}


HOURS = """
    07:59:59  no   11-24 08:00
    08:00:00  yes
    12:00:00  yes
    21:59:59  yes
    22:00:00  no   11-25 08:00
    22:30:00  no   11-25 08:00
    00:00:00  no   11-24 08:00
"""


@pytest.mark.parametrize("line", HOURS.strip().splitlines())
@pytest.mark.parametrize("channel", ["call", "sms", "email", "in_app", "letter", "visit"])
def test_it_keeps_quiet_hours_on_every_channel(line: str, channel: str) -> None:
    clock, answer, *following = line.split()
    moment = datetime.fromisoformat(f"2026-11-24T{clock}+08:00")
    ruling = ask(replace(AI_LI, at=moment, channel=channel))
    assert ruling.allow == (answer == "yes")
    if ruling.allow:
        assert ruling.next_permitted == moment
    else:
        assert blocked_by(ruling) == {"CN.GBT45251.HOURS", "CN.CBA2026.HOURS"}
        assert ruling.reason is Reason.OUTSIDE_HOURS
        assert ruling.next_permitted == at(" ".join(following))


def test_it_gives_the_shape_of_the_outside_contract() -> None:
    ruling = ask(replace(AI_LI, at=at("11-24 22:30")))
    document = ruling.to_doc()
    assert document["allow"] is False
    assert document["next_permitted"] == "2026-11-25T08:00:00+08:00"
    assert {
        "id": "CN.GBT45251.HOURS",
        "force": "recommended_standard",
        "effect": "block",
        "reason": "outside_hours",
    } in document["rules"]  # type: ignore[operator]


def test_it_reads_the_clock_where_the_person_lives() -> None:
    moment = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai, 06:30 in Urumqi
    assert ask(replace(AI_LI, at=moment)).allow
    there = ask(replace(AI_LI, at=moment, zone=ZoneInfo("Asia/Urumqi")))
    assert not there.allow
    assert there.next_permitted == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_it_finds_the_morning_after_the_clocks_change() -> None:
    new_york = ZoneInfo("America/New_York")
    evening = datetime(2026, 10, 31, 22, 0, tzinfo=new_york)  # clocks go back in the night
    ruling = ask(replace(AI_LI, at=evening, zone=new_york))
    assert ruling.next_permitted == datetime(2026, 11, 1, 13, 0, tzinfo=UTC)


CAPS = """
    answered three times today          | connected connected connected                      | no  CN.GBT45251.FREQ
    answered twice, refused to talk     | connected connected refused                        | no  CN.GBT45251.FREQ
    two answered, one of unknown end    | connected connected ?                              | no  CN.GBT45251.FREQ
    answered twice                      | connected connected                                | yes
    six dials without an answer         | no_answer busy voicemail no_answer busy no_answer  | no  CN.CBA2026.FREQ
    five dials without an answer        | no_answer busy voicemail no_answer busy            | yes
    two answered and five not           | connected connected busy busy busy busy busy       | yes
    someone else answered this number   | wrong_person                                       | no  CN.WRONGPERSON
"""


@pytest.mark.parametrize("line", CAPS.strip().splitlines())
def test_it_counts_the_calls_of_a_day(line: str) -> None:
    _, outcomes, answer = (part.strip() for part in line.split("|"))
    made = [
        tried(None if word == "?" else word, f"11-24 09:{minute:02d}") for minute, word in enumerate(outcomes.split())
    ]
    ruling = ask(AI_LI, *made)
    assert ruling.allow == (answer == "yes")
    assert blocked_by(ruling) == set(answer.split()[1:])


def test_it_counts_answered_calls_over_all_cases_and_numbers_of_a_person() -> None:
    elsewhere = replace(AI_LI, case="C-OTHER", point="ai-li-landline")
    made = [tried("connected", f"11-24 09:0{minute}", of=elsewhere) for minute in range(3)]
    ruling = ask(AI_LI, *made)
    assert blocked_by(ruling) == {"CN.GBT45251.FREQ"}
    assert ruling.next_permitted == at("11-25 08:00")


def test_it_counts_dials_by_number_and_not_by_person() -> None:
    made = [tried("no_answer", f"11-24 09:0{minute}") for minute in range(6)]
    assert not ask(AI_LI, *made).allow
    assert ask(replace(AI_LI, point="ai-li-landline"), *made).allow


def test_it_starts_the_count_again_on_the_persons_own_next_day() -> None:
    made = [tried("connected", f"11-23 21:0{minute}") for minute in range(3)]
    assert ask(AI_LI, *made).allow
    urumqi = ZoneInfo("Asia/Urumqi")
    night = [tried("connected", f"11-24 00:0{minute}") for minute in range(3)]  # still the 23rd in Urumqi
    assert ask(replace(AI_LI, at=at("11-24 12:00"), zone=urumqi), *night).allow


def test_it_lets_no_late_line_open_a_cap() -> None:
    made = [tried("connected", f"11-24 15:0{minute}") for minute in range(3)]
    assert not ask(replace(AI_LI, at=at("11-24 09:00")), *made).allow


def test_it_sends_one_message_a_day_as_the_house_says() -> None:
    sms = replace(AI_LI, channel="sms", dpd=0)
    ruling = ask(sms, tried(None, "11-24 08:30", of=replace(sms, channel="email")))
    assert blocked_by(ruling) == {"HOUSE.MESSAGES"}
    assert [item.force for item in ruling.blocking] == ["house_policy"]
    assert ask(AI_LI, tried(None, "11-24 08:30", of=sms)).allow


def test_it_collects_from_a_guarantor_and_from_nobody_else() -> None:
    assert ask(replace(AI_LI, person="gu", party="guarantor", point="gu-mobile")).allow
    ruling = ask(replace(AI_LI, person="neighbour", party="other", point="next-door"))
    assert blocked_by(ruling) == {"CN.GBT45251.TARGET", "CN.CFC.COLLECT"}
    assert ruling.reason is Reason.THIRD_PARTY
    assert ruling.next_permitted is None


def test_it_refuses_a_stranger_and_a_contact_person_when_no_rule_speaks_of_them() -> None:
    silent = only(BOOK, "CN.GBT45251.HOURS")
    for party in ("contact_person", "other"):
        ruling = may_contact(replace(AI_LI, party=party), NOTHING, silent)
        assert not ruling.allow
        assert ruling.reason is Reason.THIRD_PARTY
        assert ruling.next_permitted is None


REACH = """
    nothing tried                                 |                                                                 | no
    two dials failed on earlier days              | 11-22 09:00 no_answer, 11-23 09:00 busy                         | no
    three dials failed yesterday                  | 11-23 09:00 no_answer, 11-23 12:00 busy, 11-23 18:00 voicemail  | yes
    three dials failed today                      | 11-24 08:10 no_answer, 11-24 08:20 busy, 11-24 08:30 no_answer  | no
    reached since                                 | 11-22 09:00 no_answer, 11-22 10:00 busy, 11-22 11:00 busy, 11-23 09:00 connected | no
    reached and unwilling since                   | 11-22 09:00 no_answer, 11-22 10:00 busy, 11-22 11:00 busy, 11-23 09:00 refused | no
    may have been reached since                   | 11-22 09:00 no_answer, 11-22 10:00 busy, 11-22 11:00 busy, 11-23 09:00 ? | no
    the number is invalid                         | 11-24 08:10 invalid_number                                      | yes
    it was invalid and rang again                 | 11-24 08:10 invalid_number, 11-24 08:20 no_answer               | no
"""


@pytest.mark.parametrize("line", REACH.strip().splitlines())
def test_it_asks_a_contact_person_only_when_the_borrower_is_out_of_reach(line: str) -> None:
    _, tries, answer = (part.strip() for part in line.split("|"))
    made = [
        tried(None if outcome == "?" else outcome, f"{day} {clock}")
        for day, clock, outcome in (item.split() for item in filter(None, tries.split(",")))
    ]
    ruling = ask(DAN, *made)
    assert ruling.allow == (answer == "yes")
    if not ruling.allow:
        assert ruling.reason is Reason.NOT_OUT_OF_REACH


def test_it_lets_three_dials_of_today_become_evidence_tomorrow() -> None:
    made = [tried("no_answer", f"11-24 08:{minute}0") for minute in (1, 2, 3)]
    assert ask(DAN, *made).next_permitted == at("11-25 08:00")


def test_it_takes_three_silent_days_of_visits_as_out_of_reach() -> None:
    visit = replace(AI_LI, channel="visit")
    made = [tried("no_answer", f"11-{day} 09:00", of=visit) for day in (21, 22, 23)]
    assert ask(DAN, *made).allow
    assert not ask(DAN, *made[1:]).allow
    gap = [tried("no_answer", f"11-{day} 09:00", of=visit) for day in (20, 21, 23)]
    assert not ask(DAN, *gap).allow
    reached = tried("connected", "11-21 08:00")
    assert not ask(DAN, reached, *made).allow


def test_it_counts_what_was_done_about_the_borrowers_other_cases() -> None:
    reached = tried("connected", "11-24 08:30", of=replace(AI_LI, case="C-OTHER"))
    assert ask(DAN, *three_days_silent()).allow
    assert not ask(DAN, *three_days_silent(), reached).allow


def test_it_never_counts_a_message_as_an_attempt_to_reach() -> None:
    mail = replace(AI_LI, channel="email")
    made = [tried(None, f"11-{day} 09:00", of=mail) for day in (20, 21, 22, 23)]
    assert not ask(DAN, *made).allow
    assert ask(DAN, *three_days_silent(), tried(None, "11-23 12:00", of=mail)).allow


def test_it_waits_for_a_later_attempt_on_record_that_shows_an_invalid_number() -> None:
    ruling = ask(DAN, tried("invalid_number", "11-25 12:40"))
    assert not ruling.allow
    assert ruling.next_permitted == at("11-25 12:40")


def test_it_never_contacts_a_contact_person_again_once_they_refused() -> None:
    made = (*three_days_silent(), tried("refused", "11-24 08:30", of=DAN))
    later = replace(DAN, at=at("12-24 10:00"))
    ruling = ask(later, *made)
    assert ruling.reason is Reason.OPTED_OUT
    assert ruling.next_permitted is None
    assert not ask(replace(later, case="C-OTHER", point="dan-landline"), *made).allow
    assert not ask(replace(later, person="someone", point="dan-mobile"), *made).allow
    assert ask(replace(later, person="fang", point="fang-mobile"), *made).allow


def test_it_asks_a_contact_person_once_a_day_and_three_times_in_all() -> None:
    silent = three_days_silent()
    today = tried("no_answer", "11-24 08:30", of=DAN)
    assert ask(DAN, *silent, today).next_permitted == at("11-25 08:00")
    three = [tried("no_answer", f"11-{day} 12:00", of=DAN) for day in (24, 25, 26)]
    ruling = ask(replace(DAN, at=at("11-27 12:00")), *silent, *three)
    assert blocked_by(ruling) == {"HOUSE.CONTACT_PERSON"}
    assert ruling.next_permitted is None


def test_it_never_asks_a_contact_person_while_nothing_is_overdue() -> None:
    ruling = ask(replace(DAN, dpd=0), *three_days_silent())
    assert blocked_by(ruling) == {"HOUSE.CONTACT_PERSON"}
    assert ruling.reason is Reason.NOT_OVERDUE


def test_it_leaves_a_dead_or_incapable_debtor_alone_and_may_ask_the_contact_person() -> None:
    for state, rule_id in (("dead", "CN.HEIR"), ("incapacitated", "CN.INCAPACITY")):
        recorded = frozenset({state})
        ruling = ask(replace(AI_LI, debtor_states=recorded))
        assert blocked_by(ruling) == {rule_id}
        assert ruling.next_permitted is None
        assert ask(replace(DAN, debtor_states=recorded)).allow


def test_it_collects_nothing_while_the_case_is_paused() -> None:
    deferral = Pause(AI_LI.case, start=at("11-20 00:00"), until=at("11-26 18:00"))
    ruling = ask(AI_LI, pauses=(deferral,))
    assert blocked_by(ruling) == {"HOUSE.PAUSE"}
    assert ruling.reason is Reason.PAUSED
    assert ruling.next_permitted == at("11-26 18:00")
    assert ask(replace(AI_LI, dpd=0), pauses=(deferral,)).allow
    assert ask(replace(AI_LI, case="C-OTHER"), pauses=(deferral,)).allow
    assert ask(replace(AI_LI, at=at("11-26 18:00")), pauses=(deferral,)).allow
    night = replace(deferral, until=at("11-26 23:00"))
    assert ask(AI_LI, pauses=(night,)).next_permitted == at("11-27 08:00")
    assert ask(AI_LI, pauses=(replace(deferral, until=None),)).next_permitted is None


def test_it_uses_no_number_from_an_unlawful_source() -> None:
    assert ask(replace(AI_LI, source="told_by_contact_on_file")).allow
    ruling = ask(replace(AI_LI, source="other"))
    assert blocked_by(ruling) == {"CN.CBA2026.SOURCES"}


def test_it_names_what_is_owed_while_the_contact_is_made() -> None:
    def owed(question: Question) -> set[str]:
        return {item.rule_id for item in ask(question).applied if item.effect == "require"}

    assert owed(replace(AI_LI, channel="visit")) == {"CN.CBA2026.VISIT", "CN.CBA2026.ID"}
    assert owed(AI_LI) == {"CN.CBA2026.ID", "CN.REC.NOTICE"}
    assert owed(replace(AI_LI, channel="sms")) == set()


def test_it_applies_a_rule_from_its_first_day_on() -> None:
    before = ask(replace(AI_LI, at=datetime(2025, 2, 27, 23, 0, tzinfo=SHANGHAI)))
    assert before.allow
    first = ask(replace(AI_LI, at=datetime(2025, 2, 28, 23, 0, tzinfo=SHANGHAI)))
    assert blocked_by(first) == {"CN.GBT45251.HOURS"}


def test_it_stops_applying_a_rule_after_its_last_day() -> None:
    hours = BOOK.get("CN.GBT45251.HOURS")
    assert hours is not None
    ended = replace(hours, effective_to=at("11-24 00:00").date())
    book = replace(BOOK, packs=(replace(BOOK.packs[0], rules=(ended,)),))
    ruling = may_contact(replace(AI_LI, at=at("11-24 22:30")), NOTHING, book)
    assert not ruling.allow
    assert ruling.next_permitted == at("11-25 00:00")


def test_it_tells_the_vault_which_entries_show_that_someone_is_out_of_reach() -> None:
    rules = BOOK.on(at("11-24 00:00").date())
    moments = enumerate((at("11-23 09:00"), at("11-23 10:00"), at("11-23 11:00")), start=7)
    dials = [replace(AI_LI, at=moment, outcome="busy").made() for _, moment in moments]
    numbered = [replace(dial, entry=entry) for entry, dial in enumerate(dials, start=7)]
    found = out_of_reach(numbered, rules, as_of=at("11-24 08:00"), zone=SHANGHAI)
    assert found == Evidence(("CN.CBA2026.THIRD", "CN.GBT45251.CONTACT", "HOUSE.OUT_OF_REACH"), (7, 8, 9))
    assert out_of_reach(numbered, rules, as_of=at("11-23 23:59"), zone=SHANGHAI) is None


def test_it_shows_nothing_without_a_rule_that_gives_numbers() -> None:
    rules = only(BOOK, "CN.GBT45251.CONTACT").on(at("11-24 00:00").date())
    assert out_of_reach(three_days_silent(), rules, as_of=AI_LI.at, zone=SHANGHAI) is None


def stories() -> list[tuple[Question, History]]:
    """Questions among which every rule decides or says something."""
    silent = three_days_silent()
    deferral = Pause(AI_LI.case, start=at("11-20 00:00"))
    answered = [tried("connected", f"11-24 08:0{minute}") for minute in range(3)]
    unanswered = [tried("no_answer", f"11-24 08:0{minute}") for minute in range(6)]
    sms = replace(AI_LI, channel="sms")
    return [
        (AI_LI, NOTHING),
        (replace(AI_LI, at=at("11-24 22:30")), NOTHING),
        (AI_LI, History((*answered,))),
        (AI_LI, History((*unanswered,))),
        (AI_LI, History((tried("wrong_person", "11-24 08:00"),))),
        (sms, History((tried(None, "11-24 08:00", of=sms),))),
        (replace(AI_LI, party="other", person="neighbour"), NOTHING),
        (replace(AI_LI, source="other"), NOTHING),
        (replace(AI_LI, channel="visit"), NOTHING),
        (replace(AI_LI, debtor_states=frozenset({"dead"})), NOTHING),
        (replace(AI_LI, debtor_states=frozenset({"incapacitated"})), NOTHING),
        (AI_LI, History((), (deferral,))),
        (replace(AI_LI, promises=FRIDAY), NOTHING),
        (DAN, History(silent)),
        (DAN, NOTHING),
    ]


ALL_KINDS = replace(BOOK, lender=EVERY_KIND)
BEHAVING = sorted({rule.id for rule in ALL_KINDS if rule.check in PARAMS})


@pytest.mark.parametrize("rule_id", BEHAVING)
def test_it_changes_some_ruling_when_a_rule_is_taken_away(rule_id: str) -> None:
    fewer = without(ALL_KINDS, rule_id)
    changed = [
        question
        for question, history in stories()
        if may_contact(question, history, ALL_KINDS) != may_contact(question, history, fewer)
    ]
    assert changed


ALONE = """
    CN.GBT45251.HOURS  CN.CBA2026.HOURS  CN.GBT45251.FREQ  CN.CBA2026.FREQ  CN.CBA2026.SOURCES
    CN.WRONGPERSON  CN.HEIR  CN.INCAPACITY  HOUSE.MESSAGES  HOUSE.PAUSE  CN.CARD.70
"""


@pytest.mark.parametrize("rule_id", ALONE.split())
def test_it_forbids_by_one_rule_alone_what_no_rule_forbids(rule_id: str) -> None:
    alone = replace(only(BOOK, rule_id), lender=EVERY_KIND)
    nothing = only(BOOK)
    debtor = [(question, history) for question, history in stories() if question.party == "debtor"]
    assert all(may_contact(question, history, nothing).allow for question, history in debtor)
    assert not all(may_contact(question, history, alone).allow for question, history in debtor)


FRIDAY = (Promise(date(2026, 11, 24), date(2026, 11, 27)),)
WORDS = """
    11-24 10:00  no  11-28 08:00
    11-27 12:00  no  11-28 08:00
    11-27 23:59  no  11-28 08:00
    11-28 07:00  no  11-28 08:00
    11-28 08:00  yes
"""


@pytest.mark.parametrize("line", WORDS.strip().splitlines())
@pytest.mark.parametrize("channel", ["call", "sms", "email", "in_app", "letter", "visit"])
def test_it_presses_nobody_before_the_day_that_they_promised_is_over(line: str, channel: str) -> None:
    day, clock, answer, *following = line.split()
    ruling = ask(replace(AI_LI, at=at(f"{day} {clock}"), channel=channel, promises=FRIDAY))
    assert ruling.allow == (answer == "yes")
    if following:
        assert ruling.next_permitted == at(" ".join(following))
    if day != "11-28":
        assert "HOUSE.PROMISE" in blocked_by(ruling)
        assert ruling.reason is Reason.PROMISE_RUNS
        assert next(one.force for one in ruling.blocking if one.rule_id == "HOUSE.PROMISE") == "house_policy"


def test_it_sends_the_reminder_that_they_asked_for() -> None:
    asked = replace(AI_LI, channel="email", promises=FRIDAY, asked_for=True)
    ruling = ask(asked)
    assert ruling.allow
    assert ("HOUSE.PROMISE", "allow") in {(one.rule_id, one.effect) for one in ruling.applied}
    assert blocked_by(ask(replace(asked, at=at("11-24 23:00")))) == {"CN.GBT45251.HOURS", "CN.CBA2026.HOURS"}


def test_it_asks_no_contact_person_while_a_promise_runs() -> None:
    asked = replace(DAN, promises=FRIDAY, source="debtor_authorised")
    assert ask(replace(asked, promises=()), *three_days_silent()).allow
    assert blocked_by(ask(asked, *three_days_silent())) == {"HOUSE.PROMISE"}


def test_it_reminds_of_what_isnt_late_while_a_promise_runs() -> None:
    assert ask(replace(AI_LI, dpd=0, promises=FRIDAY)).allow


def test_it_waits_for_the_longest_of_several_promises_and_thirty_days_at_most() -> None:
    years = Promise(date(2026, 11, 24), date(2036, 11, 24))
    both = ask(replace(AI_LI, promises=(*FRIDAY, Promise(date(2026, 11, 20), date(2026, 11, 30)))))
    assert both.next_permitted == at("12-01 08:00")
    assert ask(replace(AI_LI, promises=(years,))).next_permitted == at("12-25 08:00")


def test_it_adds_the_days_of_grace_that_the_house_gives() -> None:
    house = next(rule for rule in BOOK if rule.id == "HOUSE.PROMISE")
    kinder = replace(house, params={**house.params, "grace_days": 2})
    book = replace(BOOK, packs=(replace(BOOK.packs[0], rules=(kinder,)),))
    assert may_contact(replace(AI_LI, promises=FRIDAY), NOTHING, book).next_permitted == at("11-30 00:00")
    assert may_contact(replace(AI_LI, promises=FRIDAY), NOTHING, without(BOOK, "HOUSE.PROMISE")).allow
