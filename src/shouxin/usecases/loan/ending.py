"""The end of a contract: once nothing is owed, the history says so, and uses that rest on it stop."""

from shouxin.core.loan.account import Account
from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan
from shouxin.usecases.lender import Lender


def end_if_settled(lender: Lender, loan: Loan, account: Account) -> bool:
    """Enter `ended` when everything is paid; False when something is owed or it had ended before.

    Asked after the payment's own transaction. A crash between the two leaves a paid loan whose
    contract still stands; the next call for that loan (the same payment sent again) ends it.
    """
    if account.outstanding:
        return False

    def ended(facts: Facts) -> Record | Refusal:
        entry = next((j for j, name in facts.contracts.items() if name == loan.id), 0)
        return {"kind": "ended", "contract": entry} if entry else Refusal(Reason.CONTRACT_ENDED)

    return not isinstance(lender.vault.record(loan.subject_id, ended), Refusal)
