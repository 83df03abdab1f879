"""SQL is written once; its translation is kept by the shape of the query."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.facts import Filter
from huiyin.facts.dialect import _translated, translated
from huiyin.facts.views import with_views


def test_a_query_of_one_shape_is_translated_once():
    _translated.cache_clear()
    for region in ("华东", "华南", "华北"):
        sql, values = with_views("SELECT count(*) AS n FROM voice", Filter(region=(region,), since=date(2026, 1, 1)), "initial")
        translated(sql, values)
    assert _translated.cache_info().misses == 1
    sql, values = with_views("SELECT count(*) AS n FROM voice", Filter(region=("华东", "华南")), "initial")
    translated(sql, values)
    assert _translated.cache_info().misses == 2


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT lower(text) AS a FROM voice", "SELECT lowerUTF8(text) AS a FROM voice"),
        ("SELECT median(score) AS a FROM voice", "SELECT quantileExactInclusive(0.5)(score) AS a FROM voice"),
        ("SELECT score > 1 AS a FROM voice", "SELECT CAST(score > 1 AS Nullable(Bool)) AS a FROM voice"),
        ("SELECT CAST(? AS DATE) AS a", "SELECT CAST({p0: String} AS Nullable(Date32)) AS a"),
        ("SELECT '?' AS a, ? AS b", "SELECT '?' AS a, {p0: String} AS b"),
    ],
)
def test_what_is_set_right(sql, expected):
    assert translated(sql, ["x"] * sql.replace("'?'", "").count("?")) == expected


def test_parameters_keep_the_order_of_the_text():
    sql = "WITH a AS (SELECT ? AS x), b AS (SELECT ? AS y) SELECT ? AS z, x, y FROM a, b WHERE x = ? LIMIT 3"
    found = translated(sql, ["one", 2, 3.0, True])
    places = [found.index(mark) for mark in ("{p0: String}", "{p1: Int64}", "{p2: Float64}", "{p3: Bool}")]
    assert places == sorted(places)


def test_a_query_mistake_is_not_told_as_a_fault_of_the_disk(tmp_path):
    import duckdb

    from huiyin.facts import DuckDBFacts

    with DuckDBFacts(tmp_path / "facts.duckdb") as facts:
        with pytest.raises(duckdb.Error, match="(?i)conver"):
            facts.query("SELECT CAST('disk full, corrupt checksum' AS INTEGER) AS n")
        with pytest.raises(duckdb.Error):
            facts.query("SELECT no_such_column FROM voice")
        assert facts.query("SELECT count(*) AS n FROM voice").to_pylist() == [{"n": 0}]
