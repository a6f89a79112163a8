"""Every text is there in both languages, says the same, and none goes past gettext.

The msgid is the Japanese sentence. What people write, and what the demo says, is not translated.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.catalog import Catalog, Message
from jinja2 import Environment, nodes

if TYPE_CHECKING:
    from niwari.testing.world import World

ROOT = Path(__file__).parents[2]


def loaded_tool() -> Any:
    """tools/translations.py as a module; tools/ is no package."""
    spec = importlib.util.spec_from_file_location(
        "niwari_translations_tool", ROOT / "tools" / "translations.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = loaded_tool()
PACKAGES: list[Path] = TOOL.packages()
every_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)


@cache
def catalogue(package: Path) -> Catalog:
    """The texts of a package as its sources have them now; to gather them takes a second."""
    found: Catalog = TOOL.updated(package)
    return found


JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f々]")
PLACE = re.compile(r"%\((?P<name>\w+)\)[a-z]|%.?", re.DOTALL)
GETTEXT = {"_", "gettext", "ngettext"}
MARKED = {"_", "_l", "N_", "gettext", "lazy_gettext", "ngettext", "Label"}

# Names of languages, each in the language itself.
IN_ITS_OWN_LANGUAGE = {"日本語"}
# The stand-in for a municipality's own sign-in page: not a page of Niwari, and in Japanese alone.
OTHER_PAGES = "identity/development/templates"
# The test kit has no pages; its people write Japanese.
TEST_KIT = "testing"
# Python files whose Japanese is no sentence on a page, or has its English beside it.
WITHOUT_GETTEXT = {
    "channels/webhooks/bodies.py": "goes to the chat of a municipality, whose language is Japanese",
    "channels/webhooks/service.py": "the test message goes to such a chat",
    "search/excerpts.py": "where sentences end",
    "search/variants.py": "words that are written in several ways",
    "cli/directory.py": "the name of a region in an example",
    "demo/content.py": "what the demo's people wrote",
    "demo/duties.py": "names of systems",
    "directory/duties/cells.py": "what may stand between names of duties",
    "directory/importing/columns.py": "examples of cells, as offices write them",
    "directory/importing/changes.py": "what stands in the column of main posts",
    "directory/regions.py": "the name of a region",
    "directory/search/folding.py": "characters with their variants",
    "files/names.py": "what a file is called that has no name",
    "files/service.py": "what the files of a hidden author are called",
    "ledger/importing/columns.py": "examples of cells, as offices write them",
    "ledger/importing/leave_units.py": "reads units of leave as offices write them",
    "ledger/worktime/intervals.py": "a pattern of dashes",
    "scaffold/listing.py": "headings of offices under which people stand",
    "tabular/days.py": "reads days as offices write them",
    "tabular/excel_file.py": "a name that Excel itself gives",
    "tabular/grid.py": "white space as offices write it",
    "tabular/guess.py": "reads yes and no as offices write them",
    "tabular/values.py": "reads and writes yes and no as offices write them",
    "resources.py": "invented content of a sample row",
    "drafting.py": "what is posted in a network, whose readers are Japanese",
    "pages/wording.py": "writes amounts and dates in both languages itself",
    "pages/times.py": "writes amounts and dates in both languages itself",
}


def texts_of(message: Message) -> tuple[str, ...]:
    """The English text, or those for one and for more; none where it is missing."""
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return tuple(text for text in texts if text)


def ids_of(message: Message) -> tuple[str, ...]:
    """The Japanese text, or those for one and for more."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def places(text: str) -> set[str]:
    """What is filled in: `%(name)s`, `%%`; a lone percent sign is shown as what it is read as."""
    return {match[0] for match in PLACE.finditer(text)}


def differing_places(catalog: Catalog) -> list[str]:
    """Messages whose languages do not have the same places for values."""
    return [
        f"{message.id} / {text}"
        for message in catalog
        if message.id
        for text in texts_of(message)
        if places(text) != places("".join(ids_of(message)))
    ]


def shown_wrong(catalog: Catalog) -> list[str]:
    """Messages whose percent sign would be doubled, or would break the page.

    A template always fills in values, so there a sign is written `%%`. Python does so only where
    there are values.
    """
    wrong = []
    for message in catalog:
        in_template = any(name.endswith(".html") for name, _ in message.locations)
        in_python = any(name.endswith(".py") for name, _ in message.locations)
        for text in (*ids_of(message), *texts_of(message)):
            found = list(PLACE.finditer(text))
            named = any(match["name"] for match in found)
            filled = any(not match["name"] and match[0] != "%%" for match in found)
            if (filled and (in_template or named)) or (found and in_python and not named):
                wrong.append(text)
    return wrong


def japanese_in_english(catalog: Catalog) -> list[str]:
    """English texts with Japanese characters."""
    return [t for m in catalog if m.id for t in texts_of(m) if JAPANESE.search(t)]


def two_translations(catalogs: Iterable[Catalog]) -> list[str]:
    """Sentences that two packages put into different English; the pages could show either."""
    seen: dict[str, tuple[str, ...]] = {}
    return [
        f"{message.id}: {texts_of(message)}, {seen[ids_of(message)[0]]}"
        for catalog in catalogs
        for message in catalog
        if message.id
        and seen.setdefault(ids_of(message)[0], texts_of(message)) != texts_of(message)
    ]


def bare_in_template(source: str) -> list[str]:
    """Japanese in a template that does not go through gettext; comments are free."""
    tree = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(source)
    translated = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for argument in call.args
    }
    written = [data.data.strip() for data in tree.find_all(nodes.TemplateData)]
    written += [
        constant.value
        for constant in tree.find_all(nodes.Const)
        if isinstance(constant.value, str) and id(constant) not in translated
    ]
    return [text for text in written if JAPANESE.search(text) and text not in IN_ITS_OWN_LANGUAGE]


def bare_in_python(source: str) -> list[str]:
    """Japanese in Python that is neither marked for gettext, nor a Label, nor a docstring."""
    tree = ast.parse(source)
    free = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            free |= {id(argument) for argument in call.args if call.func.id in MARKED}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in free
        and JAPANESE.search(node.value)
    ]


def labels_in_python(source: str) -> Iterator[tuple[str, str]]:
    """The texts of each `Label("…", "…")`."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            texts = [a.value for a in call.args if isinstance(a, ast.Constant)]
            if call.func.id == "Label" and texts:
                ja, en = texts
                yield str(ja), str(en)


def labels_in_manifest(value: Any) -> Iterator[tuple[str, str]]:
    """The texts of each `{ ja = "…", en = "…" }` of a plugin.toml."""
    if isinstance(value, dict) and {"ja", "en"} <= set(value):
        yield value["ja"], value["en"]
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from labels_in_manifest(part)


def labels(package: Path) -> list[tuple[str, str]]:
    """All labels of a package: those of its contributions and those of its manifest."""
    sources = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    found = [pair for source in sources for pair in labels_in_python(source)]
    manifest = package / "plugin.toml"
    if manifest.exists():
        found += labels_in_manifest(tomllib.loads(manifest.read_text(encoding="utf-8")))
    return found


def unreadable_labels(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Labels without an English text, or with Japanese characters in it."""
    return [(ja, en) for ja, en in pairs if not en.strip() or JAPANESE.search(en)]


@every_package
def test_the_catalogue_is_complete_and_compiled(package: Path) -> None:
    catalog = catalogue(package)
    assert len(catalog) > 0
    assert TOOL.missing(catalog) == []
    assert TOOL.stale(package, catalog) == []


@every_package
def test_both_languages_have_the_same_places_for_values(package: Path) -> None:
    assert differing_places(catalogue(package)) == []


@every_package
def test_a_percent_sign_is_shown_once(package: Path) -> None:
    assert shown_wrong(catalogue(package)) == []


@every_package
def test_no_english_text_has_japanese_characters(package: Path) -> None:
    assert japanese_in_english(catalogue(package)) == []


@every_package
def test_each_label_has_its_english_text(package: Path) -> None:
    found = labels(package)
    assert found != []
    assert unreadable_labels(found) == []


def test_a_sentence_that_packages_share_has_one_translation() -> None:
    assert two_translations(catalogue(package) for package in PACKAGES) == []


@every_package
def test_no_template_has_japanese_text_outside_gettext(package: Path) -> None:
    pages = [p for p in package.glob("**/templates/**/*.html") if OTHER_PAGES not in p.as_posix()]
    assert pages != []
    assert {
        page.relative_to(package).as_posix(): bare
        for page in pages
        if (bare := bare_in_template(page.read_text(encoding="utf-8")))
    } == {}


def test_no_python_file_has_japanese_text_outside_gettext() -> None:
    bare = {
        name.as_posix()
        for package in PACKAGES
        for path in package.rglob("*.py")
        if (name := path.relative_to(package)).parts[0] != TEST_KIT
        and bare_in_python(path.read_text(encoding="utf-8"))
    }
    assert bare == set(WITHOUT_GETTEXT)


@pytest.mark.parametrize("address", ["/", "/ledger/", "/ledger/requests/new"])
def test_the_pages_show_one_percent_sign_and_are_english_throughout(
    world: World, address: str
) -> None:
    client = world.client_for("staff@koriyama")
    assert "20%" in (japanese := client.get(address).get_data(as_text=True))
    assert "%%" not in japanese

    client.set_cookie("niwari_locale", "en")
    page = client.get(address).get_data(as_text=True)
    assert "20%" in page
    assert "%%" not in page
    ctx = world.ctx_for("staff@koriyama")
    head = world.ctx_for("head@koriyama").acting.person_name  # who may have given an oral OK
    own = (ctx.municipality.name, ctx.acting.section_name, ctx.acting.person_name)
    for name in (*own, head, "日本語"):
        page = page.replace(name, "")
    assert JAPANESE.findall(page) == []


def catalogue_of(ja: str, en: str, place: str = "page.html") -> Catalog:
    catalog = Catalog(locale="en")
    catalog.add(ja, en, locations=[(place, 0)])
    return catalog


def test_a_new_sentence_is_a_gap_and_makes_the_catalogue_stale(tmp_path: Path) -> None:
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text('{{ _("古い文です。") }}', encoding="utf-8")
    folder = tmp_path / TOOL.FOLDER
    folder.mkdir(parents=True)
    for name, content in TOOL.written(catalogue_of("古い文です。", "Old.")).items():
        (folder / name).write_bytes(content)
    assert TOOL.missing(TOOL.updated(tmp_path)) == []

    page.write_text('{{ _("古い文です。") }}{{ _("新しい文です。") }}', encoding="utf-8")
    catalog = TOOL.updated(tmp_path)
    assert TOOL.missing(catalog) == ["新しい文です。"]
    assert TOOL.stale(tmp_path, catalog) == ["messages.po", "messages.mo"]


def test_a_template_that_cannot_be_parsed_stops_the_tool(tmp_path: Path) -> None:
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text('{{ _("文です。") }}{% if %}', encoding="utf-8")
    with pytest.raises(Exception, match="Expected an expression"):
        TOOL.updated(tmp_path)


@pytest.mark.parametrize("english", ["%(nam)s", "%(name)d", "Name", "%(name)s %%", "%(name)s 2%"])
def test_a_place_that_one_language_lacks_is_found(english: str) -> None:
    assert differing_places(catalogue_of("%(name)s", "%(name)s")) == []
    assert differing_places(catalogue_of("%(name)sさん", english)) != []


@pytest.mark.parametrize(
    ("text", "place"),
    [("20%", "page.html"), ("20%の枠", "page.html"), ("20%%", "view.py"), ("%(n)s %", "view.py")],
)
def test_a_percent_sign_that_would_be_shown_wrong_is_found(text: str, place: str) -> None:
    assert shown_wrong(catalogue_of(text, "20 per cent", place)) == [text]
    assert shown_wrong(catalogue_of("20%%の%(n)s", "20%% %(n)s", place)) == []


def test_japanese_in_an_english_text_is_found() -> None:
    assert japanese_in_english(catalogue_of("枠", "The 枠")) == ["The 枠"]
    assert japanese_in_english(catalogue_of("枠", "‘Allowance’ – 1 h")) == []


def test_two_translations_of_one_sentence_are_found() -> None:
    one, other = catalogue_of("分野", "Topic"), catalogue_of("分野", "Field")
    assert two_translations([one, one]) == []
    assert len(two_translations([one, other])) == 1


@pytest.mark.parametrize(
    "source",
    [
        "<p>文です。</p>",
        '{{ "文です。" }}',
        '{{ _("文です。" if short else "長い文です。") }}',
        '{{ _("%(name)s", name="文です。") }}',
        '{{ ui.button("文です。", aria_label=_("文です。")) }}',
        '<a title="{{ title }}" aria-label="ここ">x</a>',
        '{% set label = "文" %}',
    ],
)
def test_japanese_outside_gettext_in_a_template_is_found(source: str) -> None:
    assert bare_in_template(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "{# 文です。 #}<p>Text</p>",
        '{{ _("文です。") }}',
        '{{ ui.field(form.minutes, hint=_("文です。")) }}',
        '{{ ngettext("%(num)d件", "%(num)d件", 2) }}',
    ],
)
def test_japanese_in_gettext_and_in_comments_is_fine(source: str) -> None:
    assert bare_in_template(source) == []


def test_japanese_outside_gettext_in_python_is_found() -> None:
    fine = '"""文です。"""\ntext = N_("文です。")\nlabel = Label("文", "Text")\n# 文です。\n'
    assert bare_in_python(fine) == []
    assert bare_in_python(fine + 'flash("文です。")') == ["文です。"]
    assert bare_in_python(fine + 'flash(f"{n}件です。")') == ["件です。"]


def test_a_label_without_readable_english_is_found() -> None:
    assert list(labels_in_python('MenuItem(Label("相談", "相談"), "x")')) == [("相談", "相談")]
    manifest = tomllib.loads(
        'label = { ja = "相談", en = "Consult" }\n[[a]]\nb = {ja="文", en=" "}'
    )
    assert list(labels_in_manifest(manifest)) == [("相談", "Consult"), ("文", " ")]
    found = [("相談", "相談"), ("相談", "Consult"), ("文", " ")]
    assert unreadable_labels(found) == [("相談", "相談"), ("文", " ")]
