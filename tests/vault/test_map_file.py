"""The map's file follows the log: whatever became of it, it is made again, and the map is the signed one."""

import pytest
from django.db import connections

from shouxin.core.merkle import prefix_tree
from shouxin.vault.log.append import tip
from shouxin.vault.log.audit import audit
from shouxin.vault.map.grown import MapUnlikeLogError
from shouxin.vault.map.page_file import Head, PageFile
from shouxin.vault.opening import MAP_FILE
from shouxin.verify import Verified, verify
from tests.vault.cast import ask, opened, overdue


def _gone(path, earlier):
    path.unlink()


def _empty(path, earlier):
    path.write_bytes(b"")


def _cut(path, earlier):
    path.write_bytes(path.read_bytes()[:-200])


def _noise(path, earlier):
    path.write_bytes(bytes(range(256)) * 30)


def _zeros_in_the_pages(path, earlier):
    """As after a power cut: the length is right, and the last pages never came."""
    whole = path.read_bytes()
    path.write_bytes(whole[:256] + bytes(len(whole) - 256))


def _behind(path, earlier):
    path.write_bytes(earlier)


def _another_file_with_the_name(path, earlier):
    path.unlink()
    path.write_bytes(earlier)


def _ahead(path, earlier):
    """Of a log that went on: what a database put back from a backup finds beside itself."""
    file = PageFile(path)
    label = bytes([7]) * 32
    update = prefix_tree.insert(file, [(label, label)])
    file.keep(update.pages, size=file.head.size + 2, root=update.root)


def _of_another_log(path, earlier):
    path.unlink()
    file = PageFile(path)
    items = [(bytes([n]) * 32, bytes(32)) for n in range(40)]
    update = prefix_tree.insert({}, items)
    file.keep(update.pages, size=3, root=update.root)


def _says_that_it_is_the_signed_one(path, earlier):
    """The header has the right root, and its pages are of an older map."""
    head = PageFile(path).head
    path.write_bytes(earlier)
    file = PageFile(path)
    file.begin(Head(head.turn + 1, head.size, file.head.end, file.head.living, file.head.top, head.root))


WRONG = [
    _gone,
    _empty,
    _cut,
    _noise,
    _zeros_in_the_pages,
    _behind,
    _another_file_with_the_name,
    _ahead,
    _of_another_log,
    _says_that_it_is_the_signed_one,
]


def _map_of(lender):
    return lender.settings.data_dir / MAP_FILE


def _in_step(lender):
    head, last = PageFile(_map_of(lender)).head, tip()
    return (head.size, head.root) == (last.size, bytes(last.map_root))


def _proves(lender, cast):
    vault = lender.vault
    bundle = vault.bundle(cast.subject)
    now = int(lender.clock.now().timestamp() * 1000)
    return isinstance(verify(bundle, vault.trust(), cast.person_key, at_ms=now), Verified)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one.__name__)
def test_it_is_made_again_whatever_became_of_it(embedded_lender, wrong):
    vault, path = embedded_lender.vault, _map_of(embedded_lender)
    cast = overdue(vault)
    earlier = path.read_bytes()
    opened(ask(vault, cast.subject))
    wrong(path, earlier)
    opened(ask(vault, cast.subject))
    assert _in_step(embedded_lender)
    wrong(path, earlier)
    assert _proves(embedded_lender, cast), "a bundle reads the map too"
    assert _in_step(embedded_lender)
    assert audit(vault._inside).faults == ()


@pytest.mark.parametrize("wrong", [_gone, _behind])
def test_a_new_process_doesnt_believe_it_either(lender, wrong):
    from shouxin.site import wiring

    path = _map_of(lender)
    cast = overdue(lender.vault)
    earlier = path.read_bytes()
    opened(ask(lender.vault, cast.subject))
    wrong(path, earlier)
    again = wiring.open_lender(lender.settings.data_dir)
    opened(ask(again.vault, cast.subject))
    assert _in_step(again)


def test_two_who_write_in_turn_have_one_map(embedded_lender):
    from shouxin.site import wiring

    first, second = embedded_lender, wiring.open_lender(embedded_lender.settings.data_dir)
    cast = overdue(first.vault)
    for one in (second, first, second, first):
        opened(ask(one.vault, cast.subject))
        assert _in_step(one)
        assert _proves(one, cast)


def test_a_disk_that_takes_no_page_stops_nobody(embedded_lender, monkeypatch):
    """The entry is durable before the file is written; the next batch adds what it lacks."""
    vault = embedded_lender.vault
    cast = overdue(vault)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(PageFile, "put", full)
        opened(ask(vault, cast.subject))
    assert not _in_step(embedded_lender)
    opened(ask(vault, cast.subject))
    assert _in_step(embedded_lender)
    assert audit(vault._inside).faults == ()


def test_a_batch_that_was_taken_back_leaves_the_map_as_it_was(embedded_lender, monkeypatch):
    vault = embedded_lender.vault
    cast = overdue(vault)
    before = _map_of(embedded_lender).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("shouxin.vault.log.extend._signed", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ask(vault, cast.subject)
    assert _map_of(embedded_lender).read_bytes() == before
    opened(ask(vault, cast.subject))
    assert _in_step(embedded_lender)


def test_leaves_that_give_another_map_than_the_signed_one_stop_the_vault(embedded_lender):
    vault, path = embedded_lender.vault, _map_of(embedded_lender)
    cast = overdue(vault)
    with connections["vault"].cursor() as cursor:
        cursor.execute('SELECT min("index") FROM vault_leaf WHERE substr(data, 1, 1) = %s', [b"\x01"])
        (index,) = cursor.fetchone()
        cursor.execute('DELETE FROM vault_leaf WHERE "index" = %s', [index])
    path.unlink()
    note = vault.checkpoint()
    with pytest.raises(MapUnlikeLogError):
        ask(vault, cast.subject)
    assert vault.checkpoint() == note
