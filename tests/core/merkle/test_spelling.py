import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.spelling import SpellingError, from_base64, from_decimal, from_hex, to_base64


@given(st.binary(max_size=80))
def test_it_reads_back_what_it_writes(data):
    assert from_base64(to_base64(data)) == data
    assert from_hex(data.hex()) == data


@given(st.integers(0, 2**64 - 1))
def test_it_reads_every_number_of_64_bits(number):
    assert from_decimal(str(number)) == number


@pytest.mark.parametrize(
    "text",
    ["QQ", "QQ=", "QQ===", "QR==", "QUJ=", "Q Q=", "QQ==\n", " QQ==", "-_==", "Q=Q=", "QQ==QQ==", "Q\u212aQ=", "é==="],
)
def test_it_refuses_another_spelling_of_base64(text):
    with pytest.raises(SpellingError):
        from_base64(text)


@pytest.mark.parametrize("text", ["A0", "a", "0x", " 0a", "0a ", "0a\n", "g0", "0A", "\uff10\uff10"])
def test_it_refuses_another_spelling_of_hex(text):
    with pytest.raises(SpellingError):
        from_hex(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+5",
        "-3",
        " 5",
        "5 ",
        "5\n",
        "05",
        "00",
        "0_5",
        "5.0",
        "5e1",
        "0x5",
        "\u0665",
        "\uff15",
        str(2**64),
        "9" * 5000,
    ],
)
def test_it_refuses_another_spelling_of_a_number(text):
    with pytest.raises(SpellingError):
        from_decimal(text)


def test_it_wants_exactly_as_many_bytes_as_it_is_told():
    assert from_base64("QUI=", size=2) == b"AB"
    for read, text in ((from_base64, "QUI="), (from_hex, "4142")):
        with pytest.raises(SpellingError, match="2 bytes where 32"):
            read(text, size=32)
