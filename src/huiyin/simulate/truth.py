"""What was planted, counted from the very draws that made the records."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np

from huiyin.simulate import company
from huiyin.simulate.draws import ENGLISH, TRADITIONAL, Draw, Ints, Plan
from huiyin.simulate.effects import COMPLAINTS, PLANTED, PRAISES, Kind, Planted
from huiyin.simulate.rates import COMPLAINT_PATHS, PRODUCT_CODES, REGION_NAMES, complaint_chances


@dataclass(frozen=True)
class AspectTruth:
    """What was planted of one aspect."""

    path: str
    harm: float  # score points a complaint costs; 0 for aspects only ever praised
    complaints: int
    praises: int


@dataclass(frozen=True)
class EffectTruth:
    """One planted effect as it came out. `scope` is the product, the region or both that it concerns.

    "before" and "after" are the weeks before and from `starts`; for effects without a date "before" is the rest of the
    company and "after" the scope (regional, quiet_high_harm), else everything is "after". Rates are planted chances per
    1,000 records, complaints and records are counts in the data.
    """

    name: str
    kind: Kind
    path: str
    harm: float
    starts: date | None
    week: int | None
    product: str | None
    region: str | None
    moved_to: str | None
    share: float | None  # planted share of the flow or of the product
    change: float
    rate_before: float | None
    rate_after: float
    complaints: int
    complaints_before: int
    complaints_after: int
    records_before: int
    records_after: int
    moved_before: int | None  # complaints of `moved_to` in the same cells
    moved_after: int | None


@dataclass(frozen=True)
class Truth:
    """All that is known about a world."""

    company: str
    rows: int
    seed: int
    start: date
    end: date
    weeks: int
    aspects: dict[str, AspectTruth]
    effects: dict[str, EffectTruth]
    most_praised: str
    records_with_complaint: int
    records_with_praise: int
    repeated_records: int
    bought_praise: int
    missing_scores: int
    traditional: int
    english: int

    def as_dict(self) -> dict[str, object]:
        """For JSON: dates as ISO text."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value


class Tally:
    """Counts by aspect, product, region and week, added block by block."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.shape = (len(PRODUCT_CODES), len(REGION_NAMES), plan.weeks)
        self.records: Ints = np.zeros(self.shape, dtype=np.int64)
        self.complaints: Ints = np.zeros((len(COMPLAINTS), *self.shape), dtype=np.int64)
        self.praises: Ints = np.zeros(len(PRAISES), dtype=np.int64)
        self.counts = dict.fromkeys(
            ("records_with_complaint", "records_with_praise", "repeated_records", "bought_praise", "missing_scores", "traditional", "english"), 0
        )

    def add(self, draw: Draw) -> None:
        """Count one block."""
        cell = np.ravel_multi_index((draw.product, draw.region, draw.week), self.shape)
        size = int(np.prod(self.shape))
        self.records += np.bincount(cell, minlength=size).reshape(self.shape)
        aspect, row = draw.complaints.nonzero()
        self.complaints += np.bincount(aspect * size + cell[row], minlength=size * len(COMPLAINTS)).reshape(self.complaints.shape)
        self.praises += draw.praises.sum(axis=1)
        found = {
            "records_with_complaint": draw.complaints.any(axis=0),
            "records_with_praise": draw.praises.any(axis=0),
            "repeated_records": draw.repeats >= 0,
            "bought_praise": draw.bought,
            "missing_scores": np.isnan(draw.score),
            "traditional": draw.language == TRADITIONAL,
            "english": draw.language == ENGLISH,
        }
        for name, flags in found.items():
            self.counts[name] += int(flags.sum())

    def truth(self) -> Truth:
        """The truth of all blocks added so far."""
        plan = self.plan
        praised = {praise.path: int(count) for praise, count in zip(PRAISES, self.praises, strict=True)}
        complained = {path: int(self.complaints[at].sum()) for at, path in enumerate(COMPLAINT_PATHS)}
        harms = {complaint.path: complaint.harm for complaint in COMPLAINTS}
        aspects = {
            path: AspectTruth(path, harms.get(path, 0.0), complained.get(path, 0), praised.get(path, 0))
            for path in sorted(complained.keys() | praised.keys())
        }
        return Truth(
            company=company.COMPANY,
            rows=plan.rows,
            seed=plan.seed,
            start=plan.start,
            end=plan.end,
            weeks=plan.weeks,
            aspects=aspects,
            effects={planted.name: self._effect(planted) for planted in PLANTED if planted.week is None or planted.week <= plan.weeks},
            most_praised=max(praised, key=lambda path: praised[path]),
            **self.counts,
        )

    def _effect(self, planted: Planted) -> EffectTruth:
        at = COMPLAINT_PATHS.index(planted.path)
        after = np.zeros(self.shape, dtype=bool)
        first = 0 if planted.week is None else planted.week - 1
        product = slice(None) if planted.product is None else PRODUCT_CODES.index(planted.product)
        region = slice(None) if planted.region is None else REGION_NAMES.index(planted.region)
        after[product, region, first:] = True
        before = np.zeros(self.shape, dtype=bool)
        if planted.week is not None:
            before[product, region, :first] = True
        else:
            before = ~after
        counted, chances = self.complaints[at], complaint_chances(self.plan.weeks)[at]
        moved = None if planted.moved_to is None else self.complaints[COMPLAINT_PATHS.index(planted.moved_to)]
        weights = np.array([item.share for item in company.PRODUCTS])[:, None, None] * np.array([item.share for item in company.REGIONS])[:, None]
        weighted = np.broadcast_to(weights, self.shape)

        def rate(cells: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float | None:
            return round(1000 * float(np.average(chances[cells], weights=weighted[cells])), 3) if cells.any() else None

        return EffectTruth(
            name=planted.name,
            kind=planted.kind,
            path=planted.path,
            harm=COMPLAINTS[at].harm,
            week=planted.week,
            starts=None if planted.week is None else self.plan.start + timedelta(weeks=first),
            product=None if planted.product is None else company.PRODUCTS[PRODUCT_CODES.index(planted.product)].name,
            region=planted.region,
            moved_to=planted.moved_to,
            share=planted.share,
            change=planted.change,
            rate_before=rate(before),
            rate_after=rate(after) or 0.0,
            complaints=int(counted.sum()),
            complaints_before=int(counted[before].sum()),
            complaints_after=int(counted[after].sum()),
            records_before=int(self.records[before].sum()),
            records_after=int(self.records[after].sum()),
            moved_before=None if moved is None else int(moved[before].sum()),
            moved_after=None if moved is None else int(moved[after].sum()),
        )
