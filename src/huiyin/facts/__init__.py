"""The columnar store of feedback and mentions."""

from huiyin.facts.corrections import Correction
from huiyin.facts.duckdb_facts import DuckDBFacts
from huiyin.facts.duckdb_files import restore, verify
from huiyin.facts.errors import BatchRefused, DiskFull, FactsError, StoreDamaged, StoreHeld, StoreReadOnly, StoreTooNew
from huiyin.facts.facts import Facts, Voices
from huiyin.facts.filters import Filter
from huiyin.facts.opening import open_facts
from huiyin.facts.schema import COPIED_DOWN, FEEDBACK, MENTION
from huiyin.facts.store import FactsStore

__all__ = [
    "COPIED_DOWN",
    "FEEDBACK",
    "MENTION",
    "BatchRefused",
    "Correction",
    "DiskFull",
    "DuckDBFacts",
    "Facts",
    "FactsError",
    "FactsStore",
    "Filter",
    "StoreDamaged",
    "StoreHeld",
    "StoreReadOnly",
    "StoreTooNew",
    "Voices",
    "open_facts",
    "restore",
    "verify",
]
