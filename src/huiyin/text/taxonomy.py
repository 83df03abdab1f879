"""Taxonomies: versioned trees of the things people talk about, with the words that give each of them away."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from huiyin.text.codepoints import encode, fold, fold_texts
from huiyin.text.errors import TextError
from huiyin.text.phrases import PhraseFinder
from huiyin.text.shipped import LOADER
from huiyin.text.widening import widened

PACKS = (
    "general",
    "app_software",
    "automobile",
    "public_service",
    "consumer_electronics",
    "ecommerce",
    "hotel",
    "restaurant",
    "telecom",
    "banking",
    "insurance",
    "education",
    "healthcare",
    "property",
    "logistics",
    "travel",
    "games",
)
POOR = 0.25
"""A pack that names something in a smaller share of the texts does not speak of them."""


class TaxonomyError(TextError):
    """A taxonomy that cannot be used; the message names the file and the node."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """A leaf of the tree. `path` is stable and never translated."""

    path: str
    name: dict[str, str]
    definition: dict[str, str]
    touchpoint: str | None
    owner: str | None
    seeds: tuple[str, ...]
    weak: tuple[str, ...]
    """Words with other meanings too: they count only beside a word that judges, or another word of the aspect."""
    negative: tuple[str, ...]
    positive: tuple[str, ...]
    blocked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A parent of aspects. For a `flow`, its aspects are the ordered steps of one process."""

    path: str
    name: dict[str, str]
    kind: str
    aspects: tuple[str, ...]


class Taxonomy:
    """A pack, ready to be matched. Phrase p of `finder` speaks of aspect `aspect_of[p]` (−1: a blocker, of none) with the
    polarity `polarity_of[p]` (0 where the phrase alone does not tell), surely or, where `weak_of[p]`, only in company. Letters
    that `plain_finder` finds judge nothing, though they look as if they did: 好 in 好时光小店. `worse` and `better` are words that
    judge here, whatever they speak of; folded. `lender` is the shipped pack that lent words.
    """

    def __init__(
        self,
        pack: str,
        version: str,
        name: dict[str, str],
        themes: Sequence[Theme],
        aspects: Sequence[Aspect],
        plain: Sequence[str] = (),
        judging: tuple[Sequence[str], Sequence[str]] = ((), ()),
        lender: str | None = None,
    ) -> None:
        self.pack, self.version, self.name = pack, version, name
        self.plain, self.lender = tuple(plain), lender
        self.worse, self.better = (tuple(dict.fromkeys(fold_texts(words))) for words in judging)
        self.plain_finder = PhraseFinder(list(dict.fromkeys(fold_texts(self.plain))))
        self.themes, self.aspects = tuple(themes), tuple(aspects)
        self.paths = tuple(aspect.path for aspect in aspects)
        phrases: dict[str, tuple[int, int, bool]] = {}
        # By folded spelling: APP and app, 價格 and 价格 are one phrase, which the first aspect that lists it gets.
        for at, aspect in enumerate(aspects):
            for words, polarity in ((aspect.negative, -1), (aspect.positive, 1), (aspect.seeds, 0)):
                for word in fold_texts(words):
                    phrases.setdefault(word, (at, polarity, False))
        for at, aspect in enumerate(aspects):
            for word in fold_texts(aspect.weak):
                phrases.setdefault(word, (at, 0, True))
        for aspect in aspects:
            for word in fold_texts(aspect.blocked):
                phrases.setdefault(word, (-1, 0, False))
        self.finder = PhraseFinder(list(phrases))
        self.aspect_of: NDArray[np.int64] = np.array([one[0] for one in phrases.values()], dtype=np.int64)
        self.polarity_of: NDArray[np.int64] = np.array([one[1] for one in phrases.values()], dtype=np.int64)
        self.weak_of: NDArray[np.bool_] = np.array([one[2] for one in phrases.values()], dtype=bool)

    def suits(self, texts: Sequence[str]) -> tuple[float, float]:
        """(fit, coverage) of the taxonomy on `texts`. Weak words do not count.

        Coverage is the share of texts that name an aspect. Fit is Σ over aspects of √(share of texts that name it), times the share of
        hits that are not the largest aspect's, times √coverage: the first two reward breadth, a pack in which one broad aspect
        catches everything suits less than one that tells apart; the third asks whether it speaks of these texts at all.
        """
        points = fold(encode(texts))
        hits = self.finder.find(points)
        real = hits.where((self.aspect_of[hits.phrase] >= 0) & ~self.weak_of[hits.phrase]) if len(hits) else hits
        if not len(real):
            return 0.0, 0.0
        text = points.text_of(real.start)
        named = np.unique(text * len(self.aspects) + self.aspect_of[real.phrase])
        shares = np.bincount(named % len(self.aspects), minlength=len(self.aspects)) / len(texts)
        covered = len(np.unique(text)) / len(texts)
        return float(np.sqrt(shares).sum() * (1.0 - shares.max() / shares.sum()) * np.sqrt(covered)), covered

    def fit(self, texts: Sequence[str]) -> float:
        """How well the taxonomy suits `texts`, of no unit; see `suits`."""
        return self.suits(texts)[0]


@functools.cache
def _shipped(name: str) -> Taxonomy:
    return parse(resources.files("huiyin.text").joinpath(f"packs/{name}.yaml").read_text(encoding="utf-8"), name)


def load(pack_or_file: str | Path, widen: bool = True) -> Taxonomy:
    """A shipped pack by name, or a taxonomy file by path, whose few words the packs widen (see `parse`) unless it shall not.

    Raises:
        TaxonomyError: no such pack or file, or the file breaks a rule of the format.
    """
    if str(pack_or_file) in PACKS:
        return _shipped(str(pack_or_file))
    path = Path(pack_or_file)
    if not path.is_file():
        raise TaxonomyError(
            f"没有叫「{pack_or_file}」的标签体系，也没有这个文件；可用：{'、'.join(PACKS)}",
            f"There is no pack and no file named {pack_or_file}; packs: {', '.join(PACKS)}",
        )
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name, widen)
    except (OSError, UnicodeDecodeError) as error:
        raise TaxonomyError(
            f"{path.name}: 文件读不了，需要 UTF-8 编码的 YAML（{error}）", f"{path.name}: cannot be read; YAML in UTF-8 is needed ({error})"
        ) from None


def choose(texts: Sequence[str]) -> tuple[Taxonomy, dict[str, float]]:
    """The pack that fits a sample of texts best, and how well each fits. Ties go to the earlier pack, and to the general one what
    not even the best speaks of (`POOR`).
    """
    found = {name: load(name).suits(texts) for name in PACKS}
    return load(best_of(found)), {name: round(fit, 4) for name, (fit, _covered) in found.items()}


def best_of(found: Mapping[str, tuple[float, float]]) -> str:
    """The pack to take by (fit, coverage) of each."""
    best = max(found, key=lambda name: (round(found[name][0], 4), -PACKS.index(name)))
    return best if found[best][1] >= POOR else PACKS[0]


def parse(text: str, source: str, widen: bool = False) -> Taxonomy:
    """A taxonomy out of the text of a file; `source` names it in what is wrong.

    With `widen`, aspects with few words get those that the shipped packs know of the same things (`huiyin.text.widening`), unless the
    file says `widen: false`.

    Raises:
        TaxonomyError: no YAML, or a rule of the format is broken; the message names the node.
    """
    try:
        data = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader in either form
    except yaml.YAMLError as error:
        raise TaxonomyError(f"{source}: YAML 读不懂：{error}", f"{source}: this is no YAML: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("aspects"), list) or not data["aspects"]:
        raise TaxonomyError(f"{source}: 缺少 aspects 列表", f"{source}: the list `aspects` is missing")
    themes: list[Theme] = []
    aspects: list[Aspect] = []
    for node in data["aspects"]:
        _walk(node, "", source, themes, aspects)
    repeated = {one.path for one in aspects if sum(other.path == one.path for other in aspects) > 1}
    if repeated:
        raise TaxonomyError(f"{source}: 重复的 id：{', '.join(sorted(repeated))}", f"{source}: ids used twice: {', '.join(sorted(repeated))}")
    pack = str(data.get("pack") or source)
    plain, worse, better = (_words(data, key, source, source) for key in ("plain", "negative", "positive"))
    lender = None
    if widen and data.get("widen", True) is not False:
        aspects, lender = widened(aspects, [load(name) for name in PACKS])
    return Taxonomy(pack, str(data.get("version", 1)), _names(data.get("name"), pack), themes, aspects, plain, (worse, better), lender)


def _walk(node: Any, above: str, source: str, themes: list[Theme], aspects: list[Aspect]) -> None:
    if not isinstance(node, dict) or not node.get("id"):
        raise TaxonomyError(f"{source}: {above or '顶层'} 下有一个节点没有 id", f"{source}: a node under {above or 'the top'} has no id")
    path = f"{above}/{node['id']}" if above else str(node["id"])
    children = node.get("children") or []
    if not isinstance(children, list):
        raise TaxonomyError(f"{source}: {path} 的 children 不是列表", f"{source}: `children` of {path} is no list")
    if children:
        first = len(aspects)
        for child in children:
            _walk(child, path, source, themes, aspects)
        below = tuple(aspect.path for aspect in aspects[first:])
        themes.append(Theme(path, _names(node.get("name"), path), str(node.get("kind", "theme")), below))
        return
    aspects.append(
        Aspect(
            path,
            _names(node.get("name"), path),
            _names(node.get("definition"), ""),
            _text(node.get("touchpoint")),
            _text(node.get("owner")),
            *(_words(node, key, path, source) for key in ("seeds", "weak", "negative", "positive", "not")),
        )
    )


def _words(node: dict[str, Any], key: str, path: str, source: str) -> tuple[str, ...]:
    words = node.get(key) or ()
    if not isinstance(words, (list, tuple)) or any(isinstance(word, (dict, list)) for word in words):
        raise TaxonomyError(f"{source}: {path} 的 {key} 不是词语列表", f"{source}: `{key}` of {path} is no list of words")
    return tuple(str(word).strip() for word in words if word is not None and str(word).strip())


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _names(value: Any, fallback: str) -> dict[str, str]:
    if isinstance(value, dict):
        return {"zh": str(value.get("zh", fallback)), "en": str(value.get("en", value.get("zh", fallback)))}
    return {"zh": str(value or fallback), "en": str(value or fallback)}
