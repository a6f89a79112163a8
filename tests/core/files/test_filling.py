"""Files of a demo: kept in the transaction that fills it, and gone with it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from niwari.db import transaction
from niwari.files.models import Attachment
from niwari.files.service import attach
from niwari.files.sweeping import sweep_orphans
from niwari.files.uploads import NewFile, filling, keep_uploads
from niwari.host.models import RateCount
from tests.core.files.conftest import Board
from tests.core.files.samples import photo


def give(board: Board) -> None:
    """Write a note with a photo, as a plugin's ``load_demo`` does."""
    ctx, ref = board.ctx(), board.note()
    uploads = keep_uploads(ctx, "demo", [NewFile("a.jpg", BytesIO(photo()), "庁舎")])
    attach(ctx, ref, uploads)


def test_in_a_transaction_of_anybody_else_no_file_is_taken(board: Board, bytes_kept: Any) -> None:
    with transaction(board.ctx()), pytest.raises(RuntimeError, match="before the transaction"):
        give(board)
    assert not Attachment.select().exists()
    assert bytes_kept() == set()


def test_a_demo_brings_files_in_the_transaction_that_fills_it(board: Board) -> None:
    with transaction(board.ctx()), filling():
        give(board)
    row = Attachment.get()
    assert row.state == "kept"
    assert board.status(row.id) == 200


def test_what_fills_a_demo_counts_against_nobodys_limit(board: Board) -> None:
    with transaction(board.ctx()), filling():
        give(board)
    assert not RateCount.select().exists()
    board.with_photo()
    assert RateCount.select().exists()


def test_where_filling_fails_bytes_without_a_row_are_left_for_the_night(
    board: Board, bytes_kept: Any
) -> None:
    with pytest.raises(LookupError, match="on purpose"), transaction(board.ctx()), filling():
        give(board)
        raise LookupError("on purpose")
    assert not Attachment.select().exists()
    left = bytes_kept()
    assert left
    with transaction(board.ctx()), filling():
        give(board)
    sweep_orphans(board.ctx().now + timedelta(hours=48))
    assert bytes_kept()
    assert not left & bytes_kept()
    assert board.status(Attachment.get().id) == 200


def test_after_a_demo_that_failed_limits_hold_again(board: Board) -> None:
    with pytest.raises(LookupError), filling():
        raise LookupError
    with transaction(board.ctx()), pytest.raises(RuntimeError, match="before the transaction"):
        give(board)
