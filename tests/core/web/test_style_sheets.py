"""The style sheets of every page: one file, in which each part stands once and in its order."""

import re
from pathlib import Path

import niwari.web
from niwari.testing.world import World
from niwari.web.style_sheets import PARTS

ALL = "/static/niwari/all.css"
FOLDER = Path(niwari.web.__file__).parent / "static" / "niwari"
OF_SOME_PAGES = {"heads"}


def test_a_page_asks_for_one_style_sheet(world: World) -> None:
    page = world.anonymous().get("/sign-in").get_data(as_text=True)
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)">', page) == [ALL]


def test_it_holds_every_part_in_order_and_imports_nothing(world: World) -> None:
    with world.anonymous().get(ALL) as response:
        assert response.content_type == 'text/css; charset="utf-8"'
        found = response.get_data(as_text=True)
    assert "@import" not in found
    places = []
    for part in PARTS:
        rules = (FOLDER / f"{part}.css").read_text(encoding="utf-8").split("@import")[-1]
        places.append(found.index(rules.partition("\n")[2]))
        assert found.count(rules.partition("\n")[2]) == 1
    assert places == sorted(places)
    vendored = FOLDER.parent / "vendor" / "design-tokens@1.1.9" / "tokens.css"
    tokens = vendored.read_text(encoding="utf-8")
    assert f"@layer tokens {{\n{tokens}}}" in found
    assert found.index("@layer tokens, base, components, utilities;") < found.index(tokens)


def test_what_is_wrong_with_one_part_stays_in_it() -> None:
    """And nothing in it is named by where the part lies."""
    for part in PARTS:
        text = (FOLDER / f"{part}.css").read_text(encoding="utf-8")
        assert text.count("/*") == text.count("*/"), part
        rules = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        assert rules.count("{") == rules.count("}"), part
        assert re.findall(r"url\((?!\"\.\./vendor/design-tokens@)", rules) == [], part


def test_no_style_sheet_is_forgotten() -> None:
    assert {path.stem for path in FOLDER.glob("*.css")} == {*PARTS, *OF_SOME_PAGES}


def test_who_has_it_is_told_so_in_an_empty_answer(world: World) -> None:
    client = world.anonymous()
    with client.get(ALL) as first:
        kept = {name: first.headers[name] for name in ("ETag", "Cache-Control")}
    assert kept["Cache-Control"] == "max-age=3600, public"
    for said in (kept["ETag"], f"W/{kept['ETag']}", f'"of yesterday", {kept["ETag"]}', "*"):
        with client.get(ALL, headers={"If-None-Match": said}) as again:
            assert (again.status_code, again.get_data()) == (304, b"")
            assert {name: again.headers[name] for name in kept} == kept
    with client.get(ALL, headers={"If-None-Match": '"of yesterday"'}) as anew:
        assert anew.status_code == 200


def test_it_is_read_and_nothing_else(world: World) -> None:
    client = world.anonymous()
    with client.head(ALL) as head, client.get(ALL) as whole:
        assert head.get_data() == b""
        assert head.headers["Content-Length"] == str(len(whole.get_data()))
    assert client.post(ALL).status_code == 405
