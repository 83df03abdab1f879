from collections import Counter
from datetime import date, timedelta

from huiyin.simulate import World, simulate

SCORE = "推荐意愿评分(0-10)"


def test_the_columns_are_those_of_a_chinese_export(world: World) -> None:
    assert world.records.column_names == ["反馈编号", "时间", "客户编号", "产品", "地区", "渠道", SCORE, "内容", "门店", "客群"]
    assert len(set(world.records["反馈编号"].to_pylist())) == 20_000


def test_there_are_five_products_eight_regions_and_six_channels(world: World) -> None:
    assert [len(set(world.records[name].to_pylist())) for name in ("产品", "地区", "渠道")] == [5, 8, 6]


def test_dates_stay_within_the_period_and_volume_grows(world: World) -> None:
    days = Counter(when.date() for when in world.records["时间"].to_pylist())
    first, last = date(2025, 11, 24), date(2026, 11, 22)
    assert (min(days), max(days)) == (first, last)
    assert (world.truth.start, world.truth.end) == (first, last)
    early = sum(count for day, count in days.items() if day < first + timedelta(weeks=13))
    late = sum(count for day, count in days.items() if day > last - timedelta(weeks=13))
    assert 1.08 < late / early < 1.20


def test_people_write_more_on_saturdays_than_on_tuesdays(world: World) -> None:
    weekdays = Counter(when.weekday() for when in world.records["时间"].to_pylist())
    assert weekdays[5] > 1.1 * weekdays[1]


def test_a_customer_gives_about_1_15_records_and_keeps_product_and_region(world: World) -> None:
    owned: dict[str, set[tuple[str, str]]] = {}
    for customer, product, region in zip(*(world.records[name].to_pylist() for name in ("客户编号", "产品", "地区")), strict=True):
        owned.setdefault(customer, set()).add((product, region))
    assert 1.12 < 20_000 / len(owned) < 1.18
    assert all(len(pairs) == 1 for pairs in owned.values())


def test_scores_are_whole_numbers_from_0_to_10_and_missing_for_two_in_five(world: World) -> None:
    scores = world.records[SCORE].to_pylist()
    missing = sum(score is None for score in scores)
    assert 0.37 < missing / len(scores) < 0.42
    assert missing == world.truth.missing_scores
    assert set(scores) - {None} == set(range(11))


def test_hotline_and_weibo_carry_no_score(world: World) -> None:
    pairs = zip(world.records["渠道"].to_pylist(), world.records[SCORE].to_pylist(), strict=True)
    assert {channel for channel, score in pairs if score is not None} == {"应用商店", "电商评价", "在线客服", "回访问卷"}


def test_one_record_in_a_hundred_repeats_an_earlier_one_of_the_same_customer(world: World) -> None:
    rows = list(zip(*(world.records[name].to_pylist() for name in world.records.column_names[1:]), strict=True))
    repeated = len(rows) - len(set(rows))
    assert 0.007 < repeated / len(rows) < 0.013
    assert abs(repeated - world.truth.repeated_records) <= 3  # a row may be repeated twice, or twice drawn alike


def test_a_store_belongs_to_the_region_of_the_record_and_is_often_empty(world: World) -> None:
    stores: dict[str, set[str]] = {}
    for region, store in zip(world.records["地区"].to_pylist(), world.records["门店"].to_pylist(), strict=True):
        if store is not None:
            stores.setdefault(store, set()).add(region)
    assert len(stores) == 24
    assert all(len(regions) == 1 for regions in stores.values())
    assert 0.6 < world.records["门店"].null_count / 20_000 < 0.8


def test_a_world_smaller_than_a_block_or_a_few_weeks_long() -> None:
    tiny = simulate(rows=1)
    assert tiny.records.num_rows == len(tiny.labels) == 1
    short = simulate(rows=300, weeks=10)
    assert "defect" not in short.truth.effects
    assert max(short.records["时间"].to_pylist()).date() <= short.truth.end == date(2026, 2, 1)
