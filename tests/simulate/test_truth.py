import json
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from huiyin.simulate import World

DEFECT_PRODUCT = "栖川平板 T11"
SCORE = "推荐意愿评分(0-10)"


Period = tuple[date, date]
ALWAYS: Period = (date.min, date.max)


def rate(world: World, path: str, product: str | None = None, region: str | None = None, between: Period = ALWAYS) -> float:
    """Complaints of `path` per 1,000 records of this product and region from the first date up to the second."""
    columns = (world.records[name].to_pylist() for name in ("时间", "产品", "地区"))
    hits = total = 0
    for labels, when, own_product, own_region in zip(world.labels, *columns, strict=True):
        if product in (None, own_product) and region in (None, own_region) and between[0] <= when.date() < between[1]:
            total += 1
            hits += path in labels
    return 1000 * hits / total


def test_truth_counts_what_is_in_the_data(world: World) -> None:
    complained = Counter(path for labels in world.labels for path in labels)
    praised = Counter(path for paths in world.praised for path in paths)
    assert {path: aspect.complaints for path, aspect in world.truth.aspects.items() if aspect.complaints} == complained
    assert {path: aspect.praises for path, aspect in world.truth.aspects.items() if aspect.praises} == praised
    assert world.truth.records_with_complaint == sum(bool(labels) for labels in world.labels)
    assert world.truth.records_with_praise == sum(bool(paths) for paths in world.praised)
    for effect in world.truth.effects.values():
        assert effect.complaints == complained[effect.path]


def test_every_aspect_is_one_of_the_consumer_electronics_pack(world: World) -> None:
    pack = yaml.safe_load(Path("src/huiyin/text/packs/consumer_electronics.yaml").read_text(encoding="utf-8"))
    known = {f"{theme['id']}/{child['id']}" for theme in pack["aspects"] for child in theme["children"]}
    assert set(world.truth.aspects) <= known


def test_no_text_praises_what_it_complains_of(large_world: World) -> None:
    assert all(not set(labels) & set(praised) for labels, praised in zip(large_world.labels, large_world.praised, strict=True))


def test_the_defect_jumps_on_a_monday_for_one_product_only(large_world: World) -> None:
    defect = large_world.truth.effects["defect"]
    assert defect.starts == date(2026, 8, 3)
    assert (defect.rate_before, defect.rate_after, defect.product) == (4.0, 60.0, DEFECT_PRODUCT)
    before, after = (date.min, defect.starts), (defect.starts, date.max)
    assert rate(large_world, "software/update", product=DEFECT_PRODUCT, between=before) < 7
    assert 50 < rate(large_world, "software/update", product=DEFECT_PRODUCT, between=after) < 70
    assert rate(large_world, "software/update", product="栖川智能门锁 L2", between=after) < 8
    assert rate(large_world, "software/update", between=after) > 2.5 * rate(large_world, "software/update", between=before)
    assert 1000 * defect.complaints_after / defect.records_after == pytest.approx(
        rate(large_world, "software/update", product=DEFECT_PRODUCT, between=after)
    )


def test_seventy_percent_of_the_ordering_complaints_are_about_the_address(large_world: World) -> None:
    ordering = {path: aspect.complaints for path, aspect in large_world.truth.aspects.items() if path.startswith("ordering/")}
    assert 0.67 < ordering["ordering/address"] / sum(ordering.values()) < 0.73
    assert {"ordering/search", "ordering/spec", "ordering/coupon", "ordering/payment"} <= ordering.keys()


def test_the_fix_of_delays_works(large_world: World) -> None:
    starts = date(2026, 6, 15)
    assert large_world.truth.effects["fix_that_works"].starts == starts
    before = rate(large_world, "delivery/delay", between=(date.min, starts))
    assert 0.30 < rate(large_world, "delivery/delay", between=(starts, date.max)) / before < 0.40


def test_the_fix_of_the_hotline_moves_the_complaints_to_the_bot(large_world: World) -> None:
    starts = date(2026, 5, 18)
    effect = large_world.truth.effects["fix_that_moves"]
    assert (effect.starts, effect.moved_to) == (starts, "service/bot")
    change = {
        path: rate(large_world, path, between=(starts, date.max)) - rate(large_world, path, between=(date.min, starts))
        for path in ("service/hotline_queue", "service/bot")
    }
    assert change["service/hotline_queue"] == pytest.approx(-31.5, abs=3)
    assert change["service/bot"] == pytest.approx(31.5, abs=3)
    assert effect.moved_before is not None
    assert effect.moved_after is not None
    assert effect.moved_before + effect.moved_after == large_world.truth.aspects["service/bot"].complaints


def test_overheating_is_rare_and_sits_in_one_product(large_world: World) -> None:
    effect = large_world.truth.effects["quiet_high_harm"]
    assert 4.5 < rate(large_world, "safety/overheat") < 7.5
    assert 0.75 < effect.complaints_after / effect.complaints < 0.85
    assert effect.harm == 5.5


def test_repair_takes_three_times_as_many_complaints_in_one_region(large_world: World) -> None:
    effect = large_world.truth.effects["regional"]
    inside = effect.complaints_after / effect.records_after
    outside = effect.complaints_before / effect.records_before
    assert 2.5 < inside / outside < 3.5
    assert rate(large_world, "service/repair_time", region="西南") == pytest.approx(1000 * inside)


@pytest.mark.parametrize("path", ["price/value", "battery/life", "hardware/noise", "delivery/packaging"])
def test_controls_stay_as_they_are(large_world: World, path: str) -> None:
    middle = date(2026, 5, 25)
    assert 0.9 < rate(large_world, path, between=(middle, date.max)) / rate(large_world, path, between=(date.min, middle)) < 1.1


@pytest.mark.parametrize(("path", "harm"), [("safety/overheat", 5.5), ("delivery/packaging", 0.3), ("ordering/address", 1.6)])
def test_a_complaint_costs_its_harm(large_world: World, path: str, harm: float) -> None:
    """Mean score of records with this complaint alone against those with none; clipping at 10 takes a little off."""
    scored = list(zip(large_world.records[SCORE].to_pylist(), large_world.labels, large_world.praised, strict=True))
    alone = [score for score, labels, praised in scored if score is not None and labels == (path,) and not praised]
    calm = [score for score, labels, praised in scored if score is not None and not labels and not praised]
    assert float(np.mean(calm) - np.mean(alone)) == pytest.approx(harm, abs=0.45)


def test_battery_life_is_praised_most(world: World) -> None:
    assert world.truth.most_praised == "battery/life"


def test_truth_can_be_written_as_json(world: World) -> None:
    told = json.loads(json.dumps(world.truth.as_dict(), ensure_ascii=False))
    assert told["effects"]["defect"]["starts"] == "2026-08-03"
    assert told["aspects"]["safety/overheat"]["harm"] == 5.5
