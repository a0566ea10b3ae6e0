"""What an error or a refusal may repeat of what somebody typed: a plain word, and nothing that may be a value."""

import pytest

from shouxin.core.rules.refusal import named

WORDS = [
    ("income", "income"),
    ("Call_Log", "Call_Log"),
    ("address2", "address2"),
    ("k1234", "k1234"),
    ("k12345", "a key"),
    ("13800005678", "a key"),
    ("a@b.example", "a key"),
    ("Ai Li", "a key"),
    ("李艾", "a key"),
    ("１２３", "a key"),
    ("", "a key"),
    ("x" * 40, "x" * 40),
    ("x" * 41, "a key"),
    ("income\n", "a key"),
]


@pytest.mark.parametrize(("word", "said"), WORDS)
def test_it_names_plain_words_alone(word: str, said: str) -> None:
    assert named(word, "a key") == said
