"""A gateway for the tests of use cases: its notices are made here, signed as a gateway signs them."""

import json
from dataclasses import replace
from datetime import UTC

from shouxin.outbound import signed
from shouxin.outbound.channels.payments import NOTICE, HttpPayments
from shouxin.usecases.loan.payment_arrived import PaymentArrived, payment_arrived
from shouxin.usecases.loan.start_payment import StartPayment, start_payment

SECRET = bytes(range(32))


class Ledgerless(HttpPayments):
    """The real channel's signatures and reading, without a connection: what `start` was told stands in `told`."""

    def start(self, *, order, amount, currency, at):
        return f"{self.url}/order/{order}"


def with_gateway(lender):
    return replace(lender, payments=Ledgerless("http://127.0.0.1:9", SECRET))


def started(lender, subject, loan, choice="due", *, key="form-1", amount=None):
    return start_payment(
        lender,
        StartPayment.read(
            {"subject": subject, "loan": loan, "choice": choice, "key": key} | ({"amount": amount} if amount else {})
        ),
    )


def notice(
    lender,
    order,
    amount,
    *,
    status="paid",
    reference="r1",
    currency="CNY",
    at=None,
    secret=SECRET,
    signed_at=None,
    **changed,
):
    """The bytes and the signature of a notice; `changed` replaces or adds keys."""
    moment = at or lender.clock.now()
    told = {"order": order, "reference": reference, "status": status, "amount": amount, "currency": currency}
    body = json.dumps(told | {"at": moment.astimezone(UTC).isoformat()} | changed).encode()
    return PaymentArrived(body, signed.sign(secret, NOTICE, body, at=signed_at or lender.present.now()))


def arrives(lender, order, amount, **more):
    return payment_arrived(lender, notice(lender, order, amount, **more))
