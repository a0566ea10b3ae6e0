"""Tells the demo's story as an outsider does: a child process, and the document that it leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.shell import Ran, shouxin

AI_LI = {
    "name": "艾丽娅",
    "phone": "13600009021",
    "id_number": "110101199003077731",
    "id_valid_until": "2036-03-06",
    "bank_card": "6222027000998877665",
    "email": "aliya.li@yinbao.example",
    "income": "9137.42",
    "employer": "北斗星面包烘焙作坊",
    "address": "北京市东城区菊儿胡同甲 39 号",
    "monthly_obligations": "1483.17",
}
WEN = {"name": "文静姝", "phone": "13700006613", "relation": "大学同窗好友"}
CHEN = {"name": "陈渡远", "phone": "15900004417", "id_number": "310101198811154476", "email": "duyuan@chen.example"}


def demo(*words: object, **more: Any) -> Ran:
    """`shouxin demo` with these words."""
    return shouxin("demo", *words, **more)


def people_file(folder: Path, *people: dict[str, str]) -> Path:
    """The people as JSON lines, as Chinese writes itself."""
    file = folder / "people.jsonl"
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in people), "utf-8")
    return file
