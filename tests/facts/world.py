"""A small world of facts with everything in it that has ever made two engines disagree: gaps, copies, spam, odd text, ties."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from huiyin.facts import FEEDBACK, MENTION

CHANNELS = ("app", "hotline", None, "应用商店")
PRODUCTS = ("T11", "T12", "智能门锁", None)
REGIONS = ("华东", "华南", "")
SEGMENTS = ("new", "vip", None)
STORES = ("门店01", "门店02", None)
ASPECTS = ("delivery", "delivery/late", "delivery/late/night", "deliveryman", "app/crash", None)
INTENTS = ("complaint", "praise", "wish", None)
TEXTS = ("送货太慢了", "App 闪退，APP 打不开", "Straße ÄÖ", "100% 满意_", 'it\'s \\ "quoted"', "", None, "门锁\n坏了😀")
ATTRIBUTES = ([], [("颜色", "红")], [("颜色", "蓝"), ("it's", "a'b")], [("颜色", "")], [("车速", "88.5")], [("车速", "快")])
CONDITIONS = ([], [], [("season", "winter")], [("season", "summer"), ("speed", "80")], [("speed", "120")])
REASONS = (None, None, "advert", "template")
START = datetime(2026, 3, 28, 14, 0, tzinfo=UTC)


def batch(count: int = 240, seed: int = 1, prefix: str = "f") -> tuple[pa.Table, pa.Table]:
    """`count` feedback and their mentions."""
    rng = random.Random(seed)
    voices = [_voice(rng, f"{prefix}{number:04d}") for number in range(count)]
    for voice in voices:
        if rng.random() < 0.05 and voice is not voices[0]:
            voice["duplicate_of"] = voices[0]["feedback_id"]
    said = [_mention(rng, voice, number) for voice in voices for number in range(rng.choice((0, 1, 1, 2, 4)))]
    return pa.Table.from_pylist(voices, schema=FEEDBACK), pa.Table.from_pylist(said, schema=MENTION)


def _voice(rng: random.Random, feedback_id: str) -> dict[str, object]:
    moment = START + timedelta(hours=rng.randrange(0, 24 * 40), minutes=rng.choice((0, 30)))
    return {
        "feedback_id": feedback_id,
        "source": rng.choice(("import", "api")),
        "channel": rng.choice(CHANNELS),
        "occurred_at": None if rng.random() < 0.04 else moment,
        "customer_id": None if rng.random() < 0.2 else f"c{rng.randrange(40)}",
        "product": rng.choice(PRODUCTS),
        "brand": rng.choice(("回音", None)),
        "region": rng.choice(REGIONS),
        "store": rng.choice(STORES),
        "segment": rng.choice(SEGMENTS),
        "touchpoint": rng.choice(("配送", None)),
        "language": rng.choice(("zh", "en")),
        "invited": rng.choice((True, False, None)),
        "score": rng.choice((None, *map(float, range(11)))),
        "metric": rng.choice(("nps", "csat")),
        "scale_max": 10.0,
        "text": rng.choice(TEXTS),
        "sentiment": round(rng.uniform(-1, 1), 3),
        "is_spam": rng.choice((True, False, False, None)),
        "attributes": rng.choice(ATTRIBUTES),
        "text_version": "m1",
        "spam_reason": REASONS[int(feedback_id[-2:]) % len(REASONS)],
    }


def _mention(rng: random.Random, voice: dict[str, object], number: int) -> dict[str, object]:
    copied = {name: voice[name] for name in ("feedback_id", "occurred_at", "channel", "product", "brand", "region", "segment", "customer_id")}
    return copied | {
        "mention_no": number,
        "start": number * 2,
        "end": number * 2 + 2,
        "target": rng.choice(("快递", None)),
        "aspect": rng.choice(ASPECTS),
        "polarity": rng.choice((-1, -1, 0, 1)),
        "intensity": round(rng.random(), 3),
        "emotion": rng.choice(("anger", "joy", None)),
        "intent": rng.choice(INTENTS),
        "urgency": rng.choice(("high", "low")),
        "effort": rng.choice(("high", None)),
        "conditions": CONDITIONS[number % len(CONDITIONS)],
        "confidence": 0.9,
        "labelled_by": "machine",
        "text_version": "m1",
    }
