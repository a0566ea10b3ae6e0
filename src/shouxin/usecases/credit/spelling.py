"""Numbers that say by themselves whether they were typed right: resident identity numbers and card numbers.

The check digit finds a slip of the finger, not a lie: only the register of citizens and the bank know whose a number
is. GB 11643-1999 (ISO 7064 MOD 11-2) and ISO/IEC 7812-1 Annex B (Luhn), both from memory.
"""

import re
from datetime import date

ADULT = 18
"""Full capacity to act by oneself (民法典 art. 17, 18)."""
_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_CARD = re.compile(r"[1-9][0-9]{11,18}")
_CHECK = "10X98765432"


def id_number(text: str) -> tuple[str, date] | None:
    """The number as it is kept and the date of birth in it; None when one sign or the date can't be right."""
    plain = "".join(text.split()).upper()
    if not _ID.fullmatch(plain) or _CHECK[_weighed(plain) % 11] != plain[-1]:
        return None
    try:
        return plain, date.fromisoformat(f"{plain[6:10]}-{plain[10:12]}-{plain[12:14]}")
    except ValueError:
        return None


def card_number(text: str) -> str | None:
    """The number as it is kept, without the gaps; None when one digit can't be right."""
    plain = "".join(text.split()).replace("-", "")
    return plain if _CARD.fullmatch(plain) and _luhn(plain) % 10 == 0 else None


def of_age(born: date, on: date) -> bool:
    """Is somebody an adult on that day? One born on 29 February is from 1 March."""
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) >= ADULT


def _weighed(plain: str) -> int:
    return sum(int(sign) * pow(2, 17 - place, 11) for place, sign in enumerate(plain[:17]))


def _luhn(plain: str) -> int:
    doubled = (int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(plain)))
    return sum(number - 9 if number > 9 else number for number in doubled)
