"""How the Chinese of the pages' furniture is written (that all of it is there is shown in test_messages)."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

import shouxin.web

WEB = Path(shouxin.web.__file__).parent
CATALOGUES = sorted(WEB.rglob("locale/zh_Hans/LC_MESSAGES/django.po"))


def _id(path: Path) -> str:
    return str(path.relative_to(WEB).parts[0:-4])


def _messages(path: Path) -> list[dict[str, str]]:
    """Each message as a mapping of its keywords (`msgctxt`, `msgid`, `msgstr[0]`…) to its text."""
    found = []
    for block in path.read_text("utf-8").split("\n\n"):
        message: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            begun = re.match(r'(msg[a-z]+(?:\[\d\])?) (".*")$', line)
            if begun:
                keyword, text = begun.groups()
                message[keyword] = ast.literal_eval(text)
            elif line.startswith('"') and keyword:
                message[keyword] += ast.literal_eval(line)
        if message.get("msgid"):
            found.append(message)
    return found


def test_it_has_a_catalogue_for_the_public_pages_and_the_shell():
    assert {"public", "shell"} <= {path.relative_to(WEB).parts[0] for path in CATALOGUES}


def test_it_calls_the_same_thing_by_the_same_name_in_every_face():
    """Django merges the catalogues of all apps: of two translations of one text, one would win everywhere."""
    said = defaultdict(set)
    for path in CATALOGUES:
        for message in _messages(path):
            key = (message.get("msgctxt", ""), message["msgid"])
            said[key].add(message.get("msgstr", message.get("msgstr[0]", "")))
    assert not {key: texts for key, texts in said.items() if len(texts) > 1}


HALF_WIDTH = re.compile(r"[一-鿿][,;:?!()]|[,;:?!(][一-鿿]")


@pytest.mark.parametrize("path", CATALOGUES, ids=_id)
def test_it_uses_chinese_punctuation_between_chinese_words(path):
    for message in _messages(path):
        for keyword, text in message.items():
            if keyword.startswith("msgstr"):
                assert not HALF_WIDTH.search(text), text


BANNED_WORDS = ("拖欠", "失信", "老赖", "恶意", "最后通牒", "后果自负", "绝对安全", "银行级", "百分百", "您确定吗")
BANNED_ENGLISH = ("delinquent", "bad debtor", "final warning", "bank-grade", "100 % safe", "are you sure")


@pytest.mark.parametrize("path", CATALOGUES, ids=_id)
def test_it_threatens_nobody_and_boasts_of_nothing(path):
    for message in _messages(path):
        assert not [word for word in BANNED_WORDS if any(word in text for text in message.values())]
        assert not [word for word in BANNED_ENGLISH if word in message["msgid"].lower()]
