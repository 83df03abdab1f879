"""At the start: the file that voices are read by is there, also after the data folder came back from a backup."""

from __future__ import annotations

from pathlib import Path

from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.services import reading_setup, set_taxonomy
from huiyin.server.understand.taxonomy.addresses import address_in_use
from huiyin.server.understand.taxonomy.models import TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import own_words

ORDER = 15
"""Before reading starts."""


def start() -> None:
    """Write the file again where it is gone or lies elsewhere now."""
    version = TaxonomyVersion.objects.filter(applied_at__isnull=False).first()
    if version is None:
        return
    address = address_in_use(version, own_words())
    now = reading_setup().taxonomy
    if now != address and not Path(now).is_file():
        with state_write():
            set_taxonomy(address)


def stop() -> None:
    """Nothing runs here."""
