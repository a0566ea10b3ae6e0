"""One picture of each kind, with figures of the demo's loan: what the tests look at, and what a person may look at.

`python -m tests.web.charts.gallery FILE` writes them into one page.
"""

import sys
from pathlib import Path

from shouxin.web.charts import balance, caps, day_band, months, stacked, strip, svg, weeks
from shouxin.web.charts.stacked import Bar, Kind, Limit, Segment

DUES = ("7月", "8月", "9月", "10月", "11月", "12月", "1月", "2月", "3月", "4月", "5月", "6月")


def strip_of(states: str, width: int = svg.NARROW) -> strip.Strip:
    """`p` paid, `l` late, `n` next, `c` to come."""
    named = {"p": strip.State.PAID, "l": strip.State.LATE, "n": strip.State.NEXT, "c": strip.State.COMING}
    boxes = tuple(
        strip.Box(state=named[sign], below=DUES[n % 12], row=(str(n + 1), "1079.71")) for n, sign in enumerate(states)
    )
    return strip.Strip(label=f"{len(states)} 期", boxes=boxes, head=("期", "金额"), width=width)


GET_REPAY = stacked.Stacked(
    label="拿到 ¥12,000.00，一共还 ¥12,956.45，其中利息 ¥956.45",
    bars=(
        Bar(title="您拿到", segments=(Segment(kind=Kind.INK, name="本金", value=1200000, said="¥12,000.00"),)),
        Bar(
            title="您还出",
            aside="利息 ¥956.45",
            aside_due=True,
            segments=(
                Segment(kind=Kind.INK, name="本金", value=1200000, said="¥12,000.00"),
                Segment(kind=Kind.DUE, name="利息", value=95645, said="¥956.45"),
            ),
        ),
    ),
    head=("", "项目", "金额"),
)
AFFORD = stacked.Stacked(
    label="月供最多 ¥3,268；借 ¥12,000 在线内，借 ¥20,000 超出 ¥681.51",
    limit=Limit(value=326800, said="每月最多负担 ¥3,268"),
    bars=(
        Bar(
            title="借 ¥12,000：月供 ¥1,079.71",
            segments=(
                Segment(kind=Kind.BEFORE, name="已有月供", value=215000, said="¥2,150.00"),
                Segment(kind=Kind.ACT, name="这笔借款", value=107971, said="¥1,079.71"),
            ),
        ),
        Bar(
            title="借 ¥20,000：月供 ¥1,799.51",
            aside="超出 ¥681.51",
            aside_due=True,
            segments=(
                Segment(kind=Kind.BEFORE, name="已有月供", value=215000, said="¥2,150.00"),
                Segment(kind=Kind.ACT, name="这笔借款", value=111800, said="¥1,118.00"),
                Segment(kind=Kind.OVER, name="超出", value=68151, said="¥681.51"),
            ),
        ),
    ),
    head=("", "项目", "金额"),
    legend=((Kind.BEFORE, "已有月供 ¥2,150"), (Kind.ACT, "这笔借款")),
)
EARLY = stacked.Stacked(
    label="越早还清利息越少",
    bars=tuple(
        Bar(title=title, aside=said, segments=(Segment(kind=Kind.DUE, name="利息", value=value, said=said),))
        for title, value, said in (
            ("第 3 期还清", 39818, "¥398.18"),
            ("第 6 期还清", 69285, "¥692.85"),
            ("第 12 期", 95645, "¥956.45"),
        )
    ),
    head=("", "项目", "金额"),
)


def steps(count: int, paid: int) -> tuple[balance.Step, ...]:
    made = []
    for n in range(count + 1):
        principal, interest = 1200000 * (count - n) // count, 95645 * (count - n) ** 2 // count**2
        row = (DUES[n % 12], str(principal), str(interest))
        made.append(balance.Step(when=DUES[n % 12], principal=principal, interest=interest, row=row, paid=n < paid))
    return tuple(made)


def balance_of(count: int = 12, paid: int = 4) -> balance.Balance:
    return balance.Balance(
        label="还剩多少", steps=steps(count, paid), names=("本金", "利息"), head=("日", "本金", "利息")
    )


def plans(old: tuple[int, ...], new: tuple[int, ...]) -> months.Months:
    def plan(title: str, values: tuple[int, ...], *, chosen: bool) -> months.Plan:
        named = tuple(
            months.Month(name=DUES[(n + 4) % 12], value=value, said=str(value)) for n, value in enumerate(values)
        )
        return months.Plan(title=title, months=named, chosen=chosen)

    panels = (plan("现在补齐", old, chosen=False), plan("延后 1 个月", new, chosen=True))
    return months.Months(label="每月付多少", plans=panels, head="月")


DEFERRAL = plans((108784, *[107971] * 6, 107964, 0), (0, *[107971] * 7, 117791))


def day(
    width: int = svg.NARROW, now: int | None = 632, tries: tuple[tuple[int, bool], ...] = ((545, False), (590, True))
) -> day_band.DayBand:
    made = tuple(
        day_band.Try(minute=m, reached=reached, row=(f"{m // 60:02}:{m % 60:02}", str(reached))) for m, reached in tries
    )
    return day_band.DayBand(
        label="08:00 到 22:00 可以联系",
        opens=480,
        closes=1320,
        now=now,
        tries=made,
        now_said="现在 10:32",
        open_said="可以联系，到 22:00",
        quiet_said="不打扰",
        head=("时刻", "结果"),
        width=width,
    )


def weeks_of(counts: list[tuple[int, int, int]]) -> weeks.Weeks:
    verbs = (weeks.Verb.USED, weeks.Verb.LEFT, weeks.Verb.REFUSED)
    made = tuple(
        weeks.Week(
            begins=DUES[n // 4 % 12] if n % 4 == 0 else "",
            counts=tuple(zip(verbs, row, strict=True)),
            row=(str(n), *map(str, row)),
        )
        for n, row in enumerate(counts)
    )
    return weeks.Weeks(label="每一周", weeks=made, head=("周", "用过", "给出", "拦下"))


WEEKS = weeks_of(
    [(5, 2, 0), (4, 0, 0), (0, 0, 0), (3, 0, 0)]
    + [(0, 0, 0), (3, 0, 0)] * 8
    + [(2, 0, 1), (14, 1, 1), (3, 0, 1), (2, 0, 1)]
)
CAPS = caps.Caps(
    label="今天接通 0 次，最多 3 次；没有接通 2 次，最多 6 次",
    caps=(
        caps.Cap(name="接通", used=0, most=3, said="0 / 3"),
        caps.Cap(name="没有接通，这个号码", used=6, most=6, said="6 / 6"),
    ),
    head=("项目", "次数"),
)


def all_pictures() -> dict[str, svg.Picture]:
    """Every picture by name."""
    return {
        "strip": strip.draw(strip_of("pppplccccccc")),
        "strip_24": strip.draw(strip_of("p" * 13 + "n" + "c" * 10)),
        "get_repay": stacked.draw(GET_REPAY),
        "afford": stacked.draw(AFFORD),
        "early": stacked.draw(EARLY),
        "balance": balance.draw(balance_of()),
        "balance_24": balance.draw(balance_of(24, 7)),
        "months": months.draw(DEFERRAL),
        "day": day_band.draw(day()),
        "day_wide": day_band.draw(day(svg.WIDE)),
        "weeks": weeks.draw(WEEKS),
        "caps": caps.draw(CAPS),
    }


def page(dark: bool) -> str:
    """All of them on one page, with the tokens that they need."""
    light = "--ink:#1a1d21;--ink-2:#474c52;--ink-3:#5f646a;--act:#1f4b99;--proof:#0a6650;--due:#7a4b00;--left:#6a3e87;--act-tint:#e8eef9;--proof-tint:#e2f1eb;--due-tint:#faf0db;--left-tint:#f2eaf7;--sunken:#eeebe2;--surface:#fff;--line:#dcd8cc;--edge:#7d7a6f;--proof-ink:#fff"
    night = "--ink:#eceef0;--ink-2:#bfc5cb;--ink-3:#a3aab1;--act:#9dbdff;--proof:#6fd3b3;--due:#f0be62;--left:#d0a9ea;--act-tint:#1f2c47;--proof-tint:#15312a;--due-tint:#352a12;--left-tint:#2f223a;--sunken:#101214;--surface:#1d2125;--line:#363c42;--edge:#8b929a;--proof-ink:#06231b"
    names = {
        "ink": "ink",
        "ink2": "ink-2",
        "ink3": "ink-3",
        **{
            n: n
            for n in (
                "act",
                "proof",
                "due",
                "left",
                "act-tint",
                "proof-tint",
                "due-tint",
                "left-tint",
                "sunken",
                "surface",
                "line",
                "edge",
                "proof-ink",
            )
        },
    }
    css = "".join(
        f".f-{name}{{fill:var(--{token})}}.s-{name}{{stroke:var(--{token})}}" for name, token in names.items()
    )
    body = "".join(f"<h3>{name}</h3>{one.svg}" for name, one in all_pictures().items())
    return f"<!doctype html><meta charset=utf-8><style>:root{{{night if dark else light}}}{css}.f-none{{fill:none}}body{{background:var(--surface);color:var(--ink);font:400 17px system-ui,'WenQuanYi Micro Hei';padding:16px}}svg{{display:block}}</style>{body}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(dark=len(sys.argv) > 2), encoding="utf-8")
