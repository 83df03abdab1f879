"""Counts over time watched for rises that are more than chance: thousands of series (aspect × product) in one pass."""

from huiyin.insight.surveillance.alarms import Judged, Settings, Signal, Surveillance, judge, watch
from huiyin.insight.surveillance.baseline import Baseline, batch_regression, past_outbreaks, predict
from huiyin.insight.surveillance.episodes import Episode, Warnings, early_warnings, episodes, rolling
from huiyin.insight.surveillance.panel import Panel, panel

__all__ = [
    "Baseline",
    "Episode",
    "Judged",
    "Panel",
    "Settings",
    "Signal",
    "Surveillance",
    "Warnings",
    "batch_regression",
    "early_warnings",
    "episodes",
    "judge",
    "panel",
    "past_outbreaks",
    "predict",
    "rolling",
    "watch",
]
