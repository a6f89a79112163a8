"""What goes by itself, and what stays."""

import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from niwari.admin import purging
from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.files.models import Attachment
from niwari.files.service import attach, remove_attachment
from niwari.files.storage import new_name, storage
from niwari.files.sweeping import sweep, sweep_at_night, sweep_orphans
from niwari.files.uploads import NewFile, keep_uploads
from niwari.host.loaded import Stage
from tests.core.files.conftest import KIND, Board
from tests.core.files.samples import photo

TOWNS = ("072036", "072079", "075213")

KILLED = """
import os, sys
from datetime import date
from io import BytesIO
from pathlib import Path
from niwari.config import Settings
from niwari.files.storage import open_files, storage
open_files(Settings(home=Path(sys.argv[1])))
storage().put(sys.argv[2], BytesIO(b"bytes"), date.fromisoformat(sys.argv[3]))
os._exit(9)
"""


def draft(board: Board) -> str:
    """Send a photo with a form that is not done yet; returns the name of its bytes."""
    new = NewFile("a.jpg", BytesIO(photo()), "庁舎")
    (id_, _alt) = keep_uploads(board.ctx(), str(uuid4()), [new]).files[0]
    return str(Attachment.get_by_id(id_).file)


def three(name: str) -> set[str]:
    return {name, f"{name}.320", f"{name}.1280"}


def test_a_draft_stays_for_a_day_and_goes_with_its_bytes(board: Board, bytes_kept: Any) -> None:
    name = draft(board)
    now = board.ctx().now
    assert sweep(now + timedelta(hours=24)) == "0 old drafts, 0 files removed"
    assert bytes_kept() == three(name)
    assert sweep(now + timedelta(hours=48)) == "1 old drafts, 1 files removed"
    assert bytes_kept() == set()
    assert Attachment.select().count() == 0


def test_what_was_removed_goes_at_the_next_sweep(board: Board, bytes_kept: Any) -> None:
    ref = board.note()
    first, second = (board.give(ref)[0] for _ in range(2))
    with transaction(board.ctx()):
        remove_attachment(board.ctx(), ref, first)
    assert sweep(board.ctx().now) == "0 old drafts, 1 files removed"
    assert bytes_kept() == three(Attachment.get_by_id(second).file)


def test_a_sweep_that_dies_between_bytes_and_row_is_done_by_the_next(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.with_photo()
    Attachment.update(state="removed").execute()

    def killed(*_given: object, **_named: object) -> None:
        raise SystemExit("on purpose")

    monkeypatch.setattr("niwari.files.sweeping.immediate", killed)
    with pytest.raises(SystemExit):
        sweep(board.ctx().now)
    monkeypatch.undo()
    assert sweep(board.ctx().now) == "0 old drafts, 1 files removed"


def test_files_of_a_row_that_is_gone_go_at_night(board: Board, bytes_kept: Any) -> None:
    gone, stays = board.note(), board.note()
    board.give(gone)
    (kept,) = board.give(stays)
    (resource,) = board.world.host.plugins["dummy"].contributions.resources
    with transaction(board.ctx()):
        resource.model.delete_by_id(gone.id)
    said = sweep_orphans(board.ctx().now)
    assert said.startswith("1 files of rows that are gone, 0 without a row; 0 old drafts, 1 files")
    assert bytes_kept() == three(Attachment.get().file)
    assert Attachment.get().id == kept


def test_files_of_a_plugin_that_is_not_installed_or_not_ready_stay(board: Board) -> None:
    board.with_photo()
    Attachment.update(kind="gone.note", row_id=999).execute()
    sweep_orphans(board.ctx().now)
    assert Attachment.get().state == "kept"
    Attachment.update(kind=KIND).execute()
    board.world.host.plugins["dummy"].stage = Stage.DECLARED
    sweep_orphans(board.ctx().now)
    assert Attachment.get().state == "kept"


def test_a_process_killed_between_bytes_and_row_leaves_what_a_sweep_finds(
    board: Board, bytes_kept: Any
) -> None:
    name, today = new_name(), board.ctx().today
    home = str(board.world.settings.home)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, home, name, today.isoformat()], check=False, timeout=60
    )
    assert done.returncode == 9
    board.with_photo()
    whole = three(Attachment.get().file)
    now = board.ctx().now
    sweep_orphans(now + timedelta(hours=24))
    assert bytes_kept() == whole | {name}  # a request may still be about to write its row
    assert "1 without a row" in sweep_orphans(now + timedelta(hours=48))
    assert bytes_kept() == whole


def test_what_never_arrived_whole_goes_too(board: Board, bytes_kept: Any) -> None:
    name = new_name()
    storage().put(name, BytesIO(b"half"), board.ctx().today - timedelta(days=3))
    folder = board.world.settings.home / "files"
    path = folder / name[:2] / name[2:4] / name
    (folder / "arriving").mkdir(exist_ok=True)
    path.rename(folder / "arriving" / name)
    assert "1 without a row" in sweep_orphans(board.ctx().now)
    assert bytes_kept() == set()


def test_a_file_that_is_attached_late_is_no_draft_any_more(board: Board, bytes_kept: Any) -> None:
    ctx, ref = board.ctx(), board.note()
    uploads = keep_uploads(ctx, "key", [NewFile("a.txt", BytesIO(b"text"))])
    with transaction(ctx):
        attach(ctx, ref, uploads)
    sweep_orphans(ctx.now + timedelta(days=400))
    assert bytes_kept() == {Attachment.get().file}


def test_rows_and_bytes_are_compared_at_night_alone(board: Board) -> None:
    nine = board.ctx().now
    assert sweep_at_night(nine) == "not at this hour"
    assert "without a row" in sweep_at_night(nine + timedelta(hours=18))


def test_a_purge_removes_the_files_of_the_plugin(board: Board, bytes_kept: Any) -> None:
    board.with_photo()
    Attachment.update(kind="dummyother.note").where(Attachment.id == board.with_photo()).execute()
    for code in TOWNS:
        board.world.switch(code, "dummy", on=False)
    ctx = board.world.system_context()
    purging.purge(ctx, board.world.dispatcher, "dummy", typed="dummy", save=lambda _kept: None)
    sweep(board.ctx().now)
    (left,) = Attachment.select()
    assert left.kind == "dummyother.note"
    assert bytes_kept() == three(left.file)


def test_what_is_swept_in_portions_all_goes(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("niwari.files.sweeping.PORTION", 2)
    ref = board.note()
    board.give(ref, *(NewFile(f"{n}.txt", BytesIO(f"{n}".encode())) for n in range(5)))
    Attachment.update(row_id=Ref(KIND, 999).id).execute()
    assert sweep_orphans(board.ctx().now).startswith("5 files of rows that are gone")
    assert Attachment.select().count() == 0
