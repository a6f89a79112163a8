"""What is kept of a post goes after its row."""

from datetime import datetime, timedelta

import pytest

from niwari.clock import TOKYO
from niwari.directory.held import HeldPost
from niwari.host.loaded import Stage
from niwari.moderation.models import Case, Decision, Report
from niwari.moderation.sweeping import QUIET, sweep, sweep_at_night
from niwari_consult.models import Answer, Question
from tests.core.moderation.conftest import AUTHOR, NEIGHBOUR, Board

DAY = timedelta(days=1)


def left() -> tuple[int, ...]:
    """How many marks, cases, reports and decisions there are."""
    return tuple(model.select().count() for model in (HeldPost, Case, Report, Decision))


def dispose(board: Board) -> None:
    """Remove the question and its answer as their plugin does."""
    Answer.delete().execute()
    Question.delete().where(Question.id == board.question).execute()


@pytest.fixture
def held(board: Board) -> Board:
    """The board with its question held back."""
    board.report(text="「あの人の名前」とあります。")
    board.decide("held")
    return board


def test_the_mark_of_a_row_that_is_gone_goes_at_once_and_its_case_after_a_while(
    held: Board,
) -> None:
    now = held.ctx(AUTHOR).now
    dispose(held)
    assert sweep(now) == "1 marks and 0 cases of posts that are gone"
    assert left() == (0, 1, 1, 1)
    assert sweep(now + QUIET) == "0 marks and 0 cases of posts that are gone"
    assert sweep(now + QUIET + DAY) == "0 marks and 1 cases of posts that are gone"
    assert left() == (0, 0, 0, 0)


def test_of_a_post_that_is_there_nothing_goes(held: Board) -> None:
    sweep(held.ctx(AUTHOR).now + 2 * QUIET)
    assert left() == (1, 1, 1, 1)


def test_parts_are_posts_too(board: Board) -> None:
    board.report(NEIGHBOUR, kind="consult.answer")
    sweep(board.ctx(AUTHOR).now + 2 * QUIET)
    assert left() == (0, 1, 1, 0)
    dispose(board)
    sweep(board.ctx(AUTHOR).now + 2 * QUIET)
    assert left() == (0, 0, 0, 0)


def test_a_case_that_was_decided_lately_can_still_be_read(board: Board) -> None:
    board.report()
    dispose(board)
    board.world.clock.advance(days=20)
    board.decide("kept")
    board.world.clock.advance(days=20)
    sweep(board.ctx(AUTHOR).now)
    assert left() == (0, 1, 1, 1)


def test_rows_of_a_plugin_that_is_not_ready_are_not_judged_gone(
    held: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispose(held)
    monkeypatch.setattr(held.world.host.plugins["consult"], "stage", Stage.DECLARED)
    sweep(held.ctx(AUTHOR).now + 2 * QUIET)
    assert left() == (1, 1, 1, 1)


def test_it_is_done_in_the_night(held: Board) -> None:
    dispose(held)
    assert sweep_at_night(datetime(2026, 11, 11, 4, 0, tzinfo=TOKYO)) == "not at this hour"
    sweep_at_night(datetime(2026, 11, 11, 3, 0, tzinfo=TOKYO))
    assert left() == (0, 1, 1, 1)
