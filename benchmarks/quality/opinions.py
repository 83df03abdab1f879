"""Opinions: how well targets, opinion words, pairs and quadruples are found at home, on things never met, and on other product lines.

Three trainings on the cosmetics reviews of zh_ecommerce_asqp, each judged on what it has not seen:

- home: one review in ten, by the hash of its text, is held out;
- new things: reviews that speak of price, delivery, service, packaging or genuineness are held out, all others taught;
- abroad: all are taught; restaurants (zh_restaurant_aste, dev) and phones (zh_phone_dialogue_diaasq, valid) are read. These two
  are labelled by other rules (an opinion there takes its whole clause; a target may be a dish or a phone), so that exact F1 says
  little and overlap F1 says more. Both are used for judging only.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.restaurants import reviews

from huiyin.text.opinions.building import divided, records
from huiyin.text.opinions.model import evaluate
from huiyin.text.opinions.records import Opinion, Record
from huiyin.text.opinions.training import train

NEW_THINGS = {"物流", "价格", "服务", "包装", "真伪"}
SHOWN = ("target_f1", "opinion_f1", "pair_f1", "quad_f1")


def restaurants(data: Path) -> Iterator[Record]:
    """Restaurant reviews with (target, opinion) spans."""
    for number, review in enumerate(reviews(data, "dev")):
        inside = ((one, two) for one, two, _sign in review.marked if max(one[1], two[1]) < review.tokens)
        opinions = (Opinion(*((review.at[span[0]], review.at[span[1] + 1]) for span in pair)) for pair in inside)
        yield Record(str(number), review.text, tuple(dict.fromkeys(opinions)))


def phones(data: Path) -> Iterator[Record]:
    """Forum posts about phones: the aspect spoken of and the opinion, where both stand in the same post."""
    with gzip.open(data / "zh_phone_dialogue_diaasq" / "valid.json.gz", "rt", encoding="utf-8") as file:
        dialogues = json.load(file)
    for dialogue in dialogues:
        base = 0
        for sentence in dialogue["sentences"]:
            pieces = sentence.split(" ")
            at = [0]
            for piece in pieces:
                at.append(at[-1] + len(piece))
            opinions = []
            for row in dialogue["triplets"]:
                spans = [(row[first] - base, row[first + 1] - base) for first in (2, 4)]
                if all(0 <= start < end <= len(pieces) for start, end in spans):
                    opinions.append(Opinion(*((at[start], at[end]) for start, end in spans)))
            if opinions:
                yield Record(dialogue["doc_id"], "".join(pieces), tuple(dict.fromkeys(opinions)))
            base += len(pieces)


def measure(data: Path) -> dict[str, dict[str, Any]]:
    """The figures of every split."""
    known = records(data)
    taught, held = divided(known)
    strange = [any(one.aspect in NEW_THINGS for one in record.opinions) for record in known]
    familiar, new = ([record for record, one in zip(known, strange, strict=True) if one is side] for side in (False, True))
    shipped = train(known)
    return {
        "home": evaluate(train(taught), held),
        "new things": evaluate(train(familiar), new),
        "restaurants": evaluate(shipped, list(restaurants(data))),
        "phones": evaluate(shipped, list(phones(data))),
    }


def rows(found: dict[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    """(what, figure, how it was split and what it stands against)."""
    how = {
        "home": "zh_ecommerce_asqp, one review in ten held out; python-crfsuite .77 / .79 (target / opinion), a first-round team .674 (quadruples)",
        "new things": "zh_ecommerce_asqp, every review on price, delivery, service, packaging or genuineness held out",
        "restaurants": "zh_restaurant_aste dev, never trained on, other labelling rules",
        "phones": "zh_phone_dialogue_diaasq valid, never trained on, other labelling rules",
    }
    return [(f"opinions, {name}: {_kinds(name)}", _figures(found[name]), f"{how[name]}; n = {found[name]['n']:,}") for name in found]


def _kinds(name: str) -> str:
    kinds = "target / opinion / pair" + (" / quadruple" if name in ("home", "new things") else "")
    return f"{kinds}, F1 exact (overlap)"


def _figures(told: dict[str, Any]) -> str:
    shown: Sequence[str] = SHOWN if told["quad_f1"] else SHOWN[:3]
    return " / ".join(f"{told[key]:.3f} ({told[key + '_overlap']:.3f})" for key in shown)
