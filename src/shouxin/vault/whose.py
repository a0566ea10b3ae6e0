"""Whose is this value? By class for those who may only know so much; by id once a person proved that it is theirs."""

from shouxin.vault import models
from shouxin.vault.enrol import normal
from shouxin.vault.interior import Interior
from shouxin.vault.seal import blind


def whose(vault: Interior, field: str, value: str) -> str | None:
    """`borrower`, `contact_person`, or None when nobody here has that value in that field."""
    digest = blind(vault.index_key, field, normal(field, value))
    row = models.BlindIndex.objects.filter(field=field, digest=digest).order_by("whose").first()
    return row.whose if row else None


def holders(vault: Interior, field: str, value: str) -> tuple[str, ...]:
    """The living borrowers who have that value in that field.

    To be asked only after somebody proved that the value is theirs (a code that came to the phone).
    """
    digest = blind(vault.index_key, field, normal(field, value))
    rows = models.BlindIndex.objects.filter(field=field, digest=digest, whose="borrower")
    return tuple(rows.order_by("chain_id").values_list("chain_id", flat=True).distinct())


def contact_chain(name: str) -> str:
    """The contact person's own chain by a naming of theirs; any other name is given back as it is."""
    row = models.Naming.objects.filter(token=name).first()
    return row.contact_id if row else name


def named_by(borrower: str) -> tuple[str, ...]:
    """The contact persons whom this borrower named, for a program that asks one of them; nobody at a desk is told."""
    rows = models.Naming.objects.filter(borrower_id=borrower)
    return tuple(rows.order_by("token").values_list("contact_id", flat=True))
