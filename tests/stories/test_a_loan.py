"""The life of one loan, month by month: paid out, repaid, late, put off, caught up, paid off.

CNY 12,000 at 12 % a year over twelve months. By hand: a month bears 1 %, so the instalment is
12,000 × 0.01 ÷ (1 − 1.01⁻¹²) = 1,066.19. A late principal bears 1.5 × 12 % ÷ 365 a day. Putting everything off by a
month costs 1 % of the principal that is left: 97.02.
"""

import pytest

from shouxin.outbound.loopback.smtp import Sink
from tests.stories.table import AI_LI, Teller, came_out, rows

STORY = """
on         | does               | amount  | comes out      | principal | past due | days late
-----------|--------------------|---------|----------------|-----------|----------|----------
2026-02-02 | is paid out        |         | done           | 12000.00  | 0.00     | 0
2026-03-02 | pays               | 1066.19 | done           | 11053.81  | 0.00     | 0
2026-03-03 | is put into a case |         | not_overdue    | 11053.81  | 0.00     | 0
2026-04-02 | pays               | 1066.19 | done           | 10098.16  | 0.00     | 0
2026-05-02 | waits              |         | done           | 10098.16  | 0.00     | 0
2026-05-03 | waits              |         | done           | 10098.16  | 1066.67  | 1
2026-05-04 | is reminded        |         | done           | 10098.16  | 1067.14  | 2
2026-05-06 | is put into a case |         | done           | 10098.16  | 1068.09  | 4
2026-05-07 | pays               | 500.00  | done           | 9701.52   | 568.57   | 5
2026-05-12 | waits              |         | done           | 9701.52   | 569.97   | 10
2026-05-12 | defers             |         | done           | 9701.52   | 0.00     | 0
2026-05-20 | is reminded        |         | done           | 9701.52   | 0.00     | 0
2026-06-02 | pays               | 568.57  | done           | 9132.95   | 0.00     | 0
2026-06-03 | is let go          |         | done           | 9132.95   | 0.00     | 0
2026-07-02 | pays               | 1066.19 | done           | 8158.09   | 0.00     | 0
2026-08-02 | pays               | 1066.19 | done           | 7173.48   | 0.00     | 0
2026-09-02 | pays               | 1066.19 | done           | 6179.02   | 0.00     | 0
2026-10-02 | pays               | 1066.19 | done           | 5174.62   | 0.00     | 0
2026-11-02 | pays               | 1066.19 | done           | 4160.18   | 0.00     | 0
2026-12-02 | pays               | 1066.19 | done           | 3135.59   | 0.00     | 0
2027-01-02 | pays               | 1066.19 | done           | 2100.76   | 0.00     | 0
2027-02-02 | pays               | 1066.19 | done           | 1055.58   | 0.00     | 0
2027-03-02 | pays               | 1163.16 | done           | 0.00      | 0.00     | 0
2027-03-03 | is put into a case |         | not_overdue    | 0.00      | 0.00     | 0
2027-03-03 | is served          |         | contract_ended | 0.00      | 0.00     | 0
2027-03-04 | is paid out        |         | already_done   | 0.00      | 0.00     | 0
"""


class Loan(Teller):
    """Ai Li's loan, signed on 2 February 2026, and what the table's words do to it."""

    def __init__(self, lender, sink):
        super().__init__(lender, sink)
        self.subject = self.do("2026-02-01", "enrol", **AI_LI).subject
        self.loan = self.signed(self.subject, "2026-02-02")
        self.case = ""

    def act(self, row):
        """What the use case gives that the row's words stand for."""
        on, mine, loan = row["on"], {"subject": self.subject}, {"loan": self.loan}
        key = f"{on}-{row['does']}".replace(" ", "-")
        match row["does"]:
            case "is paid out":
                return self.do(on, "disburse", **loan)
            case "pays":
                return self.do(on, "pay", **loan, amount=row["amount"], currency="CNY", key=key)
            case "is reminded":
                return self.do(on, "remind", **loan)
            case "is put into a case":
                result = self.do(on, "open_case", **mine)
                self.case = getattr(result, "case", self.case)
                return result
            case "is let go":
                return self.do(on, "close_case", case=self.case)
            case "defers":
                return self.do(on, "defer", **mine, **loan, instalments=1, key=key)
            case "is served":
                return self.do(on, "use", **mine, actor="system:servicing", purpose="servicing", fields=["phone"])
            case "waits":
                return None
        raise AssertionError(row)

    def account(self, on):
        """Principal left, past due, days late, as the borrower's own statement has them."""
        told = self.do(on, "statement", subject=self.subject, loan=self.loan)
        left = told["transactions"][-1]["balance"]
        return {"principal": left, "past due": told["arrears"], "days late": str(told["dpd"])}


@pytest.fixture
def told(lender, tmp_path):
    """The loan after every line of the table, each held against what it should have come to; and the letters."""
    with Sink(tmp_path / "mail") as sink:
        loan, came = Loan(lender, sink), []
        for row in rows(STORY):
            result = came_out(loan.act(row))
            came.append(row | {"comes out": result} | loan.account(row["on"]))
        yield loan, came, sink.letters()


def test_it_lives_as_the_table_says(told):
    loan, came, letters = told
    assert came == rows(STORY)
    last = loan.do("2027-03-05", "statement", subject=loan.subject, loan=loan.loan)
    assert last["totals"]["outstanding"] == last["credit"] == "0.00"
    # All that was lent came back, and all that came in went somewhere: nothing is lost, to the cent.
    assert last["totals"]["principal"] == "12000.00"
    paid = sum(int(row["amount"].replace(".", "")) for row in rows(STORY) if row["does"] == "pays")
    assert last["totals"]["paid"] == f"{paid // 100}.{paid % 100:02}"
    # 794.23 by the plan and 97.02 for the month; five days late, then ten of which the last five were let off.
    assert (last["totals"]["interest"], last["totals"]["penalties"]) == ("891.25", "2.38")
    assert len(letters) == 2

    kinds = loan.kinds(loan.subject, "2027-03-06")
    assert (kinds.count("agreed"), kinds.count("ended"), kinds.count("decided")) == (1, 1, 2)
    assert (kinds.count("case_opened"), kinds.count("case_closed"), kinds.count("paused")) == (1, 1, 1)
    answered = loan.do("2027-03-07", "answer", subject=loan.subject).document
    assert answered["verdict"] == "nothing_unlawful_found"
