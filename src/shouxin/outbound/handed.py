"""How a hand-over can go wrong. The one question that matters is whether bytes may have left."""


class NotTaken(Exception):
    """The other side did not take the message; nothing reached the recipient.

    `permanent` means that trying again is useless. `code` is a short word such as `smtp_550`; no
    address and no text of the other side is repeated, since either may name a person.
    """

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class MayHaveLeft(Exception):
    """The line went dead after the text was sent and before the answer: nobody knows.

    Such a message is never sent again; asking the carrier by its Message-ID is the way to know.
    """
