"""The one way SQL is written here, carried over to ClickHouse.

sqlglot translates; what it does not know, or what ClickHouse answers differently, is set right on the syntax tree:

- text functions count characters, not bytes, and know case beyond ASCII;
- `median` and `quantile_cont` are exact, with linear interpolation;
- a missing key of a map is NULL, not `''`;
- dates have the range of DuckDB's; integer division truncates; weekdays count as DuckDB counts them;
- what is true or false comes out as such and not as 1 or 0;
- parameters `?` become named ones with a type.

A translation takes 3–4 ms and depends on the text and the types of the parameters alone: it is kept by them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

SETTINGS: Mapping[str, str] = {
    # An outer join gives NULL, not '' or 0, where nothing matched.
    "join_use_nulls": "1",
    # sum, min, max, avg over no rows are NULL, not 0.
    "aggregate_functions_null_for_empty": "1",
    # A cast of NULL stays NULL.
    "cast_keep_nullable": "1",
    # In WHERE and GROUP BY a name means the column first and an alias of the SELECT list second.
    "prefer_column_name_to_alias": "1",
    # UNION alone removes repeated rows.
    "union_default_mode": "DISTINCT",
    # count(DISTINCT …) is exact.
    "count_distinct_implementation": "uniqExact",
    # A deletion is done when its statement returns, on every replica.
    "mutations_sync": "2",
    "lightweight_deletes_sync": "2",
    # NULL in a list is no match, as in standard SQL. (1 would let NULL IN (NULL) be true.)
    "transform_null_in": "0",
    # Rows of one insert become visible together, when it returns.
    "async_insert": "0",
}
"""What every query is run with, and why: answers are those of DuckDB."""


def type_of(value: object) -> str:
    """ClickHouse's type of a parameter."""
    if isinstance(value, bool):
        return "Bool"
    if isinstance(value, int):
        return "Int64"
    if isinstance(value, float):
        return "Float64"
    if isinstance(value, datetime):
        return "DateTime64(6, 'UTC')"
    if isinstance(value, date):
        return "Date32"
    if isinstance(value, list | tuple):
        return f"Array({type_of(value[0]) if value else 'String'})"
    return "Nullable(String)" if value is None else "String"


def translated(sql: str, values: Sequence[object]) -> str:
    """`sql` for ClickHouse; its parameters are named p0, p1 … in the order of `values`.

    >>> translated("SELECT count(*) AS n FROM voice WHERE contains(lower(text), ?)", ["慢"])
    'SELECT COUNT(*) AS n FROM voice WHERE POSITION(lowerUTF8(text), {p0: String}) > 0'
    """
    return _translated(sql, tuple(type_of(value) for value in values))


@lru_cache(maxsize=512)
def _translated(sql: str, types: tuple[str, ...]) -> str:
    tree: exp.Expr = sqlglot.parse_one(_numbered(sql), read="duckdb")
    for mark in list(tree.find_all(exp.Placeholder, exp.Parameter)):
        number = int(mark.name.removeprefix("p"))
        mark.replace(exp.Placeholder(this=f"p{number}", kind=types[number]))
    # An expression's arguments are walked before it, so that a rule never sees its own result again.
    for node in reversed(list(tree.walk(bfs=True))):
        rule = next((rule for kind, rule in _RULES.items() if isinstance(node, kind)), None)
        changed = rule(node) if rule else None
        if changed is not None:
            if node is tree:
                tree = changed
            else:
                node.replace(changed)
    for select in tree.find_all(exp.Select):
        for projection in select.expressions:
            _said_as_boolean(projection)
    text: str = tree.sql(dialect="clickhouse")
    return text


def _numbered(sql: str) -> str:
    """Each `?` as `$p0`, `$p1` … in the order of the text, which the tree does not keep."""
    marks = [token for token in sqlglot.tokenize(sql, read="duckdb") if token.token_type == TokenType.PLACEHOLDER]
    for number, mark in reversed(list(enumerate(marks))):
        sql = f"{sql[: mark.start]}$p{number}{sql[mark.end + 1 :]}"
    return sql


def _said_as_boolean(projection: exp.Expr) -> None:
    inner = projection.this if isinstance(projection, exp.Alias) else projection
    bare = inner.unnest()
    if isinstance(bare, exp.Predicate | exp.Not | exp.And | exp.Or | exp.Boolean) and not isinstance(bare, exp.SubqueryPredicate):
        inner.replace(exp.cast(inner.copy(), exp.DataType.build("Nullable(Bool)", dialect="clickhouse")))


def _named(name: str, *arguments: exp.Expr | None) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[one for one in arguments if one is not None])


def _quantile(node: exp.Expr) -> exp.Expr:
    share = exp.Literal.number("0.5") if isinstance(node, exp.Median) else node.expression
    return exp.ParameterizedAgg(this="quantileExactInclusive", expressions=[share], params=[node.this])


def _spread(node: exp.Expr) -> exp.Expr | None:
    """A spread of too few values is unknown, not NaN."""
    if isinstance(node.parent, exp.Window):
        return None
    return _named("if", _named("isNaN", node.copy()), exp.Null(), node.copy())


def _date(node: exp.Expr) -> exp.Expr | None:
    if node.this == exp.DataType.Type.DATE:
        return exp.DataType.build("Nullable(Date32)", dialect="clickhouse")
    if node.this == exp.DataType.Type.TIMESTAMPTZ:
        # Its DateTime has whole seconds and cannot read an offset.
        return exp.DataType.build("Nullable(DateTime64(6, 'UTC'))", dialect="clickhouse")
    return None


def _bracket(node: exp.Expr) -> exp.Expr | None:
    base = node.this
    if not isinstance(base, exp.Column) or base.name not in ("attributes", "conditions"):
        return None
    key = node.expressions[0]
    # Filters write coalesce(attributes[?], ''), with one parameter for the key: there the bare access says the same.
    if isinstance(node.parent, exp.Coalesce) and [one.sql() for one in node.parent.expressions] == ["''"]:
        return None
    return _named("if", _named("mapContains", base.copy(), key.copy()), node.copy(), exp.Null())


def _lists(node: exp.Expr) -> exp.Expr:
    return _named("groupArray", node.this)


def _part(node: exp.Expr) -> exp.Expr:
    # An array cannot be NULL there, so what is unknown has to be kept unknown by hand.
    pieces = _named("splitByString", node.args["delimiter"], _named("coalesce", node.this.copy(), exp.Literal.string("")))
    return _named("if", _named("isNull", node.this.copy()), exp.Null(), _named("arrayElement", pieces, node.args["part_index"]))


def _weekday(node: exp.Expr) -> exp.Expr:
    return exp.Mod(this=_named("toDayOfWeek", node.this), expression=exp.Literal.number(7))


def _extract(node: exp.Expr) -> exp.Expr | None:
    unit = node.name.lower()
    if unit == "isodow":
        return _named("toDayOfWeek", node.expression)
    if unit in ("dow", "dayofweek", "weekday"):
        return exp.Mod(this=_named("toDayOfWeek", node.expression), expression=exp.Literal.number(7))
    return None


def _difference(node: exp.Expr) -> exp.Expr:
    unit = exp.Literal.string(str(node.args["unit"].name).lower())
    return _named("dateDiff", unit, node.expression, node.this)


_RULES: Mapping[type[exp.Expr], Callable[[exp.Expr], exp.Expr | None]] = {
    exp.Lower: lambda node: _named("lowerUTF8", node.this),
    exp.Upper: lambda node: _named("upperUTF8", node.this),
    exp.Substring: lambda node: _named("substringUTF8", node.this, node.args.get("start"), node.args.get("length")),
    exp.Median: _quantile,
    exp.PercentileCont: _quantile,
    exp.Stddev: _spread,
    exp.StddevSamp: _spread,
    exp.Variance: _spread,
    exp.CovarSamp: _spread,
    exp.Corr: _spread,
    exp.DataType: _date,
    exp.Bracket: _bracket,
    exp.ArrayAgg: _lists,
    exp.LogicalOr: lambda node: _named("max", node.this),
    exp.LogicalAnd: lambda node: _named("min", node.this),
    exp.SplitPart: _part,
    exp.DayOfWeek: _weekday,
    exp.DayOfWeekIso: lambda node: _named("toDayOfWeek", node.this),
    exp.Extract: _extract,
    exp.IntDiv: lambda node: _named("intDiv", node.this, node.expression),
    exp.DateDiff: _difference,
}
