"""The command `huiyin`."""

from huiyin.cli.main import main

__all__ = ["main"]
