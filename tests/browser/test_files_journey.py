"""Files with two people: a photo from a phone, described, sent, and opened by a neighbour.

What files are attached to are the notes of the dummy of tests/plugins.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import IFD
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import watched
from tests.browser.demo import OFFERING_PLUGIN, Demo
from tests.browser.visitors import NewContext, Visitors, expect_sound
from tests.core.files.samples import CAMERA, photo

TITLE, ALT = "庁舎の工事", "足場の組まれた庁舎の北側"


@pytest.fixture(scope="module")
def town_board(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo with a board."""
    home = shutil.copytree(filled_home, tmp_path_factory.mktemp("board") / "home")
    with Demo(home, OFFERING_PLUGIN) as running:
        yield running


@pytest.fixture
def town_folk(town_board: Demo, new_context: NewContext) -> Iterator[Visitors]:
    """The people at that demo."""
    yield from watched(Visitors(town_board.address, new_context))


def bytes_at(page: Page, address: str) -> bytes:
    """Return what the signed-in person downloads from an address."""
    answer = page.request.get(address)
    assert answer.status == 200
    return answer.body()


def expect_plain(data: bytes) -> None:
    """Expect a picture that says nothing of where and by what it was taken."""
    with Image.open(BytesIO(data)) as image:
        assert dict(image.getexif()) == {}
        assert image.getexif().get_ifd(IFD.GPSInfo) == {}
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(image.info)
    assert b"Exif" not in data
    assert CAMERA.encode() not in data


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_from_the_phone_to_the_neighbour(town_folk: Visitors, scripts: bool) -> None:
    sent = photo((4800, 3600))
    assert CAMERA.encode() in sent
    staff = town_folk.person("staff@koriyama", java_script_enabled=scripts)

    # 1 staff attaches a photo and forgets to say what it shows: it comes back, kept.
    staff.goto("/dummy/new")
    staff.get_by_label("題名").fill(TITLE)
    file: FilePayload = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": sent}
    staff.locator("input[type=file]").set_input_files(files=[file])
    staff.get_by_role("button", name="書き込む").click()
    described = staff.get_by_label("この写真の説明")
    expect(described).to_have_attribute("aria-invalid", "true")
    beside = staff.locator(f"#{described.get_attribute('aria-describedby')}")
    expect(beside).to_contain_text("「IMG_0001.jpg」の説明を書いてください。")
    expect(staff.locator(".attaching-file img")).to_be_visible()
    expect(staff.get_by_label("題名")).to_have_value(TITLE)
    if scripts:
        expect_sound(town_folk, staff)

    # 2 writes it, and sends without choosing the photo again.
    described.fill(ALT)
    staff.get_by_role("button", name="書き込む").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(staff.get_by_role("img", name=ALT)).to_be_visible()
    if scripts:
        expect_sound(town_folk, staff)

    # 3 a neighbour looks at the picture and downloads it; nothing says where it was taken.
    neighbour = town_folk.person("staff@miharu", java_script_enabled=scripts)
    neighbour.goto(staff.url)
    picture = neighbour.get_by_role("link", name=ALT)
    expect(picture).to_be_visible()
    whole = neighbour.get_by_role("link", name="IMG_0001.jpg").get_attribute("href") or ""
    large = picture.get_attribute("href") or ""
    small = neighbour.get_by_role("img", name=ALT).get_attribute("src") or ""
    assert len({whole, large, small}) == 3
    for address in (whole, large, small):
        expect_plain(bytes_at(neighbour, address))
    picture.click()
    neighbour.wait_for_url(f"**{large}")
    expect(neighbour.locator("img")).to_be_visible()
