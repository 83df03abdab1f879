"""Sealed messages of 飞书 and 企业微信: AES-256-CBC, each with its own way of making the key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huiyin.server.collect.sources.webhook.signatures import NotGenuine

_ENCRYPT = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=\s]+?)(?:\]\]>)?\s*</Encrypt>")
_ELEMENT = re.compile(r"<(\w{1,40})>\s*(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))\s*</\1>", re.DOTALL)


def opened_lark(said: Any, secrets: Mapping[str, Any]) -> Any:
    """A 飞书 body in clear; given back as it is where it is not sealed.

    Raises:
        NotGenuine: it cannot be opened with the Encrypt Key.
    """
    if not isinstance(said, dict) or "encrypt" not in said:
        return said
    key = hashlib.sha256(str(secrets.get("secret", "")).encode()).digest()
    sealed = _unbased(str(said["encrypt"]))
    try:
        return json.loads(_opened(key, sealed[:16], sealed[16:]))
    except ValueError:
        raise NotGenuine("the message cannot be opened") from None


def sealed_wecom(body: bytes) -> str:
    """The sealed part of a 企业微信 message, XML or JSON. The XML is not parsed: only the one element is looked for."""
    if found := _ENCRYPT.search(body):
        return found[1].decode().strip()
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict) and isinstance(said.get("encrypt"), str):
        return str(said["encrypt"])
    raise NotGenuine("the body holds no sealed message")


def opened_wecom(sealed: str, secrets: Mapping[str, Any]) -> str:
    """The message in clear: 16 random bytes, the length, the message, whom it is for.

    Raises:
        NotGenuine: it cannot be opened with the EncodingAESKey, or is for somebody else.
    """
    key = _unbased(str(secrets.get("secret", "")) + "=")
    if len(key) != 32:
        raise NotGenuine("the EncodingAESKey has not 43 characters")
    clear = _opened(key, key[:16], _unbased(sealed))
    length = int.from_bytes(clear[16:20], "big")
    receiver = clear[20 + length :].decode("utf-8", "replace")
    if len(clear) < 20 + length or (secrets.get("receiver") and receiver != secrets["receiver"]):
        raise NotGenuine("the message is for somebody else")
    return clear[20 : 20 + length].decode("utf-8", "replace")


def flat_xml(text: str) -> dict[str, str]:
    """The elements of a flat message by name. Entities are not resolved, so nothing can be smuggled in by them."""
    return {match[1]: match[2] if match[2] is not None else match[3] for match in _ELEMENT.finditer(text.replace("<xml>", "").replace("</xml>", ""))}


def _unbased(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()))
    except (ValueError, binascii.Error):
        raise NotGenuine("the message is no Base64") from None


def _opened(key: bytes, start: bytes, sealed: bytes) -> bytes:
    try:
        decryptor = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
        clear = decryptor.update(sealed) + decryptor.finalize()
    except ValueError:
        raise NotGenuine("the message cannot be opened") from None
    padding = clear[-1] if clear else 0
    if not 1 <= padding <= 32 or padding > len(clear):
        raise NotGenuine("the message cannot be opened")
    return clear[:-padding]
