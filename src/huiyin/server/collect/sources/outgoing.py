"""The one way out to other servers' HTTP. An address that a person typed must not reach into our own network.

The name is resolved here, every address it has is checked, and the connection goes to the address that was checked: a name that answers
differently the second time gains nothing. Redirects are followed by hand, each checked anew. Hosts that the operator trusts stand in
HUIYIN_OUTGOING_ALLOW (names or networks, comma-separated).
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from huiyin.server.collect.sources.adapter import SourceRefused

TIMEOUT = 20.0
LONGEST = 60.0
LARGEST = 20 * 1024 * 1024
REDIRECTS = 4
_CHUNK = 64 * 1024
_EMBEDDED = ipaddress.ip_network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def allowed() -> tuple[str, ...]:
    """What the operator trusts."""
    return tuple(one.strip().lower() for one in os.environ.get("HUIYIN_OUTGOING_ALLOW", "").split(",") if one.strip())


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet. What an IPv6 address carries inside counts as itself.

    >>> is_public("93.184.215.14"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    found: Address = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped
        if inside is None and found in _EMBEDDED:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is None and found in _SIX_TO_FOUR:
            inside = ipaddress.IPv4Address((int(found) >> 80) & 0xFFFFFFFF)
        if inside is not None:
            found = inside
    return found.is_global and not found.is_multicast and not found.is_reserved


def checked_address(host: str, port: int) -> str:
    """The address to connect to.

    Raises:
        SourceRefused: the name is not known, or one of its addresses lies within our own network.
    """
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise SourceRefused(f"找不到主机 {host}", f"The host {host} is not known", passing=True) from None
    trusted = allowed()
    for address in found:
        if not is_public(address) and not _trusted(host, address, trusted):
            raise SourceRefused(
                f"{host} 是内部地址，不能访问；确实要访问，请管理员写进 HUIYIN_OUTGOING_ALLOW",
                f"{host} is an internal address and is not visited; if it is meant, the operator names it in HUIYIN_OUTGOING_ALLOW",
            )
    return found[0]


def _trusted(host: str, address: str, trusted: tuple[str, ...]) -> bool:
    if host.lower() in trusted:
        return True
    plain = ipaddress.ip_address(address.split("%")[0])
    for one in trusted:
        try:
            if plain in ipaddress.ip_network(one, strict=False):
                return True
        except ValueError:
            continue
    return False


def fetch(url: str, *, headers: Mapping[str, str] | None = None, largest: int = LARGEST, body: bytes | None = None) -> Answer:
    """GET an address, following redirects to other allowed ones; with a `body`, POST it, and follow none. Credentials stay with the first host.

    Raises:
        SourceRefused: not HTTP, an internal address, too large, too slow, or no answer. The message holds no query of the address.
    """
    end = time.monotonic() + LONGEST
    sent = dict(headers or {})
    for _ in range(REDIRECTS + 1):
        answer = _once(url, sent, largest, end, body)
        if body is not None or answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
            return answer
        following = urljoin(url, answer.headers["location"])
        if urlsplit(following)[:2] != urlsplit(url)[:2]:
            sent = {name: value for name, value in sent.items() if name.lower() not in ("authorization", "cookie")}
        url = following
    raise SourceRefused("转来转去没有结果", "It redirects without end")


def _once(url: str, headers: Mapping[str, str], largest: int, end: float, body: bytes | None = None) -> Answer:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceRefused("地址要以 http:// 或 https:// 开头", "The address has to begin with http:// or https://")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise SourceRefused("地址里的端口不对", "The port of the address is wrong") from None
    address = checked_address(parts.hostname, port)
    connection = _Connection(parts.hostname, port, address, parts.scheme == "https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET" if body is None else "POST", path, body, headers={"User-Agent": "Huiyin", "Accept-Encoding": "identity", **headers})
        response = connection.getresponse()
        said = _body(response, largest, end, parts.hostname)
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, said, url)
    except ssl.SSLError as error:
        raise SourceRefused(
            f"{parts.hostname} 的证书不可信：{error.reason}", f"The certificate of {parts.hostname} is not trusted: {error.reason}"
        ) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        kind = type(error).__name__
        raise SourceRefused(f"{parts.hostname} 没有应答（{kind}）", f"{parts.hostname} does not answer ({kind})", passing=True) from None
    finally:
        connection.close()


def _body(response: http.client.HTTPResponse, largest: int, end: float, host: str) -> bytes:
    pieces, size = [], 0
    while piece := response.read1(_CHUNK):
        size += len(piece)
        if size > largest:
            raise SourceRefused(f"{host} 发来的超过 {largest // 1048576} MB", f"{host} sends more than {largest // 1048576} MB")
        if time.monotonic() > end:
            raise SourceRefused(f"{host} 太慢", f"{host} is too slow", passing=True)
        pieces.append(piece)
    return b"".join(pieces)


class _Connection(http.client.HTTPConnection):
    """Goes to the address that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, encrypted: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address, self._encrypted = address, encrypted

    def connect(self) -> None:
        """Connect, and with HTTPS check the certificate against the name."""
        plain = socket.create_connection((self._address, self.port), TIMEOUT)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._encrypted else plain
