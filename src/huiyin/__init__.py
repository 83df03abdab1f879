"""Huiyin 回音: hear every customer voice, rank what hurts, prove what helped."""

__version__ = "0.1.0"
