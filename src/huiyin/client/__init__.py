"""A client of a running server, for notebooks and other programs; and the same as tools for AI agents (`huiyin mcp`).

    from huiyin.client import Huiyin

    with Huiyin("http://127.0.0.1:8000", "hy_…") as huiyin:
        for voice in huiyin.voices(product="平板", polarity=-1):
            print(voice["text"])

Needs `pip install 'huiyin[client]'`.
"""

from huiyin.client.connection import Huiyin, HuiyinError

__all__ = ["Huiyin", "HuiyinError"]
