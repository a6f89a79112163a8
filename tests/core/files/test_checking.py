"""Which files are taken, and what they are turned into."""

from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from PIL import ImageCms

from niwari.files.checking import check
from niwari.files.errors import (
    BadFile,
    EmptyFile,
    Locked,
    Macros,
    OtherContent,
    TooManyPixels,
    UnknownType,
    Unpacked,
    Unreadable,
    WebPage,
)
from tests.core.files.samples import (
    CAMERA,
    MAIN,
    moving,
    office,
    opened,
    pdf,
    photo,
    picture,
    png_of,
)

TEXT = "題名,内容\n会議,明日\n"


def refused(name: str, data: bytes) -> type[BadFile]:
    with pytest.raises(BadFile) as error:
        check(name, data)
    assert "%(" not in str(error.value)
    return type(error.value)


def test_a_photo_loses_where_and_by_what_it_was_taken_and_stands_upright() -> None:
    sent = photo()
    assert opened(sent).getexif().get_ifd(0x8825)
    assert CAMERA.encode() in sent
    kept = check("IMG_0001.JPG", sent)
    image = opened(kept.data)
    assert dict(image.getexif()) == {}
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
    assert CAMERA.encode() not in kept.data
    assert (kept.width, kept.height) == image.size == (1200, 1600)
    # What was above on the left is above on the right once the photo is turned.
    red, green, blue = image.getpixel((1100, 100))
    assert min(red, green) > 200
    assert blue < 60
    assert kept.name == "IMG_0001.jpg"


def test_a_photo_has_two_smaller_ones_that_say_nothing_more() -> None:
    kept = check("a.jpg", photo())
    assert {width: max(opened(data).size) for width, data in kept.thumbs.items()} == {
        320: 320,
        1280: 1280,
    }
    assert all(CAMERA.encode() not in data for data in kept.thumbs.values())


def test_a_small_picture_needs_no_smaller_one() -> None:
    assert check("a.png", picture("PNG")).thumbs == {}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("PNG", {}),
        ("WEBP", {}),
        ("PNG", {"mode": "RGBA", "colour": (1, 2, 3, 100)}),
        ("PNG", {"mode": "P", "colour": 3}),
        ("PNG", {"mode": "1", "colour": 1}),
        ("PNG", {"mode": "LA", "colour": (9, 9)}),
        ("JPEG", {"mode": "L", "colour": 90}),
        ("JPEG", {"mode": "CMYK", "colour": (10, 20, 30, 40)}),
    ],
)
def test_pictures_of_every_way_of_colours_are_drawn_anew(
    kind: str, more: dict[str, object]
) -> None:
    kept = check(f"a.{kind.lower()}", picture(kind, **more))
    assert opened(kept.data).mode in ("L", "RGB", "RGBA")
    assert opened(kept.data).format == kind


def test_sixteen_bits_of_grey_become_eight_and_not_white() -> None:
    sent = picture("PNG", mode="I;16", colour=32_768)
    image = opened(check("a.png", sent).data)
    assert (image.mode, image.getpixel((0, 0))) == ("L", 128)


def test_what_is_seen_through_stays_so() -> None:
    sent = picture("PNG", mode="RGBA", colour=(1, 2, 3, 0))
    assert opened(check("a.png", sent).data).getpixel((0, 0))[3] == 0


def test_a_colour_profile_is_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("JPEG", "PNG", "WEBP"):
        kept = check(f"a.{kind.lower()}", picture(kind, icc_profile=profile))
        assert "icc_profile" not in opened(kept.data).info


def test_of_a_moving_picture_the_first_is_kept_as_png() -> None:
    kept = check("動く.gif", moving())
    image = opened(kept.data)
    assert (kept.name, kept.kind.media_type, image.format) == ("動く.png", "image/png", "PNG")
    assert (getattr(image, "n_frames", 1), image.convert("RGB").getpixel((0, 0))) == (
        1,
        (255, 0, 0),
    )
    assert getattr(opened(check("a.webp", moving("WEBP")).data), "n_frames", 1) == 1


@pytest.mark.parametrize("data", [png_of(30_000, 30_000), png_of(12_000, 9_000)])
def test_a_bomb_is_refused_before_it_is_drawn(data: bytes) -> None:
    assert len(data) < 200
    assert refused("a.png", data) is TooManyPixels


def test_a_picture_that_hides_an_archive_or_a_script_loses_it() -> None:
    for hidden in (office(), b"<script>alert(1)</script>", b"*/=1;alert(1);//"):
        kept = check("a.jpg", photo() + hidden)
        assert hidden not in kept.data
    script = b"GIF89a/*" + moving()[8:] + b"*/=1;alert(document.cookie);"
    assert b"alert" not in check("a.gif", script).data


def test_a_gif_that_is_a_script_is_no_picture() -> None:
    assert refused("a.gif", b"GIF89a=1;alert(document.cookie);//" + b"\0" * 64) is Unreadable


def test_a_cut_picture_is_unreadable() -> None:
    whole = photo()
    assert refused("a.jpg", whole[: len(whole) // 2]) is Unreadable
    assert refused("a.png", picture("PNG", (300, 300))[:60]) is Unreadable


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", photo()),
        ("a.jpg", picture("PNG")),
        ("a.docx", photo()),
        ("a.jpg", office()),
        ("a.docx", office("xlsx")),
        ("a.pdf", picture()),
        ("a.pdf", b" " + pdf()),
        ("a.txt", pdf()),
        ("a.txt", picture()),
        ("a.csv", office("xlsx")),
        ("a.txt", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("a.txt", b"{\\rtf1 text}"),
        ("a.txt", b"%!PS-Adobe-3.0\n"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVEfmt "),
    ],
)
def test_a_name_that_says_another_type_than_the_bytes_is_refused(name: str, data: bytes) -> None:
    assert refused(name, data) is OtherContent


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'\xef\xbb\xbf<?xml version="1.0"?><svg/>',
        b"  \n<!DOCTYPE html><html></html>",
        "<html><script>1</script>".encode("utf-16"),
        b"<script>alert(1)</script>",
    ],
)
@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.txt", "a.png", "a.csv"])
def test_markup_is_refused_whatever_it_is_called(name: str, data: bytes) -> None:
    assert refused(name, data) is WebPage


@pytest.mark.parametrize("name", ["a.exe", "a", "a.zip", "a.docm", "a.heic", "a.png.exe", "a."])
def test_other_types_are_refused_with_those_that_are_taken(name: str) -> None:
    with pytest.raises(BadFile) as error:
        check(name, picture("PNG"))
    assert type(error.value) is UnknownType
    assert "JPEG、PNG、WebP、GIF、PDF、Word、Excel、PowerPoint、CSV、TXT" in str(error.value)


@pytest.mark.parametrize("name", ["a.png", "a.txt", "a.svg"])
def test_an_empty_file_is_refused_as_empty(name: str) -> None:
    assert refused(name, b"") is EmptyFile


@pytest.mark.parametrize("ending", list(MAIN))
def test_office_files_are_kept_as_they_came(ending: str) -> None:
    data = office(ending)
    assert check(f"資料.{ending}", data).data == data


@pytest.mark.parametrize(
    "data",
    [
        office(word__vbaProject_bin="x"),
        office(word__VBAPROJECT_bin="x"),
        office(
            word__other_bin="x",
            types='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',
        ),
        office(
            types='<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
        ),
        office(word__activeX__activeX1_xml="x"),
    ],
)
def test_an_office_file_with_macros_is_refused(data: bytes) -> None:
    assert refused("a.docx", data) is Macros


def test_an_office_file_that_unpacks_to_too_much_is_refused_without_being_unpacked() -> None:
    data = office(word__large_xml="0" * (201 * 2**20))
    assert len(data) < 2**20
    assert refused("a.docx", data) is Unpacked


@pytest.mark.parametrize(
    "data", [office()[:-30], office() + b"x" * 70_000, b"PK\x03\x04" + b"0" * 50]
)
def test_a_damaged_office_file_is_refused(data: bytes) -> None:
    assert refused("a.docx", data) is Unreadable


@pytest.mark.parametrize("packed", [ZIP_BZIP2, ZIP_LZMA])
def test_an_office_file_that_is_packed_as_no_office_program_does_is_refused_whole_or_damaged(
    packed: int,
) -> None:
    whole = office(packed=packed)
    start = 30 + len("[Content_Types].xml")
    damaged = whole[:start] + bytes(byte ^ 0xFF for byte in whole[start : start + 24])
    assert refused("a.docx", whole) is Unreadable
    assert refused("a.docx", damaged + whole[start + 24 :]) is Unreadable


def test_an_office_file_that_is_not_packed_is_taken() -> None:
    data = office(packed=ZIP_STORED)
    assert check("a.docx", data).data == data


def test_an_office_file_with_something_before_or_behind_it_is_refused() -> None:
    assert refused("a.docx", b"PK\x03\x04junk" + office()) is Unreadable
    to = BytesIO(office())
    with ZipFile(to, "a") as archive:
        archive.comment = b"<script>"
    assert refused("a.docx", to.getvalue()) is Unreadable


def test_an_office_file_with_a_password_or_of_the_old_format_says_so() -> None:
    assert refused("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) is Locked


def test_a_pdf_is_kept_as_it_came_and_a_cut_one_is_refused() -> None:
    assert check("a.pdf", pdf()).data == pdf()
    assert refused("a.pdf", pdf()[:20]) is Unreadable


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp932"),
        TEXT.encode("euc_jp"),
        TEXT.encode("utf-16"),
        "<お知らせ>明日は休みです。\n".encode(),
        b"From: a@example.jp\r\n\r\nhello\r\n",
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_texts_are_kept_in_the_encodings_of_japan(name: str, data: bytes) -> None:
    assert check(name, data).data == data


def test_bytes_that_are_no_text_are_no_text() -> None:
    assert refused("a.txt", b"a\0b") is OtherContent
    assert refused("a.txt", bytes(range(128, 256)) * 9) is OtherContent


def test_a_large_photo_is_read_at_half_its_size_and_stands_upright() -> None:
    kept = check("a.jpg", photo((4800, 3600)))
    assert (kept.width, kept.height) == (1800, 2400)
    assert opened(kept.data).getpixel((1790, 10))[:2] == pytest.approx((250, 250), abs=6)


def test_a_picture_that_lies_in_memory_as_a_whole_may_be_smaller_only() -> None:
    for data, name in (
        (picture("JPEG", (4200, 3000), progressive=True), "a.jpg"),
        (png_of(4200, 3000), "a.png"),
    ):
        assert refused(name, data) is TooManyPixels
    assert refused("a.jpg", picture("JPEG", (8000, 7600))) is TooManyPixels


def test_what_asks_before_a_picture_is_drawn_is_told_its_pixels_and_may_refuse() -> None:
    told: list[int] = []
    check("a.jpg", photo(), drawing=told.append)
    check("b.jpg", photo((4800, 3600)), drawing=told.append)
    assert told == [1600 * 1200, 2400 * 1800]

    def refuse(_pixels: int) -> None:
        raise TooManyPixels(name="a", limit=1)

    with pytest.raises(TooManyPixels):
        check("a.jpg", photo(), drawing=refuse)
