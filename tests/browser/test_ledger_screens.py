"""The screens of the ledger after a month gone by, in a process and a demo of their own."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Gallery
from tests.browser.hosted_scene import HOSTED_SCREENS
from tests.browser.ledger_screens import LEDGER_SCREENS
from tests.browser.screens import Screen
from tests.browser.test_screens import expect_right


@pytest.mark.parametrize("screen", LEDGER_SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_right_at_every_width_and_in_both_languages(
    ledger_gallery: Gallery, screen: Screen
) -> None:
    expect_right(ledger_gallery, screen)


@pytest.mark.parametrize("screen", HOSTED_SCREENS, ids=lambda screen: screen.name)
def test_a_screen_of_attendance_is_right_too(hosted_gallery: Gallery, screen: Screen) -> None:
    expect_right(hosted_gallery, screen)
