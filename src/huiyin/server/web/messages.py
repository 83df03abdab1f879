"""Gathers the words of the screens and brings the catalogues up to date: `python -m huiyin.server.web.messages`.

Source strings are simplified Chinese. `zh_Hant` is made from them by OpenCC with Taiwan's wording; `en` is written by hand, and what is
still missing there is printed.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from huiyin.server.web.catalogues import CONTEXT_END, PLURAL_END, SERVER, compile_catalogues, read_catalogue

CALLS = {
    "_": 0, "gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "pgettext": 1, "pgettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2,
}  # fmt: skip
HEADS = {
    "en": "Language: en\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
    "zh_Hant": "Language: zh_Hant\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n",
}


def catalogue_owners(server: Path = SERVER) -> list[Path]:
    """The folders that keep catalogues: every app, and `web` for the rest of the server."""
    return [server / "web", *sorted(file.parent for file in server.glob("*/*/apps.py"))]


def gathered(owner: Path, server: Path = SERVER) -> dict[str, str]:
    """Message → the first file of the owner that says it. `web` also owns what stands in no app."""
    files = [file for kind in ("*.py", "*.html", "*.txt") for file in owner.rglob(kind)]
    if owner == server / "web":
        files += [file for folder in ("api", "config") for file in (server / folder).rglob("*.py")] + list(server.glob("*.py"))
    found: dict[str, str] = {}
    for file in sorted(files):
        text = file.read_text(encoding="utf-8")
        for message in _in_python(text) if file.suffix == ".py" else _in_template(text, str(file)):
            found.setdefault(message, file.relative_to(server).as_posix())
    return found


def catalogue_of(owner: Path, language: str) -> Path:
    """Where the owner keeps the catalogue of a language."""
    return owner / "locale" / language / "LC_MESSAGES" / "django.po"


def missing(owner: Path, language: str, server: Path = SERVER) -> list[str]:
    """Messages of the owner that no catalogue translates yet; a word that `web` translates need not be repeated."""
    known: dict[str, str] = {}
    for one in {owner, server / "web"}:
        file = catalogue_of(one, language)
        known |= read_catalogue(file) if file.is_file() else {}
    return [message for message in gathered(owner, server) if message not in known]


def update(server: Path = SERVER) -> dict[str, list[str]]:
    """Rewrites every catalogue, sorted by file; returns what English still lacks, by owner."""
    from opencc import OpenCC

    traditional = OpenCC("s2twp")
    lacking = {}
    for owner in catalogue_owners(server):
        messages = gathered(owner, server)
        for language, head in HEADS.items():
            file = catalogue_of(owner, language)
            known = read_catalogue(file) if file.is_file() else {}
            if language == "zh_Hant":
                known = {message: traditional.convert(message.rpartition(CONTEXT_END)[2].partition(PLURAL_END)[0]) for message in messages}
            if messages:
                _write(file, head, messages, known)
        lacking[owner.relative_to(server).as_posix()] = missing(owner, "en", server)
    return lacking


def _write(file: Path, head: str, messages: dict[str, str], known: dict[str, str]) -> None:
    lines = ['msgid ""', 'msgstr ""', *(_quoted(f"{line}\n") for line in head.splitlines()), ""]
    for message, place in sorted(messages.items(), key=lambda pair: (pair[1], pair[0])):
        lines += [f"#: {place}", *_entry(message, known.get(message, "")), ""]
    text = "\n".join(lines)
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _in_python(text: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in CALLS:
            continue
        said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if CALLS[name] == 0 and said:
            found.append(said[0])
        elif CALLS[name] == 1 and len(said) > 1:
            found.append(said[0] + CONTEXT_END + said[1])
        elif CALLS[name] == 2 and len(said) > 1:
            found.append(said[0] + PLURAL_END + said[1])
    return found


def _in_template(text: str, origin: str) -> list[str]:
    from django.utils.translation.template import templatize

    calls = re.findall(r"(?:\bn?p?gettext|\b_)\((?:[^()\"']|u?\"(?:\\.|[^\"\\])*\"|u?'(?:\\.|[^'\\])*')*\)", templatize(text, origin=origin))
    found = []
    for call in calls:
        # A block may hold a per cent sign for a variable's place; templatize has already doubled and named them.
        found += _in_python(call)
    return found


def _entry(message: str, text: str) -> list[str]:
    context, _, message = message.rpartition(CONTEXT_END)
    single, _, plural = message.partition(PLURAL_END)
    lines = [f"msgctxt {_quoted(context)}"] if context else []
    lines.append(f"msgid {_quoted(single)}")
    if not plural:
        return [*lines, f"msgstr {_quoted(text)}"]
    forms = text.split(PLURAL_END)
    return [*lines, f"msgid_plural {_quoted(plural)}", *(f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms))]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def main() -> None:
    """Updates, compiles and reports."""
    import django
    from django.conf import settings

    settings.configure()
    django.setup()
    for owner, messages in update().items():
        print(f"{owner}: {len(messages)} missing in English" if messages else f"{owner}: complete")
        for message in messages:
            print(f"  {message.replace(CONTEXT_END, ' | ').replace(PLURAL_END, ' | ')}")
    compile_catalogues(SERVER)


if __name__ == "__main__":
    main()
