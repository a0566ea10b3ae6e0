"""Who watches the log: keys of witnesses, how many are asked for, and how old anything may be."""

import pytest

from shouxin.core.merkle.note import Cosigner, Signer
from shouxin.policy import folder
from shouxin.policy.table import PolicyError
from shouxin.policy.witnesses import FILE, Watch, read_witnesses
from tests.policy.edited import edited

ONE, TWO = (Cosigner(f"watch.example/w{n}", bytes([n]) * 32).verifier for n in (1, 2))


def test_it_asks_for_no_witness_as_it_is_shipped():
    assert read_witnesses(folder()) == Watch((), quorum=0, max_age=7 * 86_400)


def test_it_names_the_witnesses_of_its_file(tmp_path):
    text = f'witnesses = ["{ONE.text}", "{TWO.text}"]\nquorum = 2\nmax_age_hours = 24\n'
    assert read_witnesses(edited(tmp_path, FILE, "", text)) == Watch((ONE, TWO), quorum=2, max_age=86_400)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("witnesses = []", 'witnesses = ["watch.example"]', "name+id+base64"),
        ("witnesses = []", f'witnesses = ["{Signer("log.example", bytes(32)).verifier.text}"]', "no key of type 4"),
        ("witnesses = []", f'witnesses = ["{ONE.text}", "{ONE.text}"]', "twice"),
        ("quorum = 0", "quorum = 1", "more than there are"),
        ("quorum = 0", "quorum = -1", "0 or more"),
        ("quorum = 0", "quorum = false", "0 or more"),
        ("max_age_hours = 168", "max_age_hours = 0", "1 or more"),
        ("max_age_hours = 168", "max_age_hours = 168\nage = 1", "unknown key age"),
    ],
)
def test_it_refuses_what_a_verifier_could_not_use(tmp_path, old, new, said):
    with pytest.raises(PolicyError, match=said.replace("+", r"\+")):
        read_witnesses(edited(tmp_path, FILE, old, new))
