"""The database's own refusal to change or remove audit rows: triggers, made by a migration."""

from __future__ import annotations

from typing import Any

TABLE = "audit_auditentry"


def make_guards(schema_editor: Any) -> None:
    """Makes the triggers on SQLite or PostgreSQL."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION 'audit rows are never changed or removed'; END; $$ LANGUAGE plpgsql"
        )
        schema_editor.execute(f"CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_refuse()")
        return
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER audit_kept_{verb.lower()} BEFORE {verb} ON {TABLE} "
            "BEGIN SELECT RAISE(ABORT, 'audit rows are never changed or removed'); END"
        )


def drop_guards(schema_editor: Any) -> None:
    """Takes the triggers away, for a migration back and for tests that empty the database."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS audit_kept ON {TABLE}")
        return
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS audit_kept_{verb}")
