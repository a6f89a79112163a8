"""The other half of the screens of the large gallery, in a process of their own."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Gallery
from tests.browser.screens import SCREENS, Screen
from tests.browser.test_screens import expect_right


@pytest.mark.parametrize("screen", SCREENS[1::2], ids=lambda screen: screen.name)
def test_a_screen_is_right_at_every_width_and_in_both_languages(
    gallery: Gallery, screen: Screen
) -> None:
    expect_right(gallery, screen)
