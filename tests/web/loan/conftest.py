"""Ai Li's pages on several days; money comes by a gateway whose notices the tests sign."""

import pytest

from tests.usecases.loan.paying import notice, with_gateway
from tests.usecases.story import at, borrowed


@pytest.fixture
def lender(lender):
    """The same lender with a payment gateway."""
    from shouxin.site import serving

    shop = with_gateway(lender)
    serving.serve(shop)
    return shop


@pytest.fixture
def loan(lender, ai_li) -> str:
    """12,000.00 over 12 months, paid out on 24 November 2026: the first 1,066.19 is due on 24 December."""
    return borrowed(lender, ai_li)


@pytest.fixture
def her(site, ai_li):
    """Ai Li's browser, signed in."""
    return site().as_borrower(ai_li)


@pytest.fixture
def on(lender, her, ai_li):
    """Lets the pages stand at noon of another day, when she signs in again; gives the lender of that day."""
    from shouxin.site import serving

    def move(day: str):
        moved = at(lender, day)
        serving.serve(moved)
        her.as_borrower(ai_li)
        return moved

    return move


@pytest.fixture
def brings(site):
    """The gateway brings a notice to the hook; gives the answer."""

    def bring(lender, order: str, amount: str, **more):
        made = notice(lender, order, amount, **more)
        headers = {"Shouxin-Signature": made.signature}
        return site().post("/hooks/payments", made.body, content_type="application/json", headers=headers)

    return bring
