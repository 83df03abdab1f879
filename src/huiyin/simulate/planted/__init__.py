"""Worlds of facts with planted truths, drawn as arrays: the yardstick of `insight`. No text engine takes part."""

from huiyin.simulate.planted.draft import Draft, Plan, draw

__all__ = ["Draft", "Plan", "draw"]
