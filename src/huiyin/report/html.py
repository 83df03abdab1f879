"""The report page: one HTML file that opens offline and asks nothing of the network.

Customer text is hostile until shown otherwise. It travels as JSON in a data block, with every character that could
end the block escaped; the page's script puts it on screen as text nodes only; and a content security policy lets
nothing run but that one script, named by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import os
import tempfile
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from huiyin.insight.findings import Findings

_ASSETS = files("huiyin.report") / "assets"
_ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


class AssetsMissing(RuntimeError):
    """The page's script and stylesheet were not built."""


def write_html(findings: Findings, path: Path) -> None:
    """Write the report of `findings` to `path`, replacing what was there only once the new file is whole."""
    page = _page(findings).encode("utf-8", errors="replace")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(page)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _page(findings: Findings) -> str:
    script = _built("report.js")
    template = Template((_ASSETS / "report.html").read_text(encoding="utf-8"))
    return template.substitute(
        policy=_policy(script),
        title=html.escape(f"{findings.title} · 回音"),
        style=_built("report.css"),
        findings=escape_json(findings.as_dict()),
        script=script,
    )


def escape_json(value: Any) -> str:
    """JSON that cannot end the `<script>` element around it, nor be read as anything but data.

    NaN and infinities, which JSON does not know, become null.

    >>> escape_json({"text": "</script><!--"})
    '{"text":"\\\\u003c/script\\\\u003e\\\\u003c!--"}'
    """
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    rules = (
        "default-src 'none'",
        f"script-src 'sha256-{digest}'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    )
    return "; ".join(rules)


def _built(name: str) -> str:
    """Text of a built asset, with the line ends the browser will see, so that its hash holds."""
    asset = _ASSETS / "build" / name
    if not asset.is_file():
        raise AssetsMissing(
            f"报告页面的 {name} 还没有构建。在仓库根目录运行 npm ci && npm run build，或重新安装本软件。\n"
            f"The report page's {name} has not been built. Run `npm ci && npm run build` in the repository, "
            "or install the package again."
        )
    text = asset.read_text(encoding="utf-8").replace("\r\n", "\n").replace("\r", "\n")
    if any(end in text.lower() for end in ("</script", "</style", "<!--")):
        raise AssetsMissing(f"{name} holds the end of an HTML element and cannot be inlined; build it again.")
    return text


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
