"""Stories as tables that a lending officer can read: a line an act, columns under their names, blanks where nothing is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.usecases.story import with_carriers

SHANGHAI = ZoneInfo("Asia/Shanghai")
AI_LI = {
    "name": "Ai Li",
    "phone": "13800005678",
    "id_number": "110101199003071014",
    "bank_card": "6222021234567890123",
    "email": "ai.li@mail.example",
    "income": "8600.00",
    "monthly_obligations": "500.00",
    "employer": "Beidou Bakery",
}
WEN = {"name": "Wen Wen", "phone": "13900001234", "relation": "friend"}


def rows(text: str) -> list[dict[str, str]]:
    """The lines of a table whose first line names the columns; rulers and empty lines are left out."""
    lines = [line for line in text.strip().splitlines() if line.strip() and not set(line) <= set("-| ")]
    head, *body = [[cell.strip() for cell in line.split("|")] for line in lines]
    assert all(len(row) == len(head) for row in body), "every line has every column"
    return [dict(zip(head, row, strict=True)) for row in body]


class Teller:
    """Does one line after the other in a lender, by the names that `shouxin do` knows."""

    def __init__(self, lender, sink=None):
        from shouxin.outbound.channels.email import SmtpMail
        from shouxin.usecases.oversight.verbs import Diary

        road = SmtpMail(sink.host, sink.port, "service@lender.example") if sink else None
        self.lender = with_carriers(replace(lender, mail=road))
        self._diary = Diary(self.lender)

    def do(self, on: str, verb: str, **fields: Any) -> Any:
        """What the use case gives; `on` is a date, or a date and a time in Shanghai."""
        if " " in on:
            on = datetime.fromisoformat(on).replace(tzinfo=SHANGHAI).isoformat()
        return self._diary.do({"on": on, "verb": verb, **fields})

    def signed(self, subject: str, on: str) -> str:
        """Ai Li's usual loan, from application to signature in one day: 12,000 over twelve months."""
        mine = {"subject": subject}
        self.do(on, "consent", **mine, purpose="credit_decision")
        applied = self.do(on, "apply", **mine, amount="12000.00", instalments=12)
        offer = self.do(on, "decide", application=applied.application).offer
        self.do(on, "cost_sheet", **mine, offer=offer)
        return str(self.do(on, "sign", **mine, offer=offer).loan)

    def kinds(self, chain: str, on: str) -> list[str]:
        """The kinds of all entries of a chain, as read on that day; none for a chain that isn't there yet."""
        at = datetime.fromisoformat(on).replace(tzinfo=SHANGHAI)
        history = self.lender.at(at).vault.history(chain) if chain else None
        return [str(entry.record["kind"]) for entry in history.entries] if history else []


def came_out(result: Any) -> str:
    """`done`, or the reason of the refusal."""
    from shouxin.core.rules.refusal import Refusal

    return result.reason.value if isinstance(result, Refusal) else "done"
