"""Wordings with {slots} and [alternatives|like this], compiled once from the YAML files and filled by the thousand."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import cast

import yaml

Piece = str | tuple["Template", ...]
Template = tuple[Piece, ...]
SLOT_MARK = "\x00"


def parse(source: str) -> Template:
    """Compile one wording.

    >>> fill(parse("更新[完|之后]就{n}"), Random(1), {"n": ("卡",)})
    '更新完就卡'
    """
    template, end = _sequence(source, 0, "")
    if end != len(source):
        raise ValueError(f"unbalanced brackets in the wording {source!r} at character {end}")
    return template


def _sequence(source: str, at: int, stop: str) -> tuple[Template, int]:
    pieces: list[Piece] = []
    text = ""
    while at < len(source) and source[at] not in stop:
        if source[at] in "[{":
            if text:
                pieces.append(text)
                text = ""
            piece, at = _bracket(source, at)
            pieces.append(piece)
        else:
            text += source[at]
            at += 1
    if text:
        pieces.append(text)
    return tuple(pieces), at


def _bracket(source: str, at: int) -> tuple[Piece, int]:
    if source[at] == "{":
        end = source.index("}", at)
        return SLOT_MARK + source[at + 1 : end], end + 1
    options: list[Template] = []
    while source[at] != "]":
        option, at = _sequence(source, at + 1, "|]")
        if at >= len(source):
            raise ValueError(f"a [ is never closed in the wording {source!r}")
        options.append(option)
    return tuple(options), at + 1


def fill(template: Template, random: Random, slots: dict[str, tuple[str, ...]]) -> str:
    """One text from a wording: each alternative and each slot drawn uniformly."""
    text, draw = "", random.random
    for piece in template:
        if isinstance(piece, str):
            if piece[0] == SLOT_MARK:
                fillers = slots[piece[1:]]
                text += fillers[int(draw() * len(fillers))]
            else:
                text += piece
            continue
        option = piece[int(draw() * len(piece))]
        if len(option) == 1 and isinstance(option[0], str) and option[0][0] != SLOT_MARK:  # most alternatives are plain words
            text += option[0]
        elif option:
            text += fill(option, random, slots)
    return text


@dataclass(frozen=True)
class Wordings:
    """Everything that can be said in one language."""

    complaints: dict[tuple[str, str], tuple[Template, ...]]  # (aspect path, product code) → wordings
    praises: dict[tuple[str, str], tuple[Template, ...]]
    frames: dict[str, tuple[Template, ...]]
    emoji: dict[str, tuple[str, ...]]
    slots: dict[str, tuple[str, ...]]


def _load(name: str) -> dict[str, object]:
    text = resources.files("huiyin.simulate").joinpath("wordings").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return cast(dict[str, object], yaml.safe_load(text))


def _lines(block: object) -> tuple[Template, ...]:
    return tuple(parse(line) for line in str(block).splitlines() if line.strip())


def _by_product(entries: dict[str, object], products: tuple[str, ...]) -> dict[tuple[str, str], tuple[Template, ...]]:
    wordings: dict[tuple[str, str], tuple[Template, ...]] = {}
    for path, block in entries.items():
        if isinstance(block, dict):
            own = {product: _lines(lines) for product, lines in block.items()}
            wordings |= {(path, product): own.get(product, own.get("others", ())) for product in products}
        else:
            shared = _lines(block)
            wordings |= {(path, product): shared for product in products}
    return wordings


@cache
def chinese(products: tuple[str, ...]) -> Wordings:
    """The Chinese wordings, read once."""
    frames = _load("frames")
    symbols = {name: tuple(str(block).split()) for name, block in frames.items() if name.endswith("_emoji") or name == "fillers"}
    return Wordings(
        complaints=_by_product(_load("planted") | _load("everyday"), products),
        praises=_by_product(_load("praise"), products),
        frames={name: _lines(block) for name, block in frames.items() if name not in symbols},
        emoji=symbols,
        slots={name: tuple(str(block).split()) for name, block in _load("slots").items()},
    )


@cache
def english(products: tuple[str, ...]) -> Wordings:
    """The English wordings, read once."""
    loaded = cast(dict[str, dict[str, list[str]]], _load("english"))

    def table(name: str) -> dict[str, object]:
        return {key: "\n".join(items).replace("|", "\n") for key, items in loaded[name].items()}

    return Wordings(
        complaints=_by_product(table("complaints"), products),
        praises=_by_product(table("praise"), products),
        frames={name: _lines(block) for name, block in table("frames").items()},
        emoji={},
        slots={name: tuple(items) for name, items in loaded["slots"].items()},
    )
