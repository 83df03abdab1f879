"""Triggers with which the database itself refuses to change or remove audit rows."""

from typing import Any

from django.db import migrations

from huiyin.server.foundation.audit.guards import drop_guards, make_guards


def forwards(apps: Any, schema_editor: Any) -> None:
    make_guards(schema_editor)


def backwards(apps: Any, schema_editor: Any) -> None:
    drop_guards(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
