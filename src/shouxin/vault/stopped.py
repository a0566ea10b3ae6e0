"""Why the vault can't answer now: one kind of exception for all who ask."""


class VaultStoppedError(Exception):
    """The vault stands still and nothing was opened. `where` names a file or table; the message
    never holds a value, a key or a person.
    """

    where = "vault"

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.where = where or self.where
