"""What files are called."""

import unicodedata

import pytest

from niwari.files.names import LONGEST, clean_name, with_ending


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("写真.JPG", "写真.jpg"),
        ("C:\\Users\\職員一\\写真.jpg", "写真.jpg"),
        ("../../etc/passwd.txt", "passwd.txt"),
        (unicodedata.normalize("NFD", "ガイド.pdf"), "ガイド.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\u200b\u2066b.png", "ab.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie_ x.png"),
        ("a\0.png", "a.png"),
        ("  日 程　表 . png ", "日 程 表.png"),
        ("...png", "ファイル.png"),
        (".png", "ファイル.png"),
        ("", "ファイル"),
        ("..", "ファイル"),
        ('a"b<c>|?*:.csv', "a_b_c_____.csv"),
        ("COM1.txt.", "COM1.txt"),
    ],
)
def test_a_name_is_one_part_of_a_path_that_can_be_read(given: str, clean: str) -> None:
    assert clean_name(given) == clean


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    name = clean_name("あ" * 300 + ".docx")
    assert len(name) == LONGEST
    assert name.endswith("あ.docx")
    assert len(with_ending(name, "png")) <= LONGEST


def test_a_clean_name_stays_as_it_is() -> None:
    for given in ("写真.JPG", "...png", "あ" * 300 + ".docx", 'a"b<c>.csv'):
        assert clean_name(clean_name(given)) == clean_name(given)
