"""The start gate: what makes the server refuse to start, said in both languages."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from huiyin.server.config.environment import Environment

DEMO_SECRETS = ("huiyin", "demo", "secret", "changeme", "django-insecure", "insecure", "password", "test")
"""Words that begin the keys and make up the passwords that circulate in examples."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to start."""

    code: str
    chinese: str
    english: str

    def __str__(self) -> str:
        return f"{self.chinese}\n  {self.english}"


def refusals(environment: Environment) -> list[Refusal]:
    """Why the server must not start like this; empty when it may."""
    return [*_secret(environment), *_openness(environment), *_folder(environment)]


def _secret(environment: Environment) -> list[Refusal]:
    key, found = environment.secret_key, []
    if len(key) < 50 or len(set(key)) < 5 or key.lower().startswith(DEMO_SECRETS):
        found.append(
            Refusal(
                "huiyin.E001",
                "HUIYIN_SECRET_KEY 太短，或是示例里的密钥。换成 50 个以上随机字符；不设则自动生成，保存在数据文件夹。",
                "HUIYIN_SECRET_KEY is short or taken from an example. Give 50 or more random characters, or leave it out: one is drawn and kept.",
            )
        )
    if environment.database and not environment.demo:
        password = unquote(urlsplit(environment.database).password or "").lower()
        if password in (*DEMO_SECRETS, "postgres"):
            found.append(
                Refusal(
                    "huiyin.E002",
                    "HUIYIN_DATABASE 里是示例密码。换一个只有这里用的密码。",
                    "HUIYIN_DATABASE holds a password from an example. Choose one used nowhere else.",
                )
            )
    return found


def _openness(environment: Environment) -> list[Refusal]:
    found = []
    if environment.debug and not environment.is_local:
        found.append(
            Refusal(
                "huiyin.E003",
                "调试方式（HUIYIN_DEBUG）会把内部信息给任何人看，只能在本机地址上用。去掉它，或把 HUIYIN_URL 改成 127.0.0.1。",
                "HUIYIN_DEBUG shows internals to anybody and is for this machine only. Remove it, or let HUIYIN_URL be 127.0.0.1.",
            )
        )
    if environment.demo and not environment.is_local:
        found.append(
            Refusal(
                "huiyin.E004",
                "演示数据的登录密码是公开的，不能放到网上。去掉 HUIYIN_DEMO，或把 HUIYIN_URL 改成 127.0.0.1。",
                "The demo's passwords are public, so it must stay on this machine. Remove HUIYIN_DEMO, or let HUIYIN_URL be 127.0.0.1.",
            )
        )
    if environment.address.scheme not in ("http", "https") or not environment.host:
        found.append(
            Refusal(
                "huiyin.E005",
                f"HUIYIN_URL 不是网址：{environment.url}。写成 https://voc.example.com 这样。",
                f"HUIYIN_URL is no address: {environment.url}. Write it like https://voc.example.com.",
            )
        )
    return found


def _folder(environment: Environment) -> list[Refusal]:
    if not environment.data.is_dir():
        return []
    mode = stat.S_IMODE(environment.data.stat().st_mode)
    if not mode & 0o007:
        return []
    return [
        Refusal(
            "huiyin.E006",
            f"数据文件夹别人也能读：{environment.data}（{mode:o}）。运行 chmod 700 '{environment.data}'。",
            f"Anybody on this machine can read the data folder: {environment.data} ({mode:o}). Run chmod 700 '{environment.data}'.",
        )
    ]
