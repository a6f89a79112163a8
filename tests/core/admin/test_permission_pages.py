"""だれが何をできるか: who sees the table, who changes it, and what is said when it cannot be."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.host.models import RolePermission
from niwari.testing.world import KORIYAMA, World

IT, HR = "it@koriyama", "hr@koriyama"
TABLE, CONSULT = "/admin/permissions", "/admin/permissions/consult"
REVISION = re.compile(r'name="revision"[^>]*value="(\d+)"')

EVERYBODY = ["staff", "head", "hr", "it", "secretariat"]
DECLARED = {"consult-read": EVERYBODY, "consult-ask": EVERYBODY, "consult-answer": EVERYBODY}


def revision_at(client: Any, address: str = CONSULT) -> str:
    found = REVISION.search(client.get(address).text)
    assert found is not None
    return found[1]


def save(client: Any, **ticked: list[str]) -> Any:
    """Send the form of the consult plugin as a browser does, with other ticks for some lines."""
    sent = DECLARED | {name.replace("_", "-"): roles for name, roles in ticked.items()}
    return client.submit(CONSULT, {**sent, "revision": revision_at(client)})


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.mark.parametrize("login", [IT, HR])
def test_it_and_hr_see_the_table_by_area(world: World, login: str) -> None:
    page = world.client_for(login).get(TABLE).text
    areas = re.findall(r"<h2>([^<]*)</h2>", page)
    assert areas[:2] == ["職員と所属", "探す"]
    assert areas.index("名前を出さずに書いたもの") < areas.index("投稿の報告と確認")
    optional = [plugin.manifest.label.ja for plugin in world.host.optional() if plugin.manifest]
    assert areas[-4 - len(optional) :] == [
        "個人のデータと保存期間",
        "ホーム",
        "ほかのシステムとの連携",
        "管理",
        *optional,
    ]
    assert "相談" in optional
    assert "相談する" in page


def test_hr_sees_and_does_not_change(world: World) -> None:
    client = world.client_for(HR)
    assert CONSULT not in client.get(TABLE).text
    assert client.get(CONSULT).status_code == 403


@pytest.mark.parametrize("login", ["staff@koriyama", "head@koriyama", "secretariat"])
def test_others_do_not_see_it(world: World, login: str) -> None:
    assert world.client_for(login).get(TABLE).status_code == 403


def test_a_change_works_at_the_next_request_and_is_marked_with_who_and_when(world: World) -> None:
    client, staff = world.client_for(IT), world.client_for("staff@koriyama")
    answer = save(client, consult_ask=["head"])
    assert answer.status_code == 303
    page = text_of(client.get(TABLE).text)
    assert "「相談」の権限を保存しました。すぐに反映されます。" in page
    assert "「相談する」を職員全員から外しました（2026年11月10日（火）9:00、情報担当一）" in page
    assert staff.get("/consult/ask").status_code == 403
    assert world.client_for("head@koriyama").get("/consult/ask").status_code == 200
    assert world.client_for("staff@sukagawa").get("/consult/ask").status_code == 200


def test_two_clicks_are_one_change_and_said_once(world: World) -> None:
    client = world.client_for(IT)
    token, revision = client.token_at(CONSULT), revision_at(client)
    sent = {**DECLARED, "consult-ask": ["head"], "revision": revision, "csrf_token": token}
    answers = [client.post(CONSULT, data=sent).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert client.get(TABLE).text.count("権限を保存しました") == 1


def test_a_form_that_is_outdated_says_so_and_shows_what_holds_now(world: World) -> None:
    late, early = world.client_for(IT), world.client_for(IT)
    token, revision = late.token_at(CONSULT), revision_at(late)
    save(early, consult_ask=["head"])
    rows = RolePermission.select().count()
    sent = {**DECLARED, "consult-answer": [], "revision": revision, "csrf_token": token}
    answer = late.post(CONSULT, data=sent)
    assert answer.status_code == 409
    assert "この画面を開いたあとで、この市町村の設定が変わりました。" in answer.text
    assert REVISION.search(answer.text)[1] != revision  # type: ignore[index]
    checked = re.findall(r'<input checked[^>]*name="consult-ask"[^>]*value="(\w+)"', answer.text)
    assert checked == ["head"]
    assert RolePermission.select().count() == rows


@pytest.mark.parametrize(
    "revision", ["", "x", "-1", "９", "9" * 40, pytest.param("9" * 5_000, id="thousands of digits")]
)
def test_a_revision_that_is_none_is_outdated(world: World, revision: str) -> None:
    client = world.client_for(IT)
    answer = client.submit(CONSULT, {"consult-ask": [], "revision": revision})
    assert answer.status_code == 409
    assert RolePermission.select().count() == 0


def test_a_role_that_does_not_exist_is_refused_beside_its_field(world: World) -> None:
    answer = save(world.client_for(IT), consult_ask=["mayor"])
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert RolePermission.select().count() == 0


def test_what_is_fixed_cannot_be_ticked_and_says_why(world: World) -> None:
    page = world.client_for(IT).get("/admin/permissions/admin").text
    assert 'name="admin-audit"' not in page
    assert "監査の独立を守るため、変えられません。" in page
    assert 'name="admin-features"' in page


def test_an_area_in_which_nothing_can_be_chosen_offers_no_change(world: World) -> None:
    page = world.client_for(IT).get(TABLE).text
    assert "/admin/permissions/web" not in page
    assert "/admin/permissions/ledger" in page


@pytest.mark.parametrize("area", ["nothing", "jobs", "niwari.web"])
def test_an_area_that_declares_nothing_is_not_there(world: World, area: str) -> None:
    assert world.client_for(IT).get(f"/admin/permissions/{area}").status_code == 404


def test_a_plugin_that_is_off_stands_apart_and_can_be_prepared(world: World) -> None:
    world.switch(KORIYAMA, "consult", on=False)
    client = world.client_for(IT)
    page = client.get(TABLE).text
    assert page.index("今は使っていない機能の権限") < page.index("相談する")
    assert save(client, consult_ask=["head"]).status_code == 303


def test_what_an_uninstalled_plugin_left_is_shown_as_without_effect(world: World) -> None:
    RolePermission.insert(
        municipality_id=world.ctx_for(IT).municipality.id,
        role="hr",
        permission="gone.open",
        is_given=True,
        changed_at=world.clock(),
    ).execute()
    page = text_of(world.client_for(IT).get(TABLE).text)
    assert "サーバーから外されたか、止まっている機能の設定" in page
    assert "gone.open ：人事担当に付けた" in page


def test_the_preview_of_a_plugin_says_who_may_here(world: World) -> None:
    client = world.client_for(IT)
    save(client, consult_ask=["head"])
    world.switch(KORIYAMA, "consult", on=False)
    assert "相談する（所属長）" in client.get("/admin/features/consult/on").text


@pytest.mark.parametrize("address", [TABLE, CONSULT])
def test_the_pages_take_five_queries_at_the_most(
    world: World, queries: Callable[[], Any], address: str
) -> None:
    client = world.client_for(IT)
    client.get(address)
    with queries() as log:
        client.get(address)
    assert len(log) <= 5


def test_the_table_speaks_english_too(world: World) -> None:
    client = world.client_for(IT)
    client.set_cookie("niwari_locale", "en")
    page = client.get(TABLE).text
    assert "Who may do what" in page
    assert "Sign-in and permissions" in page


def test_every_area_of_the_core_that_declares_permissions_has_a_name(world: World) -> None:
    page = world.client_for(IT).get(TABLE).text
    headings = re.findall(r"<h2>([^<]*)</h2>", page)
    assert not [name for name in headings if re.fullmatch(r"[a-z_]+", name)]
