"""The pages that import files: send, look, import or give up; by whom and of whom."""

import io
import re
from typing import Any

import pytest
from markupsafe import escape
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from niwari.admin.importing import KINDS
from niwari.audit.models import AuditEntry
from niwari.directory.drafts import LARGEST_FILE, ImportDraft, purge_drafts
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.importing.columns import needed
from niwari.directory.models import Appointment, Person
from niwari.directory.system import system_context
from niwari.ledger.models import LeaveSpan
from niwari.ledger.words import LEAVE_LABELS
from niwari.tabular import write_xlsx
from niwari.testing.world import Browser, World

NEW = {
    "municipality": "072036",
    "login": "new@koriyama",
    "name": "新人 一",
    "kana": "シンジン イチ",
    "section": "総務部/新しい課",
    "employment": "full_time",
    "start": "2026-11-01",
}
LEAVE = "login,kind,date,unit\n{},annual,2026-11-18,午前\n"


def people(*changes: dict[str, str]) -> bytes:
    """A people.csv; each line is ``NEW`` with changes."""
    rows = [",".join((NEW | change).get(column, "") for column in COLUMNS) for change in changes]
    return "\n".join([",".join(COLUMNS), *rows]).encode()


def send(browser: Browser, data: bytes, kind: str = "people", name: str = "表.csv") -> Any:
    """Send a file and follow to its preview."""
    fields = {
        "csrf_token": browser.token_at("/admin/import"),
        "kind": kind,
        "file": FileStorage(io.BytesIO(data), filename=name),
    }
    # In memory: the client would leave a file of its own behind for a large body.
    boundary, body = encode_multipart(fields)
    kind_of_body = f'multipart/form-data; boundary="{boundary}"'
    return browser.post(
        "/admin/import", data=body, content_type=kind_of_body, follow_redirects=True
    )


def press(browser: Browser, preview: Any) -> Any:
    """Press 「この内容で取り込む」 on a preview."""
    text = preview.get_data(as_text=True)
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]*)"', text)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert found is not None
    assert token is not None
    fields = {"csrf_token": token[1], "seen": found[1]}
    return browser.post(preview.request.path, data=fields, follow_redirects=True)


def known(login: str) -> bool:
    """Whether the directory has somebody."""
    return Person.select().where(Person.login == login).exists()


def test_a_file_is_shown_first_and_imported_on_the_second_click(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    preview = send(hr, people({}))
    text = preview.get_data(as_text=True)
    assert "new@koriyama 新人 一" in text
    assert "この内容で取り込む" in text
    assert not known("new@koriyama")
    assert "追加1件、変更0件、終了0件" in press(hr, preview).get_data(as_text=True)
    assert known("new@koriyama")
    assert not ImportDraft.select().exists()
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.actor_id) == (
        "directory.import",
        world.ctx_for("hr@koriyama").acting.id,
    )


def test_a_second_click_imports_nothing_and_says_so(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    preview = send(hr, people({}))
    press(hr, preview)
    assert "もう終わっているか" in press(hr, preview).get_data(as_text=True)
    assert Appointment.select().join(Person).where(Person.login == "new@koriyama").count() == 1


def test_a_file_that_says_what_is_known_offers_no_import(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    press(hr, send(hr, people({})))
    text = send(hr, people({})).get_data(as_text=True)
    assert "取り込むものはありません" in text
    assert "この内容で取り込む" not in text


def test_nothing_is_imported_where_the_directory_changed_after_the_preview(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    preview = send(hr, people({"section": "総務部/甲課"}))
    import_people(
        system_context(world.clock(), "test"),
        people({"section": "総務部/乙課", "start": "2026-10-01"}),
    )
    answer = press(hr, preview)
    assert answer.status_code == 409
    assert "取り込む内容も変わりました" in answer.get_data(as_text=True)
    sections = (
        Appointment.select(Appointment.section).join(Person).where(Person.login == NEW["login"])
    )
    assert [row.section.path for row in sections] == ["総務部/乙課"]


def test_every_bad_line_is_listed_and_can_be_downloaded(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    bad = [{"login": f"n{n}@koriyama", "employment": "often"} for n in range(150)]
    preview = send(hr, people({}, *bad))
    text = preview.get_data(as_text=True)
    assert "誤りが150件" in text
    assert "ほかに50件" in text
    assert "この内容で取り込む" not in text
    listed = hr.get(f"{preview.request.path}/list").get_data().decode("utf-8-sig").splitlines()
    assert len(listed) == 151
    assert listed[1].startswith("3,employment,")


def test_all_changes_can_be_downloaded(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    preview = send(hr, people(*({"login": f"n{n}@koriyama"} for n in range(120))))
    assert "ほかに20件" in preview.get_data(as_text=True)
    listed = hr.get(f"{preview.request.path}/list").get_data().decode("utf-8-sig").splitlines()
    assert len(listed) == 121


def test_an_excel_book_is_read_as_well(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    book = write_xlsx("名簿", COLUMNS, [[NEW.get(column, "") for column in COLUMNS]])
    press(hr, send(hr, book, name="表.xlsx"))
    assert known("new@koriyama")


def test_lines_of_another_municipality_are_refused(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    text = send(hr, people({}, {"municipality": "072079"})).get_data(as_text=True)
    assert "ほかの市町村（072079）の行です" in text


def test_a_person_of_another_municipality_is_neither_renamed_nor_moved(world: World) -> None:
    before = Person.get(Person.login == "staff@sukagawa")
    posts = Appointment.select().count()
    hr = world.client_for("hr@koriyama")
    answer = press(hr, send(hr, people({}, {"login": "staff@sukagawa"})))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "staff@sukagawa は、ほかの市町村の名簿にある職員です" in text
    assert "この内容で取り込む" not in text
    after = Person.get(Person.login == "staff@sukagawa")
    assert (after.name, after.kana, after.email) == (before.name, before.kana, before.email)
    assert Appointment.select().count() == posts
    assert not known("new@koriyama")


@pytest.mark.parametrize("column", ["login", "head"])
def test_a_preview_does_not_tell_who_is_known_in_another_municipality(
    world: World, column: str
) -> None:
    hr = world.client_for("hr@koriyama")
    pages = []
    # head@sukagawa heads sections there, and has a post from an earlier day than the line's.
    for login in ("head@sukagawa", "head@nowhere1"):
        preview = send(hr, people({column: login}))
        text = preview.get_data(as_text=True).replace(login, "LOGIN")
        text = re.sub(r'(value|nonce)="[^"]*"|/import/[0-9]+', "", text)
        listed = hr.get(f"{preview.request.path}/list").get_data(as_text=True)
        pages.append((text, listed.replace(login, "LOGIN")))
    assert pages[0] == pages[1]


def test_trying_to_import_one_stands_in_the_audit_of_both_municipalities(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    press(hr, send(hr, people({}, {"login": "staff@sukagawa"}, {"login": "head@sukagawa"})))
    entries = AuditEntry.select().where(AuditEntry.action == "directory.import_refused")
    towns = {world.ctx_for(f"it@{name}").municipality.id for name in ("koriyama", "sukagawa")}
    assert {row.municipality_id for row in entries} == towns
    assert {row.details for row in entries} == {'{"people": 2}'}


def test_who_has_posts_here_and_elsewhere_is_refused_at_once(world: World) -> None:
    here = world.ctx_for("staff@koriyama")
    there = world.ctx_for("staff@sukagawa")
    Appointment.insert(
        person=here.person_id,
        municipality=there.municipality.id,
        section=there.acting.section_id,
        employment="full_time",
        starts_on=here.today,
        is_main=False,
    ).execute()
    hr = world.client_for("hr@koriyama")
    text = send(hr, people({"login": "staff@koriyama"})).get_data(as_text=True)
    assert "ほかの市町村の名簿にある職員です" in text
    assert "この内容で取り込む" not in text


def test_leave_of_another_municipality_is_that_of_nobody_known(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    text = send(hr, LEAVE.format("staff@sukagawa").encode(), "leave_units").get_data(as_text=True)
    assert "staff@sukagawa という職員は登録されていません" in text
    press(hr, send(hr, LEAVE.format("staff@koriyama").encode(), "leave_units"))
    assert LeaveSpan.select().where(LeaveSpan.kind == "annual").exists()


@pytest.mark.parametrize("login", ["it@koriyama", "it@sukagawa"])
def test_a_kept_file_is_there_for_nobody_else(world: World, login: str) -> None:
    preview = send(world.client_for("hr@koriyama"), people({}))
    other = world.client_for(login)
    assert other.get(preview.request.path).status_code == 303
    other.submit(f"{preview.request.path}/give-up", {}, form_at="/admin/import")
    other.submit(preview.request.path, {"seen": "0" * 64}, form_at="/admin/import")
    assert ImportDraft.select().count() == 1
    assert not known("new@koriyama")


def test_a_kept_file_lies_sealed_and_for_a_day(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    preview = send(hr, people({}))
    (row,) = ImportDraft.select()
    assert "koriyama" not in row.sealed
    world.clock.advance(hours=25)
    hr = world.client_for("hr@koriyama")
    assert hr.get(preview.request.path).status_code == 303
    assert purge_drafts(world.clock()) == 1


def test_giving_up_removes_the_file(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    preview = send(hr, people({}))
    hr.submit(f"{preview.request.path}/give-up", {}, form_at="/admin/import")
    assert not ImportDraft.select().exists()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [(b"", "表.csv", "ファイルが空です"), (b"x", "", "ファイルを選んでください")],
)
def test_a_form_without_a_usable_file_says_so(
    world: World, data: bytes, name: str, sentence: str
) -> None:
    answer = send(world.client_for("hr@koriyama"), data, name=name)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


@pytest.mark.parametrize("data", [b"\x00\xff\x00", b"PK\x03\x04rest", "あ,い\n".encode()])
def test_a_file_of_another_kind_is_refused_with_a_sentence(world: World, data: bytes) -> None:
    answer = send(world.client_for("hr@koriyama"), data)
    assert answer.status_code == 200
    assert "直すところ" in answer.get_data(as_text=True)


def test_a_larger_file_than_allowed_is_413_with_the_limit(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    answer = send(hr, b"x" * (LARGEST_FILE + 1024 * 1024))
    assert answer.status_code == 413
    assert "10MB以内" in answer.get_data(as_text=True)


def test_a_file_beyond_the_size_of_forms_is_taken(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    many = people(*({"login": f"n{n}@koriyama"} for n in range(8_000)))
    assert len(many) > 600_000
    assert "この内容で取り込む" in send(hr, many).get_data(as_text=True)


def test_the_page_says_of_every_column_of_every_file_what_it_holds(world: World) -> None:
    text = world.client_for("hr@koriyama").get("/admin/import").get_data(as_text=True)
    for kind in KINDS.values():
        for column in kind.in_header:
            assert f'<span lang="en">{column.name}</span>' in text
            assert column.label.ja in text
            assert str(escape(column.holds.ja)) in text
            assert str(escape(column.example)) in text
    assert "代決の順（なくてもよい）" in text


def test_the_page_says_what_each_code_of_leave_means(world: World) -> None:
    text = world.client_for("hr@koriyama").get("/admin/import").get_data(as_text=True)
    for code, label in LEAVE_LABELS.items():
        assert f"{code}（{label.ja}）" in text


def test_the_page_and_the_importer_have_one_list_of_columns() -> None:
    assert needed(KINDS["people"].columns) == COLUMNS


def test_a_bad_line_names_its_column_in_words(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    text = send(hr, people({"employment": "often"})).get_data(as_text=True)
    assert "任用の種類" in text
    assert ">employment</span>" in text


def test_leave_on_a_day_without_work_is_shown_as_a_line_to_look_at(world: World) -> None:
    hr = world.client_for("hr@koriyama")
    data = "login,kind,date,unit\nstaff@koriyama,annual,2026-11-23,1日\n".encode()
    preview = send(hr, data, "leave_units")
    text = preview.get_data(as_text=True)
    assert "念のため確かめる行" in text
    assert "2026-11-23 には勤務の予定がありません" in text
    assert "追加1件" in press(hr, preview).get_data(as_text=True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (people({}).decode().encode("euc_jp"), "EUC-JP という文字コード"),
        (bytes(range(256)) * 8, "表として読めません"),
        (f"{','.join(COLUMNS)}\n".encode(), "見出しの行だけ"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(
    world: World, data: bytes, said: str
) -> None:
    text = send(world.client_for("hr@koriyama"), data).get_data(as_text=True)
    assert "ファイルを読めませんでした" in text
    assert text.count(said) == 1
    assert "この内容で取り込む" not in text
