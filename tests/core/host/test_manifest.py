"""The manifest: read without running code; every mistake is named with its key and the mend."""

from pathlib import Path

import pytest

from niwari.host.manifest import (
    API_VERSION,
    RESERVED_NAMES,
    Manifest,
    ManifestError,
    PersonalData,
    read_manifest,
)
from niwari.specs.contributions import Label, Verb

LINES = {
    "name": '"shop"',
    "version": '"1.0"',
    "api": '"0.1"',
    "verb": '"help"',
    "label": '{ ja = "店", en = "Shop" }',
    "purpose": '{ ja = "売り買いします。", en = "Buy and sell." }',
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plugin.toml"


def text(**changes: str | None) -> str:
    """The text of a good manifest, changed; ``None`` leaves a line out."""
    lines = {**LINES, **changes}
    return "\n".join(f"{key} = {value}" for key, value in lines.items() if value is not None)


def test_a_good_manifest_is_read_whole(path: Path) -> None:
    path.write_text(
        text(requires='["handover"]', uses='["leave_cafe"]', maintainers='["郡山市"]')
        + """
[[personal_data]]
category = { ja = "名前", en = "Names" }
retention = { ja = "1年", en = "One year" }
""",
        encoding="utf-8",
    )
    assert read_manifest(path) == Manifest(
        name="shop",
        version="1.0",
        api=(0, 1),
        verb=Verb.HELP,
        label=Label("店", "Shop"),
        purpose=Label("売り買いします。", "Buy and sell."),
        requires=("handover",),
        uses=("leave_cafe",),
        personal_data=(PersonalData(Label("名前", "Names"), Label("1年", "One year")),),
        maintainers=("郡山市",),
    )


def test_what_is_optional_may_be_left_out(path: Path) -> None:
    path.write_text(text(), encoding="utf-8")
    found = read_manifest(path)
    assert (found.requires, found.uses, found.personal_data, found.maintainers) == ((), (), (), ())


def refused(path: Path) -> str:
    with pytest.raises(ManifestError) as error:
        read_manifest(path)
    return str(error.value)


def test_a_missing_manifest_is_named_with_the_mend(path: Path) -> None:
    assert refused(path) == "plugin.toml is missing; put one into the package"


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", "name = '店'".encode("cp932")])
def test_what_is_no_toml_is_told(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert refused(path).startswith("plugin.toml is not readable as TOML: ")


def test_a_folder_in_the_place_of_the_manifest_is_told(path: Path) -> None:
    path.mkdir()
    assert refused(path).startswith("plugin.toml is not readable as TOML: ")


@pytest.mark.parametrize("key", LINES)
def test_each_required_key_is_asked_for_by_name(path: Path, key: str) -> None:
    path.write_text(text(**{key: None}), encoding="utf-8")
    assert refused(path) == f"plugin.toml: {key!r} is missing; add it"


def test_an_unknown_key_is_named_with_the_known_ones(path: Path) -> None:
    path.write_text(text(lable='"x"'), encoding="utf-8")
    said = refused(path)
    assert said.startswith("plugin.toml: unknown key 'lable'; known are ")
    assert all(key in said for key in (*LINES, "requires", "uses", "personal_data"))


MISTAKES = [
    ("name", "3", "name 3: use 2 to 30"),
    ("name", '"Shop"', "name 'Shop': use 2 to 30"),
    ("name", '"my-shop"', "name 'my-shop': use 2 to 30"),
    ("name", '"s"', "name 's': use 2 to 30"),
    ("name", f'"{"s" * 31}"', "use 2 to 30"),
    ("name", '"1shop"', "name '1shop': use 2 to 30"),
    ("name", '"ledger"', "name 'ledger' belongs to the core; choose another"),
    ("version", "1.0", "version must be a text in quotes, not 1.0"),
    ("version", '" "', "version must be a text in quotes"),
    ("api", "0.1", "api must be a text in quotes, not 0.1"),
    ("api", '"1"', "api '1': write it like \"0.1\""),
    ("verb", '"sell"', "verb 'sell' is unknown; use one of spread, raise, help"),
    ("verb", "[]", "verb must be a text in quotes"),
    ("label", '"店"', 'label must be { ja = "…", en = "…" }'),
    ("label", '{ ja = "店" }', 'label must be { ja = "…", en = "…" }'),
    ("label", '{ ja = "店", en = "Shop", fr = "x" }', 'label must be { ja = "…", en = "…" }'),
    ("label", '{ ja = "店", en = "" }', "label: Label('店', ''): give both languages"),
    ("label", '{ ja = 1, en = "Shop" }', "label: Label(1, 'Shop'): give both languages"),
    (
        "personal_data",
        '[{ key = "A b", category = { ja = "名前", en = "x" }, retention = { ja = "y", en = "x" } }]',
        "personal_data.key 'A b': use 2 to 30 lower-case letters",
    ),
    (
        "personal_data",
        "["
        + 2
        * '{ key = "names", category = { ja = "名", en = "x" }, retention = { ja = "y", en = "x" } },'
        + "]",
        "personal_data.key 'names' stands there twice",
    ),
    ("purpose", '{ ja = " ", en = "x" }', "purpose: Label(' ', 'x'): give both languages"),
    ("requires", '"handover"', 'requires must be a list of texts, like ["handover"]'),
    ("uses", "[1]", 'uses must be a list of texts, like ["handover"]'),
    ("maintainers", "{}", "maintainers must be a list of texts"),
    ("personal_data", '"names"', "personal_data must be tables [[personal_data]]"),
    ("personal_data", "3", "personal_data must be tables [[personal_data]]"),
    ("personal_data", '["names"]', "personal_data must be tables [[personal_data]]"),
    ("personal_data", "[{ category = 1 }]", "personal_data must be tables [[personal_data]]"),
    (
        "personal_data",
        '[{ category = "x", retention = "y" }]',
        'personal_data.category must be { ja = "…", en = "…" }',
    ),
    (
        "personal_data",
        '[{ category = { ja = "名前", en = "Names" }, retention = { ja = "", en = "x" } }]',
        "personal_data.retention: Label('', 'x'): give both languages",
    ),
]


@pytest.mark.parametrize(("key", "value", "said"), MISTAKES)
def test_a_mistake_is_told_with_its_key_and_the_mend(
    path: Path, key: str, value: str, said: str
) -> None:
    path.write_text(text(**{key: value}), encoding="utf-8")
    told = refused(path)
    assert told.startswith("plugin.toml: ")
    assert said in told


@pytest.mark.parametrize("wanted", ["0.4", "1.0", "0.99", "2.1"])
def test_a_plugin_for_another_host_api_is_told_what_is_offered(path: Path, wanted: str) -> None:
    path.write_text(text(api=f'"{wanted}"'), encoding="utf-8")
    said = refused(path)
    offered = ".".join(map(str, API_VERSION))
    assert f"host API {wanted}; this Niwari offers {offered}" in said


def test_every_name_of_an_area_of_the_core_is_reserved() -> None:
    from niwari.app import CORE_AREAS

    assert set(CORE_AREAS) <= RESERVED_NAMES


def test_every_address_of_the_core_is_reserved_as_a_name() -> None:
    from niwari.app import load_host

    first = {
        route.rule.strip("/").split("/")[0].replace("-", "_")
        for area in load_host(()).loaded()
        if area.name in ("web", "identity")
        for blueprint in area.contributions.blueprints
        for route in blueprint.routes
    }
    assert first - {""} <= RESERVED_NAMES
