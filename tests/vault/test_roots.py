"""Three roots, one promise: an epoch's key comes back under its own epoch and lender alone, until it is forgotten.

The token is SoftHSM's and the Transit engine a real OpenBao; both run on this machine for these tests alone.
"""

import secrets
import shutil
import sys

import pkcs11
import pytest

from shouxin.core.merkle.checkpoint import Checkpoint
from shouxin.core.merkle.note import parse_note
from shouxin.site import config as configuration
from shouxin.site import databases, doctor, rotating, wiring
from shouxin.usecases.lender import BadInput, CannotNow
from shouxin.vault import models
from shouxin.vault.root import RootError
from shouxin.vault.root.choose import Roots
from shouxin.vault.root.pkcs11 import PIN as PIN_VARIABLE
from shouxin.vault.root.transit import TOKEN as TOKEN_VARIABLE
from tests.cli.shell import shouxin
from tests.vault.cast import ask, enrol, opened
from tests.vault.servers import MODULE, PIN, bao_server, new_token, token_store

KEY, OTHER = bytes(range(32)), bytes(32)
ORIGIN, ELSEWHERE = "log.example/one", "log.example/two"
OWN = {"actor": "borrower:self", "purpose": "own_request", "fields": ["phone"]}
DAILY = 'path "transit/decrypt/shouxin-*" { capabilities = ["update"] }'
ROTATING = f"""
path "transit/keys/shouxin-*" {{ capabilities = ["create", "read", "update", "delete"] }}
path "transit/encrypt/shouxin-*" {{ capabilities = ["update"] }}
{DAILY}
"""


@pytest.fixture(scope="module")
def bao(tmp_path_factory):
    with bao_server(tmp_path_factory.mktemp("bao")) as server:
        yield server


@pytest.fixture
def token(tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTHSM2_CONF", str(token_store(tmp_path / "hsm")))
    return new_token(tmp_path / "hsm", "lender")


@pytest.fixture(params=["file", "pkcs11", "transit"])
def words(request):
    """The words of a root that works."""
    if request.param == "file":
        return "file"
    if request.param == "pkcs11":
        return request.getfixturevalue("token").root
    bao = request.getfixturevalue("bao")
    return bao.root(bao.token(ROTATING), name="shouxin")


@pytest.fixture
def root(words, tmp_path):
    return made(words, tmp_path)


def made(words, folder, *, origin=ORIGIN):
    return Roots(lambda: [words], folder, f"{origin}/{folder.name}", secrets.token_bytes).in_force()


def quietly(_):
    """Progress that nobody reads."""


def test_it_gives_a_key_back_and_stores_it_in_no_clear(root):
    wrapped = root.wrap(KEY, epoch=1)
    assert KEY not in wrapped and root.unwrap(wrapped, epoch=1) == KEY
    assert root.unwrap(root.wrap(OTHER, epoch=1), epoch=1) == OTHER, "a root key that is there is taken"


def test_it_gives_it_back_to_no_other_epoch_or_lender(root, words, tmp_path):
    wrapped = root.wrap(KEY, epoch=1)
    root.wrap(OTHER, epoch=2)
    (tmp_path / "other").mkdir()
    other = made(words, tmp_path / "other", origin=ELSEWHERE)
    other.wrap(OTHER, epoch=1)
    for one, epoch in ((root, 2), (root, 3), (other, 1)):
        with pytest.raises(RootError):
            one.unwrap(wrapped, epoch=epoch)


def test_it_refuses_what_was_changed(root):
    wrapped = root.wrap(KEY, epoch=1)
    for changed in (wrapped[:-3] + bytes([wrapped[-3] ^ 1]) + wrapped[-2:], wrapped[:20], b""):
        with pytest.raises(RootError):
            root.unwrap(changed, epoch=1)


def test_it_forgets_the_epochs_before_and_no_other(root):
    first, second = root.wrap(KEY, epoch=1), root.wrap(OTHER, epoch=2)
    assert root.unwrap(first, epoch=1) == KEY
    assert root.forget(but=(2, second)) and not root.forget(but=(2, second))
    assert root.unwrap(second, epoch=2) == OTHER
    with pytest.raises(RootError):
        root.unwrap(first, epoch=1)
    assert root.forget(but=None)
    with pytest.raises(RootError):
        root.unwrap(second, epoch=2)


def test_its_name_holds_no_way_to_its_secret(root, words, tmp_path):
    assert PIN not in words and root.name.startswith(words.partition(":")[0])
    assert "source" not in root.name and str(tmp_path) not in root.name


def test_a_token_never_lets_the_key_out(token, tmp_path):
    made(token.root, tmp_path).wrap(KEY, epoch=1)
    library = pkcs11.lib(str(MODULE))
    try:
        with library.get_token(token_label="lender").open(user_pin=PIN) as session:
            (key,) = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY})
            assert key[pkcs11.Attribute.NEVER_EXTRACTABLE] and key[pkcs11.Attribute.ALWAYS_SENSITIVE]
            with pytest.raises(pkcs11.exceptions.AttributeSensitive):
                key[pkcs11.Attribute.VALUE]
    finally:
        library.finalize()


def test_it_takes_no_key_that_somebody_could_read(token, bao, tmp_path):
    root = made(token.root, tmp_path)
    library = pkcs11.lib(str(MODULE))
    try:
        with library.get_token(token_label="lender").open(rw=True, user_pin=PIN) as session:
            open_key = {pkcs11.Attribute.EXTRACTABLE: True, pkcs11.Attribute.SENSITIVE: False}
            session.generate_key(pkcs11.KeyType.AES, 256, label=f"{root._prefix}1", store=True, template=open_key)
    finally:
        library.finalize()
    with pytest.raises(RootError, match="can be read out"):
        root.wrap(KEY, epoch=1)
    transit = made(bao.root(bao.token(ROTATING)), tmp_path)
    bao.admin.secrets.transit.create_key(name=transit._key, exportable=True)
    with pytest.raises(RootError, match="can be read out"):
        transit.wrap(KEY, epoch=1)


def wrong_pin(token, monkeypatch):
    token.pin_file.write_text("0000")
    return token.root


def open_pin(token, monkeypatch):
    token.pin_file.chmod(0o640)
    return token.root


def no_pin(token, monkeypatch):
    monkeypatch.delenv(PIN_VARIABLE, raising=False)
    return token.root.partition("&pin-source")[0]


def token_gone(token, monkeypatch):
    (token.folder / "tokens").rename(token.folder / "taken away")
    (token.folder / "tokens").mkdir()
    return token.root


def no_module(token, monkeypatch):
    return token.root.replace("libsofthsm2", "libelsewhere")


def no_extra(token, monkeypatch):
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    return token.root


TOKEN_TROUBLES = [
    (wrong_pin, "PIN is wrong"),
    (open_pin, "readable by others"),
    (no_pin, PIN_VARIABLE),
    (token_gone, "isn't there"),
    (no_module, "module-path"),
    (no_extra, r"shouxin\[hsm\]"),
]


@pytest.mark.parametrize(("trouble", "said"), TOKEN_TROUBLES, ids=[one[0].__name__ for one in TOKEN_TROUBLES])
def test_it_says_what_is_wrong_with_a_token(token, trouble, said, monkeypatch, tmp_path):
    wrapped = made(token.root, tmp_path).wrap(KEY, epoch=1)
    words = trouble(token, monkeypatch)
    with pytest.raises(RootError, match=said) as error:
        made(words, tmp_path).unwrap(wrapped, epoch=1)
    assert PIN not in str(error.value) and str(tmp_path) not in str(error.value)


def test_a_pin_may_come_from_the_environment(token, monkeypatch, tmp_path):
    words = no_pin(token, monkeypatch)
    monkeypatch.setenv(PIN_VARIABLE, PIN)
    root = made(words, tmp_path)
    assert root.unwrap(root.wrap(KEY, epoch=1), epoch=1) == KEY


def forbidden(bao, monkeypatch):
    return bao.root(bao.token(DAILY.replace("decrypt", "encrypt")))


def no_token(bao, monkeypatch):
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    return bao.root("x").partition("?")[0]


def not_mounted(bao, monkeypatch):
    return bao.root("administrator").replace("/transit/", "/elsewhere/")


def nobody_there(bao, monkeypatch):
    return bao.root("x").replace(bao.address, "http://127.0.0.1:9")


def no_transit_extra(bao, monkeypatch):
    monkeypatch.setitem(sys.modules, "hvac", None)
    return bao.root("x")


TRANSIT_TROUBLES = [
    (forbidden, "may not do this"),
    (no_token, TOKEN_VARIABLE),
    (not_mounted, "nothing is mounted"),
    (nobody_there, "doesn't answer"),
    (no_transit_extra, r"shouxin\[transit\]"),
]


@pytest.mark.parametrize(("trouble", "said"), TRANSIT_TROUBLES, ids=[one[0].__name__ for one in TRANSIT_TROUBLES])
def test_it_says_what_is_wrong_with_transit(bao, trouble, said, monkeypatch, tmp_path):
    wrapped = made(bao.root(bao.token(ROTATING)), tmp_path).wrap(KEY, epoch=1)
    words = trouble(bao, monkeypatch)
    with pytest.raises(RootError, match=said):
        made(words, tmp_path).unwrap(wrapped, epoch=1)


def test_it_says_that_transit_is_sealed(tmp_path):
    with bao_server(tmp_path) as own:
        root = made(own.root(own.token(ROTATING)), tmp_path)
        wrapped = root.wrap(KEY, epoch=1)
        own.admin.sys.seal()
        with pytest.raises(RootError, match="sealed"):
            root.unwrap(wrapped, epoch=1)
    with pytest.raises(RootError, match="doesn't answer"):
        root.unwrap(wrapped, epoch=1)


BAD_WORDS = [
    "",
    "elsewhere",
    "pkcs11:object=root?module-path=/m.so",
    "pkcs11:token=t?module-path=/m.so&pin-value=1234",
    "pkcs11:token=t;serial=9?module-path=/m.so",
    "transit:http://vault.example/transit/root",
    "transit:https://user:word@vault.example/transit/root",
    "transit:https://vault.example/root",
    "transit:https://vault.example/transit/root?token=s.1",
    "transit:https:///transit/root",
    "transit:https://vault.example/tran sit/root",
]


@pytest.mark.parametrize("words", BAD_WORDS)
def test_it_takes_no_words_that_name_no_root_or_hold_a_secret(words, tmp_path):
    with pytest.raises(RootError):
        made(words, tmp_path)


@pytest.mark.parametrize("words", [BAD_WORDS[1], BAD_WORDS[3], BAD_WORDS[8]])
def test_a_configuration_takes_them_neither(words, data_dir):
    with pytest.raises(BadInput):
        configuration.set_root(data_dir, root=words, old_root="")


def leaves(lender):
    return Checkpoint.parse(parse_note(lender.vault.checkpoint()).text).size


def test_a_lender_moves_from_root_to_root_and_back(embedded_lender, token, bao):
    """Its people, its log and whoever holds the vault open go along; nothing is left at the root before."""
    lender, folder = embedded_lender, embedded_lender.settings.data_dir
    subject, size = enrol(lender.vault).subject, leaves(lender)
    roots = [token.root, bao.root(bao.token(ROTATING)), "file"]
    for number, words in enumerate(roots, start=2):
        done = rotating.rotate(folder, quietly, root=words)
        assert (done.epoch, done.resumed) == (number, False)
        config = configuration.read(folder)
        assert (config.root, config.old_root) == (words, "")
        opened(ask(lender.vault, subject, **OWN))
        opened(ask(wiring.open_lender(folder).vault, subject, **OWN))
        assert (models.Epoch.objects.get().root == "file") == (words == "file")
    assert sorted(path.name for path in (folder / "keys").iterdir()) == ["root-4.key", "site.key"]
    assert made(token.root, folder.parent).name == "pkcs11:token=lender;object=root"
    assert not token_keys() and leaves(lender) > size and lender.vault.audit().faults == ()
    (root_row,) = [row for row in doctor.examine(folder) if row["name"] == "root"]
    assert root_row["ok"] and root_row["detail"] == "file"


def token_keys():
    library = pkcs11.lib(str(MODULE))
    try:
        with library.get_token(token_label="lender").open(user_pin=PIN) as session:
            return [one.label for one in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY})]
    finally:
        library.finalize()


def test_a_move_that_was_cut_short_is_ended_by_the_next_rotation(embedded_lender, token, monkeypatch):
    lender, folder = embedded_lender, embedded_lender.settings.data_dir
    subject = enrol(lender.vault).subject

    def cut(*_, **__):
        raise KeyboardInterrupt

    for step in ("_begin", "_move", "_end"):
        with monkeypatch.context() as patch:
            patch.setattr(f"shouxin.vault.rotate.{step}", cut)
            with pytest.raises(KeyboardInterrupt):
                rotating.rotate(folder, quietly, root=token.root)
        assert configuration.read(folder).old_root == "file"
        opened(ask(wiring.open_lender(folder).vault, subject, **OWN))
    with pytest.raises(CannotNow, match="isn't finished"):
        rotating.rotate(folder, quietly, root=token.root.replace("object=root", "object=other"))
    done = rotating.rotate(folder, quietly)
    assert (done.epoch, done.resumed, configuration.read(folder).old_root) == (2, True, "")
    opened(ask(lender.vault, subject, **OWN))


def test_a_root_that_cannot_be_reached_changes_nothing(embedded_lender, token, monkeypatch):
    folder = embedded_lender.settings.data_dir
    before = configuration.read(folder)
    with pytest.raises(RootError, match="PIN is wrong"):
        rotating.rotate(folder, quietly, root=wrong_pin(token, monkeypatch))
    assert configuration.read(folder) == before and embedded_lender.vault.epoch_state().epoch == 1


def test_a_new_place_of_the_pin_is_no_move(embedded_lender, token):
    folder = embedded_lender.settings.data_dir
    rotating.rotate(folder, quietly, root=token.root)
    second = shutil.copy(token.pin_file, token.pin_file.with_name("moved.pin"))
    words = token.root.replace(token.pin_file.name, second.name)
    assert rotating.rotate(folder, quietly, root=words).epoch == 3
    assert (configuration.read(folder).root, configuration.read(folder).old_root) == (words, "")
    token.pin_file.unlink()
    assert wiring.open_lender(folder).vault.epoch_state().epoch == 3


def test_transit_is_asked_once_an_epoch(embedded_lender, bao):
    """A token that is good for one request opens the vault, serves any number of uses, and opens it no second time."""
    lender, folder = embedded_lender, embedded_lender.settings.data_dir
    subject = enrol(lender.vault).subject
    words = bao.root(bao.token(ROTATING))
    rotating.rotate(folder, quietly, root=words)
    once = bao.root(bao.token(DAILY, uses=1))
    configuration.set_root(folder, root=once, old_root="")
    databases.close()
    again = wiring.open_lender(folder)
    for _ in range(20):
        opened(ask(again.vault, subject, **OWN))
    enrol(again.vault, id_number="X2", phone="13800000002")
    with pytest.raises(RootError, match="may not do this"):
        wiring.open_lender(folder)


def test_a_command_ends_in_3_and_doctor_names_the_root(embedded_lender, token, monkeypatch):
    folder = embedded_lender.settings.data_dir
    rotating.rotate(folder, quietly, root=token.root)
    wrong_pin(token, monkeypatch)
    asked = shouxin("log", "checkpoint", "--json", data_dir=folder)
    assert (asked.code, asked.error["code"], asked.error["where"]) == (3, "vault_stopped", "root")
    seen = shouxin("doctor", "--json", data_dir=folder)
    (row,) = [one for one in seen.document["checks"] if one["name"] == "lender"]
    assert not row["ok"] and "PIN is wrong" in row["detail"]


def test_a_lender_may_begin_under_a_token(tmp_path, token):
    made_new = shouxin("init", "--root", token.root, "--json", data_dir=tmp_path / "new")
    assert made_new.code == 0, made_new.stdout
    assert not list((tmp_path / "new" / "keys").glob("root-*"))
    assert shouxin("log", "checkpoint", "--json", data_dir=tmp_path / "new").code == 0
