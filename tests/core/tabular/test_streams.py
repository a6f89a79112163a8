"""Reading a CSV file as a stream: what is true of it whole is true of it in blocks."""

from io import BytesIO

import pytest

from niwari.tabular import ImportRefused, Refusals, read_table

# More than a block of any reader, with characters of two or three bytes at every offset.
MANY = 12_000


def rows_of(data: bytes) -> list[tuple[int, str]]:
    """The lines and names of an open file in which nothing is wrong."""
    refusals = Refusals()
    file = BytesIO(data)
    rows = read_table(file, ("login", "name"), refusals)
    refusals.raise_if_any()
    assert not file.closed
    return [(row.line, row.cells["name"]) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_characters_and_line_breaks_between_two_blocks_stay_whole(encoding: str, end: str) -> None:
    names = [f"職員{'ソ' * (n % 5)}" for n in range(MANY)]
    text = end.join(["login,name", *(f"a,{name}" for name in names)])
    assert rows_of(text.encode(encoding)) == list(enumerate(names, start=2))


@pytest.mark.parametrize(("encoding", "byte"), [("utf-8", b"\xff"), ("cp932", b"\x80")])
def test_a_broken_byte_far_into_the_file_is_named_by_line_and_place(
    encoding: str, byte: bytes
) -> None:
    lines = ["login,name", *("a,職員ソ" for _ in range(MANY))]
    data = "\r\n".join(lines).encode(encoding) + byte
    with pytest.raises(ImportRefused) as caught:
        rows_of(data)
    (bad,) = caught.value.bad_lines
    place = len(lines[-1].encode(encoding)) + 1
    assert bad.line == MANY + 1
    assert f"行の{place}バイト目（{byte.hex().upper()}）" in bad.reason


def test_a_book_from_an_open_file_is_read_too() -> None:
    with pytest.raises(ImportRefused) as caught:
        rows_of(b"PK\x03\x04rest")
    assert "Excel" in caught.value.bad_lines[0].reason
