"""Bo's desk on 7 January 2027 at noon: Ai Li is fourteen days late and his; Bai is late too and Chen's."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.usecases.story import BO, CHEN, at, borrowed, enrolled, granted, must, opened_case, staffed

DAY = "2027-01-07"


@pytest.fixture
def bai(lender) -> str:
    """Somebody whose case is Chen's."""
    return enrolled(
        lender, name="Bai Bai", id_number="110101198502141027", phone="13800000177", email="bai@mail.example"
    )


@pytest.fixture
def late(lender, ai_li, bai):
    """The lender that is served now: both loans are fourteen days late."""
    from shouxin.site import serving

    staffed(lender)
    borrowed(lender, ai_li)
    borrowed(lender, bai)
    late = at(lender, DAY)
    serving.serve(late)
    return late


@pytest.fixture
def case(late, ai_li) -> str:
    """Ai Li's case, Bo's."""
    name = must(opened_case(late, ai_li)).case
    must(granted(late, name))
    return name


@pytest.fixture
def chens(late, bai) -> str:
    """Bai's case, Chen's."""
    name = must(opened_case(late, bai)).case
    must(granted(late, name, CHEN))
    return name


@pytest.fixture
def bo(site, case, chens):
    """Bo, signed in, who reads English."""
    return site(lang="en").as_staff(BO)


@pytest.fixture
def serve(bo):
    """Lets the pages speak for another lender: the same one at another hour, for which Bo signs in anew."""
    from shouxin.site import serving

    def at_another_hour(lender) -> None:
        serving.serve(lender)
        bo.as_staff(BO)

    return at_another_hour


@pytest.fixture
def asked(late, ai_li) -> str:
    """Ai Li's request to have her name corrected, which waits at the desk of compliance."""
    from shouxin.usecases.privacy.correct import Correct, correct

    return must(correct(late, Correct(subject=ai_li, field="name", value="Ai Lian"))).request


@pytest.fixture
def desk(request, case):
    """All of it at once, for a test that looks at all sides."""
    others = {name: request.getfixturevalue(name) for name in ("bo", "late", "ai_li", "bai", "chens", "asked")}
    return SimpleNamespace(case=case, url=f"/desk/case/{case}", **others)
