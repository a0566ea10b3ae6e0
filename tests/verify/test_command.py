"""`python -I -m shouxin.verify` and `shouxin-verify.pyz`, run as an outsider runs them."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from shouxin.assurance import forge
from shouxin.verify.__main__ import main
from tests.verify.story import honest

AT = "2001-09-09T02:00:00+00:00"
FILES = honest().files()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bundle.json").write_bytes(FILES.bundle)
    (tmp_path / "trust.json").write_bytes(FILES.trust)
    (tmp_path / "person.key").write_bytes(FILES.person)
    (tmp_path / "forged.json").write_bytes(forge.drop_last(FILES.bundle))
    return tmp_path


def arguments(folder, *more, bundle="bundle.json"):
    paths = [str(folder / bundle), "--trust", str(folder / "trust.json"), "--person", str(folder / "person.key")]
    return [*paths, "--at", AT, *more]


def run(command, cwd):
    done = subprocess.run(command, cwd=cwd, env={}, capture_output=True, timeout=60, check=False)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode("utf-8")


@pytest.fixture
def empty(tmp_path_factory):
    return tmp_path_factory.mktemp("empty")


def test_it_runs_in_an_empty_folder_with_an_empty_environment(folder, empty):
    code, out = run([sys.executable, "-I", "-m", "shouxin.verify", *arguments(folder, "--json")], empty)
    assert code == 0
    assert json.loads(out)["verdict"] == "nothing_unlawful_found"
    code, out = run([sys.executable, "-I", "-m", "shouxin.verify", *arguments(folder, bundle="forged.json")], empty)
    assert (code, out.splitlines()[-1]) == (1, "NOT VERIFIED: missing_entry (entry 5)")


def test_it_imports_no_framework(folder, empty):
    program = "import sys, shouxin.verify.__main__; print(sorted({name.split('.')[0] for name in sys.modules}))"
    code, out = run([sys.executable, "-I", "-c", program], empty)
    assert code == 0
    assert not {"django", "pydantic", "typer", "rich", "cedarpy", "sqlite3"} & set(json.loads(out.replace("'", '"')))


def test_one_file_does_the_same_with_nothing_installed_but_cryptography(project, folder, empty, tmp_path):
    pyz = tmp_path / "shouxin-verify.pyz"
    build = [sys.executable, str(project / "scripts" / "build_verifier.py"), "--out", str(pyz)]
    assert run(build, empty)[0] == 0
    only = only_cryptography(tmp_path)
    program = f"import sys, runpy; sys.path[:0] = [{str(only)!r}]; sys.argv[1:] = {{}}; runpy.run_path({str(pyz)!r})"
    for bundle, code in (("bundle.json", 0), ("forged.json", 1)):
        script = program.format(arguments(folder, "--json", bundle=bundle))
        done = run([sys.executable, "-I", "-S", "-c", script], empty)
        assert (done[0], json.loads(done[1])["ok"]) == (code, code == 0)
    names = zipfile.ZipFile(pyz).namelist()
    assert "shouxin/verify/__main__.py" in names
    assert not [name for name in names if "vault" in name or "usecases" in name or "/loan/" in name]


def only_cryptography(tmp_path):
    """A folder with links to that one library and what it needs itself."""
    import cryptography

    site = Path(cryptography.__file__).parents[1]
    folder = tmp_path / "site"
    folder.mkdir()
    for name in ("cryptography", "cffi", *(found.name for found in site.glob("_cffi_backend*"))):
        (folder / name).symlink_to(site / name)
    return folder


def test_the_same_sources_give_the_same_bytes(project, tmp_path):
    for name in ("one", "two"):
        script = str(project / "scripts" / "build_verifier.py")
        subprocess.run([sys.executable, script, "--out", str(tmp_path / name)], check=True, capture_output=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def said(capsysbinary):
    return capsysbinary.readouterr().out.decode("utf-8")


def test_its_last_line_states_the_verdict(folder, capsysbinary):
    assert main(arguments(folder)) == 0
    assert said(capsysbinary).splitlines()[-1] == "VERIFIED: entries 1 to 5, complete; nothing_unlawful_found"


def test_it_says_no_as_a_document(folder, capsysbinary):
    assert main(arguments(folder, "--json", bundle="forged.json")) == 1
    assert json.loads(said(capsysbinary)) == {"ok": False, "reason": "missing_entry", "where": "entry 5"}


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda a, f: [str(f / "nowhere.json"), *a[1:]], "bundle"),
        (lambda a, f: [str(f), *a[1:]], "bundle"),
        (lambda a, f: ["a\0b", *a[1:]], "bundle"),
        (lambda a, f: [a[0], "--trust", str(f / "nowhere"), *a[3:]], "trust"),
        (lambda a, f: [*a[:3], "--person", str(f / "nowhere"), *a[5:]], "person"),
        (lambda a, f: [*a, "--at", "yesterday"], "--at"),
        (lambda a, f: [*a, "--at", "2001-09-09T02:00:00"], "--at"),
        (lambda a, f: [*a, "--at", "9999999-01-01"], "--at"),
        (lambda a, f: [*a, "--at", "2001-09-09"], "--at"),
        (lambda a, f: [*a, "--nonsense"], "options"),
        (lambda a, f: [*a, "--tru", "x"], "options"),
        (lambda a, f: a[:1], "options"),
        (lambda a, f: [], "options"),
    ],
)
def test_it_names_the_file_or_option_that_is_wrong(folder, capsysbinary, spoil, where):
    assert main([*spoil(arguments(folder), folder), "--json"]) == 2
    error = json.loads(said(capsysbinary))["error"]
    assert (error["code"], error["where"]) == ("bad_input", where)
    assert main(spoil(arguments(folder), folder)) == 2
    assert said(capsysbinary).startswith(f"error: {where}: ")


def test_it_takes_a_time_with_any_offset(folder, capsysbinary):
    assert main([*arguments(folder), "--at", "2001-09-09T10:00:00+08:00"]) == 0
    assert main([*arguments(folder), "--at", "2001-09-09T02:00:00Z"]) == 0


def test_without_a_time_it_takes_now(folder, capsysbinary):
    plain = arguments(folder, "--json")
    place = plain.index("--at")
    assert main(plain[:place] + plain[place + 2 :]) == 1
    assert json.loads(said(capsysbinary))["reason"] == "stale"


def test_it_reads_a_bundle_from_standard_input(folder, empty):
    command = [sys.executable, "-I", "-m", "shouxin.verify", "-", *arguments(folder)[1:]]
    done = subprocess.run(command, cwd=empty, env={}, input=FILES.bundle, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0


def test_it_does_not_read_a_file_without_end(folder, capsysbinary):
    assert main(["/dev/zero", *arguments(folder, "--json")[1:]]) == 1
    assert json.loads(said(capsysbinary)) == {"ok": False, "reason": "malformed", "where": "bundle"}
