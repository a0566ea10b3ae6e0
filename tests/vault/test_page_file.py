"""The file of the map's pages: the old map or the new one after any crash, and never a page that isn't its own."""

from hashlib import sha256

import pytest

from shouxin.core.merkle import prefix_tree
from shouxin.vault.map.page_file import PageFile, PagesDamagedError

BATCHES = 6


def _items(batch, count=60):
    labels = (sha256(b"%d/%d" % (batch, number)).digest() for number in range(count))
    return sorted((label, sha256(label).digest()) for label in labels)


def _add(file, batch):
    update = prefix_tree.insert(file, _items(batch))
    file.keep(update.pages, size=61 * (batch + 1), root=update.root)


def _held(file):
    """All items below the root, by the paths that the file gives for them."""
    known = [item for batch in range(BATCHES) for item in _items(batch)]
    return [item for item in known if prefix_tree.verify(file.head.root, item[0], prefix_tree.prove(file, item[0]))]


@pytest.fixture
def grown(tmp_path):
    """The file after each of the batches, the newest last."""
    path, kept = tmp_path / "map", []
    file = PageFile(path)
    for batch in range(BATCHES):
        _add(file, batch)
        kept.append(path.read_bytes())
    return path, kept


def _opened(tmp_path, raw):
    path = tmp_path / "crashed"
    path.write_bytes(raw)
    return PageFile(path)


def test_it_gives_back_what_it_was_given(grown):
    path, _ = grown
    file, pages = PageFile(path), {}
    for batch in range(BATCHES):
        pages |= prefix_tree.insert(pages, _items(batch)).pages
    assert file.head.root == prefix_tree.root(pages)
    assert {key: file.get(key) for key in pages} == pages
    assert file.get(b"\x00" * 9) is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99, 1.0])
def test_a_crash_before_the_header_leaves_the_map_of_before(grown, tmp_path, share):
    _, (*_, before, after) = grown
    end = len(before) + int((len(after) - len(before)) * share)
    file = _opened(tmp_path, before[:256] + after[256:end])
    assert file.head.size == 61 * (BATCHES - 1)
    assert len(_held(file)) == 60 * (BATCHES - 1)
    _add(file, BATCHES - 1)
    assert len(_held(PageFile(file.path))) == 60 * BATCHES


@pytest.mark.parametrize("torn", [1, 20, 60, 80])
def test_a_header_that_was_half_written_doesnt_count(grown, tmp_path, torn):
    _, (*_, before, after) = grown
    changed = next(at for at in range(256) if before[at] != after[at])
    start = changed // 128 * 128
    file = _opened(tmp_path, after[: start + torn] + before[start + torn : start + 128] + after[start + 128 :])
    assert file.head.size == 61 * (BATCHES - 1)
    assert len(_held(file)) == 60 * (BATCHES - 1)


def test_pages_that_never_reached_the_disk_are_missed_and_not_made_up(grown, tmp_path):
    _, (*_, before, after) = grown
    file = _opened(tmp_path, after[: len(before)])
    with pytest.raises(PagesDamagedError):
        _held(file)


def test_a_changed_byte_never_gives_another_page(grown, tmp_path):
    _, (*_, whole) = grown
    pages = {}
    for batch in range(BATCHES):
        pages |= prefix_tree.insert(pages, _items(batch)).pages
    noticed = 0
    for at in range(256, len(whole), 997):
        file = _opened(tmp_path, whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            assert {key: file.get(key) for key in pages} == pages
        except PagesDamagedError:
            noticed += 1
    assert noticed, "no byte of a living page was changed"


def test_an_older_page_in_the_place_of_a_newer_isnt_taken(tmp_path):
    """Its checksum is right; the page above speaks of another."""
    path = tmp_path / "map"
    file = PageFile(path)
    _add(file, 0)
    old = path.read_bytes()
    _add(file, 1)
    bucket = next(key for key in (bytes([nibble]) for nibble in range(16)) if file.get(key))
    stale, fresh = PageFile(_copy(old, tmp_path / "old"))._pointer(bucket), file._pointer(bucket)
    record = old[stale >> 16 : (stale >> 16) + (stale & 0xFFFF)]
    place, length = fresh >> 16, fresh & 0xFFFF
    raw = path.read_bytes()
    at = raw.index(fresh.to_bytes(8, "big"), 256)
    assert length >= len(record)
    pointers = raw[:at] + (place << 16 | len(record)).to_bytes(8, "big") + raw[at + 8 :]
    forged = PageFile(_copy(_checked(pointers, file.head.top, record, place), path.with_name("forged")))
    with pytest.raises(PagesDamagedError):
        forged.get(bucket)


def _copy(raw, path):
    path.write_bytes(raw)
    return path


def _checked(raw, top, record, place):
    """The file with this record at that place, and the root page's checksum made right."""
    from zlib import crc32

    raw = raw[:place] + record + raw[place + len(record) :]
    start, end = top >> 16, (top >> 16) + (top & 0xFFFF) - 4
    return raw[:end] + crc32(raw[start:end]).to_bytes(4, "big") + raw[end + 4 :]


def test_who_has_it_open_sees_what_another_added_and_who_took_its_name(grown):
    path, _ = grown
    one, other = PageFile(path), PageFile(path)
    assert len(_held(other)) == 60 * BATCHES
    _add(one, BATCHES)
    assert other.is_current()
    assert other.head == one.head
    assert prefix_tree.prove(other, _items(BATCHES)[0][0]).end == _items(BATCHES)[0]
    one.copy_living()
    assert not other.is_current()
    path.unlink()
    assert not other.is_current()


def test_what_lives_is_copied_and_the_garbage_is_not(grown):
    path, _ = grown
    file = PageFile(path)
    head, before = file.head, path.stat().st_size
    copy = file.copy_living()
    assert path.stat().st_size < before
    assert (copy.head.root, copy.head.size) == (head.root, head.size)
    assert copy.head.living == copy.head.end - 256 == head.living, "what was counted as living is what lives"
    assert len(_held(PageFile(path))) == 60 * BATCHES
    _add(copy, BATCHES)
    assert PageFile(path).head == copy.head


def test_it_is_for_its_owners_eyes_and_grows_into_garbage_only_so_far(tmp_path, monkeypatch):
    monkeypatch.setattr("shouxin.vault.map.page_file._SMALL", 0)
    path = tmp_path / "map"
    file = PageFile(path)
    assert path.stat().st_mode & 0o077 == 0
    for batch in range(40):
        _add(file, batch)
        if file.is_mostly_garbage():
            file = file.copy_living()
    assert path.stat().st_size <= 256 + 4 * file.head.living
    assert not list(tmp_path.glob(".*")), "nothing half made is left behind"


def test_a_stranger_with_the_same_name_is_an_empty_map(tmp_path):
    file = _opened(tmp_path, b"something else entirely" * 40)
    assert file.head.size == 0
    assert file.get(b"") is None
