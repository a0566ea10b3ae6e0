"""A stolen or lost key is replaced by the person who proves themself, and the new file is theirs at once."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from shouxin.core.merkle.person_key import PersonKey
from shouxin.outbound.channels.sms import HttpSms
from shouxin.site import config as configuration
from shouxin.usecases.privacy import step_up
from shouxin.usecases.privacy.issue_key import KeyIssued
from shouxin.usecases.privacy.replace_key import ReplaceKey, replace_key
from shouxin.verify import Verified, verify
from tests.cli.shell import shouxin
from tests.usecases.privacy.texts import code_in
from tests.usecases.story import enrolled, kinds, must, with_carriers


def proved(lender, gateway, subject, about="new_key"):
    """By the code that came to the person's own number."""
    asked = must(step_up.ask_code(lender, step_up.AskStepUp(subject=subject, about=about)))
    said = {"subject": subject, "about": about, "code": asked.code, "number": asked.number, "typed": code_in(gateway)}
    return must(step_up.prove_code(lender, step_up.StepUp(**said))).proof


def judged(lender, subject, key):
    at = int(lender.clock.now().timestamp() * 1000)
    return verify(lender.vault.bundle(subject), lender.vault.trust(), key, at_ms=at)


def test_whoever_proves_themself_gets_a_new_key_and_the_history_says_so(texting, gateway):
    subject = enrolled(texting)
    done = must(replace_key(texting, ReplaceKey(subject=subject, proof=proved(texting, gateway, subject))))
    assert isinstance(done, KeyIssued) and kinds(texting, subject)[-1] == "key_rotated"
    assert len(PersonKey.parse(done.person_key).keys) == 2
    assert isinstance(judged(texting, subject, done.person_key), Verified)
    assert done.person_key.hex() not in repr(done)


@pytest.mark.parametrize("how", ["none", "to issue it", "too late", "somebody else's"])
def test_nobody_gets_one_without_a_fresh_proof_for_this_very_thing(here, gateway, how):
    subject = enrolled(here)
    other = enrolled(here, phone="13800000177", id_number="110101198001010011")
    lender, proof = here, ""
    if how == "to issue it":
        proof = proved(here, gateway, subject, about="key")
    elif how == "too late":
        proof, lender = proved(here, gateway, subject), here.at(here.clock.now() + timedelta(seconds=601))
    elif how == "somebody else's":
        asked = must(step_up.ask_code(here, step_up.AskStepUp(subject=other, about="new_key")))
        said = {"code": asked.code, "number": asked.number, "typed": code_in(gateway, "13800000177")}
        proof = must(step_up.prove_code(here, step_up.StepUp(subject=other, about="new_key", **said))).proof
    before = kinds(here, subject)
    assert replace_key(lender, ReplaceKey(subject=subject, proof=proof)).why == "late"
    assert kinds(here, subject) == before


def test_a_program_does_it_by_commands(embedded_lender, gateway, tmp_path):
    """The code comes by message; the new file stands beside the old one, and no answer holds a key."""
    lender = with_carriers(replace(embedded_lender, sms=HttpSms(gateway.url, "守信")))
    subject, folder = enrolled(lender), lender.settings.data_dir
    config = configuration.read(folder)
    (folder / configuration.FILE).write_text(configuration.to_toml(replace(config, sms=gateway.url)))
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / f"{subject}.key").write_text("the old file")
    about = {"subject": subject, "about": "new_key"}
    early = [{"verb": "replace_key", "subject": subject}, {"verb": "ask_code", **about}]
    first = shouxin("do", "--jsonl", "--keys", tmp_path / "keys", given=early, data_dir=folder)
    assert first.lines[0] == {"not_proved": {"why": "late"}}
    back = {name: first.lines[1][name] for name in ("code", "number")}
    proof = {"verb": "prove_code", **about, **back, "typed": code_in(gateway)}
    second = shouxin("do", "--jsonl", given=[proof], data_dir=folder)
    asked = [{"verb": "replace_key", "subject": subject, "proof": second.lines[0]["proof"]}]
    third = shouxin("do", "--jsonl", "--keys", tmp_path / "keys", given=asked, data_dir=folder)
    assert third.lines == [{"ok": True, "subject": subject}]
    key = (tmp_path / "keys" / f"{subject}.2.key").read_bytes()
    assert isinstance(judged(lender, subject, key), Verified)
    secrets = [one["key"] for one in json.loads(key)["keys"]]
    assert not [one for one in secrets if one in first.stdout + second.stdout + third.stdout + third.stderr]
    assert (tmp_path / "keys" / f"{subject}.key").read_text() == "the old file"
