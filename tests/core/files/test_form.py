"""Sending files with a form, as a browser without scripts does."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from niwari.db import connection
from niwari.directory.linking import Ref
from niwari.files import uploads as uploading
from niwari.files.errors import TownIsFull
from niwari.files.models import Attachment
from niwari.files.service import attachments
from niwari.files.storage import limits, storage
from niwari.files.uploads import NewFile, keep_draft
from niwari.host.rate_limits import Limit
from niwari.testing.world import Browser
from tests.core.files.conftest import COLLEAGUE, KIND, STAFF, Board
from tests.core.files.samples import office, opened, pdf, photo, picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


class Form:
    """The form for a note in front of somebody; what is kept in it is sent again."""

    def __init__(self, board: Board, login: str = STAFF) -> None:
        self.client: Browser = board.world.client_for(login)
        self.key = str(uuid4())
        self.token = self.client.token_at("/dummy/new")
        self.page = ""

    def send(self, *files: tuple[str, bytes], title: str = "題名", **more: str) -> Any:
        """Send the form with new files; returns the answer."""
        data: MultiDict[str, Any] = MultiDict(
            {"csrf_token": self.token, "form_key": self.key, "title": title}
        )
        for id_ in self.kept():
            data.add("files-kept", str(id_))
        for name, value in more.items():
            data.add(name.replace("__", "-"), value)
        for name, content in files:
            data.add("files", FileStorage(BytesIO(content), filename=name))
        # Not by the client: it would put a large body into a temporary file and leave that open.
        boundary, body = encode_multipart(data)
        kind = f'multipart/form-data; boundary="{boundary}"'
        answer = self.client.post("/dummy/new", data=body, content_type=kind)
        self.page = answer.get_data(as_text=True)
        return answer

    def kept(self) -> list[int]:
        """The files that the page has kept."""
        return [int(id_) for id_ in re.findall(r'name="files-kept" value="(\d+)"', self.page)]

    def alt(self, text: str, place: int = 0) -> dict[str, str]:
        """A description of one of them."""
        return {f"files__alt__{self.kept()[place]}": text}


@pytest.fixture
def form(board: Board) -> Form:
    """An empty form in front of a member of staff."""
    return Form(board)


def files_of(board: Board, answer: Any) -> list[Any]:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    ref = Ref(KIND, int(answer.location.rpartition("/")[2]))
    return attachments(board.ctx(), [ref])[ref]


def test_a_photo_with_its_description_goes_in_one_step(board: Board, form: Form) -> None:
    answer = form.send(("IMG_1.jpg", photo()), files__alt="  庁舎の　前 ")
    (file,) = files_of(board, answer)
    assert (file.name, file.alt, file.thumbs) == ("IMG_1.jpg", "庁舎の 前", (320, 1280))
    note = form.client.get(answer.location).get_data(as_text=True)
    assert f'src="/files/{file.id}?width=320" alt="庁舎の 前"' in note
    assert f'href="/files/{file.id}?width=1280"' in note


def test_a_photo_without_a_description_comes_back_kept_and_is_not_asked_for_again(
    board: Board, form: Form
) -> None:
    answer = form.send(("IMG_1.jpg", photo()))
    assert answer.status_code == 422
    assert "「IMG_1.jpg」の説明を書いてください。" in form.page
    assert 'src="data:image/webp;base64,' in form.page
    assert f'id="files-alt-{form.kept()[0]}-error"' in form.page
    (file,) = files_of(board, form.send(**form.alt("庁舎の前")))
    assert (file.name, file.alt) == ("IMG_1.jpg", "庁舎の前")


def test_a_blank_description_is_none(form: Form) -> None:
    assert form.send(("a.jpg", photo()), files__alt="　 \u200d").status_code == 422
    assert form.send(**form.alt("\u202e逆")).status_code == 422
    assert form.send(**form.alt("あ" * 201)).status_code == 422
    assert "200文字以内で書いてください" in form.page


def test_what_is_wrong_elsewhere_keeps_the_files_and_what_was_typed(
    board: Board, form: Form
) -> None:
    answer = form.send(("IMG_1.jpg", photo()), ("資料.pdf", pdf()), title="", files__alt="庁舎の前")
    assert answer.status_code == 422
    assert 'value="庁舎の前"' in form.page
    assert len(form.kept()) == 2
    files = files_of(board, form.send(**form.alt("庁舎の前")))
    assert [file.name for file in files] == ["IMG_1.jpg", "資料.pdf"]


def test_of_several_files_each_picture_is_described_and_a_document_is_not(
    board: Board, form: Form
) -> None:
    first, second = ("a.jpg", photo()), ("b.png", picture("PNG"))
    form.send(first, ("資料.docx", office()), second)
    assert form.page.count("の説明を書いてください。写真が") == 4  # in the summary, and beside each
    more = form.alt("庁舎") | form.alt("駅", 2)
    assert [(f.name, f.alt) for f in files_of(board, form.send(**more))] == [
        ("a.jpg", "庁舎"),
        ("資料.docx", ""),
        ("b.png", "駅"),
    ]


def test_a_file_that_is_refused_is_named_and_the_others_stay(board: Board, form: Form) -> None:
    answer = form.send(("図.svg", SVG), ("資料.pdf", pdf()))
    assert answer.status_code == 422
    assert "「図.svg」は、SVG や HTML など" in form.page
    (file,) = files_of(board, form.send())
    assert file.name == "資料.pdf"


def test_a_file_that_is_not_wanted_any_more_goes(board: Board, form: Form) -> None:
    form.send(("資料.pdf", pdf()), ("表.csv", b"a,b\n"), title="")
    first, second = form.kept()
    (file,) = files_of(board, form.send(**{f"files__drop__{first}": "y"}))
    assert file.id == second
    assert Attachment.get_by_id(first).state == "removed"


def test_a_description_without_a_picture_is_asked_about(board: Board, form: Form) -> None:
    assert form.send(files__alt="庁舎の前").status_code == 422
    assert "説明だけが書かれています" in form.page
    assert 'value="庁舎の前"' in form.page
    assert files_of(board, form.send(("a.jpg", photo()), files__alt="庁舎の前"))


def test_a_form_without_files_has_none(board: Board, form: Form) -> None:
    assert files_of(board, form.send()) == []
    assert Attachment.select().count() == 0


def test_what_another_person_keeps_cannot_be_taken(board: Board, form: Form) -> None:
    form.send(("資料.pdf", pdf()), title="")
    other = Form(board, COLLEAGUE)
    other.key, other.page = form.key, form.page
    assert files_of(board, other.send()) == []


def test_what_another_form_keeps_cannot_be_taken(board: Board, form: Form) -> None:
    form.send(("資料.pdf", pdf()), title="")
    other = Form(board)
    other.page = form.page
    assert files_of(board, other.send()) == []


def test_the_draft_does_not_say_whose_it_is(board: Board, form: Form) -> None:
    form.send(("資料.pdf", pdf()), title="")
    row = Attachment.get()
    assert (row.added_by_id, row.row_id, row.kind) == (None, None, "")
    assert form.key not in str(row.__data__)


def test_a_double_click_makes_one_note_with_one_file(board: Board, form: Form) -> None:
    sent = ("a.jpg", photo())
    first, second = (form.send(sent, files__alt="庁舎の前") for _ in range(2))
    assert first.location == second.location
    assert len(files_of(board, second)) == 1


def test_a_file_that_is_sent_again_by_the_same_form_is_kept_once(form: Form) -> None:
    form.send(("a.jpg", photo()), title="")
    form.send(("a.jpg", photo()), title="")
    assert Attachment.select().count() == len(form.kept()) == 1


def test_more_files_than_a_row_may_have_are_refused(board: Board, form: Form) -> None:
    many = [(f"{n}.txt", f"text {n}".encode()) for n in range(11)]
    assert form.send(*many).status_code == 422
    assert "付けられるのは10個までです。" in form.page
    assert len(form.kept()) == 10
    assert len(files_of(board, form.send())) == 10


def test_a_file_that_is_too_large_is_refused_with_the_limit(form: Form) -> None:
    assert form.send(("a.txt", b"x" * (10 * 2**20 + 1))).status_code == 422
    assert "「a.txt」は大きすぎます（1つ10MBまで）。" in form.page
    assert form.kept() == []


def test_more_than_a_request_may_have_is_answered_with_a_page(form: Form) -> None:
    answer = form.client.post(
        "/dummy/new",
        data={"csrf_token": form.token},
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(5 * 2**30)},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "送られた内容が大きすぎます。100MB以内にしてください。" in page


def test_another_form_still_takes_no_more_than_before(board: Board, form: Form) -> None:
    note = board.note()
    answer = form.client.post(
        f"/dummy/{note.id}/replies", data={"csrf_token": form.token, "body": "x" * 600_000}
    )
    assert answer.status_code == 413


def test_a_town_that_is_full_says_so(board: Board, form: Form, monkeypatch: Any) -> None:
    board.with_photo()
    few = replace(limits(), town=3 * 2**20)
    monkeypatch.setattr(uploading, "limits", lambda: few)
    Attachment.update(stored=3 * 2**20).execute()
    assert form.send(("a.txt", b"x")).status_code == 422
    assert "郡山市で使えるファイルの容量（3MB）がいっぱいです。" in form.page
    other = Form(board, "staff@sukagawa")
    assert other.send(("a.txt", b"x")).status_code == 303


def test_a_full_disk_is_said_and_leaves_nothing(
    board: Board, form: Form, monkeypatch: pytest.MonkeyPatch, bytes_kept: Any
) -> None:
    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("niwari.files.storage.os.fsync", full)
    assert form.send(("a.txt", b"x")).status_code == 422
    assert "サーバーの空きが足りず" in form.page
    assert bytes_kept() == set()
    assert Attachment.select().count() == 0


def test_nobody_sends_files_without_end(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "UPLOADS", Limit("files.upload", 2, 3600))
    assert form.send(*((f"{n}.txt", f"text {n}".encode()) for n in range(3))).status_code == 422
    assert "短い間にたくさんの操作があったため" in form.page
    assert len(form.kept()) == 2


def test_nobody_sends_pixels_without_end(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MEGAPIXELS", Limit("files.megapixels", 2, 3600))
    assert form.send(("a.jpg", photo())).status_code == 422
    assert len(form.kept()) == 1
    form.send(("b.jpg", photo((1610, 1200))))
    assert "短い間にたくさんの操作があったため" in form.page
    assert len(form.kept()) == 1


def test_nobody_fills_the_town_with_ever_new_forms(
    board: Board, monkeypatch: pytest.MonkeyPatch, bytes_kept: Any
) -> None:
    monkeypatch.setattr(uploading, "MEGABYTES", Limit("files.megabytes", 2, 86_400))
    for number in range(3):  # each counts as a whole megabyte
        form = Form(board)
        form.send((f"{number}.txt", b"x" * (1 + number)), title="")
    assert "1人が1日に送れるファイルは、合わせて2MBまでです。" in form.page
    assert form.kept() == []
    assert len(bytes_kept()) == 2
    assert Form(board, COLLEAGUE).send(("a.txt", b"x")).status_code == 303


def test_those_who_send_at_once_do_not_pass_what_the_town_may_have(
    board: Board, monkeypatch: pytest.MonkeyPatch, bytes_kept: Any
) -> None:
    # All have found room before the first writes its row.
    here, real = Barrier(4, timeout=20), uploading._store

    def stored(*args: Any) -> None:
        real(*args)
        here.wait()

    monkeypatch.setattr(uploading, "_store", stored)
    few = replace(limits(), town=2 * 2**20)
    monkeypatch.setattr(uploading, "limits", lambda: few)
    ctx = board.ctx()

    def send(number: int) -> bool:
        with connection():
            try:
                keep_draft(ctx, f"form {number}", NewFile("a.txt", BytesIO(b"x" * 2**20)))
            except TownIsFull:
                return False
            return True

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(send, range(4))) == [False, False, True, True]
    assert len(bytes_kept()) == 2


def test_what_is_stored_has_no_place_in_it(board: Board, form: Form) -> None:
    files_of(board, form.send(("a.jpg", photo()), files__alt="庁舎の前"))
    row = Attachment.get()
    for name in (row.file, f"{row.file}.320", f"{row.file}.1280"):
        with storage().open(name) as file:
            assert dict(opened(file.read()).getexif()) == {}


@pytest.mark.parametrize("kept", ["0", "-1", "x", "9" * 30, "１", "2147483648"])
def test_numbers_that_no_file_has_are_no_file(board: Board, form: Form, kept: str) -> None:
    assert files_of(board, form.send(files__kept=kept)) == []
