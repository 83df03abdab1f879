"""The report file as bytes: self-contained, and nothing in the data can become part of the page."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.sample import HOSTILE, bare_findings, sample_findings, tied_at_the_top, without_scores_dates_customers

from huiyin.report import html as page_module
from huiyin.report import write_html
from huiyin.report.html import AssetsMissing, escape_json


def written(tmp_path: Path, findings: object = None) -> str:
    path = tmp_path / "report.html"
    write_html(findings or sample_findings(), path)  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="findings">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_the_data_comes_back_as_it_went_in(tmp_path: Path) -> None:
    findings = sample_findings()
    assert data_of(written(tmp_path)) == json.loads(json.dumps(findings.as_dict()))


def test_hostile_text_stays_inside_its_data_block(tmp_path: Path) -> None:
    page = written(tmp_path)
    assert page.count("</script>") == 2
    assert "<img" not in page
    assert HOSTILE in json.dumps(data_of(page), ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize("text", ["<", ">", "&", "\u2028", "\u2029", "</script>", "<!--"])
def test_dangerous_characters_never_appear_raw(text: str) -> None:
    escaped = escape_json({"text": text})
    assert text not in escaped
    assert json.loads(escaped) == {"text": text}


def test_numbers_that_json_does_not_know_become_null() -> None:
    assert json.loads(escape_json([math.nan, math.inf, -math.inf, 1.5])) == [None, None, None, 1.5]


def test_a_lone_surrogate_does_not_stop_the_report(tmp_path: Path) -> None:
    page = written(tmp_path, replace(sample_findings(), title="坏\ud800字"))
    assert "坏?字" in page


def test_a_hostile_title_is_escaped_in_the_head(tmp_path: Path) -> None:
    page = written(tmp_path, replace(sample_findings(), title="</title><script>alert(1)</script>"))
    assert "<title>&lt;/title&gt;&lt;script&gt;" in page


def test_the_policy_names_the_one_script_by_its_hash(tmp_path: Path) -> None:
    page = written(tmp_path)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    script = re.search(r"<script>(.*)</script>\n</body>", page, re.DOTALL)
    assert policy
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'")
    assert "connect-src" not in policy[1]
    assert "unsafe-eval" not in policy[1]


def test_nothing_is_loaded_from_anywhere(tmp_path: Path) -> None:
    page = written(tmp_path)
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=(?![\"']?data:)", page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    assert all(target.startswith("data:") for target in re.findall(r"url\([\"']?([^)]{0,20})", style[1]))
    assert "@import" not in style[1]


def test_the_same_findings_write_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path) == written(tmp_path)


@pytest.mark.parametrize("make", [tied_at_the_top, without_scores_dates_customers, bare_findings])
def test_every_variant_is_written(tmp_path: Path, make: object) -> None:
    assert data_of(written(tmp_path, make()))  # type: ignore[operator]


def test_missing_assets_are_named_with_the_command_that_builds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "_ASSETS", tmp_path)
    with pytest.raises(AssetsMissing, match="npm ci && npm run build"):
        write_html(sample_findings(), tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()
