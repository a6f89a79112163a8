"""A region on a network without the world: one server, one provider, people and towns from files.

From an empty folder on, by the commands of docs/municipal-it.md alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Request, expect

from tests.browser.chromium import READER
from tests.interop.running import ForeignProvider, Niwari
from tests.interop.test_sign_in_with_a_foreign_provider import expect_home_of, sign_in

TOWNS = {"072036": "郡山市", "072079": "須賀川市", "073229": "大玉村"}

PEOPLE = tuple(
    (login, name, code)
    for code, place in (("072036", "koriyama"), ("072079", "sukagawa"), ("073229", "otama"))
    for login, name in (
        (f"head@{place}", f"{TOWNS[code]}の所属長"),
        (f"staff@{place}", f"{TOWNS[code]}の職員"),
        (f"nursery@{place}", f"{TOWNS[code]}の保育士"),
    )
)


def towns_csv() -> str:
    """Return the towns as the region's office writes them down."""
    return "code,name,since\n" + "".join(f"{c},{n},2026-04-01\n" for c, n in TOWNS.items())


def people_csv() -> str:
    """Return the people of all three towns, each with the head of one section."""
    lines = [
        f"{code},{login},{name},しょくいん,,総務部/総務課,head@{login.partition('@')[2]},full_time,2026-04-01,"
        for login, name, code in PEOPLE
    ]
    head = "municipality,login,name,kana,email,section,head,employment,start,end"
    return "\n".join((head, *lines, ""))


@pytest.fixture
def reached(tmp_path: Path) -> Path:
    """The file of the addresses that the server has turned to."""
    return tmp_path / "reached"


@pytest.fixture
def region(
    niwari_port: int,
    provider: ForeignProvider,
    empty_database_url: str,
    reached: Path,
    tmp_path: Path,
) -> Iterator[Niwari]:
    """The region's server, running; of all addresses it can reach the provider's alone."""
    guard = {
        "PYTHONPATH": str(Path(__file__).with_name("reaching")),
        "ONLY_REACH": urlsplit(provider.address).netloc,
        "REACHED": str(reached),
    }
    niwari = Niwari(niwari_port, tmp_path / "home", empty_database_url, guard)
    for name, text in (("towns.csv", towns_csv()), ("people.csv", people_csv())):
        (niwari.folder() / name).write_text(text, encoding="utf-8")
    niwari.told("migrate")
    niwari.told(
        *("directory", "import-region", "koriyama", "こおりやま広域圏", "towns.csv"),
        *("--since", "2026-04-01"),
    )
    niwari.told("directory", "import", "people.csv")
    niwari.name_provider(provider.address, *TOWNS)
    with niwari as running:
        yield running


def test_everybody_of_three_towns_signs_in_and_nothing_else_is_reached(
    region: Niwari,
    provider: ForeignProvider,
    reached: Path,
    new_context: Callable[..., BrowserContext],
) -> None:
    asked: set[str] = set()

    def note(request: Request) -> None:
        # The provider's own pages may ask for what they like; here they do for a font.
        if request.is_navigation_request() or request.frame.url.startswith(region.address):
            asked.add(urlsplit(request.url).netloc)

    for login, name, code in PEOPLE:
        context = new_context(base_url=region.address, **READER)
        context.on("request", note)
        page = context.new_page()
        sign_in(page, login)
        expect_home_of(page, region, name)
        expect(page.locator(".shell")).to_contain_text(TOWNS[code])
        context.close()

    both = {urlsplit(address).netloc for address in (region.address, provider.address)}
    assert asked == both
    assert set(reached.read_text(encoding="utf-8").split()) == {urlsplit(provider.address).netloc}


def test_somebody_of_a_town_that_joined_without_its_people_is_told_so(
    region: Niwari, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(base_url=region.address, **READER).new_page()
    sign_in(page, "staff@tamura")
    expect(page.get_by_role("heading", name="このアカウントでは使えません")).to_be_visible()
