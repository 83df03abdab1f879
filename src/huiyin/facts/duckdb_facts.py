"""The facts in one DuckDB file, or in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from huiyin.facts.filters import Filter
from huiyin.facts.schema import FEEDBACK, MENTION
from huiyin.facts.store import _TYPES
from huiyin.facts.views import with_views

_INTERNAL = "unit UBIGINT, day DATE, counted BOOLEAN"
_UNIT = "md5_number_lower(CASE WHEN customer_id IS NULL THEN 'f:' || feedback_id ELSE 'c:' || customer_id END)"


class DuckDBFacts:
    """Feedback and mentions, with three columns of their own: `unit`, `day` (local) and `counted` (no copy of another one)."""

    def __init__(self, path: Path | None = None, time_zone: str = "Asia/Shanghai") -> None:
        self._connection = duckdb.connect(str(path) if path else ":memory:")
        self._connection.execute("SET enable_progress_bar = false")
        self._zone = time_zone
        for name, schema in (("feedback", FEEDBACK), ("mention", MENTION)):
            columns = ", ".join(f'"{field.name}" {_TYPES[field.type]}' for field in schema)
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}, {_INTERNAL})")

    def append(self, feedback: pa.Table, mentions: pa.Table) -> None:
        """Append a batch of both tables in one transaction; columns are matched by name."""
        run = self._connection.execute
        self._connection.register("new_feedback", feedback)
        self._connection.register("new_mention", mentions)
        day = f"CAST(occurred_at AT TIME ZONE '{self._zone}' AS DATE)"
        run("BEGIN")
        run(f"INSERT INTO feedback BY NAME SELECT *, {_UNIT} AS unit, {day} AS day, duplicate_of IS NULL AS counted FROM new_feedback")
        run(
            f"INSERT INTO mention BY NAME SELECT m.*, {_UNIT.replace('customer_id', 'm.customer_id').replace('feedback_id', 'm.feedback_id')} AS unit, "
            f"CAST(m.occurred_at AT TIME ZONE '{self._zone}' AS DATE) AS day, f.duplicate_of IS NULL AS counted "
            "FROM new_mention m JOIN new_feedback f USING (feedback_id)"
        )
        run("COMMIT")

    def query(self, sql: str, parameters: Sequence[object] = (), where: Filter | None = None) -> pa.Table:
        """Rows of a query over `voice` and `opinion` as an Arrow table."""
        text, values = with_views(sql, where)
        return self._connection.sql(text, params=[*values, *parameters]).to_arrow_table()
