"""The lender stands at noon on 24 November 2026 in Shanghai; Ai Li may be enrolled."""

import pytest

from tests.usecases.story import NOON, enrolled


@pytest.fixture
def lender(embedded_lender):
    """An embedded lender, at noon; `test_rooms.py` tells the whole story on PostgreSQL too."""
    return embedded_lender.at(NOON)


@pytest.fixture
def ai_li(lender) -> str:
    """Ai Li's subject: enrolled today, with consent to the credit decision."""
    return enrolled(lender)
