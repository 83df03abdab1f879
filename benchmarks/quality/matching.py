"""Whether two texts are the same, and in which language and script a text is written.

ATEC's pairs are questions of customers, labelled whether they ask the same. Copies are another thing: `duplicates` looks for texts that were
copied, so most pairs that mean the same are none to it. Area under the ROC curve (the chance that a pair that is the same scores higher than
one that is not), and F1 at the threshold that was best on the other half of the pairs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.learning.features import Features, sense_block
from huiyin.text import Reader, duplicates
from huiyin.text.codepoints import encode, fold
from huiyin.text.datasets import rows as rows_of
from huiyin.text.language import LANGUAGES, SCRIPTS

_PAIRS, _TEXTS = 20_000, 500


def _judged(score: NDArray[np.float64], same: NDArray[np.bool_]) -> dict[str, float]:
    from sklearn.metrics import precision_recall_curve, roc_auc_score

    half = np.arange(len(same)) % 2 == 0
    precision, recall, at = precision_recall_curve(same[half], score[half])
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    chosen = score[~half] >= at[min(int(f1.argmax()), len(at) - 1)]
    both = float((chosen & same[~half]).sum())
    return {"auc": round(float(roc_auc_score(same, score)), 4), "f1": round(2 * both / max(float(chosen.sum() + same[~half].sum()), 1.0), 4)}


def _cosine(first: Any, second: Any) -> NDArray[np.float64]:
    product = np.asarray(first.multiply(second).sum(axis=1)).ravel()
    lengths = [np.sqrt(np.asarray(one.multiply(one).sum(axis=1)).ravel()) for one in (first, second)]
    return np.asarray(product / np.maximum(lengths[0] * lengths[1], 1e-9))


def _pairs(data: Path) -> dict[str, Any]:
    pairs = list(rows_of(data, "zh_faq_pairs_atec/pairs"))
    pairs = pairs[:: max(len(pairs) // _PAIRS, 1)][:_PAIRS]
    sides = [[pair[name] for pair in pairs] for name in ("query0", "query1")]
    same = np.array([pair["label"] == "1" for pair in pairs])
    points = [fold(encode(side)) for side in sides]
    signatures = [duplicates.sign(one) for one in points]
    agree = (signatures[0].minhash == signatures[1].minhash).mean(axis=1)
    meant = [sense_block(one) for one in points]
    sense = (meant[0] * meant[1]).sum(axis=1)
    grams, _blocks = Features.of([*sides[0], *sides[1]])
    blocks = [grams.blocks(side) for side in sides]
    letters = (_cosine(blocks[0][0], blocks[1][0]) + _cosine(blocks[0][1], blocks[1][1])) / 2
    return {
        "n": len(pairs),
        "same": round(float(same.mean()), 4),
        "copies": _judged(agree, same),
        "letters and words": _judged(letters, same),
        "sense": _judged(sense, same),
        "together": _judged(letters + sense, same),
    }


def _languages(data: Path) -> dict[str, Any]:
    from opencc import OpenCC

    def some(name: str, column: str) -> list[str]:
        texts = [row[column] for row in rows_of(data, name) if len(row[column].strip()) >= 4]
        return texts[:: max(len(texts) // _TEXTS, 1)][:_TEXTS]

    hotel = some("zh_sentiment_hotel/ChnSentiCorp_htl_all", "review")
    traditional = OpenCC("s2t")
    asked = {
        "简体酒店评论": (hotel, "zh", "hans"),
        "同样的评论转成繁体": ([traditional.convert(text) for text in hotel], "zh", "hant"),
        "简体手机评论": (some("zh_phone_reviews_dated/reviews", "content"), "zh", "hans"),
        "英文银行问句": (some("en_banking77/train", "text"), "en", "other"),
        "英文推文": (some("en_airline_tweets/tweets", "text"), "en", "other"),
    }
    reader, found = Reader.load("general"), {}
    for name, (texts, language, script) in asked.items():
        read = reader.read(texts).languages
        right = [
            np.asarray(one) == names.index(wanted) for one, names, wanted in ((read.language, LANGUAGES, language), (read.script, SCRIPTS, script))
        ]
        found[name] = {"n": len(texts), "language": round(float(right[0].mean()), 4), "script": round(float(right[1].mean()), 4)}
    return found


def measure(data: Path) -> dict[str, Any]:
    """Pairs and languages."""
    return {"pairs": _pairs(data), "languages": _languages(data)}


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, how split)."""
    pairs = found["pairs"]
    names = {"copies": "认抄写的签名（本来就只认抄写）", "letters and words": "字与词的片段", "sense": "词义", "together": "片段 + 词义"}
    split = f"{pairs['n']:,} 对客户问句，问的是一回事的 {pairs['same']:.1%}；没有训练；门槛在另一半上定"
    out = [(f"两句问的是不是一回事：{name}", f"AUC {pairs[key]['auc']:.3f}，F1 {pairs[key]['f1']:.3f}", split) for key, name in names.items()]
    return out + [
        (f"语言与字形：{name}", f"语言 {one['language']:.3f}，字形 {one['script']:.3f}", f"{one['n']} 条，从不训练")
        for name, one in found["languages"].items()
    ]
