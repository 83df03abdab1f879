"""Aspects without labels: what the shipped packs, and a small file of a user's own, find in texts whose aspects people marked.
No label is used to find anything. Packs were written from knowledge of the field; of the car posts, one half (by hash) was looked at for
errors, and the figures are of the other half. Coverage: the share of voices with at least one placed opinion.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from huiyin.text import Reader
from huiyin.text.datasets import rows as rows_of

OWN = Path(__file__).resolve().parents[2] / "tests/text/taxonomies/car_ten.yaml"
"""Ten aspects, four to six words each."""
CAR = {
    "动力": "powertrain ev", "价格": "dealer/price", "油耗": "powertrain/fuel", "操控": "chassis",
    "配置": "electronics dealer/configuration body/light_glass",
    "舒适性": "body/comfort body/noise body/smell electronics/ac", "安全性": "safety", "内饰": "body/interior body/seat body/assembly",
    "外观": "body/exterior body/paint_rust", "空间": "body/space",
}  # fmt: skip
CAR_OWN = {
    "动力": "power", "价格": "price", "油耗": "fuel", "操控": "handling", "舒适性": "comfort", "配置": "equipment", "安全性": "safety",
    "内饰": "interior", "外观": "exterior", "空间": "space",
}  # fmt: skip
MAKEUP = {
    "整体": "item/overall item/quality", "使用体验": "item/feel", "功效": "item/effect item/durability", "价格": "price",
    "物流": "logistics/dispatch logistics/speed logistics/courier logistics/wrong_missing", "气味": "item/scent",
    "包装": "logistics/packaging item/look", "真伪": "item/genuine",
    "服务": "service/attitude service/response service/after_sales service/refund service/compensation", "尺寸": "item/size_fit item/quantity",
    "成分": "item/ingredients item/safety_allergy", "新鲜度": "item/freshness",
}  # fmt: skip
TABLE = {
    "location": "place/location place/parking", "service_wait": "service/queue", "service_waiters": "service/staff service/hospitality",
    "service_parking": "place/parking", "service_serving": "service/serving_speed", "price": "price", "ambience_decoration": "place/decor",
    "ambience_noise": "place/noise_space", "ambience_space": "place/noise_space", "ambience_sanitary": "place/hygiene",
    "food_portion": "food/portion",
    "food_taste": "food/taste food/cooking", "food_appearance": "food/appearance", "food_recommend": "loyalty/revisit",
}  # fmt: skip
"""The columns of the restaurant set whose names begin so."""


def placed(reader: Reader, texts: Sequence[str]) -> list[set[str]]:
    """The aspects found in each text."""
    found: list[set[str]] = []
    for first in range(0, len(texts), 4000):
        reading = reader.read(texts[first : first + 4000])
        here: list[set[str]] = [set() for _ in texts[first : first + 4000]]
        for row, aspect in zip(reading.mention_text.tolist(), reading.mentions.aspect.tolist(), strict=True):
            if aspect >= 0:
                here[row].add(reading.taxonomy.paths[aspect])
        found += here
    return found


def named(paths: set[str], of: Mapping[str, str]) -> set[str]:
    """The labels that stand for some paths: a leaf of its own wins over the theme it lies in."""
    exact = {path: label for label, listed in of.items() for path in listed.split()}
    return {label for path in paths if (label := exact.get(path) or exact.get(path.split("/")[0]))}


def scores(found: Sequence[set[str]], truth: Sequence[set[str]], labels: Sequence[str]) -> dict[str, float]:
    """Macro- and micro-F1 over text × label, precision and recall."""
    counts = [[sum(label in a and label in b for a, b in zip(found, truth, strict=True)) for label in labels]]
    counts += [[sum(label in one for one in side) for label in labels] for side in (found, truth)]
    each = [2 * hit / (said + true) if said + true else 0.0 for hit, said, true in zip(*counts, strict=True)]
    hit, said, true = (sum(one) for one in counts)
    return {"macro_f1": sum(each) / len(each), "micro_f1": 2 * hit / (said + true), "precision": hit / said, "recall": hit / true}


def car(data: Path) -> tuple[list[str], list[set[str]], list[bool]]:
    """Car posts, their subjects, and whether each lies in the half that was never looked at."""
    subjects: dict[str, set[str]] = {}
    for row in rows_of(data, "zh_car_bdci2018/train"):
        subjects.setdefault(row["content"], set()).add(row["subject"])
    return list(subjects), list(subjects.values()), [zlib.crc32(text.encode()) % 2 == 1 for text in subjects]


def _car(data: Path) -> dict[str, Any]:
    texts, truth, unseen = car(data)
    texts, truth = ([one for one, kept in zip(many, unseen, strict=True) if kept] for many in (texts, truth))  # type: ignore[assignment]
    found = {}
    for name, reader, of in (("car_pack", Reader.load("automobile"), CAR), ("car_own_file", Reader.load(OWN), CAR_OWN)):
        said = [named(paths, of) for paths in placed(reader, texts)]
        found[name] = {**scores(said, truth, list(CAR)), "n": len(texts)}
    return found


def _makeup(data: Path) -> dict[str, Any]:
    truth: dict[str, set[str]] = {}
    for row in rows_of(data, "zh_ecommerce_asqp/makeup_labels"):
        truth.setdefault(row["id"], set()).add(row["Categories"])
    texts = {row["id"]: row["Reviews"] for row in rows_of(data, "zh_ecommerce_asqp/makeup_reviews") if row["id"] in truth}
    said = [named(paths, MAKEUP) for paths in placed(Reader.load("ecommerce"), list(texts.values()))]
    return {"makeup": {**scores(said, [truth[one] for one in texts], list(MAKEUP)), "n": len(texts)}}


def _table(data: Path) -> dict[str, Any]:
    sample = list(rows_of(data, "zh_restaurant_asap_sample/sample"))
    groups = {begins: [name for name in sample[0] if name.lower().startswith(begins)] for begins in TABLE}
    truth = [{begins for begins, names in groups.items() if any(row[name] not in ("-2", "") for name in names)} for row in sample]
    exact: dict[str, set[str]] = {}
    for label, listed in TABLE.items():
        for path in listed.split():
            exact.setdefault(path, set()).add(label)
    said = [
        {label for path in paths for label in exact.get(path, exact.get(path.split("/")[0], set()))}
        for paths in placed(Reader.load("restaurant"), [row["reviewbody"] for row in sample])
    ]
    return {"restaurant": {**scores(said, truth, [label for label in TABLE if groups[label]]), "n": len(sample)}}


COVERED: dict[str, tuple[str, Callable[[Path], list[str]]]] = {
    "bank_comments": ("banking", lambda data: [row["text"] for row in rows_of(data, "zh_bank_comments_df529/train")]),
    "gov_hotline": ("public_service", lambda data: [row["title"] for row in rows_of(data, "zh_gov_hotline/messages_votes")]),
    "tourism_sights": (
        "travel",
        lambda data: [row["text"] for row in rows_of(data, "zh_tourism_reviews/texts_by_year_2018_2021") if row["doc_id"].startswith("景区")],
    ),
    "hotel_reviews": ("hotel", lambda data: [row["review"] for row in rows_of(data, "zh_sentiment_hotel/ChnSentiCorp_htl_all")]),
    "app_reviews": ("app_software", lambda data: [f"{row['title']} {row['content']}" for row in rows_of(data, "zh_appstore_smarthome/reviews")]),
    "phone_reviews": ("consumer_electronics", lambda data: [row["content"] for row in rows_of(data, "zh_phone_reviews_dated/reviews")]),
}


def _coverage(data: Path) -> dict[str, Any]:
    found = {}
    for name, (pack, texts_of) in COVERED.items():
        texts = texts_of(data)
        texts = texts[:: len(texts) // 4000 + 1]
        found[f"coverage_{name}"] = {"share": sum(bool(one) for one in placed(Reader.load(pack), texts)) / len(texts), "n": len(texts), "pack": pack}
    return found


def measure(data: Path) -> dict[str, Any]:
    """Every figure by name."""
    return {**_car(data), **_makeup(data), **_table(data), **_coverage(data)}


def rows(found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, how it was split or against what) for the quality page."""
    told = {
        "car_pack": ("汽车论坛 10 个主题，自带的汽车包，零标注", "没看过的一半；播种词基线 .65–.668"),
        "car_own_file": ("汽车论坛 10 个主题，用户自己写的一页（每个主题 4–6 个词）", "同上"),
        "makeup": ("化妆品评价 12 类，电商包，零标注", "全部；有监督的线性模型 .796"),
        "restaurant": ("餐馆评价 14 组，餐饮包，零标注", "官方 300 条样本"),
    }
    out = [
        (
            what,
            "宏 F1 {macro_f1:.3f}，微 F1 {micro_f1:.3f}（准 {precision:.3f}，全 {recall:.3f}）".format(**found[name]),
            f"n = {found[name]['n']:,}；{how}",
        )
        for name, (what, how) in told.items()
    ]
    out += [
        (f"覆盖：{name.removeprefix('coverage_')}，{one['pack']} 包", f"{one['share']:.3f}", f"n = {one['n']:,}，至少有一个观点归了主题的占比")
        for name, one in found.items()
        if name.startswith("coverage_")
    ]
    return out
