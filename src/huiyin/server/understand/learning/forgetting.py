"""What learning keeps of a voice: the ids among the examples of a preview."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from huiyin.server.understand.learning.models import Candidate

NAMES = {"training_examples": _("训练预览里的例子")}
"""The places, as a receipt calls them."""


def forget(customer: str, feedback_ids: Sequence[str]) -> dict[str, int]:
    """Take the ids of these voices out of every preview; inside the caller's transaction. The next training does without them anyhow."""
    gone, count = set(feedback_ids), 0
    for one in Candidate.objects.exclude(preview={}).only("pk", "preview"):
        examples = one.preview.get("examples", [])
        kept = [example for example in examples if example["id"] not in gone]
        if len(kept) < len(examples):
            count += len(examples) - len(kept)
            Candidate.objects.filter(pk=one.pk).update(preview={**one.preview, "examples": kept})
    return {"training_examples": count}
