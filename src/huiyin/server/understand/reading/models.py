"""What reading has to remember between batches."""

from __future__ import annotations

from django.db import models


class ReadingSetup(models.Model):
    """By what voices are read; one row."""

    taxonomy = models.CharField(max_length=300, default="general")
    """A shipped pack, or the path of a taxonomy file."""
    model = models.CharField(max_length=120, blank=True, default="")
    """The version of a model that people's corrections have taught; empty: the shipped one."""
    duplicate_days = models.PositiveIntegerField(default=30)
    """How long a voice is remembered for finding near-duplicates of it."""

    def __str__(self) -> str:
        return self.taxonomy


class Signature(models.Model):
    """What a voice sounded like, for as long as its repetitions are looked for. No text can be got back from it."""

    number = models.BigIntegerField(primary_key=True)
    """The inbox row."""
    exact = models.BigIntegerField()
    minhash = models.BinaryField(max_length=64)
    letters = models.IntegerField()
    customer = models.BigIntegerField()
    """A hash of the pseudonym; 0 where nobody is known."""
    leader = models.BigIntegerField(default=0)
    """The inbox row whose words it repeats; 0 where it is the first."""
    received_at = models.DateTimeField()

    class Meta:
        """Read once at the start by time, later by leader when a leader is corrected."""

        indexes = [models.Index(fields=["received_at"]), models.Index(fields=["leader"], condition=~models.Q(leader=0), name="reading_copies")]

    def __str__(self) -> str:
        return str(self.number)


class Pseudonym(models.Model):
    """Who stands behind a pseudonym, sealed: opened only for those with the right to unmask."""

    name = models.CharField(max_length=40, primary_key=True)
    sealed = models.TextField()

    def __str__(self) -> str:
        return self.name
