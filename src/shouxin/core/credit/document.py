"""A decision as a document: whole numbers and names only, the same bytes wherever it is computed again."""

from dataclasses import asdict

from shouxin.core.credit.decision import Decision


def to_doc(decision: Decision) -> dict[str, object]:
    """Return the decision for storing and showing; amounts in minor units, rates in parts per million."""
    return {
        "outcome": decision.outcome.value,
        "limit_minor": decision.limit_minor,
        "annual_ppm": decision.annual_ppm,
        "instalment_minor": decision.instalment_minor,
        "band": decision.band,
        "grid_version": decision.grid_version,
        "month": asdict(decision.month) | {"room_minor": decision.month.room_minor},
        "reasons": [{"code": reason.code.value, "params": dict(reason.params)} for reason in decision.reasons],
        "would_change": [asdict(change) | {"kind": change.kind.value} for change in decision.would_change],
        "human_review": asdict(decision.human_review),
    }
