"""Whether the voices are honest: gaming of scores by unit, suspect responses with reasons, and the metric with and without them."""

from huiyin.insight.integrity.audit import Integrity, Unit, UnitSignal, audit
from huiyin.insight.integrity.checks import Settings, Trick
from huiyin.insight.integrity.offers import OfferLift, Offers, offers
from huiyin.insight.integrity.pressure import Pressure, pressure
from huiyin.insight.integrity.quarantine import BothWays, metric_both_ways, quarantine
from huiyin.insight.integrity.suspects import Suspect
from huiyin.insight.integrity.texts import near_duplicates, normal_form

__all__ = [
    "BothWays",
    "Integrity",
    "OfferLift",
    "Offers",
    "Pressure",
    "Settings",
    "Suspect",
    "Trick",
    "Unit",
    "UnitSignal",
    "audit",
    "metric_both_ways",
    "near_duplicates",
    "normal_form",
    "offers",
    "pressure",
    "quarantine",
]
