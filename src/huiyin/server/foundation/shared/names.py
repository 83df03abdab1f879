"""Names under which something is remembered: they hold addresses and e-mails, which do not belong into a file beside the state."""

from __future__ import annotations

from hashlib import blake2b

from django.conf import settings


def hidden(name: str) -> str:
    """The name as 32 hexadecimal digits, which nobody without the secret key can find back by guessing addresses."""
    key = blake2b(settings.SECRET_KEY.encode(), digest_size=32).digest()
    return blake2b(name.encode("utf-8", "surrogatepass"), key=key, digest_size=16).hexdigest()
