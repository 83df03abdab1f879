from typing import Any

from django.db import migrations, models


def older_ones_wait(apps: Any, schema_editor: Any) -> None:
    """AMR came before there were copies; the daily job has them made."""
    apps.get_model("feedback", "Attachment").objects.filter(media_type__in=["audio/amr", "audio/amr-wb"]).update(player_state="waiting")


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0002_attachments"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="player",
            field=models.CharField(blank=True, db_index=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="attachment",
            name="player_state",
            field=models.CharField(
                choices=[("as_is", "原样播放"), ("waiting", "正在转格式"), ("done", "转好了"), ("failed", "转不了")], default="as_is", max_length=8
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="player_trouble",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(condition=models.Q(("player_state", "waiting")), fields=["id"], name="attachment_waits_for_copy"),
        ),
        migrations.RunPython(older_ones_wait, migrations.RunPython.noop, elidable=True),
    ]
