"""Numbers that come from outside, in addresses, forms and cookies."""

import pytest

from niwari.pages.addresses import LARGEST_ID, whole_number


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("0012", 12), (str(LARGEST_ID), LARGEST_ID)]
)
def test_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "0",
        "-1",
        "+1",
        " 1",
        "1\n",
        "1_0",
        "1.0",
        "x",
        "１",
        "²",
        str(LARGEST_ID + 1),
        pytest.param("9" * 5_000, id="more digits than Python reads"),
    ],
)
def test_anything_else_is_none(text: str | None) -> None:
    assert whole_number(text) is None


def test_the_largest_one_may_be_another() -> None:
    assert whole_number("12", most=12) == 12
    assert whole_number("13", most=12) is None
