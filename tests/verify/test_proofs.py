"""`shouxin proof`: each kind by its own vectors, by those of others, and every malformed spelling refused by its field."""

import base64
import json
from hashlib import sha256

import pytest

from shouxin.core.merkle.note import Signer, Verifier, sign_note
from shouxin.core.merkle.proof import consistency, inclusion
from shouxin.core.merkle.tree import EMPTY_ROOT, leaf_hash
from shouxin.verify.proofs import QuestionError, answer
from tests.core.merkle.naive import NodeStore, naive_root, naive_subtree_proof

LEAVES = [leaf_hash(bytes([n])) for n in range(11)]
STORE = NodeStore.of(LEAVES)
ROOT, ROOT_7 = naive_root(LEAVES), naive_root(LEAVES[:7])
INCLUSION = {
    "kind": "inclusion",
    "enc": "hex",
    "leaf_hash": LEAVES[5].hex(),
    "index": "5",
    "size": "11",
    "proof": [one.hex() for one in inclusion(5, 11, STORE)],
    "root": ROOT.hex(),
}
CONSISTENCY = {
    "kind": "consistency",
    "enc": "hex",
    "size1": "7",
    "size2": "11",
    "root1": ROOT_7.hex(),
    "root2": ROOT.hex(),
    "proof": [one.hex() for one in consistency(7, 11, STORE)],
}
SUBTREE = {
    "kind": "subtree",
    "enc": "hex",
    "start": "4",
    "end": "8",
    "size": "11",
    "root1": naive_root(LEAVES[4:8]).hex(),
    "root2": ROOT.hex(),
    "proof": [one.hex() for one in naive_subtree_proof(4, 8, LEAVES)],
}
IN_SUBTREE = {
    "kind": "subtree",
    "enc": "hex",
    "start": "4",
    "end": "8",
    "index": "6",
    "leaf": "06",
    "proof": [one.hex() for one in inclusion(2, 4, NodeStore.of(LEAVES[4:8]))],
    "root": naive_root(LEAVES[4:8]).hex(),
}
OTHER = sha256(b"other").hexdigest()
HUGE = str(2**64)

LOG, STRANGER = Signer("lender.example/log", bytes(32)), Signer("stranger.example", bytes([7]) * 32)
BODY = f"lender.example/log\n11\n{base64.b64encode(ROOT).decode()}\n"
NOTE = sign_note(BODY, [LOG])
KEY = LOG.verifier.text
CHECKPOINT = {"kind": "checkpoint", "note": NOTE, "origin": "lender.example/log", "key": KEY}
# The signature of a witness that the specification of cosignatures prints.
COSIGNED_LINE = (
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
)


def cosigned(text, seconds, *, key=bytes([9]) * 32, name="witness.example"):
    """A note with a witness's line, made from the definition and not by the code under test; and the witness's key."""
    signer = Signer(name, key)
    public = signer.verifier.public
    key_id = sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    signature = signer.sign(f"cosignature/v1\ntime {seconds}\n{text}").body
    line = base64.b64encode(key_id + seconds.to_bytes(8, "big") + signature).decode()
    vkey = f"{name}+{key_id.hex()}+{base64.b64encode(bytes([4]) + public).decode()}"
    return f"— {name} {line}\n", vkey


def refused(document, reason, where):
    assert answer(document) == {"ok": False, "reason": reason, "where": where}


@pytest.mark.parametrize("document", [INCLUSION, CONSISTENCY, SUBTREE, IN_SUBTREE], ids=lambda one: one["kind"])
def test_it_accepts_a_proof_and_the_same_in_base64(document):
    assert answer(document) == {"ok": True}
    assert answer(in_base64(document)) == {"ok": True}


def in_base64(document):
    def turned(name, value):
        if name in ("kind", "enc") or name in ("index", "size", "size1", "size2", "start", "end"):
            return value
        if isinstance(value, list):
            return [turned(name, one) for one in value]
        return base64.b64encode(bytes.fromhex(value)).decode()

    return {name: turned(name, value) for name, value in document.items() if name != "enc"}


@pytest.mark.parametrize(
    ("document", "change", "reason", "where"),
    [
        (INCLUSION, {"root": OTHER}, "wrong_root", "root"),
        (INCLUSION, {"index": "4"}, "wrong_root", "root"),
        (INCLUSION, {"index": "11"}, "out_of_range", "index"),
        (INCLUSION, {"index": "05"}, "malformed", "index"),
        (INCLUSION, {"index": "+5"}, "malformed", "index"),
        (INCLUSION, {"index": "٥"}, "malformed", "index"),
        (INCLUSION, {"index": 5}, "malformed", "index"),
        (INCLUSION, {"size": HUGE}, "malformed", "size"),
        (INCLUSION, {"size": "0", "index": "0"}, "out_of_range", "index"),
        (INCLUSION, {"proof": INCLUSION["proof"][:-1]}, "malformed", "proof"),
        (INCLUSION, {"proof": [*INCLUSION["proof"], OTHER]}, "malformed", "proof"),
        (INCLUSION, {"proof": "none"}, "malformed", "proof"),
        (INCLUSION, {"proof": [None]}, "malformed", "proof"),
        (INCLUSION, {"root": OTHER.upper()}, "malformed", "root"),
        (INCLUSION, {"root": OTHER[:-2]}, "malformed", "root"),
        (INCLUSION, {"leaf_hash": OTHER + "00"}, "malformed", "leaf_hash"),
        (INCLUSION, {"enc": "base32"}, "malformed", "enc"),
        (CONSISTENCY, {"root1": OTHER}, "wrong_root", "root1"),
        (CONSISTENCY, {"root2": OTHER}, "wrong_root", "root2"),
        (CONSISTENCY, {"size1": "0"}, "out_of_range", "size1"),
        (CONSISTENCY, {"size1": "12"}, "out_of_range", "size1"),
        (CONSISTENCY, {"size1": "11", "proof": []}, "wrong_root", "root2"),
        (CONSISTENCY, {"size1": "11", "root1": ROOT.hex()}, "malformed", "proof"),
        (CONSISTENCY, {"proof": []}, "malformed", "proof"),
        (SUBTREE, {"root1": OTHER}, "wrong_root", "root2"),
        (SUBTREE, {"root2": OTHER}, "wrong_root", "root2"),
        (SUBTREE, {"start": "2", "end": "5"}, "out_of_range", "start"),
        (SUBTREE, {"start": "9"}, "out_of_range", "end"),
        (SUBTREE, {"size": "7"}, "out_of_range", "end"),
        (SUBTREE, {"start": "4", "end": "4", "proof": []}, "wrong_root", "root1"),
        (IN_SUBTREE, {"root": OTHER}, "wrong_root", "root"),
        (IN_SUBTREE, {"index": "8"}, "out_of_range", "index"),
        (IN_SUBTREE, {"leaf": "6"}, "malformed", "leaf"),
    ],
)
def test_it_refuses_what_was_changed_and_says_in_which_field(document, change, reason, where):
    refused(document | change, reason, where)


def test_it_takes_equal_trees_and_the_empty_subtree():
    equal = {"size1": "11", "root1": ROOT.hex(), "proof": []}
    assert answer(CONSISTENCY | equal) == {"ok": True}
    empty = {"start": "5", "end": "5", "root1": EMPTY_ROOT.hex(), "proof": []}
    assert answer(SUBTREE | empty) == {"ok": True}


def test_it_walks_a_path_near_the_end_of_sixty_four_bits():
    proof = [bytes([n]) * 32 for n in range(64)]
    root = leaf_hash(b"last")
    for beside in proof:
        root = sha256(b"\x01" + beside + root).digest()
    last = str(2**64 - 1)
    document = {"kind": "inclusion", "enc": "hex", "leaf": b"last".hex(), "index": last, "size": last}
    refused(document | {"proof": [one.hex() for one in proof], "root": root.hex()}, "out_of_range", "index")
    size = 2**64 - 1
    path = [bytes([n]) * 32 for n in range(size.bit_count() - 1)]
    root = leaf_hash(b"last")
    for beside in path:
        root = sha256(b"\x01" + beside + root).digest()
    document |= {"index": str(size - 1), "proof": [one.hex() for one in path], "root": root.hex()}
    assert answer(document) == {"ok": True}


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({}, "kind"),
        ({"kind": "proof"}, "kind"),
        ({"kind": ["root"]}, "kind"),
        ({key: INCLUSION[key] for key in INCLUSION if key != "root"}, "root"),
        (INCLUSION | {"leaf": "05"}, "leaf_hash"),
        (INCLUSION | {"colour": "red"}, "colour"),
        (INCLUSION | {"138 0000 0000": "x"}, "a key"),
        ({"kind": "tile", "path": "tile/0/000", "level": "0"}, "level"),
        ({"kind": "tile"}, "path"),
    ],
)
def test_a_question_with_other_fields_is_a_bad_one(document, where):
    with pytest.raises(QuestionError) as told:
        answer(document)
    assert told.value.where == where


def test_it_adds_leaves_up():
    assert answer({"kind": "root"}) == {"ok": True, "size": "0", "root": base64.b64encode(EMPTY_ROOT).decode()}
    leaves = {"kind": "root", "enc": "hex", "leaves": [bytes([n]).hex() for n in range(11)]}
    assert answer(leaves) == {"ok": True, "size": "11", "root": ROOT.hex()}
    hashes = {"kind": "root", "enc": "hex", "leaf_hashes": [one.hex() for one in LEAVES]}
    assert answer(hashes) == answer(leaves)


def test_it_reads_a_key_and_takes_no_other_spelling_of_it():
    assert answer({"kind": "key", "key": KEY}) == {
        "ok": True,
        "name": "lender.example/log",
        "id": LOG.verifier.key_id.hex(),
        "type": 1,
    }
    for n, sign in enumerate(KEY):
        for wrong in (KEY[:n] + chr(ord(sign) + 1) + KEY[n + 1 :], KEY[:n] + KEY[n + 1 :], KEY[:n]):
            refused({"kind": "key", "key": wrong}, "malformed", "key")
    refused({"kind": "key", "key": "\ud800" + KEY}, "malformed", "key")


def test_it_opens_a_note_as_the_go_library_does():
    both = sign_note(BODY, [LOG, STRANGER])
    found = answer({"kind": "note", "note": both, "keys": [KEY]})
    assert found == {"ok": True, "text": BODY, "verified": [LOG.name], "unverified": [STRANGER.name]}
    refused({"kind": "note", "note": both, "keys": []}, "unknown_signature", "note")
    refused({"kind": "note", "note": both, "keys": [KEY, KEY]}, "ambiguous_key", "keys")
    assert answer({"kind": "note", "note": both, "keys": [KEY, STRANGER.verifier.text]})["unverified"] == []
    bent = NOTE.replace("\n11\n", "\n12\n")
    refused({"kind": "note", "note": bent, "keys": [KEY]}, "bad_signature", "note")
    refused({"kind": "note", "note": NOTE, "keys": [KEY[:-1]]}, "malformed", "keys")
    not_utf8 = base64.b64encode(b"\xff" + NOTE.encode()).decode()
    refused({"kind": "note", "note_b64": not_utf8, "keys": [KEY]}, "malformed", "note_b64")


@pytest.mark.parametrize(
    "wrong",
    [
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("—", " —"),
        NOTE + NOTE.splitlines(keepends=True)[-1] * 100,
        BODY,
        "\x00" + NOTE,
        "\ud800" + NOTE,
    ],
)
def test_it_takes_no_malformed_note(wrong):
    refused({"kind": "note", "note": wrong, "keys": [KEY]}, "malformed", "note")


def test_it_reads_a_checkpoint_and_who_vouches_for_it():
    found = answer(CHECKPOINT | {"enc": "hex"})
    assert found == {
        "ok": True,
        "origin": "lender.example/log",
        "size": "11",
        "root": ROOT.hex(),
        "extensions": [],
        "verified": [LOG.name],
    }
    line, witness = cosigned(BODY, 1_790_000_000)
    seen = answer(CHECKPOINT | {"note": NOTE + line, "witnesses": [witness]})
    assert seen["verified"] == [LOG.name, "witness.example"]
    assert answer(CHECKPOINT | {"witnesses": [witness]})["verified"] == [LOG.name]
    _, another = cosigned(BODY, 1, key=bytes([8]) * 32)
    assert answer(CHECKPOINT | {"note": NOTE + line, "witnesses": [another]})["verified"] == [LOG.name]
    refused(CHECKPOINT | {"origin": "another.example/log"}, "wrong_origin", "origin")
    refused(CHECKPOINT | {"key": STRANGER.verifier.text}, "unknown_signature", "note")
    late, _ = cosigned(BODY, 1_790_000_001)
    forged = (
        line.split(" ")[0]
        + " witness.example "
        + base64.b64encode(
            base64.b64decode(line.split(" ")[2])[:12] + base64.b64decode(late.split(" ")[2])[12:]
        ).decode()
    )
    refused(CHECKPOINT | {"note": NOTE + forged + "\n", "witnesses": [witness]}, "bad_signature", "note")


@pytest.mark.parametrize(
    "body",
    [
        BODY[:-1],
        BODY.replace("11", "011"),
        BODY.replace("11", "-1"),
        BODY.replace("11", HUGE),
        BODY + "\n",
        BODY.replace("=", ""),
        BODY.replace("\n", "\r\n"),
        "\n" + BODY,
        "\t" + BODY,
        BODY + "an extension\x01\n",
        "lender.example/log\n11\n",
        f"lender.example/log\n11\n{base64.b64encode(ROOT[:-1]).decode()}\n",
    ],
)
def test_it_takes_no_malformed_checkpoint(body):
    refused({"kind": "checkpoint", "text": body}, "malformed", "text")
    coded = base64.b64encode(body.encode()).decode()
    refused({"kind": "checkpoint", "text_b64": coded}, "malformed", "text_b64")


def test_it_gives_back_extension_lines():
    found = answer({"kind": "checkpoint", "text": BODY + "more\nand more\n"})
    assert (found["extensions"], found["verified"]) == (["more", "and more"], [])


def test_it_says_when_a_witness_saw_a_checkpoint():
    line, witness = cosigned(BODY, 1_790_000_000)
    document = {"kind": "cosignature", "note": NOTE + line, "key": witness}
    assert answer(document) == {"ok": True, "name": "witness.example", "time": 1_790_000_000}
    assert answer({"kind": "cosignature", "signature": COSIGNED_LINE}) == {
        "ok": True,
        "id": "8d66cf3f",
        "time": 1_679_315_147,
    }
    refused(document | {"note": NOTE}, "unknown_signature", "note")
    refused(document | {"key": KEY}, "malformed", "key")
    refused(document | {"note": (NOTE + line).replace("\n11\n", "\n12\n")}, "bad_signature", "note")
    refused({"kind": "cosignature", "signature": COSIGNED_LINE[4:]}, "malformed", "signature")
    text = "no checkpoint\n"
    line, witness = cosigned(text, 1_790_000_000)
    document = {"kind": "cosignature", "note": sign_note(text, [LOG]) + line, "key": witness}
    refused(document, "malformed", "note")
    beyond, witness = cosigned(BODY, 2**63)
    refused({"kind": "cosignature", "note": NOTE + beyond, "key": witness}, "out_of_range", "note")


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"path": "tile/0/x001/x234/067"}, {"level": "0", "index": "1234067", "width": "256"}),
        ({"path": "tile/entries/273.p/112"}, {"level": "entries", "index": "273", "width": "112"}),
        ({"level": "1", "index": "0", "width": "17"}, {"path": "tile/1/000.p/17"}),
        ({"level": "entries", "index": "1000"}, {"path": "tile/entries/x001/000"}),
        ({"entry": "69999", "size": "70000"}, {"path": "tile/entries/273.p/112"}),
        ({"level": "entries", "data": "000106000107", "enc": "hex"}, {"entries": ["06", "07"]}),
    ],
)
def test_it_knows_where_a_tile_is(document, found):
    assert answer({"kind": "tile"} | document) == {"ok": True} | found


@pytest.mark.parametrize(
    ("document", "reason", "where"),
    [
        ({"path": "tile/0/67"}, "malformed", "path"),
        ({"level": "64", "index": "0"}, "out_of_range", "level"),
        ({"level": "x", "index": "0"}, "malformed", "level"),
        ({"level": "0", "index": "0", "width": "0"}, "out_of_range", "width"),
        ({"level": "0", "index": "0", "width": "257"}, "out_of_range", "width"),
        ({"entry": "7", "size": "7"}, "out_of_range", "entry"),
        ({"level": "0", "data": "000106", "enc": "hex"}, "malformed", "level"),
        ({"level": "entries", "data": "000206", "enc": "hex"}, "malformed", "data"),
    ],
)
def test_it_knows_where_no_tile_is(document, reason, where):
    refused({"kind": "tile"} | document, reason, where)


def test_it_agrees_with_the_go_librarys_notes(shared_data):
    told = json.loads((shared_data / "tlog" / "note_sumdb.json").read_text("utf-8"))
    for one in told["open"]:
        found = answer({"kind": "note", "note_b64": one["note_b64"], "keys": one["vkeys"]})
        assert found["ok"] == one["ok"], one["desc"]
        if one["ok"]:
            assert (found["verified"], found["unverified"]) == (one["verified"], one["unverified"]), one["desc"]
    for one in told["keys"]:
        assert answer({"kind": "key", "key": one["vkey"]})["name"] == one["name"]
    for one in told["vkey_bad"]:
        refused({"kind": "key", "key": one["vkey"]}, "malformed", "key")


def test_it_agrees_with_the_specifications_examples(shared_data):
    told = json.loads((shared_data / "tlog" / "c2sp_examples.json").read_text("utf-8"))
    for one in told["signed_note"]:
        assert answer({"kind": "note", "note": one["note"], "keys": [one["vkey"]]})["ok"] == one["ok"]
    for one in told["checkpoint"]:
        found = answer({"kind": "checkpoint", "note": one["note"], "origin": one["origin"]})
        assert (found["size"], found["root"]) == (str(one["size"]), one["root_b64"])
    for one in told["tile_index"]:
        assert answer({"kind": "tile", "level": "0", "index": str(one["index"])})["path"] == f"tile/0/{one['path']}"
    for one in told["cosignature_message"]:
        line = one["note"].splitlines()[-1].rpartition(" ")[2]
        assert answer({"kind": "cosignature", "signature": line})["time"] == one["timestamp"]


def test_it_agrees_with_the_roots_of_rfc_6962(shared_data):
    told = json.loads((shared_data / "tlog" / "rfc6962_roots.json").read_text("utf-8"))
    for one in told["roots_by_size"]:
        leaves = told["leaf_inputs"][: one["size"]]
        assert answer({"kind": "root", "enc": "hex", "leaves": leaves})["root"] == one["root"]


def test_a_key_of_a_witness_is_of_type_four():
    _, witness = cosigned(BODY, 1)
    assert answer({"kind": "key", "key": witness})["type"] == 4
    assert Verifier.parse(witness).kind == 4
