"""From the readable table of effects to the chance of each complaint for a product, a region and a week."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from huiyin.simulate.company import PRODUCTS, REGIONS
from huiyin.simulate.effects import COMPLAINTS, CONTRADICTS, PLANTED, PRAISES, Complaint, Planted, Praise

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COMPLAINT_PATHS = tuple(complaint.path for complaint in COMPLAINTS)
PRAISE_PATHS = tuple(praise.path for praise in PRAISES)
PRODUCT_CODES = tuple(product.code for product in PRODUCTS)
REGION_NAMES = tuple(region.name for region in REGIONS)


def _base(aspect: Complaint | Praise) -> Floats:
    """Chance per product such that the whole company shows the stated rate: p = rate / share of the products it fits."""
    fits = np.array([product.code in aspect.products for product in PRODUCTS])
    share = sum(product.share for product in PRODUCTS if product.code in aspect.products)
    return np.where(fits, aspect.per_thousand / 1000 / share, 0.0)


def _plant(chances: Floats, planted: Planted, first_week: int) -> None:
    """Write one effect into chances[aspect, product, region, week]."""
    at = COMPLAINT_PATHS.index(planted.path)
    products = slice(None) if planted.product is None else PRODUCT_CODES.index(planted.product)
    regions = slice(None) if planted.region is None else REGION_NAMES.index(planted.region)
    if planted.kind == "quiet_high_harm" and planted.share is not None:
        whole = COMPLAINTS[at].per_thousand / 1000
        own = PRODUCTS[PRODUCT_CODES.index(str(planted.product))].share
        chances[at] = whole * (1 - planted.share) / (1 - own)
        chances[at, products] = whole * planted.share / own
        return
    if planted.moved_to is not None:
        gone = chances[at, :, :, first_week:] * (1 - planted.change)
        chances[COMPLAINT_PATHS.index(planted.moved_to), :, :, first_week:] += gone
    chances[at, products, regions, first_week:] *= planted.change


@cache
def complaint_chances(weeks: int) -> Floats:
    """Chances of shape (aspects, products, regions, weeks). Effects whose week lies beyond the period stay unplanted."""
    per_product = np.stack([_base(complaint) for complaint in COMPLAINTS])
    chances = np.broadcast_to(per_product[:, :, None, None], (*per_product.shape, len(REGIONS), weeks)).copy()
    for planted in PLANTED:
        _plant(chances, planted, 0 if planted.week is None else planted.week - 1)
    return chances


@cache
def praise_chances() -> Floats:
    """Chances of shape (praised aspects, products) in a record without complaint."""
    return np.stack([_base(praise) for praise in PRAISES])


@cache
def contradictions() -> Flags:
    """True at (praised aspect, complained aspect) where both in one text would contradict each other."""
    return np.array(
        [[praised == complained or praised in CONTRADICTS.get(complained, ()) for complained in COMPLAINT_PATHS] for praised in PRAISE_PATHS]
    )
