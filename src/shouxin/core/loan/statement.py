"""The account as the outside contract writes it: the document of `shouxin account`."""

from datetime import date

from shouxin.core.loan.account import Account, Instalment, Parts, RaisedCharge, Transaction
from shouxin.core.loan.settlement import Settle
from shouxin.core.money import format_amount


def to_doc(account: Account) -> dict[str, object]:
    """Return the whole document; amounts are decimal strings, days whole numbers, dates ISO."""
    currency, behind = account.terms.currency, account.behind
    return {
        "as_of": account.as_of.isoformat(),
        "instalments": [_instalment(row, currency) for row in account.instalments],
        "totals": _totals(account),
        "transactions": [_transaction(moved, currency) for moved in account.transactions],
        "charges": [_charge(charge, currency) for charge in account.charges],
        "dpd": behind.dpd,
        "arrears": format_amount(behind.arrears, currency),
        "delinquent_days": behind.delinquent_days,
        "delinquent_since": _day(behind.delinquent_since),
        "bucket": behind.bucket,
        "by_bucket": [{"bucket": code, "amount": format_amount(amount, currency)} for code, amount in behind.by_bucket],
        "credit": format_amount(account.credit, currency),
        "settle": _settle(account.settle, currency),
        "balance": format_amount(account.principal, currency),
        "extra_interest": format_amount(account.extra_interest, currency),
        "paused": account.paused,
    }


def _parts(parts: Parts, currency: str) -> dict[str, object]:
    return {
        "principal": format_amount(parts.principal, currency),
        "interest": format_amount(parts.interest, currency),
        "fees": format_amount(parts.fees, currency),
        "penalties": format_amount(parts.penalties, currency),
    }


def _instalment(row: Instalment, currency: str) -> dict[str, object]:
    return {
        "number": row.number,
        "due_on": row.due_on.isoformat(),
        "days": row.days,
        **_parts(row.asked, currency),
        "total": format_amount(row.asked.total, currency),
        "balance": format_amount(row.balance, currency),
        "paid": format_amount(row.paid.total, currency),
        "paid_early": format_amount(row.paid_early, currency),
        "paid_late": format_amount(row.paid_late, currency),
        "outstanding": format_amount(row.outstanding, currency),
        "settled_on": _day(row.settled_on),
    }


def _totals(account: Account) -> dict[str, object]:
    rows, currency = account.instalments, account.terms.currency
    asked = Parts(
        principal=sum(row.asked.principal for row in rows),
        interest=sum(row.asked.interest for row in rows),
        fees=sum(row.asked.fees for row in rows),
        penalties=sum(row.asked.penalties for row in rows),
    )
    return {
        **_parts(asked, currency),
        "total": format_amount(asked.total, currency),
        "paid": format_amount(sum(row.paid.total for row in rows), currency),
        "paid_early": format_amount(sum(row.paid_early for row in rows), currency),
        "paid_late": format_amount(sum(row.paid_late for row in rows), currency),
        "outstanding": format_amount(account.outstanding, currency),
    }


def _transaction(moved: Transaction, currency: str) -> dict[str, object]:
    return {
        "on": moved.on.isoformat(),
        "type": moved.type.value,
        **({"ref": moved.ref} if moved.ref else {}),
        "amount": format_amount(moved.amount, currency),
        **_parts(moved.parts, currency),
        "balance": format_amount(moved.balance, currency),
        **({"reversed": True} if moved.reversed else {}),
    }


def _charge(charge: RaisedCharge, currency: str) -> dict[str, object]:
    return {
        "kind": charge.kind.value,
        **({"code": charge.code} if charge.code else {}),
        "due_on": charge.due_on.isoformat(),
        "amount": format_amount(charge.amount, currency),
        "paid": format_amount(charge.paid, currency),
        "waived": format_amount(charge.waived, currency),
        "outstanding": format_amount(charge.outstanding, currency),
    }


def _settle(settle: Settle, currency: str) -> dict[str, object]:
    parts = Parts(principal=settle.principal, interest=settle.interest, fees=settle.fees, penalties=settle.penalties)
    return {"amount": format_amount(settle.amount, currency), **_parts(parts, currency)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
