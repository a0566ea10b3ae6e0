"""Ai Li's loan, and tables that a lending officer can read."""

from datetime import date

from shouxin.core.loan import account, event, terms

AI_LI = {
    "currency": "CNY",
    "principal": "12000.00",
    "disbursed_on": "2026-06-10",
    "instalments": 12,
    "rate": {"annual": "14.40%"},
    "amortisation": "equal_instalments",
    "penalty": {"annual": "21.60%", "of": "overdue_principal"},
    "delinquency": {"buckets": [{"code": "M0", "from": 0, "to": 0}, {"code": "M1", "from": 1, "to": 30}]},
}

INTEREST_FREE = {
    "currency": "CNY",
    "principal": "300.00",
    "disbursed_on": "2026-01-01",
    "instalments": 3,
    "rate": {"annual": "0%"},
    "amortisation": "equal_instalments",
}


def agreed(base=AI_LI, **changed):
    """The terms with some keys changed, or left out when None."""
    return terms.parse({key: value for key, value in (base | changed).items() if value is not None})


def happened(loan, table):
    """Events of a table: `on type amount?` and `key=value` a line."""
    events = []
    for n, line in enumerate(table.strip().splitlines(), start=1):
        on, kind, *rest = line.split()
        document = {"on": on, "type": kind}
        for word in rest:
            key, _, value = word.rpartition("=")
            assert (key or "amount") not in document, line
            document[key or "amount"] = int(value) if key == "instalments" else value
        events.append(event.parse(document, loan, where=f"line {n}"))
    return events


def on_day(loan, table, day=None):
    """The account after the events of a table, on a day."""
    return account.fold(loan, happened(loan, table), as_of=day and date.fromisoformat(day))


def yuan(minor):
    """Minor units as a lending officer writes them."""
    return f"{minor / 100:,.2f}"


FOUR_PAID = """
    2026-07-10 pay 1079.71
    2026-08-10 pay 1079.71
    2026-09-10 pay 1079.71
    2026-10-10 pay 1079.71
"""
