"""The screens of the local attractions, in a process of their own."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Gallery
from tests.browser.screens import Screen
from tests.browser.test_screens import expect_right
from tests.browser.tourism_screens import TOURISM_SCREENS


@pytest.mark.parametrize("screen", TOURISM_SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_right_at_every_width_and_in_both_languages(
    gallery: Gallery, screen: Screen
) -> None:
    expect_right(gallery, screen)
