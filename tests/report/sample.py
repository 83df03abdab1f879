"""A made-up analysis, full and bare, for the tests of the report: twelve problems of an electric car maker."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from tests.report.sample_voices import PRAISE_VOICES, UNPLACED_VOICES, VOICES

from huiyin.insight.findings import (
    Change,
    Concentration,
    Coverage,
    Estimate,
    Findings,
    Mark,
    Name,
    Praise,
    Problem,
    Quote,
    ScoreSummary,
    SentimentShare,
    Share,
    Trend,
    Verdict,
    Volume,
    Week,
)

HOSTILE = (
    "</script><script>window.__pwned=1</script><img src=x onerror=window.__pwned=2> {{constructor.constructor('x')()}} "
    "javascript:window.__pwned=3 \u202e倒过来的字 <!-- \u2028 页面打不开"
)
LONG_WORD = "啊" * 50_000 + "x" * 50_000

FIRST_MONDAY = date(2026, 8, 31)
WEEKS = 12
CUSTOMERS = 31_482
KEPT = 48_216
NONE = Estimate(None, None, None, 0)

# aspect, 中文, English, parent, owner, touchpoint, customers, intensity, harm, weekly shape
_PROBLEMS: tuple[tuple[str, str, str, str, str | None, str, int, float, float, Verdict], ...] = (
    ("delivery/delay", "交付延期且不告知原因", "Late delivery without a reason", "delivery", "交付履约", "提车", 1864, 0.78, 1.9, "up"),
    (
        "battery/winter_range",
        "冬季续航缩水、预估不准",
        "Winter range falls short of the estimate",
        "battery",
        "三电能效",
        "用车",
        1412,
        0.71,
        1.2,
        "up",
    ),
    ("service/queue", "售后预约排队超过 7 天", "Service booking takes over a week", "service", "售后网络", "维修保养", 998, 0.66, 0.9, "flat"),
    ("cockpit/navigation", "车机升级后导航黑屏", "Navigation goes black after the update", "cockpit", None, "用车", 863, 0.81, 0.8, "up"),
    ("ordering/address", "地址选择与编辑", "Choosing and editing the address", "ordering", "电商产品", "下单", 356, 0.62, 0.9, "down"),
    ("charging/recognition", "充电桩识别失败要重启", "Charger not recognised until restart", "charging", "三电能效", "补能", 309, 0.64, 0.7, "flat"),
    ("delivery/options_late", "选装件比整车晚到", "Options arrive later than the car", "delivery", "交付履约", "提车", 271, 0.58, 0.8, "unknown"),
    ("cockpit/phone_key", "手机钥匙偶尔打不开门", "Phone key sometimes fails", "cockpit", "智能座舱", "用车", 321, 0.55, 0.6, "flat"),
    ("insurance/renewal_calls", "续保电话打得太勤", "Too many renewal calls", "insurance", "保险服务", "续保", 460, 0.42, 0.4, "flat"),
    ("service/price_unclear", "维修报价前后不一", "Repair quotes change", "service", "售后网络", "维修保养", 190, 0.6, 0.7, "flat"),
    ("cockpit/voice", "语音助手听不懂方言", "Voice assistant misses dialects", "cockpit", "智能座舱", "用车", 233, 0.44, 0.2, "down"),
    ("app/login", "换手机后登录要人工审核", "New phone needs a manual review to sign in", "app", None, "App", 96, 0.57, 0.35, "unknown"),
)
_PARENTS = {
    "delivery": Name("交付", "Delivery"),
    "battery": Name("电池与续航", "Battery and range"),
    "service": Name("售后服务", "Service"),
    "cockpit": Name("智能座舱", "Cockpit"),
    "ordering": Name("线上购物流程", "Online ordering"),
    "charging": Name("补能", "Charging"),
    "insurance": Name("保险", "Insurance"),
    "app": Name("手机 App", "Phone app"),
}
_TIES = {3: (4,), 4: (3,), 6: (7,), 7: (6, 8), 8: (7,)}
_PRODUCTS = ("S5", "M7", "S5 Pro")
_REGIONS = ("杭州", "成都", "武汉", "深圳", "西安", "沈阳", "苏州")
_CHANNELS = ("应用商店", "在线客服", "热线转写", "回访问卷", "商城评价")


def _around(value: float, spread: float, n: int) -> Estimate:
    return Estimate(round(value, 4), round(value - spread, 4), round(value + spread, 4), n)


def _mondays() -> list[str]:
    return [(FIRST_MONDAY + timedelta(weeks=k)).isoformat() for k in range(WEEKS)]


def quote_of(voice: str, place: int, polarity: int = -1) -> Quote:
    """`voice` marks its opinions: [own], (other positive), {neutral}; 'N|' in front folds N records."""
    folded, _, body = voice.rpartition("|")
    text, marks = "", []
    intensity = round(max(0.2, 0.98 - place * 0.028), 2)
    kinds = {"[": (polarity, True), "(": (1, False), "{": (0, False)}
    start, kind = 0, (0, False)
    for letter in body:
        if letter in kinds:
            start, kind = len(text), kinds[letter]
        elif letter in "])}":
            marks.append(Mark(start, len(text), kind[0], intensity, kind[1]))
        else:
            text += letter
    rated = place % 3 != 2
    return Quote(
        feedback_id=f"5D33-{place:04d}",
        text=text,
        marks=tuple(marks),
        intensity=intensity,
        customer=f"c{place}",
        product=_PRODUCTS[place % 3],
        region=_REGIONS[place % 7],
        channel=_CHANNELS[place % 5],
        rating=float(1 + place % 4) if rated else None,
        scale_max=10.0 if rated else None,
        occurred_on=(date(2026, 11, 20) - timedelta(days=place * 2)).isoformat(),
        folded=int(folded or 0),
    )


def _trend(verdict: Verdict, base: float, seed: int) -> Trend:
    noise = random.Random(seed)
    turn = {"up": 7, "down": 9}.get(verdict, WEEKS)
    factor = {"up": 1.9, "down": 0.38}.get(verdict, 1.0)
    weeks = []
    for k, start in enumerate(_mondays()):
        total = 3900 + noise.randint(-250, 320) + k * 20
        rate = base * (factor if k >= turn else 1.0) * noise.uniform(0.9, 1.1)
        if verdict == "unknown" and k in (2, 3):
            weeks.append(Week(start, 0, 4, None, None, None))
            continue
        half = 1.96 * (rate / total * 1000) ** 0.5
        weeks.append(Week(start, round(rate * total / 1000), total, round(rate, 2), round(max(0.0, rate - half), 2), round(rate + half, 2)))
    broken = verdict in ("up", "down")
    before, after = _around(base, base * 0.06, 28_000), _around(base * factor, base * 0.09, 20_000)
    ratio = Estimate(factor, factor * 0.88, factor * 1.14, 48_216)
    return Trend(
        weeks=tuple(weeks),
        verdict=verdict,
        since=_mondays()[turn] if broken else None,
        before=before if broken else NONE,
        after=after if broken else NONE,
        ratio=ratio if broken else NONE,
        q_value=0.004 if broken else 0.4,
    )


def _shares(rows: list[tuple[str, str, int, float]], total: int) -> tuple[Share, ...]:
    result = []
    for zh, en, size, expected in rows:
        p = size / total
        half = 1.96 * (p * (1 - p) / total) ** 0.5
        result.append(Share(Name(zh, en), size, Estimate(p, max(0.0, p - half), p + half, total), expected))
    return tuple(result)


def _concentrations(aspect: str) -> tuple[Concentration, ...]:
    if aspect == "battery/winter_range":
        rows = _shares(
            [
                ("沈阳", "Shenyang", 610, 0.12),
                ("西安", "Xi'an", 320, 0.14),
                ("武汉", "Wuhan", 210, 0.18),
                ("杭州", "Hangzhou", 160, 0.26),
                ("深圳", "Shenzhen", 62, 0.3),
            ],
            1362,
        )
        return (Concentration("region", Name("冬季续航", "Winter range"), aspect, rows[0], 1362, 50, 0.0002, rows, "三电能效"),)
    if aspect == "delivery/delay":
        rows = _shares([("S5 Pro", "S5 Pro", 1102, 0.31), ("S5", "S5", 512, 0.42), ("M7", "M7", 250, 0.27)], 1864)
        return (Concentration("product", Name("交付延期", "Late delivery"), aspect, rows[0], 1864, 0, 0.0001, rows, None),)
    return ()


def _ordering_steps() -> Concentration:
    rows = _shares(
        [
            ("地址选择与编辑", "Choosing and editing the address", 288, 0.2),
            ("优惠券抵扣", "Coupons", 37, 0.2),
            ("支付跳转", "Payment", 29, 0.2),
            ("规格选择", "Options", 25, 0.2),
            ("物流查询", "Tracking", 16, 0.2),
        ],
        412,
    )
    return Concentration("step", _PARENTS["ordering"], "ordering", rows[0], 412, 17, 0.0001, rows, "电商产品")


def _delivery_steps() -> Concentration:
    rows = _shares(
        [
            ("交付延期且不告知原因", "Late delivery without a reason", 1864, 0.25),
            ("选装件比整车晚到", "Options arrive late", 271, 0.25),
            ("提车验车", "Handover check", 203, 0.25),
            ("上牌", "Registration", 120, 0.25),
        ],
        2540,
    )
    return Concentration("step", _PARENTS["delivery"], "delivery", rows[0], 2540, 82, 0.0001, rows, "交付履约")


def _probabilities(rank: int, certainty: float, count: int) -> tuple[float, ...]:
    shown = [0.0] * min(10, count)
    if rank > len(shown):
        return tuple(shown)
    shown[rank - 1] = certainty
    for neighbour in (rank, rank - 2):
        if 0 <= neighbour < len(shown):
            shown[neighbour] = (1 - certainty) / 2
    return tuple(shown)


def _evidence(rank: int) -> tuple[Quote, ...]:
    voices = VOICES[(rank - 1) % len(VOICES)]
    quotes = [quote_of(voice, place) for place, voice in enumerate(voices)]
    if rank == 1:
        hostile = Quote(
            "HOSTILE-1",
            HOSTILE,
            (Mark(len(HOSTILE) - 5, len(HOSTILE), -1, 0.9, True),),
            0.9,
            "<b>c</b>",
            "<i>S5</i>",
            "\u202e州杭",
            "javascript:x",
            1.0,
            10.0,
            "2026-11-02",
            0,
        )
        long = Quote("LONG-1", LONG_WORD, (Mark(99_000, 99_010, -1, 0.7, True),), 0.7, None, None, None, None, None, None, None, 3)
        quotes[4:4] = [hostile, long]
    return tuple(quotes)


def _problem(rank: int) -> Problem:
    aspect, zh, en, parent, owner, touchpoint, customers, intensity, harm, verdict = _PROBLEMS[rank - 1]
    frequency = customers / CUSTOMERS * 1000
    certainty = 0.94 if rank == 1 else 0.52 if rank in _TIES else 0.84
    score = frequency * intensity * harm

    def place(column: int) -> int:
        return 1 + sorted((row[column] for row in _PROBLEMS), reverse=True).index(_PROBLEMS[rank - 1][column])  # type: ignore[type-var]

    return Problem(
        problem_id=f"p-{aspect.replace('/', '-')}",
        rank=rank,
        aspect=aspect,
        name=Name(zh, en),
        parent=_PARENTS[parent],
        definition=Name(f"客户说{zh}，影响到使用或等待。不含只是询问的。", f"Customers say: {en.lower()}. Questions alone do not count."),
        owner=owner,
        touchpoint=touchpoint,
        customers=customers,
        feedback=round(customers * 1.21),
        mentions=round(customers * 1.43),
        frequency=_around(frequency, 1.96 * (frequency / CUSTOMERS * 1000) ** 0.5, CUSTOMERS),
        intensity=_around(intensity, 0.02 + 0.35 / customers**0.5, customers),
        harm=_around(harm, 0.15 + 5.0 / customers**0.5, customers),
        score=_around(score, score * 0.18, customers),
        rank_probability=_probabilities(rank, certainty, len(_PROBLEMS)),
        rank_certainty=certainty,
        tied_with=_TIES.get(rank, ()),
        rank_by={"frequency": place(6), "intensity": place(7), "harm": place(8)},
        trend=_trend(verdict, frequency * 0.6, rank),
        concentrations=_concentrations(aspect),
        evidence=_evidence(rank),
        evidence_customers=customers,
    )


def _score() -> ScoreSummary:
    values = (35.9, 36.5, 35.2, 36.1, 35.5, 34.8, 36.0, 35.3, 34.7, 32.1, 31.6, 31.0)
    return ScoreSummary(
        metric="nps",
        scale_max=10.0,
        value=Estimate(31.4, 29.1, 33.7, 6218),
        distribution=tuple((float(k), size) for k, size in enumerate((310, 90, 120, 160, 210, 420, 380, 640, 1010, 1220, 1658))),
        weeks=tuple((day, value, value - 4.1, value + 4.0, 518) for day, value in zip(_mondays(), values, strict=True)),
    )


def _coverage() -> Coverage:
    return Coverage(
        feedback_placed=Estimate(0.83, 0.826, 0.834, KEPT),
        negative_placed=Estimate(0.91, 0.904, 0.916, 9120),
        unplaced=tuple(quote_of(voice, place) for place, voice in enumerate(UNPLACED_VOICES)),
        unplaced_total=821,
        unplaced_words=(("异响", 96), ("轮毂", 71), ("贴膜", 64), ("积分", 58), ("脚垫", 41), ("味道", 39), ("雨刮", 33), ("charging cable", 12)),
    )


def _volume() -> Volume:
    return Volume(
        read=49_260,
        kept=KEPT,
        rejected=21,
        duplicates=1023,
        customers=CUSTOMERS,
        customers_known=True,
        mentions=88_412,
        first_day="2026-08-31",
        last_day="2026-11-20",
        weeks=tuple((day, 3800 + k * 40) for k, day in enumerate(_mondays())),
        channels=(("应用商店", 15_210), ("在线客服", 12_040), ("热线转写", 9_870), ("回访问卷", 7_020), ("商城评价", 4_076)),
        products=(("S5", 20_310), ("S5 Pro", 14_906), ("M7", 13_000)),
        languages=(("zh-Hans", 45_980), ("zh-Hant", 1_502), ("en", 734)),
    )


def sample_findings() -> Findings:
    """Everything present: scores, dates, customers, steps, praise, 繁體 and English voices, a hostile one."""
    problems = tuple(_problem(rank) for rank in range(1, len(_PROBLEMS) + 1))
    changes = tuple(
        Change(p.problem_id, p.name, p.trend.verdict, p.trend.since, p.trend.before.value or 0.0, p.trend.after.value or 0.0, p.trend.ratio)
        for p in problems
        if p.trend.verdict in ("up", "down") and p.trend.since
    )
    mondays = _mondays()
    return Findings(
        title="客服与商城-2026秋.xlsx",
        generated_at="2026-11-20T09:40:00+08:00",
        taxonomy="automotive@3",
        taxonomy_name=Name("汽车", "Automotive"),
        partial=False,
        volume=_volume(),
        sentiment=SentimentShare(
            negative=Estimate(0.312, 0.308, 0.316, KEPT),
            neutral=Estimate(0.274, 0.27, 0.278, KEPT),
            positive=Estimate(0.414, 0.41, 0.418, KEPT),
            weeks=tuple((day, 1080 + k * 45 + (k % 3) * 60, 1090 - (k % 4) * 30, 1650 - k * 22) for k, day in enumerate(mondays)),
        ),
        score=_score(),
        problems=problems,
        too_small=(
            (Name("雨刮异响", "Wiper noise"), 21),
            (Name("儿童锁说明不清", "Unclear child lock"), 12),
            (Name("赠品缺货", "Gift out of stock"), 7),
        ),
        minimum_customers=30,
        changes=changes,
        steps=(_ordering_steps(), _delivery_steps()),
        praised=(
            Praise(
                "delivery/courtesy",
                Name("交付专员的服务", "The delivery advisers"),
                2210,
                _around(70.2, 2.9, CUSTOMERS),
                tuple(quote_of(v, k, 1) for k, v in enumerate(PRAISE_VOICES)),
            ),
            Praise(
                "drive/comfort",
                Name("底盘舒适", "A comfortable ride"),
                1304,
                _around(41.4, 2.2, CUSTOMERS),
                tuple(quote_of(v, k + 3, 1) for k, v in enumerate(PRAISE_VOICES[:3])),
            ),
        ),
        coverage=_coverage(),
        replicates=2000,
        checksum="7c1e90ab52f1d3c8",
        notes=(),
    )


def tied_at_the_top() -> Findings:
    """The two first problems cannot be told apart, and the run was stopped early."""
    full = sample_findings()
    first, second, *rest = full.problems
    first = replace(first, tied_with=(2,), rank_certainty=0.55)
    second = replace(second, tied_with=(1,), rank_certainty=0.55)
    return replace(full, problems=(first, second, *rest), partial=True)


def without_scores_dates_customers() -> Findings:
    """A file of bare texts: no rating, no date, no customer column; the problems remain."""
    full = sample_findings()
    still = Trend((), "unknown", None, NONE, NONE, NONE, None)
    problems = tuple(
        replace(
            p,
            harm=None,
            trend=still,
            rank_by={k: v for k, v in p.rank_by.items() if k != "harm"},
            owner=None,
            touchpoint=None,
            parent=None,
            definition=None,
        )
        for p in full.problems
    )
    volume = replace(full.volume, customers=0, customers_known=False, first_day=None, last_day=None, weeks=(), channels=(), products=())
    return replace(full, problems=problems, volume=volume, sentiment=replace(full.sentiment, weeks=()), score=None, changes=(), steps=())


def bare_findings() -> Findings:
    """Nothing to rank: no problem, no score, no date, no customers, and every estimate below its minimum."""
    full = without_scores_dates_customers()
    nothing = Estimate(None, None, None, 7)
    return replace(
        full,
        volume=replace(full.volume, read=7, kept=7, rejected=0, duplicates=0, mentions=3, languages=()),
        sentiment=SentimentShare(nothing, nothing, nothing, ()),
        problems=(),
        too_small=(),
        praised=(),
        coverage=Coverage(nothing, nothing, (), 0, ()),
    )
