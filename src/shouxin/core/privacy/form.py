"""How a value is shown: plain, masked, or as a token that stands for it and opens nothing."""

DOT = "•"


def masked(name: str, value: str) -> str:
    """The masked form of a value of this field: what remains tells apart, not who.

    Phones keep three and four digits, ID and card numbers their last four, names their first
    letter or word; anything else keeps nothing.
    """
    if name == "phone" and len(value) >= 8:
        return f"{value[:3]}{DOT * 4}{value[-4:]}"
    if name in ("id_number", "bank_card") and len(value) >= 8:
        return f"{DOT * 4}{value[-4:]}"
    if name == "name":
        first = value.split(maxsplit=1)[0] if " " in value else value[:1]
        return f"{first}{DOT * 2}"
    if name == "email" and "@" in value:
        return f"{DOT * 4}@{value.rsplit('@', 1)[1]}"
    return DOT * 4
