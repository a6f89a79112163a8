"""Who is given a file, and how."""

from io import BytesIO
from typing import Any

import pytest

from niwari.db import transaction
from niwari.files.models import Attachment
from niwari.files.service import remove_attachment
from niwari.files.storage import storage
from niwari.files.uploads import NewFile
from niwari.host.enablement import bump_revision, withdraw
from niwari.host.models import RolePermission
from niwari.testing.world import KORIYAMA, SUKAGAWA
from tests.core.files.conftest import COLLEAGUE, NEIGHBOUR, STAFF, Board
from tests.core.files.samples import opened, pdf

PAGE = {"Accept": "text/html"}


def answer_of(board: Board, attachment_id: int, query: str = "", login: str = STAFF) -> Any:
    return board.world.client_for(login).get(f"/files/{attachment_id}{query}")


def test_a_picture_is_looked_at_and_nothing_in_it_can_run(board: Board) -> None:
    with answer_of(board, board.with_photo()) as answer:
        assert answer.status_code == 200
        headers = answer.headers
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["Content-Disposition"].startswith("inline; filename*=UTF-8''")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert not {"ETag", "Last-Modified"} & set(headers.keys())
        assert int(headers["Content-Length"]) == len(answer.data)
        assert opened(answer.data).size == (1200, 1600)


def test_a_smaller_one_is_given_where_there_is_one_and_else_the_whole(board: Board) -> None:
    photo = board.with_photo()
    for query, size in (
        ("?width=320", (240, 320)),
        ("?width=1280", (960, 1280)),
        ("?width=7", (1200, 1600)),
        ("?width=../x", (1200, 1600)),
    ):
        with answer_of(board, photo, query) as answer:
            assert opened(answer.data).size == size


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [("資料.pdf", pdf(), "application/pdf"), ("表.csv", b"a,b\n", "text/csv; charset=utf-8")],
)
def test_a_document_is_downloaded(board: Board, name: str, data: bytes, kind: str) -> None:
    (file,) = board.give(board.note(), NewFile(name, BytesIO(data)))
    with answer_of(board, file) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer.headers["Content-Type"].startswith(kind.partition(";")[0])
        assert answer.data == data


def test_whoever_is_not_signed_in_is_sent_to_sign_in(board: Board) -> None:
    photo = board.with_photo()
    answer = board.world.anonymous().get(f"/files/{photo}", headers=PAGE)
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_a_file_is_for_those_to_whom_its_row_is(board: Board) -> None:
    region, town = board.with_photo(), board.with_photo("municipality")
    assert [board.status(region, who) for who in (COLLEAGUE, NEIGHBOUR)] == [200, 200]
    assert [board.status(town, who) for who in (COLLEAGUE, NEIGHBOUR)] == [200, 404]


def test_what_a_town_withdrew_is_gone_for_the_others(board: Board) -> None:
    photo = board.with_photo()
    ctx = board.ctx()
    withdraw(ctx, ctx.municipality.id, "dummy", withdrawn=True)
    assert [board.status(photo, who) for who in (STAFF, NEIGHBOUR)] == [200, 404]


def test_where_the_plugin_is_off_its_files_are_not_there(board: Board) -> None:
    photo = board.with_photo()
    board.world.switch(KORIYAMA, "dummy", on=False)
    assert [board.status(photo, who) for who in (STAFF, NEIGHBOUR)] == [404, 200]
    board.world.switch(KORIYAMA, "dummy", on=True)
    board.world.switch(SUKAGAWA, "dummy", on=False)
    assert [board.status(photo, who) for who in (STAFF, NEIGHBOUR)] == [200, 404]


def test_who_lacks_the_permission_of_the_rows_page_lacks_its_files(board: Board) -> None:
    photo = board.with_photo()
    town = board.ctx().municipality
    RolePermission.insert(
        municipality_id=town.id,
        role="staff",
        permission="dummy.read",
        is_given=False,
        changed_at=board.ctx().now,
    ).execute()
    bump_revision(town.id)
    assert board.status(photo) == 404


def test_a_draft_and_a_removed_file_are_not_there(board: Board) -> None:
    note = board.note()
    (photo,) = board.give(note)
    with transaction(board.ctx()):
        remove_attachment(board.ctx(), note, photo)
    assert board.status(photo) == 404
    Attachment.update(state="draft").execute()
    assert board.status(photo) == 404


def test_a_row_that_is_gone_takes_its_files_with_it(board: Board) -> None:
    note = board.note()
    (photo,) = board.give(note)
    (resource,) = board.world.host.plugins["dummy"].contributions.resources
    with transaction(board.ctx()):
        resource.model.delete_by_id(note.id)
    assert board.status(photo) == 404


def test_bytes_that_are_missing_are_a_page_that_is_not_there(board: Board) -> None:
    photo = board.with_photo()
    storage().delete(Attachment.get().file)
    assert board.status(photo) == 404


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999", "x", "-1", "../1"])
def test_a_number_that_no_file_has_is_a_page_that_is_not_there(board: Board, number: str) -> None:
    answer = board.world.client_for(STAFF).get(f"/files/{number}")
    assert answer.status_code == 404


def test_a_file_costs_four_queries(board: Board, queries: Any) -> None:
    photo = board.with_photo()
    client = board.world.client_for(STAFF)
    with client.get(f"/files/{photo}"):
        pass
    with queries() as log, client.get(f"/files/{photo}"):
        pass
    assert len(log) <= 4, log.statements
