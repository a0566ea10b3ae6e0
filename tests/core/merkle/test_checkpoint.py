import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.merkle.checkpoint import Checkpoint, CheckpointError
from shouxin.core.merkle.note import parse_note

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_it_reads_the_checkpoint_printed_in_the_c2sp_specification(shared_data):
    found = json.loads((shared_data / "tlog" / "c2sp_examples.json").read_text())
    for row in found["checkpoint"]:
        checkpoint = Checkpoint.parse(parse_note(row["note"]).text)
        assert (checkpoint.origin, checkpoint.size) == (row["origin"], row["size"])
        assert checkpoint.to_text() == parse_note(row["note"]).text


@given(
    st.integers(0, 2**64 - 1), st.binary(min_size=32, max_size=32), st.lists(st.text("ab 守", min_size=1), max_size=2)
)
def test_it_reads_back_what_it_writes(size, root, extensions):
    checkpoint = Checkpoint("log.example", size, root, tuple(extensions))
    assert Checkpoint.parse(checkpoint.to_text()) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"o\n5\n{ROOT}",
        f"o\n5\n{ROOT}\n\n",
        f"\n5\n{ROOT}\n",
        f"o\n\n5\n{ROOT}\n",
        "o\n5\n",
        f"o\n05\n{ROOT}\n",
        f"o\n+5\n{ROOT}\n",
        f"o\n-5\n{ROOT}\n",
        f"o\n 5\n{ROOT}\n",
        f"o\n5 \n{ROOT}\n",
        f"o\n5_0\n{ROOT}\n",
        f"o\n5.0\n{ROOT}\n",
        f"o\n\u0665\n{ROOT}\n",
        f"o\n{2**64}\n{ROOT}\n",
        f"o\n5\r\n{ROOT}\n",
        f"o\n5\n{ROOT} \n",
        f"o\n5\n{ROOT[:-1]}\n",
        f"o\n5\n{ROOT.replace('2I=', '2J=')}\n",
        "o\n5\nAAAA\n",
        f"o\n5\n{ROOT}\n\nextension\n",
        f"o\n5\n{ROOT}\nextension",
    ],
)
def test_it_refuses_every_other_spelling(text):
    with pytest.raises(CheckpointError):
        Checkpoint.parse(text)
