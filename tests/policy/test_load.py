"""A policy is read whole or not at all, and what is wrong with it is named."""

from pathlib import Path

import pytest

from shouxin.policy import data_files, folder
from shouxin.policy.load import PolicyError, load
from tests.policy.edited import edited

HOURS = 'id = "CN.GBT45251.HOURS"'
GBT = "packs/cn/gbt45251.toml"
PRICE = "packs/cn/price.toml"
PHONE = 'name = "phone"\nclass = "general"'

BAD = {
    "a key nobody knows": (GBT, HOURS, f"{HOURS}\nweight = 3", "CN.GBT45251.HOURS: unknown key weight"),
    "no citation": (
        PRICE,
        'citation.zh = "金规〔2025〕9号第六条，结合法发〔2017〕22号"\n',
        "",
        "CN.CAP.BANKPARTNER citation: zh is missing",
    ),
    "an empty citation": (
        PRICE,
        'citation.zh = "金规〔2025〕9号第六条，结合法发〔2017〕22号"',
        'citation.zh = " "',
        "CN.CAP.BANKPARTNER citation: zh must be a text",
    ),
    "a force nobody knows": (PRICE, 'force = "mandatory"', 'force = "advice"', "CN.CAP.BANKPARTNER: force"),
    "overlapping dates": (
        PRICE,
        "effective_to = 2027-12-31",
        "effective_to = 2028-01-01",
        "CN.CAP.MICRO: its wordings overlap",
    ),
    "the same rule twice": (
        GBT,
        'id = "CN.GBT45251.SCOPE"',
        'id = "CN.GBT45251.TARGET"',
        "CN.GBT45251.TARGET: its wordings overlap",
    ),
    "a fraction": (
        PRICE,
        "params.annual_ppm = 240_000",
        "params.annual_ppm = 0.24",
        "CN.CAP.BANKPARTNER params: annual_ppm must be",
    ),
    "a number that is none": (GBT, "params.max = 3", 'params.max = "three"', "CN.GBT45251.FREQ: parameter max"),
    "a number left out": (GBT, "params.max = 3\n", "", "CN.GBT45251.FREQ: parameter max is missing"),
    "a check nobody knows": (GBT, 'check = "connected_calls"', 'check = "calls"', "CN.GBT45251.FREQ: check"),
    "an unsure rule that hides it": (
        "packs/cn/pipl.toml",
        "needs_legal_check = false",
        "needs_legal_check = true",
        "CN.PIPL.4: needs_legal_check, but unseen",
    ),
    "a text in one language": (GBT, "title.en", "title.fr", "CN.GBT45251.SCOPE title"),
    "a house rule that poses as law": (
        "house.toml",
        'id = "HOUSE.PAUSE"',
        'id = "CN.PAUSE"',
        "CN.PAUSE: ids of the house policy",
    ),
    "a law that poses as house policy": (GBT, HOURS, 'id = "HOUSE.HOURS"', "HOUSE.HOURS: ids of the house policy"),
    "switching on what isn't there": (
        "house.toml",
        "enabled = []",
        'enabled = ["CN.NONE"]',
        "enabled: no rule CN.NONE",
    ),
    "a rule that refusals cite": (
        "house.toml",
        'id = "HOUSE.PAUSE"',
        'id = "HOUSE.REST"',
        "refusal paused cites HOUSE.PAUSE",
    ),
    "a topic nobody looks up": (PRICE, 'topic = "price"', 'topic = "prices"', "CN.CAP.BANKPARTNER: topic"),
    "a contract that fills in what nothing gives": (
        "contract.toml",
        "合同编号：{contract}。",
        "合同编号：{number}。",
        "nothing fills in {number}",
    ),
    "a contract on a condition nobody knows": (
        "contract.toml",
        'when = "hours"',
        'when = "night"',
        "when must be one of",
    ),
    "a contract whose languages differ": (
        "contract.toml",
        "Contract number: {contract}. ",
        "",
        "the two languages fill in different names",
    ),
    "a contract without its schedule": (
        "contract.toml",
        "schedule = true\n",
        "",
        "exactly one section holds the schedule",
    ),
    "a contract that cites nothing": (
        "contract.toml",
        'rules = ["CN.CIV.561"]',
        'rules = ["CN.CIV.562"]',
        "cites CN.CIV.562",
    ),
    "a cooling-off without a number": (
        "house.toml",
        'check = "pause"',
        'check = "cooling_off"',
        "HOUSE.PAUSE: parameter days is missing",
    ),
    "a rule that a purpose cites": ("packs/cn/credit.toml", 'id = "CN.AML.34"', 'id = "CN.AML.35"', "cites CN.AML.34"),
    "a field for an address book": (
        "catalogue.toml",
        'name = "relation"',
        'name = "contact_list"',
        "contact_person.contact_list: there is no field",
    ),
    "a step that is no act": ("steps.toml", 'act = "message"', 'act = "visit"', "step 4: act must be one of"),
    "a step on what nobody knows": (
        "steps.toml",
        "when.tried = false",
        "when.mood = false",
        "step 8 when: unknown key mood",
    ),
    "a step for a word that still holds": (
        "steps.toml",
        'when.promise = ["broken"]',
        'when.promise = ["open"]',
        "step 6 when: promise must be of",
    ),
    "a table that leaves somebody out": (
        "steps.toml",
        'why = "not_now"',
        'why = "not_now"\nwhen.tried = true',
        "the last line must be a wait without a when",
    ),
    "a table that ends in a call": (
        "steps.toml",
        'act = "wait"\nwhy = "not_now"',
        'act = "call"\nwhy = "not_now"',
        "the last line must be a wait",
    ),
    "days of grace below none": (
        "house.toml",
        "params.grace_days = 0",
        "params.grace_days = -1",
        "HOUSE.PROMISE: parameter grace_days is not count",
    ),
    "a field twice": ("catalogue.toml", 'name = "email"', 'name = "phone"', "borrower.phone stands twice"),
    "demanding what isn't necessary": (
        "catalogue.toml",
        'home = "vault"\nrequired = false',
        'home = "vault"\nrequired = true',
        "borrower.email: may not be required (CN.APP.NECESSARY)",
    ),
    "a purpose nobody knows": ("catalogue.toml", '"marketing"', '"profiling"', "borrower.phone: purposes"),
    "collecting from a contact person": (
        "catalogue.toml",
        '"reach_through_contact"',
        '"collection"',
        "contact_person.phone: purpose collection",
    ),
    "a form nobody knows": (
        "catalogue.toml",
        'shown.agent = "token"',
        'shown.agent = "hint"',
        "borrower.phone shown: agent",
    ),
    "a role nobody knows": (
        "catalogue.toml",
        'shown.agent = "token"',
        'shown.broker = "token"',
        "borrower.phone shown: unknown key broker",
    ),
    "keeping for ever": (
        "catalogue.toml",
        'retention = "relationship_end"',
        'retention = "for_ever"',
        "borrower.phone: a retention",
    ),
    "a sensitive field without its kind": (
        "catalogue.toml",
        'category = "financial_account"\n',
        "",
        "borrower.bank_card: a sensitive field",
    ),
    "a notice without rights": ("notices/marketing.toml", "rights = ", "wrongs = ", "marketing zh: unknown key wrongs"),
    "a notice that skips an item": (
        "notices/marketing.toml",
        "method = ",
        "# method = ",
        "zh says no method (CN.PIPL.17)",
    ),
    "a sensitive notice without impact": (
        "notices/disbursement.toml",
        "impact = ",
        "# impact = ",
        "zh says no impact (CN.PIPL.28_30)",
    ),
    "a recipient without a name": (
        "notices/credit_reporting.toml",
        "recipient = ",
        "# recipient = ",
        "zh says no recipient (CN.PIPL.22_23)",
    ),
    "a notice about no field": (
        "notices/marketing.toml",
        '"borrower.email"',
        '"borrower.diary"',
        "there is no field borrower.diary",
    ),
    "a sentence in one language": ("sentences/en.toml", 'paused = "', 'halted = "', "reason."),
    "a sentence with another place": (
        "sentences/en.toml",
        "Times it was used: {count}.",
        "Times it was used: {number}.",
        "answer.3.yes fills in other names",
    ),
    "a policy for no purpose": (
        "cedar/profiling.cedar",
        "",
        "permit(principal, action, resource);",
        "profiling is not a purpose",
    ),
    "a policy without a name": ("cedar/reminder.cedar", '@id("reminder.system")\n', "", "every policy carries one @id"),
    "a policy with another's name": (
        "cedar/reminder.cedar",
        "reminder.system",
        "servicing.system",
        "does not begin with reminder.",
    ),
    "broken TOML": ("catalogue.toml", "[[field]]", "[[field]", "catalogue.toml"),
    "a product that fixes the rate": (
        "products/instalment.toml",
        "[terms]",
        '[terms]\nrate = "1%"',
        "terms.rate is filled in by the loan",
    ),
    "a message without a subject": ("messages/due_soon.toml", "subject = ", "headline = ", "due_soon zh"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_refuses_a_policy_and_names_file_and_place(name: str, tmp_path: Path) -> None:
    file, old, new, said = BAD[name]
    with pytest.raises(PolicyError) as caught:
        load(edited(tmp_path, file, old, new))
    assert said in str(caught.value)


def test_it_names_the_line_of_a_rule(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(edited(tmp_path, GBT, HOURS, f"{HOURS}\nweight = 3"))
    line = caught.value.line
    assert line is not None
    assert (folder() / GBT).read_text("utf-8").splitlines()[line].startswith(HOURS)


def test_it_names_a_file_that_is_missing(tmp_path: Path) -> None:
    copy = edited(tmp_path, "house.toml", "enabled", "enabled")
    (copy / "house.toml").unlink()
    with pytest.raises(PolicyError, match=r"house\.toml: is missing"):
        load(copy)


def test_it_hashes_every_file_of_the_policy(tmp_path: Path) -> None:
    assert load(edited(tmp_path, "house.toml", "enabled", "enabled")).hash == load(folder()).hash
    seen = set()
    for path in data_files(folder()):
        copy = edited(tmp_path, "house.toml", "enabled", "enabled")
        with (copy / path).open("a", encoding="utf-8") as file:
            file.write("\n// \n" if path.suffix.startswith(".cedar") else "\n# \n")
        seen.add(load(copy).hash)
    assert len(seen) == len(data_files(folder()))


def test_it_copies_no_program_with_the_policy() -> None:
    assert {path.suffix for path in data_files(folder())} == {".toml", ".cedar", ".cedarschema"}
