"""The planted truth in one place: how often each aspect is complained of, what it costs, and what changes when.

`per_thousand` is complaints per 1,000 feedback records over the whole company (in any one week practically the same as
per 1,000 customers heard). `harm` is the points taken off the 0–10 recommendation score of a record that complains of it.
"""

from dataclasses import dataclass
from typing import Literal

ALL = ("tablet", "robot", "lock", "speaker", "vacuum")
ALIVE = ("robot", "lock", "speaker")  # those that live on the home network


@dataclass(frozen=True)
class Complaint:
    """How often an aspect is complained of before anything changes, and what a complaint costs."""

    path: str
    per_thousand: float
    harm: float
    products: tuple[str, ...] = ALL


COMPLAINTS = (
    #         aspect                       ‰     harm
    Complaint("ordering/address", 42.0, 1.6),
    Complaint("ordering/search", 5.0, 0.6),
    Complaint("ordering/spec", 4.0, 0.6),
    Complaint("ordering/coupon", 5.0, 0.9),
    Complaint("ordering/payment", 4.0, 1.4),
    Complaint("delivery/delay", 70.0, 1.2),
    Complaint("delivery/packaging", 70.0, 0.3),
    Complaint("delivery/courier", 14.0, 0.8),
    Complaint("delivery/wrong_item", 6.0, 2.5),
    Complaint("software/update", 4.0, 2.4),
    Complaint("software/app_pairing", 24.0, 1.5, ALIVE),
    Complaint("software/app_crash", 18.0, 1.3, ALIVE),
    Complaint("software/voice", 10.0, 0.9, ("robot", "speaker")),
    Complaint("software/performance", 16.0, 1.4, ("tablet", "speaker")),
    Complaint("software/ads", 9.0, 1.0, ("tablet", "speaker")),
    Complaint("software/privacy", 4.0, 2.2, ("lock", "speaker", "robot")),
    Complaint("battery/life", 30.0, 1.2),
    Complaint("battery/charging", 9.0, 1.3, ("tablet", "robot", "speaker", "vacuum")),
    Complaint("safety/overheat", 6.0, 5.5),
    Complaint("safety/electric", 2.0, 4.0, ("tablet", "robot", "vacuum")),
    Complaint("hardware/screen", 9.0, 1.5, ("tablet",)),
    Complaint("hardware/noise", 30.0, 1.0, ("robot", "vacuum")),
    Complaint("hardware/build_quality", 16.0, 1.3),
    Complaint("hardware/camera", 6.0, 0.9, ("tablet", "lock")),
    Complaint("hardware/sound", 9.0, 1.1, ("speaker",)),
    Complaint("hardware/signal", 6.0, 1.0, ("tablet",)),
    Complaint("hardware/effect", 26.0, 1.7, ("robot", "vacuum", "lock")),
    Complaint("hardware/fault", 17.0, 2.8),
    Complaint("service/hotline_queue", 45.0, 1.5),
    Complaint("service/bot", 10.0, 1.5),
    Complaint("service/attitude", 17.0, 1.9),
    Complaint("service/repair_time", 14.0, 2.0),
    Complaint("service/refund", 15.0, 2.2),
    Complaint("service/complaint", 7.0, 2.3),
    Complaint("service/store", 6.0, 1.0),
    Complaint("price/value", 50.0, 0.8),
    Complaint("price/drop", 13.0, 1.2),
    Complaint("price/invoice", 6.0, 0.8),
    Complaint("accessories/missing", 9.0, 0.9),
    Complaint("manual/setup", 12.0, 0.7),
    Complaint("manual/install_service", 7.0, 1.2, ("lock",)),
    Complaint("manual/usability", 10.0, 0.8),
)


@dataclass(frozen=True)
class Praise:
    """How often an aspect is praised."""

    path: str
    per_thousand: float  # among records that complain of nothing; far fewer praise amid a complaint
    products: tuple[str, ...] = ALL


PRAISE_GAIN = 0.35  # score points for each aspect praised
PRAISE_AMID_COMPLAINT = 0.35  # factor on the rates below when the record also complains
PRAISES = (
    Praise("battery/life", 150.0),
    Praise("hardware/screen", 70.0, ("tablet",)),
    Praise("hardware/effect", 75.0, ("robot", "vacuum", "lock")),
    Praise("hardware/noise", 25.0, ("robot", "vacuum")),
    Praise("hardware/sound", 45.0, ("speaker",)),
    Praise("hardware/build_quality", 75.0),
    Praise("hardware/camera", 15.0, ("tablet", "lock")),
    Praise("software/performance", 30.0, ("tablet", "speaker")),
    Praise("software/voice", 20.0, ("robot", "speaker")),
    Praise("software/app_pairing", 20.0, ALIVE),
    Praise("software/app_crash", 15.0, ALIVE),
    Praise("price/value", 60.0),
    Praise("delivery/delay", 60.0),
    Praise("delivery/packaging", 25.0),
    Praise("delivery/courier", 20.0),
    Praise("service/attitude", 45.0),
    Praise("service/repair_time", 10.0),
    Praise("service/refund", 8.0),
    Praise("ordering/address", 3.0),
    Praise("ordering/coupon", 15.0),
    Praise("battery/charging", 15.0, ("tablet", "robot", "speaker", "vacuum")),
    Praise("accessories/missing", 12.0),
    Praise("manual/setup", 18.0),
    Praise("manual/install_service", 10.0, ("lock",)),
    Praise("manual/usability", 35.0),
)

# A complaint silences the praise that would contradict it: of the same aspect, and of what its wordings touch upon.
CONTRADICTS = {
    "software/update": ("software/performance", "software/app_pairing", "battery/life", "hardware/screen", "price/value"),
    "software/performance": ("hardware/screen",),
    "software/app_pairing": ("software/app_crash", "manual/setup", "manual/usability"),
    "software/app_crash": ("software/app_pairing", "manual/usability"),
    "battery/charging": ("battery/life",),
    "battery/life": ("battery/charging",),
    "safety/overheat": ("battery/charging", "battery/life", "hardware/build_quality", "hardware/effect", "price/value"),
    "safety/electric": ("hardware/build_quality", "hardware/effect", "price/value"),
    "hardware/fault": ("hardware/build_quality", "hardware/effect", "software/performance", "battery/life", "price/value"),
    "hardware/effect": ("hardware/build_quality", "price/value"),
    "hardware/build_quality": ("price/value",),
    "delivery/delay": ("delivery/courier",),
    "delivery/wrong_item": ("hardware/build_quality",),
    "delivery/packaging": ("delivery/wrong_item",),
    "service/hotline_queue": ("service/attitude",),
    "service/bot": ("service/attitude",),
    "service/complaint": ("service/attitude", "service/refund", "service/repair_time"),
    "service/attitude": ("service/repair_time", "service/refund"),
    "service/repair_time": ("hardware/build_quality",),
    "price/drop": ("price/value", "ordering/coupon"),
    "price/value": ("ordering/coupon",),
    "ordering/coupon": ("price/value",),
    "manual/setup": ("manual/usability", "manual/install_service"),
    "manual/usability": ("manual/setup",),
}

Kind = Literal["jump", "concentration", "fix", "moved_fix", "quiet_high_harm", "loud_low_harm", "regional", "steady"]


@dataclass(frozen=True)
class Planted:
    """One planted effect. `change` multiplies the rate (inside product or region, from the week on, where they are given)."""

    name: str
    kind: Kind
    path: str
    week: int | None = None  # 1-based; the effect starts on the Monday of this week
    change: float = 1.0
    product: str | None = None
    region: str | None = None
    moved_to: str | None = None
    share: float | None = None  # of the flow (concentration) or of the product (quiet_high_harm)


PLANTED = (
    Planted("defect", "jump", "software/update", week=37, change=15.0, product="tablet"),
    Planted("concentration", "concentration", "ordering/address", share=0.70),
    Planted("fix_that_works", "fix", "delivery/delay", week=30, change=0.35),
    Planted("fix_that_moves", "moved_fix", "service/hotline_queue", week=26, change=0.30, moved_to="service/bot"),
    Planted("quiet_high_harm", "quiet_high_harm", "safety/overheat", product="vacuum", share=0.80),
    Planted("loud_low_harm", "loud_low_harm", "delivery/packaging"),
    Planted("regional", "regional", "service/repair_time", change=3.0, region="西南"),
    Planted("steady_price", "steady", "price/value"),
    Planted("steady_battery", "steady", "battery/life"),
    Planted("steady_noise", "steady", "hardware/noise"),
)

BASE_SCORE_MEAN, BASE_SCORE_SD, NOISE_SD = 8.3, 1.3, 0.7
REPEATED_RECORDS = 0.01  # share of records that repeat an earlier one of the same customer in all but the number
BOUGHT_PRAISE = 0.005
FEEDBACK_PER_CUSTOMER = 1.15
