"""The screens of mutual learning, in a process of their own."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Gallery
from tests.browser.mentoring_screens import MENTORING_SCREENS
from tests.browser.screens import Screen
from tests.browser.test_screens import expect_right


@pytest.mark.parametrize("screen", MENTORING_SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_right_at_every_width_and_in_both_languages(
    gallery: Gallery, screen: Screen
) -> None:
    expect_right(gallery, screen)
