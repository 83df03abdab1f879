"""Did it help? Fixes and launches judged before against after: comparisons, placebo days, displaced complaints, relapse."""

from huiyin.insight.effects.judging import Settings, judge
from huiyin.insight.effects.outcome import Block, Comparison, Displaced, EffectVerdict, Intervention, Judgement, Placebo, Refusal, Watch
from huiyin.insight.effects.relapse import watch

__all__ = [
    "Block",
    "Comparison",
    "Displaced",
    "EffectVerdict",
    "Intervention",
    "Judgement",
    "Placebo",
    "Refusal",
    "Settings",
    "Watch",
    "judge",
    "watch",
]
