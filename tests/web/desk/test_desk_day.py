"""The demo's second cast: four people, each in another state, played by the use cases within seconds."""

from __future__ import annotations

import time
from datetime import timedelta

from tests.usecases.story import BO, at, staffed


def test_it_gives_the_desk_a_day_with_one_case_of_each_state(lender, site):
    from shouxin.assurance.demo.desk_day import open_desk
    from shouxin.site import serving
    from shouxin.usecases.outreach.worklist import Worklist, worklist

    staffed(lender)
    now = at(lender, "2026-11-24", 16).clock.now()
    began = time.perf_counter()
    cases = open_desk(lender, now)
    assert time.perf_counter() - began < 10, "about a second on a quiet machine"
    served = lender.at(now)
    found = worklist(served, Worklist(actor=BO))
    states = {row.case: (row.state, row.step.act, row.step.why) for row in found.rows}
    assert [states[case] for case in cases] == [
        ("now", "message", "no_answer_today"),
        ("now", "message", "first_word"),
        ("paused", "nothing", "paused"),
        ("promised", "wait", "promise_open"),
    ]
    assert [row.opened.get("days_past_due") for row in found.rows] == [14, 3, 9, None]
    assert len(found.done) == 3 and {one.at < now for one in found.done} == {True}
    serving.serve(served)
    assert site().as_staff(BO).get(f"/desk/case/{cases[0]}").status_code == 200


def test_it_opens_the_number_for_each_call_that_it_records(lender):
    from shouxin.assurance.demo.desk_day import open_desk

    staffed(lender)
    now = at(lender, "2026-11-24", 16).clock.now()
    cases = open_desk(lender, now)
    history = lender.at(now).vault.history(lender.vault.case_subject(cases[0])).entries
    worked = [one.record for one in history if one.record["kind"] in ("used", "attempted")]
    assert [(one["kind"], one.get("fields")) for one in worked] == 2 * [("used", ["phone"]), ("attempted", None)]


def test_it_can_be_opened_a_moment_after_the_story(lender):
    from shouxin.assurance.demo.desk_day import open_desk

    staffed(lender)
    assert len(open_desk(lender, lender.vault.last_moment() + timedelta(seconds=2))) == 4


def test_it_records_no_call_when_it_is_opened_at_night(lender):
    from shouxin.assurance.demo.desk_day import open_desk
    from shouxin.records.outreach.models import Attempt

    late = at(lender, "2026-11-24", 23)
    staffed(late)
    open_desk(late, late.clock.now() + timedelta(hours=2))
    assert Attempt.objects.count() == 0
