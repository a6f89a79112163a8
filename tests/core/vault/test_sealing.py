"""Texts that are sealed row by row: opened for what they were sealed for, and for nothing else."""

import pytest

from niwari.api import SealError, open_text, seal_text
from niwari.testing.world import World


def test_a_text_opens_for_its_row_alone(world: World) -> None:
    sealed = seal_text("tea.note", 7, "二人だけの話")
    assert "二人" not in sealed
    assert open_text("tea.note", 7, sealed) == "二人だけの話"
    for kind, value in (("tea.note", 8), ("tea.cup", 7)):
        with pytest.raises(SealError):
            open_text(kind, value, sealed)


def test_the_same_words_are_never_sealed_alike(world: World) -> None:
    assert seal_text("tea.note", 7, "同じ") != seal_text("tea.note", 7, "同じ")
