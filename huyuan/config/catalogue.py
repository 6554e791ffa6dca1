"""The message catalogue without the gettext programs: extract, update, check, compile."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(settings.BASE_DIR) / "huyuan"
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "gettext_noop": None,
            "pgettext_lazy": ((1, "c"), 2), "_": None}  # fmt: skip
INTERFACE = PACKAGE / "api"
FORMAT_FLAG = "python-format"
PLACE = re.compile(r"%\(\w+\)[sd]")


def sources() -> Iterator[Path]:
    """Every file that may hold sentences for people."""
    for pattern in ("*.py", "*.html", "*.txt"):
        for path in sorted(PACKAGE.rglob(pattern)):
            if not {"tests", "migrations", "locale", "static"} & set(path.relative_to(PACKAGE).parts):
                yield path


def extracted() -> Catalog:
    """The sentences that stand in the code and the templates now."""
    catalog = Catalog(locale="zh_Hans", charset="utf-8")
    for path in sources():
        text = path.read_text(encoding="utf-8")
        code = text if path.suffix == ".py" else _unindented(templatize(text, origin=path.name))
        place = path.relative_to(settings.BASE_DIR).as_posix()
        if path.suffix == ".py" and path.is_relative_to(INTERFACE):
            for sentence in operations(text):
                catalog.add(sentence, locations=[(place, 0)])
        for _number, message, _comments, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            flags = [FORMAT_FLAG] if "%(" in str(message) else []
            catalog.add(message, locations=[(place, 0)], context=context, flags=flags)
    return catalog


def operations(code: str) -> Iterator[str]:
    """What the operations of the REST interface say of themselves: its page shows it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and any(map(_is_route, node.decorator_list)):
            yield ast.get_docstring(node) or ""


def _is_route(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in {"get", "post", "put", "patch", "delete"}


def _unindented(code: str) -> str:
    return "\n".join(line.strip() for line in code.splitlines())


def standing() -> Catalog:
    """The catalogue as it is kept."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans", charset="utf-8")


def is_said(message: Message) -> bool:
    """Whether every form of a message has its translation."""
    forms = [message.string] if isinstance(message.string, str) else message.string
    return bool(forms and all(forms))


def update(*others: Path) -> Catalog:
    """Bring the catalogue in step with the code, keeping translations; other catalogues may lend theirs."""
    catalog, wanted = standing(), extracted()
    for path in others:
        with path.open("rb") as file:
            for message in read_po(file, charset="utf-8"):
                known = catalog.get(message.id, message.context) if message.id else None
                if known is not None and not is_said(known):
                    known.string = message.string
                elif message.id and known is None:
                    catalog.add(message.id, message.string, context=message.context)
    catalog.update(wanted, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        write_po(file, catalog, width=0, sort_output=True, omit_header=False, include_lineno=False, no_location=True)
    return catalog


def problems() -> list[str]:
    """Sentences without a translation, with an uncertain one, or whose places for facts differ."""
    catalog, found = standing(), []
    for wanted in extracted():
        if not wanted.id:
            continue
        message = catalog.get(wanted.id, wanted.context)
        if message is None or not is_said(message):
            found.append(f"no translation: {wanted.id}")
        elif message.fuzzy:
            found.append(f"uncertain translation: {wanted.id}")
        else:
            found += [f"{error}: {wanted.id}" for error in places_that_differ(message)]
    return found


def places_that_differ(message: Message) -> list[str]:
    """Named places for facts that stand in one language only."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    named = [set(PLACE.findall(text)) for text in (*ids, *strings)]
    return [] if all(names == named[-1] for names in named) else ["places for facts differ"]


def compile_catalogue() -> None:
    """Write the binary catalogue that Django reads."""
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, standing())
