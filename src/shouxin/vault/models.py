"""The vault's tables: ciphertext, wrapped keys, openings, and the log they are entered in.

They live in the database alias `vault` alone. Nothing here is readable without the root.
"""

from django.db import models


class Secret(models.Model):
    """A key of the vault itself (log key, index key), wrapped by an epoch key."""

    name = models.CharField(max_length=40, primary_key=True)
    epoch = models.BigIntegerField()
    wrapped = models.BinaryField()


class Epoch(models.Model):
    """An epoch key, wrapped by the root of this name; `since` in ms. People's keys are wrapped by it."""

    number = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=200)
    since = models.BigIntegerField()
    wrapped = models.BinaryField()


class Chain(models.Model):
    """One history: of a borrower, a contact person, a member of staff or a party.

    `earlier_keys` is empty before the ledger key is first replaced.
    """

    id = models.CharField(max_length=90, primary_key=True)
    kind = models.CharField(max_length=16)
    n = models.BigIntegerField()
    last_leaf_hash = models.BinaryField()
    epoch = models.BigIntegerField()
    ledger_key = models.BinaryField()
    data_key = models.BinaryField()
    earlier_keys = models.BinaryField(db_default=b"")
    facts = models.BinaryField()


class Opening(models.Model):
    """The j-th entry of a chain: salt and record, sealed under the chain's ledger key."""

    chain_id = models.CharField(max_length=90)
    j = models.BigIntegerField()
    leaf_index = models.BigIntegerField()
    batch_first = models.BigIntegerField()
    epoch_index = models.BigIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain_id", "j"], name="one_entry_a_number")]


class Datum(models.Model):
    """One field of one person, sealed under the person's data key."""

    chain_id = models.CharField(max_length=90)
    field = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain_id", "field", "version"], name="one_value")]


class BlindIndex(models.Model):
    """A keyed digest of a value, for looking up whose it is. `unique`: one living chain each."""

    whose = models.CharField(max_length=16)
    field = models.CharField(max_length=40)
    digest = models.BinaryField()
    chain_id = models.CharField(max_length=90)
    unique = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["field", "digest"], name="by_value")]
        constraints = [
            models.UniqueConstraint(
                fields=["whose", "field", "digest"],
                condition=models.Q(unique=True),
                name="one_person_one_chain",
            )
        ]


class Stopped(models.Model):
    """The keyed digest of a number whose owner refused for good, when nothing else of them is left."""

    digest = models.BinaryField(primary_key=True)


class Naming(models.Model):
    """A borrower named a contact person: the only link between the two chains."""

    token = models.CharField(max_length=40, primary_key=True)
    borrower_id = models.CharField(max_length=90, db_index=True)
    contact_id = models.CharField(max_length=90, db_index=True)


class Case(models.Model):
    """The opaque name of a case, and the chain it was opened in."""

    id = models.CharField(max_length=40, primary_key=True)
    chain_id = models.CharField(max_length=90, db_index=True)


class Deferred(models.Model):
    """An owner's entry that a later batch writes, so that the asker can't tell it by the time."""

    chain_id = models.CharField(max_length=90)
    sealed = models.BinaryField()


class Leaf(models.Model):
    """One leaf of the log: 65 bytes of an entry or 57 of an epoch. Blinded; public."""

    index = models.BigIntegerField(primary_key=True)
    data = models.BinaryField()


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree (C2SP tlog-tiles)."""

    level = models.IntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_tile")]


class Tip(models.Model):
    """Where the log stands: one row, read and replaced inside each exclusive transaction."""

    id = models.IntegerField(primary_key=True, default=1)
    size = models.BigIntegerField()
    entries = models.BigIntegerField()
    ms = models.BigIntegerField()
    frontier = models.BinaryField()
    map_root = models.BinaryField()
    note = models.TextField()
