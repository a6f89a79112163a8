"""What plugins do with files: attach, list, remove."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.errors import NotFound
from niwari.files.errors import NoAlt, Revealing, TooManyFiles, UploadGone
from niwari.files.models import Attachment
from niwari.files.service import attach, attachments, remove_attachment, size_text
from niwari.files.uploads import NewFile, Uploads, keep_uploads
from tests.core.files.conftest import COLLEAGUE, NEIGHBOUR, STAFF, Board
from tests.core.files.samples import office, photo


def text(number: int = 0) -> NewFile:
    return NewFile(f"{number}.txt", BytesIO(f"text {number}".encode()))


def test_files_are_listed_for_many_rows_by_one_query(board: Board, queries: Any) -> None:
    refs = [board.note() for _ in range(3)]
    board.give(refs[0], text(1), text(2))
    board.give(refs[0], text(3))
    board.give(refs[2], text(4))
    ctx = board.ctx()
    with queries() as log:
        found = attachments(ctx, [*refs, refs[0]])
    assert len(log) == 1
    names = {ref: [file.name for file in files] for ref, files in found.items()}
    assert names == {refs[0]: ["1.txt", "2.txt", "3.txt"], refs[1]: [], refs[2]: ["4.txt"]}


def test_of_no_rows_nothing_is_asked(board: Board, queries: Any) -> None:
    ctx = board.ctx()
    with queries() as log:
        assert attachments(ctx, []) == {}
        with transaction(ctx):
            attach(ctx, Ref("dummy.note", 1), Uploads())
    assert len(log) == 0


def test_what_is_rolled_back_leaves_the_files_as_drafts(board: Board) -> None:
    ctx, ref = board.ctx(), board.note()
    uploads = keep_uploads(ctx, str(uuid4()), [text()])
    with pytest.raises(RuntimeError, match="on purpose"), transaction(ctx):
        attach(ctx, ref, uploads)
        raise RuntimeError("on purpose")
    assert Attachment.get().state == "draft"
    with transaction(ctx):
        attach(ctx, ref, uploads)
    assert Attachment.get().state == "kept"


def test_the_audit_says_that_files_were_added_and_not_what_they_are_called(board: Board) -> None:
    ref = board.note()
    board.give(ref, text(1), text(2))
    (act,) = AuditEntry.select().where(AuditEntry.action == "files.attach")
    assert (act.object_kind, act.object_id, act.details) == ("dummy.note", ref.id, '{"files": 2}')


def test_attaching_needs_a_transaction(board: Board) -> None:
    ctx, ref = board.ctx(), board.note()
    uploads = keep_uploads(ctx, "key", [text()])
    with pytest.raises(RuntimeError, match="inside the transaction"):
        attach(ctx, ref, uploads)
    with pytest.raises(RuntimeError, match="inside the transaction"):
        remove_attachment(ctx, ref, 1)


def test_files_go_to_no_row_that_one_does_not_see(board: Board) -> None:
    theirs = board.note(NEIGHBOUR, "municipality")
    with pytest.raises(NotFound):
        board.give(theirs, text())


def test_files_of_a_neighbours_row_are_the_neighbours(board: Board) -> None:
    board.give(board.note(NEIGHBOUR), text())
    assert Attachment.get().municipality_id == board.ctx(NEIGHBOUR).municipality.id


def test_a_kind_that_nobody_declares_is_the_plugins_mistake(board: Board) -> None:
    with pytest.raises(LookupError, match=r"dummy\.letter"):
        board.give(Ref("dummy.letter", 1), text())


def test_files_that_are_gone_or_anothers_are_asked_for_again(board: Board) -> None:
    ctx, ref = board.ctx(), board.note()
    uploads = keep_uploads(ctx, "key", [text()])
    with transaction(ctx):
        attach(ctx, ref, uploads)
    stolen = keep_uploads(board.ctx(COLLEAGUE), "key", [text(1)])
    for gone in (uploads, replace(stolen, holders=uploads.holders)):
        with pytest.raises(UploadGone), transaction(ctx):
            attach(ctx, ref, gone)


def test_a_picture_needs_its_description(board: Board) -> None:
    ctx = board.ctx()
    with pytest.raises(NoAlt):
        keep_uploads(ctx, "key", [NewFile("a.jpg", BytesIO(photo()))])
    uploads = keep_uploads(ctx, "key", [NewFile("a.jpg", BytesIO(photo()), "庁舎")])
    bare = replace(uploads, files=((uploads.files[0][0], " "),))
    with pytest.raises(NoAlt), transaction(ctx):
        attach(ctx, board.note(), bare)


def test_a_row_has_no_more_files_than_it_may(board: Board) -> None:
    ref = board.note()
    board.give(ref, *(text(n) for n in range(8)))
    with pytest.raises(TooManyFiles):
        board.give(ref, *(text(n) for n in range(3)))
    board.give(ref, *(text(n) for n in range(2)))


def test_a_removed_file_says_nothing_any_more(board: Board) -> None:
    ctx, ref = board.ctx(), board.note()
    first, second = board.give(ref, NewFile("a.jpg", BytesIO(photo()), "庁舎"), text())
    for _twice in range(2):
        with transaction(ctx):
            remove_attachment(ctx, ref, first)
    row = Attachment.get_by_id(first)
    assert (row.state, row.name, row.alt, row.added_by_id) == ("removed", "", "", None)
    assert [file.id for file in attachments(ctx, [ref])[ref]] == [second]
    assert AuditEntry.select().where(AuditEntry.action == "files.remove").count() == 1


def test_a_file_of_another_row_or_town_is_not_removed(board: Board) -> None:
    ref, other = board.note(), board.note()
    (file,) = board.give(ref, text())
    for ctx, row in ((board.ctx(), other), (board.ctx(NEIGHBOUR), ref)):
        with pytest.raises(NotFound), transaction(ctx):
            remove_attachment(ctx, row, file)
    assert Attachment.get().state == "kept"


def test_sizes_are_written_in_short() -> None:
    assert [size_text(size) for size in (1, 1024, 350_000, 2**20, 10 * 2**20)] == [
        "1KB",
        "1KB",
        "341KB",
        "1.0MB",
        "10.0MB",
    ]


@pytest.fixture
def hidden(board: Board, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Let notes have hidden authors; attaches files to one and returns its rows."""
    plugin = board.world.host.plugins["dummy"]
    (resource,) = plugin.contributions.resources
    sealed = replace(resource, envelope=lambda note: ("sealed", note.id))
    monkeypatch.setattr(plugin, "contributions", replace(plugin.contributions, resources=(sealed,)))

    def give(*files: NewFile) -> list[Any]:
        ref = board.note()
        board.give(ref, *files)
        return attachments(board.ctx(), [ref])[ref]

    return give


def test_nothing_says_who_added_a_file_to_the_row_of_a_hidden_author(
    board: Board, hidden: Callable[..., Any]
) -> None:
    files = hidden(NewFile("職員一の机.jpg", BytesIO(photo()), "机の上"), text())
    assert [(file.name, file.alt) for file in files] == [
        ("写真1.jpg", "机の上"),
        ("添付ファイル2.txt", ""),
    ]
    assert {row.added_by_id for row in Attachment.select()} == {None}
    assert {row.holder for row in Attachment.select()} == {None}
    assert AuditEntry.select().where(AuditEntry.action == "files.attach").count() == 0


def test_nothing_says_who_removed_one_from_it_also_where_the_row_went_first(
    board: Board, hidden: Callable[..., Any]
) -> None:
    ctx, ref = board.ctx(), board.note()
    board.give(ref, text(1), text(2))
    (resource,) = board.world.host.plugins["dummy"].contributions.resources
    first, second = (file.id for file in attachments(ctx, [ref])[ref])
    with transaction(ctx):
        remove_attachment(ctx, ref, first)
    with transaction(ctx):
        resource.model.delete().where(resource.model.id == ref.id).execute()
        remove_attachment(ctx, ref, second)
    assert {row.state for row in Attachment.select()} == {"removed"}
    assert AuditEntry.select().where(AuditEntry.action == "files.remove").count() == 0


def test_its_number_does_not_say_when_the_file_was_sent(
    board: Board, hidden: Callable[..., Any]
) -> None:
    ctx, ref = board.ctx(), board.note()
    uploads = keep_uploads(ctx, "key", [text()])
    later = board.with_photo()
    with transaction(ctx):
        attach(ctx, ref, uploads)
    (file,) = attachments(ctx, [ref])[ref]
    assert file.id > later > uploads.files[0][0]


def test_a_document_of_a_hidden_author_is_refused_because_it_names_its_maker(
    hidden: Callable[..., Any],
) -> None:
    with pytest.raises(Revealing):
        hidden(NewFile("資料.docx", BytesIO(office())))
    assert STAFF not in str(Attachment.get().__data__)
