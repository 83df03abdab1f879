from concurrent.futures import ThreadPoolExecutor

import yaml
from tests.text.trap_cases import FOLDER

from huiyin.text import Reader, Reading

TEXTS = [
    "屏幕很好，但是电池太差了！",
    "",
    "客服态度恶劣，打了好几次电话都没人接，再也不买了",
    "物流很快👍",
    "王",
    "先生说不好",
    "😀",
    "服務很好，價格便宜",
    "The app keeps crashing, terrible",
    "联系人张三丰 13800138000，从来没有闪退",
    "不但便宜，而且好用",
    "。。。",
    "希望增加夜间模式",
] * 3


def rows(reading: Reading) -> list[tuple[dict[str, object], list[dict[str, object]]]]:
    feedback = {name: column.to_pylist() for name, column in reading.feedback_columns().items()}
    mention = {name: column.to_pylist() for name, column in reading.mention_columns().items()}
    below: list[list[dict[str, object]]] = [[] for _ in range(len(reading))]
    for at, row in enumerate(mention["row"]):
        below[row].append({name: values[at] for name, values in mention.items() if name != "row"})
    return [({name: values[at] for name, values in feedback.items()}, below[at]) for at in range(len(reading))]


def test_batch_size_changes_nothing(general: Reader) -> None:
    whole = rows(general.read(TEXTS))
    for size in (1, 2, 3, 7, 16):
        parts = [one for at in range(0, len(TEXTS), size) for one in rows(general.read(TEXTS[at : at + size]))]
        assert parts == whole


def test_unrounded_scores_are_bit_identical_alone_and_in_a_batch(general: Reader) -> None:
    whole = general.read(TEXTS)
    alone = [general.read([text]) for text in TEXTS]
    assert [float(value).hex() for value in whole.sentiment] == [float(one.sentiment[0]).hex() for one in alone]
    for name in ("sentiment", "intensity", "confidence"):
        together = [float(value).hex() for value in getattr(whole.mentions, name)]
        assert together == [float(value).hex() for one in alone for value in getattr(one.mentions, name)]


def test_no_trap_reads_otherwise_among_others(general: Reader) -> None:
    texts = [row["text"] for path in sorted(FOLDER.glob("*.yaml")) for row in yaml.safe_load(path.read_text(encoding="utf-8")) if "text" in row]
    whole = rows(general.read(texts))
    assert [rows(general.read([text]))[0] for text in texts] == whole
    assert rows(general.read(texts[::-1]))[::-1] == whole


def test_order_changes_nothing(general: Reader) -> None:
    assert rows(general.read(TEXTS[::-1]))[::-1] == rows(general.read(TEXTS))


def test_threads_change_nothing(general: Reader) -> None:
    expected = rows(general.read(TEXTS))
    with ThreadPoolExecutor(2) as pool:
        assert all(one == expected for one in pool.map(lambda _: rows(general.read(TEXTS)), range(8)))


def test_reloading_changes_nothing(general: Reader) -> None:
    assert rows(Reader.load("general").read(TEXTS)) == rows(general.read(TEXTS))
