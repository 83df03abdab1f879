from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("taxonomy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DroppedDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.JSONField()),
                ("base", models.PositiveIntegerField()),
                ("again", models.PositiveIntegerField(default=0)),
                ("steps", models.PositiveIntegerField()),
                ("dropped_by_name", models.CharField(max_length=200)),
                ("dropped_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.AddField(
            model_name="taxonomyversion",
            name="dropped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="taxonomyversion",
            name="dropped_by_name",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
