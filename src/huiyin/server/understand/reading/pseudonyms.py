"""Customers by keyed hashes. The key is HUIYIN_PSEUDONYM_KEY, as on the command line, or derived from the server's secret key."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable

from django.conf import settings

from huiyin.server.collect.sources.sealing import seal, unseal
from huiyin.server.understand.reading.models import Pseudonym


def _key() -> bytes:
    given = os.environ.get("HUIYIN_PSEUDONYM_KEY", "").encode()[:64]
    return given or hmac.new(settings.SECRET_KEY.encode(), b"huiyin pseudonyms 1", hashlib.sha256).digest()


def pseudonym(customer: str) -> str:
    """The pseudonym of a customer: the same key gives the same, in every run."""
    return "c" + hashlib.blake2b(customer.encode("utf-8", "replace"), key=_key(), digest_size=8).hexdigest()


def keep_names(customers: Iterable[tuple[str, str]]) -> None:
    """Remember (pseudonym, customer) sealed; inside the caller's transaction."""
    wanted = dict(customers)
    known = set(Pseudonym.objects.filter(name__in=wanted).values_list("name", flat=True))
    fresh = [Pseudonym(name=name, sealed=seal(customer)) for name, customer in wanted.items() if name not in known]
    Pseudonym.objects.bulk_create(fresh, ignore_conflicts=True)


def name_behind(name: str) -> str | None:
    """The customer behind a pseudonym. The caller has checked the right to unmask and writes the audit row."""
    row = Pseudonym.objects.filter(name=name).first()
    return unseal(row.sealed) or None if row else None
