"""異動の予定: from the file to the release, and what stands in the way."""

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory.drafts import LARGEST_FILE, MOST_KEPT, ImportDraft
from niwari.directory.importing import import_people
from niwari.directory.models import Person
from niwari.directory.system import system_context
from niwari.directory.transfers.models import SealedTransfer
from niwari.directory.transfers.releasing import release_due
from niwari.identity.models import RoleGrant
from niwari.testing.world import Browser, World
from tests.core.admin.test_import_pages import send as send_import
from tests.core.admin.test_transfers_are_silent import send
from tests.core.directory.sealed import CANARY, HR, NEIGHBOUR, RELEASE, keep, people, plan_ahead

LIST, SETTINGS = "/admin/transfers", "/admin/transfers/settings"
SEEN_BY_ALL = "本人に伝える日時ではなく、職員全員に見える日時です。"
WHEN = {"day": "2026-11-20", "time": "10:00"}


@pytest.fixture
def hr(world: World) -> Browser:
    """HR of a town that plans ahead."""
    plan_ahead(world)
    return world.client_for(HR)


def fields_of(page: Any) -> dict[str, str]:
    """The hidden fields of the form that keeps the file."""
    text = page.get_data(as_text=True)
    found = {}
    for name in ("csrf_token", "seen", "instead"):
        match = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
        found[name] = match[1] if match else ""
    return found


def press(hr: Browser, page: Any, **typed: str) -> Any:
    """Press the button below a preview."""
    data = fields_of(page) | WHEN | typed
    return hr.post(page.request.path, data=data, follow_redirects=True)


def only_row() -> Any:
    (row,) = SealedTransfer.select()
    return row


def test_hr_switches_it_on_and_the_menu_leads_to_the_list(world: World) -> None:
    hr = world.client_for(HR)
    assert hr.get(LIST).status_code == 404
    assert f'href="{SETTINGS}"' in hr.get("/").get_data(as_text=True)
    assert hr.submit(SETTINGS, {"planned": "y"}).status_code == 303
    assert hr.get(LIST).status_code == 200
    assert f'href="{LIST}"' in hr.get("/").get_data(as_text=True)


def test_switching_off_with_a_sealed_file_says_why_not(world: World) -> None:
    keep(world)
    answer = world.client_for(HR).submit(SETTINGS, {})
    assert answer.status_code == 422
    assert "内示前のファイルを1個預かっているため" in answer.get_data(as_text=True)


@pytest.mark.parametrize("login", ["it@koriyama", "head@koriyama", "secretariat", "staff@koriyama"])
def test_nobody_else_is_offered_or_let_in(world: World, login: str) -> None:
    keep(world)
    client = world.client_for(login)
    assert "異動の予定" not in client.get("/").get_data(as_text=True)
    for address in (LIST, SETTINGS, f"{LIST}/{only_row().id}"):
        assert client.get(address).status_code == 403


def test_a_file_is_looked_at_kept_and_released(world: World, hr: Browser) -> None:
    preview = send(hr, people({}))
    assert "hiwa@koriyama 日和田 鶴" in preview.get_data(as_text=True)
    assert SEEN_BY_ALL in preview.get_data(as_text=True)
    assert SealedTransfer.select().count() == 0
    listed = press(hr, preview).get_data(as_text=True)
    assert "異動のファイルを預かりました" in listed
    assert "百年史.csv" in listed
    assert "2026年11月20日（金）10:00" in listed
    assert not ImportDraft.select().exists()
    assert only_row().release_at == RELEASE
    release_due(RELEASE)
    done = hr.get(LIST).get_data(as_text=True)
    assert "追加1件、変更0件、終了0件" in done
    assert "百年史" not in done


def test_a_second_click_keeps_nothing_more_and_says_so(world: World, hr: Browser) -> None:
    preview = send(hr, people({}))
    press(hr, preview)
    assert "もう終わっているか" in press(hr, preview).get_data(as_text=True)
    assert SealedTransfer.select().count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": ""}, "日にちを入力してください"),
        ({"time": ""}, "時刻を入力してください"),
        ({"day": "3月20日"}, "2026-11-18 の形で"),
        ({"day": "2026-11-09"}, "今より後で、1年以内"),
        ({"day": "0001-01-01"}, "今より後で、1年以内"),
        ({"day": "9999-12-31", "time": "23:59"}, "今より後で、1年以内"),
        ({"seen": "0" * 64}, "もう一度、内容を確かめてください"),
        ({"seen": ""}, "もう一度、内容を確かめてください"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_kept(
    world: World, hr: Browser, typed: dict[str, str], sentence: str
) -> None:
    answer = press(hr, send(hr, people({})), **typed)
    assert answer.status_code in (409, 422)
    assert sentence in answer.get_data(as_text=True)
    assert SealedTransfer.select().count() == 0
    assert ImportDraft.select().count() == 1


def test_a_file_with_bad_lines_shows_them_and_offers_no_keeping(hr: Browser) -> None:
    page = send(hr, people({"employment": "often"}))
    assert "直すところ" in page.get_data(as_text=True)
    assert "もう一度選んでください。" in page.get_data(as_text=True)
    assert "内示の日時まで預ける" not in page.get_data(as_text=True)
    assert press(hr, page, seen="x").status_code == 422
    assert SealedTransfer.select().count() == 0


def test_a_person_of_another_town_is_refused_before_the_release_and_told_to_the_own_audit_alone(
    world: World, hr: Browser
) -> None:
    before = AuditEntry.select().count()
    preview = send(hr, people({"login": "staff@sukagawa"}))
    assert "ほかの市町村の名簿" not in preview.get_data(as_text=True)
    answer = press(hr, preview)
    assert answer.status_code == 422
    assert "ほかの市町村の名簿にある職員です" in answer.get_data(as_text=True)
    assert SealedTransfer.select().count() == 0
    (noted,) = AuditEntry.select().order_by(AuditEntry.id).offset(before)
    assert noted.action == "directory.transfers_refuse"
    assert noted.municipality_id == world.ctx_for(HR).municipality.id
    assert noted.details == "{}"


def test_after_five_refusals_a_day_no_answer_tells_whose_login_is_known_elsewhere(
    world: World, hr: Browser
) -> None:
    stranger = send(hr, people({"login": "staff@sukagawa"}))
    for _ in range(5):
        assert press(hr, stranger).status_code == 422
    for preview in (stranger, send(hr, people({}))):
        answer = press(hr, preview)
        assert answer.status_code == 429
        assert "1日の上限（5回）に達したため" in answer.get_data(as_text=True)
        assert "niwari directory import" in answer.get_data(as_text=True)
    refused = AuditEntry.select().where(AuditEntry.action == "directory.transfers_refuse")
    assert refused.count() == 5
    assert SealedTransfer.select().count() == 0
    RoleGrant.insert(appointment=world.ctx_for("staff2@koriyama").acting.id, role="hr").execute()
    colleague = world.client_for("staff2@koriyama")
    assert press(colleague, send(colleague, people({}))).status_code == 200
    world.clock.advance(days=1)
    again = world.client_for(HR)
    assert press(again, send(again, people({}))).status_code == 200
    assert SealedTransfer.select().count() == 2


def test_a_refusal_names_twenty_people_of_others_and_says_that_there_are_more(
    world: World, hr: Browser
) -> None:
    theirs = [{"login": f"n{n}@sukagawa"} for n in range(21)]
    there = {"municipality": "072079", "section": "総務部", "start": "2026-11-12"}
    import_people(system_context(world.clock(), "test"), people(*(one | there for one in theirs)))
    page = press(hr, send(hr, people(*theirs))).get_data(as_text=True)
    assert "誤りが20件より多くあります" in page
    assert len(re.findall("ほかの市町村の名簿にある職員です", page)) == 20


def test_a_sealed_file_whose_person_another_town_took_over_says_so_when_it_is_opened(
    world: World, hr: Browser
) -> None:
    one = keep(world)
    import_people(
        system_context(world.clock(), "test"),
        people({"municipality": "072079", "section": "総務部", "start": "2026-11-12"}),
    )
    release_due(RELEASE)
    page = hr.get(f"{LIST}/{one}").get_data(as_text=True)
    assert "内示できませんでした" in page
    assert "ほかの市町村の名簿にある職員です" in page
    assert "今の登録内容であれば取り込めます" not in page


def test_a_file_that_says_what_is_known_is_not_kept(world: World, hr: Browser) -> None:
    keep(world)
    release_due(RELEASE)
    page = send(hr, people({}))
    assert "取り込むものはありません" in page.get_data(as_text=True)
    assert "内示の日時まで預ける" not in page.get_data(as_text=True)


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_an_empty_file_is_refused_beside_the_field(hr: Browser, data: bytes) -> None:
    answer = send(hr, data)
    assert answer.status_code == 422
    assert "ファイルが空です" in answer.get_data(as_text=True)


def test_a_large_file_is_taken_and_a_larger_one_refused(hr: Browser) -> None:
    assert send(hr, b"x" * (LARGEST_FILE - 1024)).status_code == 200
    assert send(hr, b"x" * (LARGEST_FILE + 2**20)).status_code == 413


def test_a_file_never_lies_on_the_disk(
    hr: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where no temporary file can be made, a large file is taken all the same.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    one, other = people({}), people({"login": "b@koriyama"})
    blank = b" " * 1023 + b"\n"  # not a line for each byte: to read millions of them takes seconds
    for data in (one + blank * (3 * 2**10), other + blank * (LARGEST_FILE // 2**10 - 2**10)):
        assert send(hr, data).status_code == 200
    assert ImportDraft.select().count() == 2


def test_a_post_keeps_five_files_and_one_more_takes_the_place_of_the_oldest(
    world: World, hr: Browser
) -> None:
    RoleGrant.insert(appointment=world.ctx_for("staff2@koriyama").acting.id, role="hr").execute()
    colleague = world.client_for("staff2@koriyama")
    theirs = send(colleague, people({}))
    kept = [send(hr, people({"login": f"n{n}@koriyama"})) for n in range(MOST_KEPT + 1)]
    assert ImportDraft.select().count() == MOST_KEPT + 1
    gone = hr.get(kept[0].request.path, follow_redirects=True).get_data(as_text=True)
    assert "あとから5つのファイルを選んだため、消えています。" in gone
    assert [hr.get(one.request.path).status_code for one in kept[1:]] == [200] * MOST_KEPT
    assert colleague.get(theirs.request.path).status_code == 200


def test_giving_up_removes_the_file(hr: Browser) -> None:
    preview = send(hr, people({}))
    hr.submit(f"{preview.request.path}/give-up", {}, form_at=LIST)
    assert not ImportDraft.select().exists()
    assert SealedTransfer.select().count() == 0


def test_all_changes_can_be_downloaded_before_keeping(hr: Browser) -> None:
    preview = send(hr, people(*({"login": f"n{n}@koriyama"} for n in range(120))))
    assert "ほかに20件" in preview.get_data(as_text=True)
    listed = hr.get(f"{preview.request.path}/list").get_data().decode("utf-8-sig").splitlines()
    assert len(listed) == 121


def test_the_release_is_moved_on_the_page_of_the_file(world: World, hr: Browser) -> None:
    one = keep(world)
    page = hr.get(f"{LIST}/{one}").get_data(as_text=True)
    assert 'value="2026-11-20"' in page
    assert 'value="10:00"' in page
    assert SEEN_BY_ALL in page
    typed = {"day": "2026-11-21", "time": "8:30"}
    hr.submit(f"{LIST}/{one}/release", typed, form_at=f"{LIST}/{one}")
    assert "2026年11月21日（土）8:30" in hr.get(LIST).get_data(as_text=True)
    past = {"day": "2026-11-01", "time": "8:30"}
    answer = hr.submit(f"{LIST}/{one}/release", past, form_at=f"{LIST}/{one}")
    assert answer.status_code == 422
    assert 'value="2026-11-01"' in answer.get_data(as_text=True)


def test_withdrawing_takes_it_off_the_list_and_a_second_click_is_fine(
    world: World, hr: Browser
) -> None:
    one = keep(world)
    token = hr.token_at(f"{LIST}/{one}")
    for _click in range(2):
        answer = hr.post(f"{LIST}/{one}/withdraw", data={"csrf_token": token})
        assert answer.status_code == 303
    assert only_row().state == "withdrawn"
    assert "取下げ" in hr.get(LIST).get_data(as_text=True)
    assert hr.get(f"{LIST}/{one}").status_code == 303


def test_a_stuck_file_says_its_lines_and_a_mended_one_takes_its_place(
    world: World, hr: Browser
) -> None:
    one = keep(world, people({"municipality": "072079"}))
    release_due(RELEASE)
    page = hr.get(f"{LIST}/{one}").get_data(as_text=True)
    assert "内示できませんでした" in page
    assert "ほかの市町村（072079）の行です" in page
    assert "下で差し替えるか、登録を直して内示の日時を入れ直してください。" in page
    assert "もう一度選んでください。" not in page
    assert "内示できませんでした" in hr.get(LIST).get_data(as_text=True)
    preview = send(hr, people({}), f"{LIST}/{one}/file")
    assert fields_of(preview)["instead"] == str(one)
    assert "前のファイルと差し替えて預ける" in preview.get_data(as_text=True)
    press(hr, preview, day="2026-11-22")
    assert (only_row().id, only_row().state) == (one, "sealed")
    release_due(only_row().release_at)
    assert Person.select().where(Person.login == CANARY["login"]).exists()


@pytest.mark.parametrize(
    "instead",
    ["99999", "abc", "9" * 30, "-1", "0", pytest.param("9" * 5_000, id="thousands of digits")],
)
def test_a_file_that_takes_the_place_of_none_is_no_page(
    world: World, hr: Browser, instead: str
) -> None:
    assert press(hr, send(hr, people({})), instead=instead).status_code == 404
    assert SealedTransfer.select().count() == 0


def test_the_neighbours_hr_finds_no_such_file(world: World) -> None:
    one = keep(world)
    RoleGrant.insert(appointment=world.ctx_for(NEIGHBOUR).acting.id, role="hr").execute()
    plan_ahead(world, NEIGHBOUR)
    other = world.client_for(NEIGHBOUR)
    assert "百年史" not in other.get(LIST).get_data(as_text=True)
    assert other.get(f"{LIST}/{one}").status_code == 404
    for act in ("release", "withdraw"):
        answer = other.submit(f"{LIST}/{one}/{act}", WHEN, form_at=LIST)
        assert answer.status_code == 404
    preview = send(other, people({"municipality": "072079"}), f"{LIST}/{one}/file")
    assert press(other, preview).status_code == 404
    assert only_row().state == "sealed"


def test_a_draft_is_there_for_nobody_else(world: World, hr: Browser) -> None:
    preview = send(hr, people({}))
    RoleGrant.insert(appointment=world.ctx_for("staff2@koriyama").acting.id, role="hr").execute()
    colleague = world.client_for("staff2@koriyama")
    assert colleague.get(preview.request.path).status_code == 303
    colleague.submit(preview.request.path, WHEN, form_at=LIST)
    assert SealedTransfer.select().count() == 0


def test_the_import_page_cannot_import_a_file_that_is_to_be_kept(world: World, hr: Browser) -> None:
    preview = send(hr, people({}))
    draft = preview.request.path.rpartition("/")[2]
    assert hr.get(f"/admin/import/{draft}").status_code == 404
    assert hr.post(f"/admin/import/{draft}", data=fields_of(preview)).status_code == 404
    assert not Person.select().where(Person.login == CANARY["login"]).exists()


def test_before_an_import_hr_is_told_that_it_could_be_kept_instead(
    world: World, hr: Browser
) -> None:
    preview = send_import(hr, people({}))
    found = re.search(r'href="(/admin/transfers/file/\d+)"', preview.get_data(as_text=True))
    assert found is not None
    press(hr, hr.get(found[1]))
    assert only_row().state == "sealed"
    assert not Person.select().where(Person.login == CANARY["login"]).exists()


def test_where_the_town_does_not_plan_ahead_the_import_page_says_nothing(world: World) -> None:
    page = send_import(world.client_for(HR), people({})).get_data(as_text=True)
    assert "異動の予定として預ける" not in page


@pytest.mark.parametrize(
    "before",
    ["0", "-1", "x", "9" * 40, f"-{'9' * 40}", pytest.param("9" * 5_000, id="thousands of digits")],
)
def test_any_end_of_the_address_gets_a_page(hr: Browser, before: str) -> None:
    assert hr.get(f"{LIST}?before={before}").status_code == 200


def test_after_ten_minutes_one_is_asked_again_before_anything_sealed_is_shown(
    world: World, hr: Browser
) -> None:
    one = keep(world)
    world.clock.advance(minutes=11)
    for address in (LIST, f"{LIST}/{one}"):
        answer = hr.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 302
        assert "/my/confirm" in answer.location
    answer = hr.submit(LIST, {}, form_at="/my/sessions")  # refused, it would show the list
    assert answer.status_code == 401
    assert "百年史" not in answer.get_data(as_text=True)
