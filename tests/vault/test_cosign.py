"""A witness's line comes back: it stands in the published checkpoint and in bundles while the log is where it was."""

import json
from base64 import b64decode
from dataclasses import replace

import pytest

from shouxin.assurance.little_log import Files
from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import Cosigner, parse_note, sign_note
from shouxin.policy.witnesses import Watch
from shouxin.site import databases, wiring
from shouxin.vault.log.append import now_ms
from shouxin.vault.log.cosign import Cosigned, NotCosigned
from shouxin.vault.log.note_file import LogBehindError, LogForkedError
from shouxin.vault.opening import Vault
from shouxin.verify.witness import main
from tests.vault.cast import enrol
from tests.verify.node import Case, running_node

ONE, TWO, STRANGER = (Cosigner(f"watch.example/{name}", bytes([n]) * 32) for n, name in enumerate(("w1", "w2", "x")))

OTHER = {"phone": "13800000009", "id_number": "110101199003070038", "email": "other@mail.example"}


@pytest.fixture
def watched(embedded_lender):
    """A vault of which two witnesses are known, with a published log."""
    inside = embedded_lender.vault._inside
    vault = Vault(replace(inside, watch=Watch((ONE.verifier, TWO.verifier), quorum=1, max_age=86_400)))
    enrol(vault)
    vault.publish()
    return vault


def line(vault, cosigner, seconds=1_790_000_000):
    return cosigner.cosign(parse_note(vault.checkpoint()).text, seconds).line()


def published(vault):
    return (vault._inside.tiles_path / "checkpoint").read_text()


def test_it_puts_the_lines_under_the_published_checkpoint_the_newest_of_each(watched):
    own = watched.checkpoint()
    first, second, again = line(watched, ONE), line(watched, TWO, 7), line(watched, ONE, 1_790_000_009)
    taken = watched.cosign(first)
    said = {"name": ONE.name, "time": 1_790_000_000}
    assert taken == Cosigned(taken.origin, taken.size, (said,))
    assert watched.cosign(f"size: 5\n{second}{again}").witnesses == (
        {**said, "time": 1_790_000_009},
        {"name": TWO.name, "time": 7},
    )
    watched.cosign(first)
    assert sorted(published(watched).splitlines()) == sorted((own + second + again).splitlines())
    assert watched.checkpoint() == published(watched)


def test_it_takes_no_line_but_a_witnesss_over_this_checkpoint(watched):
    own = published(watched)
    right = line(watched, ONE)
    refused = {
        "malformed": ("", "no line", right.replace("— ", "— \t"), right[:-3], f"{right}— {ONE.name} A\n"),
        "unknown_signature": (line(watched, STRANGER), own.partition("\n\n")[2]),
        "bad_signature": (ONE.cosign("another\n1\ntext\n", 7).line(), right + TWO.cosign("another\n", 7).line()),
    }
    for reason, texts in refused.items():
        assert [watched.cosign(text) for text in texts] == [NotCosigned(reason)] * len(texts), reason
    assert published(watched) == own


def test_it_forgets_the_lines_once_the_log_goes_on(watched):
    watched.cosign(line(watched, ONE))
    enrol(watched, **OTHER)
    assert ONE.name not in watched.checkpoint()
    old = published(watched)
    assert ONE.name in old
    watched.publish()
    assert ONE.name not in published(watched)


def test_it_drops_a_kept_line_that_no_listed_witness_made(watched):
    watched.cosign(line(watched, ONE))
    kept = watched._inside.note_path.parent / "cosigned"
    kept.write_text(kept.read_text() + line(watched, STRANGER))
    assert watched.checkpoint() == published(watched)
    kept.write_text("damaged")
    assert ONE.name not in watched.checkpoint()


def test_an_older_database_under_newer_tiles_does_not_open(watched, embedded_lender):
    folder = embedded_lender.settings.data_dir
    databases.close()
    before = {path: path.read_bytes() for path in (*folder.glob("vault.sqlite3*"), folder / "log" / "checkpoint")}
    later = wiring.open_lender(folder).vault
    enrol(later, **OTHER)
    later.publish()
    databases.close()
    for path in folder.glob("vault.sqlite3*"):
        path.unlink()
    for path, data in before.items():
        path.write_bytes(data)
    with pytest.raises(LogBehindError):
        wiring.open_lender(folder)


def test_a_log_under_other_tiles_of_its_size_does_not_open(watched, embedded_lender):
    inside = watched._inside
    said = Checkpoint.parse(parse_note(watched.checkpoint()).text)
    forked = sign_note(replace(said, root=bytes(32)).to_text(), [inside.signer])
    (inside.tiles_path / "checkpoint").write_text(forked)
    databases.close()
    with pytest.raises(LogForkedError):
        wiring.open_lender(embedded_lender.settings.data_dir)


def test_a_quorum_is_believed_by_every_verifier_and_asked_for_by_every_verifier(data_dir, tmp_path, capfdbinary):
    vault = wiring.open_lender(data_dir).vault
    ai = enrol(vault)
    vault.publish()
    (tmp_path / "trust.json").write_bytes(vault.trust())
    words = [str(data_dir / "tiles"), "--trust", str(tmp_path / "trust.json"), "--state", str(tmp_path / "state")]
    assert main([*words, "--name", "watch.example", "--json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    policy = data_dir / "policy" / "witnesses.toml"
    text = policy.read_text().replace("witnesses = []", f'witnesses = ["{told["key"]}"]')
    policy.write_text(text.replace("quorum = 0", "quorum = 1"))
    databases.close()
    vault = wiring.open_lender(data_dir).vault
    alone = _case(vault, ai)
    assert vault.cosign(told["cosignature"] + "\n").witnesses == ({"name": "watch.example", "time": _seconds(told)},)
    seen = _case(vault, ai)
    with running_node() as node:
        (_, first, second), (_, third, fourth) = node.both([alone, seen])
    assert first == second == {"ok": False, "reason": "unknown_signature", "where": "note.witnesses"}
    assert third == fourth
    assert third["ok"] and third["witnesses"] == [{"name": "watch.example", "time": _seconds(told)}]
    databases.close()


def _case(vault, person):
    return Case(Files(vault.bundle(person.subject), vault.trust(), person.person_key), now_ms(vault._inside))


def _seconds(told):
    return int.from_bytes(b64decode(told["cosignature"].rpartition(" ")[2])[4:12], "big")
