"""Looks at the shipped packs: thin leaves, words claimed twice, words no text of the field says, frequent words of the field that no leaf has.

    python -m benchmarks.quality.packs --data FOLDER [--pack NAME]

Prints for people who write packs; nothing is judged by it. A field is the shared set that speaks of what the pack is about.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rjieba

from huiyin.text.codepoints import encode, fold, fold_texts
from huiyin.text.cues import opinion_cues
from huiyin.text.datasets import rows as rows_of
from huiyin.text.taxonomy import PACKS, Taxonomy, load

FIELDS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "automobile": (("zh_car_bdci2018/unlabelled", "content", "", ""), ("zh_car_complaints/complaints", "desc", "", "")),
    "hotel": (("zh_sentiment_hotel/ChnSentiCorp_htl_all", "review", "", ""),),
    "restaurant": (
        ("zh_tourism_reviews/texts_by_year_2018_2021", "text", "doc_id", "餐饮"),
        ("zh_restaurant_asap_sample/sample", "reviewbody", "", ""),
    ),
    "travel": (("zh_tourism_reviews/texts_by_year_2018_2021", "text", "doc_id", "景区"),),
    "ecommerce": (
        ("zh_sentiment_online_shopping/online_shopping_10_cats", "review", "cat", ""),
        ("zh_ecommerce_asqp/makeup_reviews", "Reviews", "", ""),
    ),
    "consumer_electronics": (("zh_phone_reviews_dated/reviews", "content", "", ""), ("zh_ecommerce_asqp/laptop_unlabelled", "Reviews", "", "")),
    "app_software": (("zh_appstore_smarthome/reviews", "content", "", ""),),
    "banking": (("zh_bank_comments_df529/train", "text", "", ""), ("zh_faq_pairs_atec/pairs", "query0", "", "")),
    "public_service": (("zh_gov_hotline/messages_votes", "title", "", ""), ("zh_gov_hotline/messages_unlabelled", "content", "", "")),
}
"""Pack → (file, column of text, column that must begin with, what)."""
MOST = 4000
THIN = 12


def field(data: Path, pack: str) -> list[str]:
    """At most `MOST` texts of each file of a pack's field, evenly."""
    found: list[str] = []
    for name, column, key, begins in FIELDS.get(pack, ()):
        texts = [row[column] for row in rows_of(data, name) if row[column] and (not key or row[key].startswith(begins))]
        found += texts[:: len(texts) // MOST + 1]
    return found


def words_in(texts: Sequence[str]) -> Counter[str]:
    """In how many texts each word stands."""
    return Counter(word for text in fold_texts(texts) for word in set(rjieba.cut(text)) if len(word) > 1)


def thin(pack: Taxonomy) -> list[str]:
    """Leaves with fewer than `THIN` words."""
    return [f"{one.path} {len(one.seeds) + len(one.weak)}" for one in pack.aspects if len(one.seeds) + len(one.weak) < THIN]


def twice(pack: Taxonomy) -> list[str]:
    """Words that two leaves list; the first has them."""
    owners: dict[str, list[str]] = {}
    for aspect in pack.aspects:
        for word in dict.fromkeys(fold_texts([*aspect.seeds, *aspect.weak, *aspect.negative, *aspect.positive])):
            owners.setdefault(word, []).append(aspect.path)
    return [f"{word}: {' / '.join(paths)}" for word, paths in owners.items() if len(paths) > 1]


def unsaid(pack: Taxonomy, texts: Sequence[str]) -> list[str]:
    """Words of the pack that no text of the field says."""
    hits = pack.finder.find(fold(encode(texts)))
    return [pack.finder.phrases[at] for at in np.setdiff1d(np.arange(len(pack.finder.phrases)), hits.phrase)]


def uncovered(pack: Taxonomy, texts: Sequence[str], everywhere: Counter[str], others: int) -> list[tuple[str, int, float]]:
    """(word, texts, keyness) of what the field says more than others do, that neither a leaf nor the opinion words have."""
    covered = set(pack.finder.phrases) | set(opinion_cues().finder.phrases)
    said, found = words_in(texts), []
    for word, count in said.items():
        if count < max(5, 0.003 * len(texts)) or word in covered or any(word in phrase for phrase in covered if len(phrase) <= len(word) + 1):
            continue
        rest = everywhere[word] + 1
        expected = (count + rest) * len(texts) / (len(texts) + others)
        found.append((word, count, 2 * count * float(np.log(count / expected))))
    return sorted(found, key=lambda one: -one[2])


def main() -> int:
    """Command line: prints what it finds, pack by pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pack", choices=PACKS)
    parser.add_argument("--most", type=int, default=60)
    options = parser.parse_args()
    fields = {name: field(options.data, name) for name in FIELDS}
    for name in [options.pack] if options.pack else PACKS:
        pack, texts = load(name), fields.get(name, [])
        sys.stdout.write(f"\n== {name}: {len(pack.aspects)} leaves, {len(pack.finder.phrases)} phrases\n")
        sys.stdout.write(f"thin: {'; '.join(thin(pack))}\ntwice: {'; '.join(twice(pack))}\n")
        if texts:
            others = [text for other, said in fields.items() if other != name for text in said[:MOST]]
            missing = uncovered(pack, texts, words_in(others), len(others))[: options.most]
            never = unsaid(pack, texts)
            sys.stdout.write(f"never said ({len(never)}): {' '.join(never[: options.most])}\n")
            sys.stdout.write(f"uncovered: {' '.join(f'{word}{count}' for word, count, _ in missing)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
