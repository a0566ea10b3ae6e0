"""The published log: files of C2SP tlog-tiles that anybody may copy, made again from the database alone."""

import shutil

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import parse_note
from shouxin.core.merkle.tile_path import unpack
from shouxin.core.merkle.tree import leaf_hash, root_of
from shouxin.vault.enrol import EnrolRequest
from tests.vault.cast import AI_LI, enrol


def crowd(vault, first, count):
    people = (
        {"phone": f"139{n:08d}", "id_number": f"{110101199001000000 + n:018d}"} for n in range(first, first + count)
    )
    vault.enrol_many([EnrolRequest(AI_LI | one | {"email": f"p{one['phone']}@mail.example"}) for one in people])


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def tree_of(folder):
    """Size and root of the checkpoint, and the leaves that the entry bundles hold, read as an outsider reads them."""
    signed = Checkpoint.parse(parse_note((folder / "checkpoint").read_text()).text)
    bundles = [path for path in files(folder) if path.startswith("tile/entries/")]
    leaves = [leaf for path in bundles for leaf in unpack((folder / path).read_bytes())]
    return signed, leaves


def test_it_publishes_every_leaf_and_what_the_checkpoint_says_of_them(lender, tmp_path):
    enrol(lender.vault)
    made = lender.vault.publish()
    folder = lender.settings.data_dir / "tiles"
    signed, leaves = tree_of(folder)
    assert (signed.size, signed.root) == (made.size, root_of(map(leaf_hash, leaves)))
    assert files(folder) == ["checkpoint", f"tile/0/000.p/{made.size}", f"tile/entries/000.p/{made.size}"]
    assert lender.vault.publish().files == 0


def test_it_replaces_a_partial_tile_by_the_full_one_and_goes_on(lender):
    folder = lender.settings.data_dir / "tiles"
    crowd(lender.vault, 0, 40)
    lender.vault.publish()
    crowd(lender.vault, 40, 50)
    lender.vault.publish()
    signed, leaves = tree_of(folder)
    assert signed.size == len(leaves) > 256
    assert signed.root == root_of(map(leaf_hash, leaves))
    rest = signed.size - 256
    wanted = ["checkpoint", "tile/0/000", f"tile/0/001.p/{rest}", "tile/1/000.p/1", "tile/entries/000"]
    assert files(folder) == [*wanted, f"tile/entries/001.p/{rest}"]
    grown = {path: (folder / path).read_bytes() for path in files(folder)}
    shutil.rmtree(folder)
    lender.vault.publish()
    assert {path: (folder / path).read_bytes() for path in files(folder)} == grown


def test_it_makes_a_damaged_folder_again(embedded_lender):
    vault, folder = embedded_lender.vault, embedded_lender.settings.data_dir / "tiles"
    enrol(vault)
    vault.publish()
    whole = {path: (folder / path).read_bytes() for path in files(folder)}
    for path in whole:
        (folder / path).write_text("damaged")
    vault.publish()
    assert {path: (folder / path).read_bytes() for path in files(folder)} == whole
