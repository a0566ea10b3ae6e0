"""Whose is this value? Answered by class only, through the blind index."""

from shouxin.vault import models
from shouxin.vault.enrol import normal
from shouxin.vault.interior import Interior
from shouxin.vault.seal import blind


def whose(vault: Interior, field: str, value: str) -> str | None:
    """`borrower`, `contact_person`, or None when nobody here has that value in that field."""
    digest = blind(vault.index_key, field, normal(field, value))
    row = models.BlindIndex.objects.filter(field=field, digest=digest).order_by("whose").first()
    return row.whose if row else None
