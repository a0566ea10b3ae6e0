"""A decision as it is shown to the applicant, and as it is kept.

What is shown explains itself with the applicant's own figures; what is kept holds none of them,
because the values of a person live in the vault alone.
"""

from collections.abc import Mapping
from dataclasses import asdict

from shouxin.core.credit.change import Change, ChangeKind
from shouxin.core.credit.decision import Decision
from shouxin.core.money import format_amount
from shouxin.policy.product import percent

_MINOR, _PPM = "_minor", "_ppm"
_MONEY = (ChangeKind.FEWER_OBLIGATIONS, ChangeKind.MORE_INCOME)


def shown(decision: Decision, currency: str) -> dict[str, object]:
    """Outcome, limit, yearly rate, instalment, the month, reasons and what would change them.

    Amounts are decimal strings of `currency`, rates are percentages.
    """
    return {
        "outcome": decision.outcome.value,
        "currency": currency,
        **_plain(
            {
                "limit_minor": decision.limit_minor,
                "annual_ppm": decision.annual_ppm,
                "instalment_minor": decision.instalment_minor,
            },
            currency,
        ),
        "month": _plain(asdict(decision.month) | {"room_minor": decision.month.room_minor}, currency),
        "reasons": [{"code": one.code.value, **_plain(one.params, currency)} for one in decision.reasons],
        "would_change": [_change(one, currency) for one in decision.would_change],
        "human_review": asdict(decision.human_review),
        "grid_version": decision.grid_version,
    }


def kept(decision: Decision) -> dict[str, object]:
    """Outcome, limit, rate, band and the codes of reasons and changes."""
    return {
        "outcome": decision.outcome.value,
        "limit_minor": decision.limit_minor,
        "annual_ppm": decision.annual_ppm,
        "band": decision.band,
        "grid_version": decision.grid_version,
        "reasons": [one.code.value for one in decision.reasons],
        "would_change": [one.kind.value for one in decision.would_change],
    }


def _change(change: Change, currency: str) -> dict[str, object]:
    amount: object = change.amount
    if change.kind in _MONEY:
        amount = format_amount(change.amount, currency)
    figures = {
        "limit_minor": change.limit_minor,
        "annual_ppm": change.annual_ppm,
        "instalment_minor": change.instalment_minor,
        "interest_minor": change.interest_minor,
    }
    document = {"kind": change.kind.value, "amount": amount, "complete": change.complete}
    return document | _plain(figures, currency)


def _plain(figures: Mapping[str, int], currency: str) -> dict[str, object]:
    """`limit_minor: 1200000` as `limit: "12000.00"`, `annual_ppm: 144000` as `annual: "14.4000%"`."""
    plain: dict[str, object] = {}
    for name, value in figures.items():
        if name.endswith(_MINOR):
            plain[name.removesuffix(_MINOR)] = format_amount(value, currency)
        elif name.endswith(_PPM):
            plain[name.removesuffix(_PPM)] = percent(value)
        else:
            plain[name] = value
    return plain
