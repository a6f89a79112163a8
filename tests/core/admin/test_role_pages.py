"""役割を持つ職員: giving and taking roles on the page, and why a person may do something."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from niwari.directory.models import Appointment
from niwari.host.models import RolePermission
from niwari.identity.models import RoleGrant
from niwari.identity.roles import holders
from niwari.identity.roles.grants import grant_role
from niwari.testing.world import World

IT, HR, STAFF, HEAD = "it@koriyama", "hr@koriyama", "staff@koriyama", "head@koriyama"
ROLES, GRANT = "/admin/roles", "/admin/roles/grant"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def names_on(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a></th>', page)


def give(world: World, login: str, role: str, *, by: str = IT, ends_on: str = "") -> Any:
    sent = {"login": login, "role": role, "ends_on": ends_on}
    return world.client_for(by).submit(GRANT, sent, form_at=ROLES)


def take(world: World, login: str, role: str, *, by: str = IT) -> Any:
    post = world.ctx_for(login).acting.id
    return world.client_for(by).submit(f"/admin/roles/{role}/{post}/revoke", {}, form_at=ROLES)


def person_page(world: World, login: str, *, by: str = IT) -> Any:
    post = world.ctx_for(login).acting.id
    return world.client_for(by).get(f"/admin/people/{post}/permissions")


def test_a_role_that_was_given_is_listed_with_who_and_until_when(world: World) -> None:
    answer = give(world, STAFF, "hr", ends_on="2026-12-31")
    assert answer.status_code == 303
    page = text_of(world.client_for(HR).get(answer.location).text)
    assert "職員一 市民課 2026年11月10日（火）9:00、情報担当一 2026年12月31日" in page


def test_what_was_taken_is_gone_at_once(world: World) -> None:
    give(world, STAFF, "hr")
    client = world.client_for(STAFF)
    assert client.get(ROLES).status_code == 200
    assert take(world, STAFF, "hr").status_code == 303
    assert client.get(ROLES).status_code == 403


def test_two_clicks_give_and_take_once(world: World) -> None:
    assert [give(world, STAFF, "hr").status_code for _ in range(2)] == [303, 303]
    assert [take(world, STAFF, "hr").status_code for _ in range(2)] == [303, 303]


def test_hr_sees_the_list_and_does_not_give(world: World) -> None:
    client = world.client_for(HR)
    page = client.get(ROLES).text
    assert GRANT not in page
    assert "/revoke" not in page
    token = client.token_at("/my/sessions")
    sent = {"login": STAFF, "role": "it", "csrf_token": token}
    assert client.post(GRANT, data=sent).status_code == 403


@pytest.mark.parametrize(
    ("login", "role", "status", "said"),
    [
        (IT, "auditor", 403, "自分に役割を付けることはできません。"),
        (HR, "auditor", 409, "監査担当は、情報担当や人事担当と兼ねることができません。"),
        ("staff@sukagawa", "hr", 422, "「staff@sukagawa」に当たる職員は、"),
        ("職員一", "hr", 422, "「職員一」に当たる職員は、"),
        ("", "hr", 422, "アカウントを入力してください。"),
        (STAFF, "", 422, "役割を選んでください。"),
        (STAFF, "secretariat", 422, "役割"),
        (STAFF, "head", 422, "役割"),
    ],
)
def test_what_cannot_be_given_is_said_beside_its_field_and_stays_typed(
    world: World, login: str, role: str, status: int, said: str
) -> None:
    before = RoleGrant.select().count()
    answer = give(world, login, role)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert 'aria-invalid="true"' in answer.text
    assert not login or f'value="{login}"' in answer.text
    assert RoleGrant.select().count() == before


@pytest.mark.parametrize("day", ["2026-11-09", "2026-13-01", "いつか"])
def test_an_end_that_is_over_or_no_day_is_refused(world: World, day: str) -> None:
    answer = give(world, STAFF, "hr", ends_on=day)
    assert answer.status_code == 422
    assert 'id="ends_on-error"' in answer.text


def test_the_last_it_is_not_taken_and_the_page_says_what_to_do_first(world: World) -> None:
    answer = take(world, IT, "it")
    assert answer.status_code == 409
    assert "先に、ほかの職員に期限のない情報担当の役割を付けてください。" in answer.text
    assert world.client_for(IT).get(ROLES).status_code == 200


@pytest.mark.parametrize("role", ["secretariat", "head", "staff", "mayor"])
def test_a_role_that_is_not_the_towns_to_take_has_no_such_page(world: World, role: str) -> None:
    assert take(world, "secretariat", role).status_code == 404


def test_it_of_the_neighbour_town_takes_nothing_here(world: World) -> None:
    give(world, STAFF, "hr")
    assert take(world, STAFF, "hr", by="it@sukagawa").status_code == 404
    assert person_page(world, STAFF, by="it@sukagawa").status_code == 404
    assert "職員一" not in world.client_for("it@sukagawa").get(f"{ROLES}?role=hr").text


def test_heads_are_listed_and_not_given_here(world: World) -> None:
    page = world.client_for(IT).get(f"{ROLES}?role=head").text
    assert "2020年4月1日（水）から" in text_of(page)
    assert "/revoke" not in page


def test_a_role_that_nobody_has_says_so(world: World) -> None:
    page = world.client_for("it@sukagawa").get(f"{ROLES}?role=auditor").text
    assert "「監査担当」の役割を持つ職員はいません" in page


def test_who_has_left_and_whose_role_has_ended_are_not_listed(world: World) -> None:
    give(world, STAFF, "hr", ends_on="2026-11-10")
    give(world, "staff2@koriyama", "hr")
    Appointment.update(ends_on=world.ctx_for(IT).today).where(
        Appointment.id == world.ctx_for("staff2@koriyama").acting.id
    ).execute()
    world.clock.advance(days=1)
    page = world.client_for(IT).get(f"{ROLES}?role=hr").text
    assert names_on(page) == ["人事担当一"]


@pytest.mark.parametrize("role", ["hr", "head"])
def test_long_lists_go_on_and_name_everybody_once(
    world: World, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    for login in (STAFF, "staff2@koriyama", "staff3@koriyama", "staff4@koriyama"):
        give(world, login, "hr")
    client = world.client_for(IT)
    once = names_on(client.get(f"{ROLES}?role={role}").text)
    monkeypatch.setattr(holders, "PAGE", 2)
    names, address = [], f"{ROLES}?role={role}"
    while address:
        page = client.get(address).text
        names += names_on(page)
        found = re.search(r'class="more".*?href="([^"]+)"', page, re.DOTALL)
        address = found[1].replace("&amp;", "&") if found else ""
    assert names == once
    assert len(names) > 4


@pytest.mark.parametrize(
    "query",
    [
        "role=mayor",
        "after=x",
        "after=-1",
        "after=99999999999999",
        pytest.param(f"after={'9' * 5_000}", id="thousands of digits"),
    ],
)
def test_an_address_that_somebody_changed_is_no_failure(world: World, query: str) -> None:
    assert world.client_for(IT).get(f"{ROLES}?{query}").status_code == 200


def test_the_account_leads_to_what_the_person_may_do(world: World) -> None:
    client = world.client_for(IT)
    answer = client.get(f"{ROLES}?login={STAFF}")
    assert answer.status_code == 302
    page = text_of(client.get(answer.location).text)
    assert "職員一さんの権限" in page
    assert "所属のある職員みんなが持つ役割です。" in page
    assert "20%の時間を申し込む 職員全員（はじめからの設定）" in page


@pytest.mark.parametrize("login", ["", "nobody", "staff@sukagawa"])
def test_an_account_of_nobody_here_is_refused_beside_its_field(world: World, login: str) -> None:
    answer = world.client_for(IT).get(f"{ROLES}?login={login}")
    assert answer.status_code == 422
    assert 'id="look-up-error"' in answer.text


def test_each_permission_names_the_roles_and_the_decision_behind_it(world: World) -> None:
    world.client_for(IT).submit(
        "/admin/permissions/admin",
        {
            "admin-features": ["it", "head"],
            "revision": str(world.ctx_for(IT).municipality.revision),
        },
    )
    page = text_of(person_page(world, HEAD).text)
    assert "2020年4月1日（水）から「市民課」の所属長です。" in page
    assert "使う機能を設定する 所属長（2026年11月10日（火）9:00に情報担当一が変更）" in page
    assert "申込みに答える 所属長（はじめからの設定）" in page
    assert "この市町村では外されているもの" in page
    assert "管理：自分の設定を変える" in page


def test_a_granted_role_says_who_gave_it_when_and_until_when(world: World) -> None:
    give(world, STAFF, "hr", ends_on="2026-12-31")
    page = text_of(person_page(world, STAFF, by=HR).text)
    assert (
        "2026年11月10日（火）9:00に、情報担当一が付けました。 2026年12月31日（木）までです。"
        in page
    )


def test_a_role_of_a_command_and_one_from_before_are_told_apart(world: World) -> None:
    old = world.ctx_for(HR).acting.id
    RoleGrant.update(granted_at=None).where(RoleGrant.appointment == old).execute()
    assert "付けた日時の記録はありません。" in person_page(world, HR).text
    assert "サーバーの操作で付けました。" in person_page(world, IT).text


def test_what_a_plugin_that_is_off_would_allow_is_marked(world: World) -> None:
    world.switch("072036", "consult", on=False)
    page = text_of(person_page(world, STAFF).text)
    assert page.index("今は使っていない機能") < page.index("相談する")


@pytest.mark.parametrize("days", [-1, 1])
def test_a_post_that_does_not_hold_today_is_not_there(world: World, days: int) -> None:
    post, today = world.ctx_for(STAFF).acting.id, world.ctx_for(STAFF).today
    change = {"ends_on": today - timedelta(days=1)} if days < 0 else {"starts_on": today}
    if days > 0:
        change = {"starts_on": today + timedelta(days=days)}
    Appointment.update(**change).where(Appointment.id == post).execute()
    assert world.client_for(IT).get(f"/admin/people/{post}/permissions").status_code == 404


def test_everybody_sees_their_own_permissions_and_reasons(world: World) -> None:
    client = world.client_for(STAFF)
    assert "/my/permissions" in client.get("/").text
    page = text_of(client.get("/my/permissions").text)
    assert "職員全員 所属のある職員みんなが持つ役割です。" in page
    assert "ホームを見る 職員全員（はじめからの設定）" in page
    assert "使う機能を設定する" not in page


def test_a_row_about_a_fixed_pair_explains_nothing(world: World) -> None:
    it = world.ctx_for(IT)
    RolePermission.insert(
        municipality_id=it.municipality.id,
        role="it",
        permission="admin.audit",
        is_given=True,
        changed_at=it.now,
    ).execute()
    assert "監査の記録を見る" not in person_page(world, IT).text


@pytest.mark.parametrize(
    "address", ["/my/permissions", ROLES, f"{ROLES}?role=head", "/admin/people/{}/permissions"]
)
def test_the_pages_keep_the_budget(world: World, queries: Callable[[], Any], address: str) -> None:
    post = world.ctx_for(HEAD).acting.id
    grant_role(world.ctx_for(IT), post, "hr")
    client = world.client_for(IT)
    address = address.format(post)
    client.get(address)
    with queries() as log:
        client.get(address)
    assert len(log) <= 6
