"""English catalogues: gathered from the sources, kept, compiled, and told where something lacks."""

from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo

from niwari.scaffold.catalogue import FOLDER, missing, renew, stale, updated


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with a text in a template and another in Python."""
    page = tmp_path / "tea" / "niwari_tea" / "templates" / "tea" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text('{{ _("お茶") }}', encoding="utf-8")
    package = tmp_path / "tea" / "niwari_tea"
    (package / "views.py").write_text(
        'a = ngettext("%(num)d杯", "%(num)d杯", 2)\n', encoding="utf-8"
    )
    (package / "plugin.toml").write_text("", encoding="utf-8")
    return package


def write_english(package: Path, ja: str, en: str) -> None:
    path = package / FOLDER / "messages.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(f'msgid "{ja}"\nmsgstr ""', f'msgid "{ja}"\nmsgstr "{en}"'), encoding="utf-8"
    )


def test_what_lacks_english_is_told_until_it_is_written(package: Path, run: Any) -> None:
    code, output = run("translate", package.parent)
    assert code == 1
    assert "no English for: %(num)d杯\nno English for: お茶\n" in output
    assert "messages.po" in output.splitlines()[-1]

    write_english(package, "お茶", "Tea")
    code, output = run("translate", package.parent)
    assert (code, output.count("no English for")) == (1, 1)
    assert missing(updated(package)) == ["%(num)d杯"]


def test_given_english_completes_it_and_the_compiled_file_has_it(package: Path, run: Any) -> None:
    assert renew(package, {"お茶": "Tea", "%(num)d杯": ["%(num)d cup", "%(num)d cups"]}) == []
    with (package / FOLDER / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    message = compiled.get("お茶")
    assert message is not None
    assert message.string == "Tea"
    assert stale(package, updated(package)) == []
    assert run("translate", package) == (0, "niwari_tea: every text has its English.\n")


def test_what_people_wrote_is_kept_and_what_is_gone_falls_away(package: Path) -> None:
    renew(package, {"お茶": "Tea", "%(num)d杯": ["a", "b"]})
    (package / "views.py").write_text('b = gettext("お菓子")\n', encoding="utf-8")
    assert stale(package, updated(package)) == ["messages.po", "messages.mo"]
    assert renew(package, {"お茶": "Another tea"}) == ["お菓子"]
    catalog = updated(package)
    texts = {str(message.id): message.string or "" for message in catalog if message.id}
    assert texts == {"お茶": "Tea", "お菓子": ""}


def test_a_text_that_gets_a_plural_or_loses_it_wants_its_english_anew(package: Path) -> None:
    renew(package, {"お茶": "Tea", "%(num)d杯": ["a", "b"]})
    (package / "views.py").write_text('b = gettext("%(num)d杯")\n', encoding="utf-8")
    page = package / "templates" / "tea" / "page.html"
    page.write_text('{{ ngettext("お茶", "お茶", 2) }}', encoding="utf-8")
    assert renew(package) == ["%(num)d杯", "お茶"]
    assert renew(package, {"お茶": ["Tea", "Teas"], "%(num)d杯": "cups"}) == []


def test_what_translators_noted_is_kept(package: Path) -> None:
    renew(package)
    path = package / FOLDER / "messages.po"
    text = path.read_text(encoding="utf-8")
    noted = text.replace("#: templates", "# green tea, not black\n#: templates")
    path.write_text(f"# By the reading circle.\n{noted}", encoding="utf-8")
    renew(package)
    kept = path.read_text(encoding="utf-8")
    assert kept.startswith("# By the reading circle.\n")
    assert "# green tea, not black\n" in kept
    assert stale(package, updated(package)) == []


@pytest.mark.parametrize(
    "content",
    [
        'msgid "お茶"\nmsgstr "茶"\n'.encode("cp932"),
        '<<<<<<< HEAD\nmsgid "お茶"\nmsgstr "Tea"\n'.encode(),
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=x\\n"\n\nmsgid "お茶"\nmsgstr ""\n'.encode(),
    ],
    ids=["saved as CP932", "left in conflict", "of an unknown encoding"],
)
def test_a_catalogue_that_cannot_be_read_is_named_and_left_alone(
    package: Path, run: Any, content: bytes
) -> None:
    path = package / FOLDER / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    code, output = run("translate", package)
    assert code == 2
    assert output.startswith(f"niwari: {(FOLDER / 'messages.po').as_posix()} cannot be read: ")
    assert "it has to be UTF-8" in output
    assert path.read_bytes() == content


def test_which_babel_wrote_the_catalogue_is_not_said(package: Path) -> None:
    renew(package)
    for name in ("messages.po", "messages.mo"):
        assert b"Babel" not in (package / FOLDER / name).read_bytes()


def test_a_package_without_texts_gets_no_catalogue(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text("x = 1\n", encoding="utf-8")
    assert renew(tmp_path) == []
    assert not (tmp_path / "translations").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("templates/tea/page.html", b'{{ _("x") }}{% if %}'),
        ("views.py", b'x = _("""'),
        ("views.py", b'x = _("\xff")'),
    ],
)
def test_a_source_that_cannot_be_read_is_named(
    package: Path, run: Any, name: str, content: bytes
) -> None:
    (package / name).write_bytes(content)
    code, output = run("translate", package)
    assert (code, output.startswith(f"niwari: {name} cannot be read: ")) == (2, True)
    assert output.endswith("; mend that first\n")


def test_a_folder_without_one_plugin_is_told(tmp_path: Path, run: Any) -> None:
    code, output = run("translate", tmp_path)
    assert (code, f"there is no plugin in {tmp_path}" in output) == (2, True)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plugin.toml").write_text("", encoding="utf-8")
    assert "there is 2 plugins" not in (said := run("translate", tmp_path)[1])
    assert "there are 2 plugins" in said
