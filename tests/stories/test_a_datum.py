"""The life of a datum: a phone number, who asked for it month by month, and what each of them got.

Every asking is an entry, whatever came out; at the end the whole is verified as an outsider would.
"""

import json

from shouxin.core.rules.refusal import Refusal
from tests.stories.table import AI_LI, WEN, Teller, came_out, rows

STORY = """
on               | who           | does      | what               | comes out         | in her history
-----------------|---------------|-----------|--------------------|-------------------|------------------------------
2026-02-01 10:00 | marketer:m02  | asks for  | phone: marketing   | no_basis          | refused
2026-02-01 10:05 | borrower:self | consents  | marketing          | done              | notice_shown consented
2026-02-01 10:06 | marketer:m02  | asks for  | phone: marketing   | masked            | used
2026-02-01 10:10 | borrower:self | asks for  | phone: own_request | plain             | used
2026-02-01 10:20 | borrower:self | names     | contact person     | done              | stored
2026-02-02 09:00 | collector:k31 | asks for  | phone: collection  | not_yours         | refused
2026-03-05 09:00 | officer:o2    | opens     | the case           | done              | case_opened
2026-03-05 09:10 | officer:o2    | grants to | collector:k31      | done              | granted
2026-03-05 09:20 | collector:k31 | asks for  | phone: collection  | plain             | used
2026-03-05 09:30 | collector:k32 | asks for  | phone: collection  | not_yours         | refused
2026-03-05 09:40 | collector:k31 | asks for  | id_number: collection | field_not_for_purpose | refused
2026-03-05 09:50 | collector:k31 | asks for  | the contact person | not_out_of_reach  |
2026-03-09 09:00 | officer:o2    | grants to | agency:a07         | done              | granted
2026-03-09 09:30 | agent:a07.3   | asks for  | phone: collection  | token             | used
2026-03-09 09:40 | agent:a07.3   | asks for  | phone: servicing   | role_may_not      | refused
2026-03-10 09:00 | officer:o2    | suspends  | agency:a07         | done              |
2026-03-10 09:10 | agent:a07.3   | asks for  | phone: collection  | party_not_engaged | refused
2026-03-20 08:00 | borrower:self | withdraws | marketing          | done              | withdrawn
2026-03-20 08:01 | marketer:m02  | asks for  | phone: marketing   | consent_withdrawn | refused
2026-03-20 08:02 | borrower:self | withdraws | marketing          | no_basis          |
2026-04-02 09:00 | officer:o2    | recalls   | collector:k31      | done              | recalled
2026-04-02 09:01 | collector:k31 | asks for  | phone: collection  | not_yours         | refused
2026-04-02 09:30 | officer:o2    | closes    | the case           | done              | case_closed
"""
LEFT = [("disbursement", "processor:bank")]
"""What left, and to whom: the card number, to who pays the loan out. The agency was told nothing."""
CONTACT = """
on               | who           | does      | what               | comes out         | in the friend's history
-----------------|---------------|-----------|--------------------|-------------------|------------------------------
2026-02-01 10:20 | borrower:self | names     | contact person     | done              | enrolled key_issued stored
2026-03-05 09:50 | collector:k31 | asks for  | the contact person | not_out_of_reach  | refused
"""


class Datum(Teller):
    """Ai Li borrowed on 21 January and won't pay on 21 February; collectors, a marketer and an agency are at work."""

    def __init__(self, lender):
        super().__init__(lender)
        for minute, actor in enumerate(("collector:k31", "collector:k32", "marketer:m02", "officer:o2")):
            self.do(f"2026-01-20 09:0{minute}", "appoint", actor=actor)
        self.do("2026-01-20 09:10", "engage", party="agency:a07")
        self.do("2026-01-20 09:11", "appoint", actor="agent:a07.3")
        enrolled = self.do("2026-01-21", "enrol", **AI_LI)
        self.subject, self.person_key = enrolled.subject, enrolled.person_key
        self.do("2026-01-21", "disburse", loan=self.signed(self.subject, "2026-01-21"))
        self.case = self.contact = ""

    def act(self, row):
        """What the use case gives that the row's words stand for."""
        on, what, mine, here = row["on"], row["what"], {"subject": self.subject}, {"case": self.case}
        match row["does"]:
            case "asks for":
                return self.ask(on, row["who"], what)
            case "consents":
                return self.do(on, "consent", **mine, purpose=what)
            case "withdraws":
                return self.do(on, "withdraw", **mine, purpose=what)
            case "names":
                result = self.do(on, "contact_person", **mine, **WEN)
                self.contact = result.contact
                return result
            case "opens":
                result = self.do(on, "open_case", **mine)
                self.case = result.case
                return result
            case "grants to":
                return self.do(on, "grant", **here, actor=what)
            case "suspends":
                return self.do(on, "suspend", party=what)
            case "recalls":
                return self.do(on, "recall", **here, actor=what)
            case "closes":
                return self.do(on, "close_case", **here)
        raise AssertionError(row)

    def ask(self, on, who, what):
        """One use, with the case where there is one."""
        case = {"case": self.case} if self.case else {}
        if what == "the contact person":
            asked = {"subject": self.contact, "fields": ["phone"], "purpose": "reach_through_contact"}
        else:
            field, purpose = what.split(": ")
            asked = {"subject": self.subject, "fields": [field], "purpose": purpose}
        return self.do(on, "use", actor=who, **asked, **case)


def form_of(result):
    """How the number was shown: plain, masked, or as a token; else how it came out."""
    if isinstance(result, Refusal) or not hasattr(result, "opened"):
        return came_out(result)
    shown = result.opened["phone"]
    if shown == AI_LI["phone"]:
        return "plain"
    assert AI_LI["phone"] not in shown
    return "masked" if shown == "138••••5678" else "token" if shown.startswith("phone-") else shown


def test_it_is_asked_for_as_the_table_says(lender):
    datum, came, theirs = Datum(lender), [], []
    for row in rows(STORY):
        before = {chain: datum.kinds(chain, row["on"]) for chain in (datum.subject, datum.contact) if chain}
        result = form_of(datum.act(row))
        after = {chain: datum.kinds(chain, row["on"]) for chain in (datum.subject, datum.contact)}
        hers = after[datum.subject][len(before[datum.subject]) :]
        friends = after[datum.contact][len(before.get(datum.contact, ())) :] if datum.contact else []
        came.append(row | {"comes out": result, "in her history": " ".join(hers)})
        if friends:
            theirs.append({key: row[key] for key in row if key != "in her history"} | {"comes out": result})
            theirs[-1]["in the friend's history"] = " ".join(friends)
    assert came == rows(STORY)
    assert theirs == rows(CONTACT)
    check_answer(datum)


def check_answer(datum):
    """The answer counts what the table tells, and an outsider's verifier agrees with it."""
    from shouxin.usecases.oversight.answer import Answered
    from shouxin.verify import Verified, verify

    answered = datum.do("2026-04-03 12:00", "answer", subject=datum.subject)
    assert isinstance(answered, Answered)
    uses = [row for row in rows(STORY) if row["comes out"] in ("plain", "masked", "token")]
    refused = [row for row in rows(STORY) if row["in her history"] == "refused"]
    purposes = ["credit_decision", *(row["what"].split(": ")[1] for row in uses)]
    assert [use["purpose"] for use in answered.document["uses"]] == purposes
    assert [(one["purpose"], one["recipient"]) for one in answered.document["left"]] == LEFT
    assert [one["reason"] for one in answered.document["refused"]] == [row["comes out"] for row in refused]
    verdict = verify(
        answered.bundle,
        datum.lender.vault.trust(),
        datum.person_key,
        at_ms=json.loads(answered.bundle)["statement"]["as_of"],
    )
    assert isinstance(verdict, Verified), verdict
    assert not any(AI_LI[name].encode() in answered.bundle for name in ("name", "phone", "id_number", "email"))
