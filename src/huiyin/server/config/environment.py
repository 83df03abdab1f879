"""What the operator states in environment variables, read once into a value. The reference page lists them all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that differs between two installations."""

    data: Path
    secret_key: str
    database: str
    facts: str
    facts_memory: str
    url: str
    hosts: tuple[str, ...]
    demo: bool
    debug: bool
    proxies: int
    body_limit: int
    time_zone: str
    api_rate: str
    oidc_url: str
    oidc_client: str
    oidc_secret: str
    oidc_name: str
    oidc_domains: tuple[str, ...]

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> Environment:
        """The environment that the variables `HUIYIN_*` describe.

        >>> here = Environment.read({"HUIYIN_DATA": "/srv/huiyin"})
        >>> here.facts, here.is_local, here.host
        ('/srv/huiyin/facts.duckdb', True, '127.0.0.1')
        """

        def said(name: str, otherwise: str = "") -> str:
            return variables.get(f"HUIYIN_{name}", "").strip() or otherwise

        def listed(name: str) -> tuple[str, ...]:
            return tuple(one.strip() for one in said(name).split(",") if one.strip())

        data = Path(said("DATA", "data")).expanduser().absolute()
        return cls(
            data=data,
            secret_key=said("SECRET_KEY") or _kept_secret(data),
            database=said("DATABASE"),
            facts=said("FACTS", str(data / "facts.duckdb")),
            facts_memory=said("FACTS_MEMORY", f"{_quarter_of_the_memory()}MB"),
            url=said("URL", "http://127.0.0.1:8000").rstrip("/"),
            hosts=listed("HOSTS"),
            demo=said("DEMO") in ("1", "true", "yes"),
            debug=said("DEBUG") in ("1", "true", "yes"),
            proxies=int(said("PROXIES", "0")),
            body_limit=int(said("BODY_LIMIT_MB", "25")) * MEGABYTE,
            time_zone=said("TIMEZONE", "Asia/Shanghai"),
            api_rate=said("API_RATE", "600/m"),
            oidc_url=said("OIDC_URL"),
            oidc_client=said("OIDC_CLIENT"),
            oidc_secret=said("OIDC_SECRET"),
            oidc_name=said("OIDC_NAME", "OIDC"),
            oidc_domains=tuple(one.lower() for one in listed("OIDC_DOMAINS")),
        )

    @property
    def address(self) -> SplitResult:
        """The public address, taken apart."""
        return urlsplit(self.url)

    @property
    def host(self) -> str:
        """The public host name, without port."""
        return self.address.hostname or ""

    @property
    def is_local(self) -> bool:
        """Whether the public address is this machine only."""
        return self.host in LOOPBACK

    @property
    def allowed_hosts(self) -> list[str]:
        """Host names the server answers to."""
        local = ["127.0.0.1", "localhost", "[::1]"] if self.is_local else []
        return list(dict.fromkeys([self.host, *self.hosts, *local]))


def _quarter_of_the_memory() -> int:
    """Megabytes; at least one thousand."""
    return max(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // MEGABYTE, 1000)


def secret_file(data: Path) -> Path:
    """Where the server keeps the secret key that it drew itself."""
    return data / "secret.key"


def _kept_secret(data: Path) -> str:
    file = secret_file(data)
    return file.read_text(encoding="ascii").strip() if file.is_file() else ""


def database_settings(environment: Environment) -> dict[str, object]:
    """The state database as Django wants it: SQLite in the data folder, or the PostgreSQL that the URL names.

    Raises:
        ValueError: the URL is of another kind.
    """
    if not environment.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": environment.data / "state.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA secure_delete=ON;",
            },
        }
    url = urlsplit(environment.database)
    if url.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"HUIYIN_DATABASE: 只认 postgres:// 地址。Only postgres:// addresses are known, not {url.scheme}://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
