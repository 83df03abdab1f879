"""The columnar store of feedback and mentions."""

from huiyin.facts.duckdb_facts import DuckDBFacts
from huiyin.facts.facts import Voices
from huiyin.facts.filters import Filter
from huiyin.facts.schema import COPIED_DOWN, FEEDBACK, MENTION
from huiyin.facts.store import FactsStore

__all__ = ["COPIED_DOWN", "FEEDBACK", "MENTION", "DuckDBFacts", "FactsStore", "Filter", "Voices"]
