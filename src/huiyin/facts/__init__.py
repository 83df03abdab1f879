"""The columnar store of feedback and mentions."""

from huiyin.facts.schema import COPIED_DOWN, FEEDBACK, MENTION
from huiyin.facts.store import FactsStore

__all__ = ["COPIED_DOWN", "FEEDBACK", "MENTION", "FactsStore"]
