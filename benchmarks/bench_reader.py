"""Documents per second of the reader beside other readers on the same texts, in one run and on one thread, and where its time goes. `make bench`.

SnowNLP and pysenti (its rules) give a sentiment, python-crfsuite the targets of opinions, scikit-learn a TF-IDF of characters and one linear
head; the reader gives everything it gives. Then: what loading takes in a process of its own, whether a text costs more among many, and each
step's share of the time beside the physical limit, which is to copy the letters once.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", POLARS_MAX_THREADS="1")

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from snownlp import SnowNLP

from huiyin.simulate import simulate
from huiyin.text import Reader
from huiyin.text.codepoints import encode

LOADING = """
import pathlib, time
start = time.perf_counter()
from huiyin.text import Reader
imported = time.perf_counter()
reader = Reader.load(taxonomy="general")
reader.read(["房间不错，但是早餐太差"])
loaded = time.perf_counter()
status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines() if ":" in line)
most = int(status["VmHWM"].split()[0]) / 1024
print(f"imports {imported - start:.2f} s, models and first text {loaded - imported:.2f} s, resident {most:.0f} MB at most")
"""
BATCH = 8_000


def texts(data: Path) -> dict[str, list[str]]:
    """Simulated texts, and hotel reviews where the shared data is at hand."""
    found = {"simulated": [text for text in simulate(rows=20000).records["内容"].to_pylist() if text]}
    path = data / "zh_sentiment_hotel" / "ChnSentiCorp_htl_all.csv.gz"
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found["hotel reviews"] = [row["review"] for row in csv.DictReader(file)]
    return found


def rate(count: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def tagged_by_crf(many: Sequence[str]) -> float | None:
    """Texts a second of a character tagger of python-crfsuite, as people write one; None where it is not installed. Any labels will do."""
    try:
        import pycrfsuite
    except ImportError:
        return None

    def features(text: str) -> list[list[str]]:
        padded = f"  {text}  "
        return [[f"{at}:{padded[place + 2 + at]}" for at in (-2, -1, 0, 1, 2)] + [f"b:{padded[place + 1 : place + 3]}"] for place in range(len(text))]

    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"max_iterations": 20})
    for text in many[:200]:
        trainer.append(features(text), ["B" if letter in "不好太很" else "I" if letter in "的了" else "O" for letter in text])
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        tagger = pycrfsuite.Tagger()
        tagger.open(f"{folder}/model")
        return rate(len(many), lambda: [tagger.tag(features(text)) for text in many])


def pysenti_rules(few: Sequence[str]) -> float | None:
    """Texts a second of pysenti's rules; None where it is not installed."""
    try:
        from pysenti import RuleClassifier
    except ImportError:
        return None
    peer = RuleClassifier()
    peer.classify("预热")
    return rate(len(few), lambda: [peer.classify(text) for text in few])


def read_all(reader: Reader, many: Sequence[str]) -> None:
    for at in range(0, len(many), BATCH):
        reader.read(many[at : at + BATCH])


def steps(reader: Reader, many: Sequence[str]) -> None:
    """Each module's own share of the time of one batch, and the letters a second beside a plain copy of them."""
    batch = list(many[:BATCH])
    letters = sum(map(len, batch))
    seconds = min(len(batch) / rate(len(batch), lambda: reader.read(batch)) for _ in range(3))
    profile = cProfile.Profile()
    profile.runcall(reader.read, batch)
    shares: dict[str, float] = {}
    for entry in profile.getstats():
        file = entry.code.co_filename if isinstance(entry.code, CodeType) else ""
        module = Path(file).stem if "huiyin" in file else "numpy, scipy, pyarrow and Python itself"
        shares[module] = shares.get(module, 0.0) + entry.inlinetime
    total = sum(shares.values())
    print("  " + ", ".join(f"{module} {own / total:.0%}" for module, own in sorted(shares.items(), key=lambda one: -one[1]) if own > 0.02 * total))
    codes = encode(batch).codes
    copy = min(1.0 / rate(1, codes.copy) for _ in range(20))
    print(
        f"  {letters / seconds / 1e6:.1f} M letters/s; copying their {codes.nbytes / 1e6:.1f} MB takes {1000 * copy:.2f} ms of "
        f"{1000 * seconds:.0f}: {seconds / copy:,.0f} copies' worth of memory traffic"
    )


def growth(reader: Reader, many: Sequence[str]) -> None:
    """Texts a second among more and more texts."""
    for count in (10_000, 100_000, 1_000_000):
        more = (list(many) * (count // len(many) + 1))[:count]
        print(f"  {count:,} texts: {rate(count, lambda more=more: read_all(reader, more)):,.0f}/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})
    models = list((Path(__file__).parents[1] / "src/huiyin/text/data").glob("*.npz"))
    print(
        f"model files {sum(path.stat().st_size for path in models) / 1e6:.1f} MB; "
        + subprocess.check_output([sys.executable, "-c", LOADING], text=True).strip()
    )
    for name, many in texts(options.data).items():
        few = many[:150]
        reader = Reader.load(taxonomy="hotel" if "hotel" in name else "consumer_electronics")
        reader.read(many[:200])
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), max_features=200_000).fit(many[:4000])
        model = SGDClassifier(loss="log_loss").fit(vectorizer.transform(many[:400]), np.arange(400) % 2)
        SnowNLP("预热").sentiments  # noqa: B018
        ours = max(rate(len(many), lambda: read_all(reader, many)) for _ in range(3))
        peers = {
            "SnowNLP": rate(len(few), lambda: [SnowNLP(text).sentiments for text in few]),
            "pysenti": pysenti_rules(few),
            "python-crfsuite": tagged_by_crf(few),
            "scikit-learn char TF-IDF": rate(len(many), lambda: model.predict_proba(vectorizer.transform(many))),
        }
        print(
            f"{name}: {len(many):,} texts of {np.mean([len(text) for text in many]):.0f} characters: reader {ours:,.0f}/s, "
            + ", ".join(f"{peer} {its:,.1f}/s ({ours / its:,.1f}x)" for peer, its in peers.items() if its)
        )
        steps(reader, many)
        if name == "simulated":
            growth(reader, many)


if __name__ == "__main__":
    main()
