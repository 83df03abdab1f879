"""The questions a board asks: name → (sql, parameters, filter)."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.facts.generator import LAST_DAY, PRODUCTS, REGIONS, SEGMENTS

from huiyin.facts import Filter

_QUARTER = Filter(since=LAST_DAY - timedelta(days=89), until=LAST_DAY)
_TOP = (
    "SELECT aspect, count(DISTINCT unit) AS people, count(*) AS n, sum(intensity) AS pain FROM opinion "
    "WHERE polarity = -1 GROUP BY aspect ORDER BY people DESC, aspect LIMIT 20"
)
BOARD: dict[str, tuple[str, tuple[object, ...], Filter]] = {
    "top problems, 90 days, 3 products": (_TOP, (), _QUARTER & Filter(product=PRODUCTS[:3])),
    "the same by region and segment": (_TOP, (), _QUARTER & Filter(product=PRODUCTS[:3], region=REGIONS[:8], segment=SEGMENTS[:2])),
    "daily trend, 2 years": (
        (
            "SELECT day, count(*) AS n, sum(CASE WHEN polarity = -1 THEN 1 ELSE 0 END) AS negative, "
            "sum(CASE WHEN polarity = 1 THEN 1 ELSE 0 END) AS positive "
            "FROM opinion GROUP BY day ORDER BY day"
        ),
        (),
        Filter(),
    ),
    "aspect by product, 2 years": (
        (
            "SELECT aspect, product, count(*) AS n, sum(intensity) AS pain FROM opinion WHERE polarity = -1 "
            "GROUP BY aspect, product ORDER BY aspect, product"
        ),
        (),
        Filter(),
    ),
    "pareto inside one aspect, 2 years": (
        (
            "SELECT opinion, n, sum(n) OVER (ORDER BY n DESC, opinion ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM "
            "(SELECT opinion, count(*) AS n FROM opinion WHERE polarity = -1 GROUP BY opinion) AS parts ORDER BY n DESC, opinion LIMIT 50"
        ),
        (),
        Filter(aspect=("delivery",)),
    ),
    "nps by segment, 2 years": (
        (
            "SELECT segment, count(*) AS n, 100.0 * (sum(CASE WHEN score >= 9 THEN 1 ELSE 0 END) "
            "- sum(CASE WHEN score <= 6 THEN 1 ELSE 0 END)) / count(*) AS nps "
            "FROM voice WHERE metric = 'nps' AND score IS NOT NULL GROUP BY segment ORDER BY segment"
        ),
        (),
        Filter(),
    ),
    "distinct customers, 2 years": ("SELECT count(DISTINCT unit) AS people FROM opinion WHERE polarity = -1", (), Filter()),
    "90-day baseline of every aspect": (
        (
            "SELECT aspect, avg(n) AS mean, stddev_samp(n) AS spread, max(n) AS most FROM "
            "(SELECT aspect, day, CAST(count(*) AS DOUBLE) AS n FROM opinion WHERE polarity = -1 GROUP BY aspect, day) AS days "
            "GROUP BY aspect ORDER BY aspect"
        ),
        (),
        _QUARTER,
    ),
}
PAGES: dict[str, Filter] = {
    "latest 50 voices, filters": Filter(product=PRODUCTS[:3], region=REGIONS[:8], aspect=("delivery",), polarity=(-1,)),
    "latest 50 voices, filters and words": Filter(product=PRODUCTS[:3], text=("退款", "门锁")),
}
"""A page of voices with their text, ids first."""
