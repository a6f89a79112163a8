"""Every Japanese sentence of consult has its English one, and the compiled catalogue is current."""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import niwari_consult

PACKAGE = Path(niwari_consult.__file__).parent
FOLDER = PACKAGE / "translations/en/LC_MESSAGES"
METHODS = [("**.py", "python"), ("**.html", "jinja2")]


def sentences() -> set[str]:
    """The msgids in the package's Python files and templates."""
    found = extract_from_dir(PACKAGE, METHODS)
    return {as_tuple(message)[0] for _, _, message, _, _ in found}


def catalogue(kind: str) -> Catalog:
    with (FOLDER / f"messages.{kind}").open("rb") as file:
        return read_po(file, locale="en") if kind == "po" else read_mo(file)


def texts(kind: str) -> dict[str, tuple[str, ...]]:
    """The English texts by msgid: one, or one for each number."""
    return {
        as_tuple(message.id)[0]: as_tuple(message.string)
        for message in catalogue(kind)
        if message.id
    }


def as_tuple(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_sentences_are_found() -> None:
    assert {"相談する", "分野", "解決にする", "回答 %(num)d件"} <= sentences()


def test_each_sentence_has_its_english_one() -> None:
    english = texts("mo")
    assert set(english) == sentences()
    assert all(all(forms) for forms in english.values())


def test_the_compiled_catalogue_is_current() -> None:
    assert texts("mo") == texts("po")


def test_both_languages_have_the_same_places_for_values() -> None:
    for message in catalogue("po"):
        assert not list(message.check()), message.id
