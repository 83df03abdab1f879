"""Two of a kind side by side: needs, groups, words, and where nobody serves a need."""

from huiyin.insight.comparing.groups import Gap, Side, by_aspect, difference_of_shares
from huiyin.insight.comparing.needs import Need, TwoNeeds, overlapping_ratio, two_needs
from huiyin.insight.comparing.opportunity import Cell, Grid, Opportunity, opportunities, whitespace
from huiyin.insight.comparing.words import Word, Words, log_odds, words_apart

__all__ = [
    "Cell",
    "Gap",
    "Grid",
    "Need",
    "Opportunity",
    "Side",
    "TwoNeeds",
    "Word",
    "Words",
    "by_aspect",
    "difference_of_shares",
    "log_odds",
    "opportunities",
    "overlapping_ratio",
    "two_needs",
    "whitespace",
    "words_apart",
]
