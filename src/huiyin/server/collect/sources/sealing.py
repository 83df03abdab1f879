"""Secrets at rest: sealed with a key derived from the server's secret key (Fernet: AES-128-CBC with HMAC-SHA256)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

SHOWN = "••••••"
"""Stands in a form where a secret is kept; sent back unchanged it means: leave it."""


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (hmac.new(key.encode(), b"huiyin sealing 1", hashlib.sha256).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in derived])


def seal(value: str) -> str:
    """A secret as it may be stored."""
    return _box().encrypt(value.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret; empty where the server's key is another one than that it was sealed with."""
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""


def seal_values(values: dict[str, Any]) -> str:
    """Several secrets in one seal."""
    return seal(json.dumps(values, ensure_ascii=False)) if values else ""


def unseal_values(sealed: str) -> dict[str, Any]:
    """The secrets of a seal."""
    said = unseal(sealed)
    return dict(json.loads(said)) if said else {}


class HoldsSecrets:
    """Of a model with a column `sealed`: its secret fields, in clear, for adapters alone."""

    sealed: Any

    @property
    def secrets(self) -> dict[str, Any]:
        """The secret fields, in clear; for adapters alone."""
        return unseal_values(self.sealed)

    @secrets.setter
    def secrets(self, values: dict[str, Any]) -> None:
        self.sealed = seal_values(values)
