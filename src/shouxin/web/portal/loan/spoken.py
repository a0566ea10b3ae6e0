"""Months, and amounts written out in words for those who read large letters."""

from __future__ import annotations

from datetime import date

_MONTHS = "January February March April May June July August September October November December".split()
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")


def month(when: date, lang: str) -> str:
    """`11月`, `November`."""
    return f"{when.month}月" if lang == "zh" else _MONTHS[when.month - 1]


def short_month(when: date, lang: str) -> str:
    """`11月`, `Nov`."""
    return f"{when.month}月" if lang == "zh" else _MONTHS[when.month - 1][:3]


def in_words(amount: str) -> str:
    """`"1087.84"` → 壹仟零捌拾柒元捌角肆分, as on a Chinese receipt; two decimals."""
    whole, _, cents = amount.partition(".")
    tenths, hundredths = int(cents[0]), int(cents[1])
    yuan = _yuan(whole)
    if not tenths and not hundredths:
        return f"{yuan or _DIGITS[0]}元整"
    parts = [f"{yuan}元"] if yuan else []
    if tenths:
        parts.append(f"{_DIGITS[tenths]}角")
    elif yuan:
        parts.append(_DIGITS[0])
    parts.append(f"{_DIGITS[hundredths]}分" if hundredths else "整")
    return "".join(parts)


def _yuan(whole: str) -> str:
    """The whole units; a run of zeros is said once, and not at the end."""
    said, gap = "", False
    for group in range((len(whole) - 1) // 4, -1, -1):
        end = len(whole) - 4 * group
        four = whole[max(0, end - 4) : end].zfill(4)
        if four == "0000":
            gap = bool(said)
            continue
        for place, digit in enumerate(four):
            if digit == "0":
                gap = bool(said)
                continue
            said += (_DIGITS[0] if gap else "") + _DIGITS[int(digit)] + _PLACES[3 - place]
            gap = False
        said, gap = said + _GROUPS[group], False
    return said
