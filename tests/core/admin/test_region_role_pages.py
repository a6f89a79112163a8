"""広域圏の役割: finding somebody of the region, giving and taking the secretariat's role on the page."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.db.counting import QueryLog
from niwari.identity.models import RoleGrant
from niwari.identity.roles import regional
from niwari.testing.world import World

SECRETARIAT, OTHER = "secretariat", "staff@sukagawa"
PAGE = "/admin/region/roles"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def post_of(world: World, login: str) -> int:
    return world.ctx_for(login).acting.id


def give(world: World, login: str, *, by: str = SECRETARIAT, **sent: str) -> Any:
    data = {"reason": "年度の交代", "ends_on": "", **sent}
    return world.client_for(by).submit(f"{PAGE}/{post_of(world, login)}", data, form_at=PAGE)


def take(world: World, login: str, *, by: str = SECRETARIAT) -> Any:
    return world.client_for(by).submit(f"{PAGE}/{post_of(world, login)}/revoke", {}, form_at=PAGE)


def test_somebody_of_another_town_is_found_and_given_the_role(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    post = post_of(world, OTHER)
    found = client.get(PAGE, query_string={"text": world.ctx_for(OTHER).acting.person_name})
    assert f'href="{PAGE}/{post}"' in found.text
    assert "須賀川市" in client.get(f"{PAGE}/{post}").text
    answer = give(world, OTHER, ends_on="2026-12-31")
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = text_of(client.get(PAGE).text)
    assert "2026年11月10日（火）9:00、事務局一 年度の交代 2026年12月31日" in page
    assert world.client_for(OTHER).get(PAGE).status_code == 200


def test_two_clicks_give_and_take_once(world: World) -> None:
    assert [give(world, OTHER).status_code for _ in range(2)] == [303, 303]
    assert RoleGrant.select().where(RoleGrant.role == "secretariat").count() == 2
    assert [take(world, OTHER).status_code for _ in range(2)] == [303, 303]
    assert RoleGrant.select().where(RoleGrant.role == "secretariat").count() == 1


def test_whose_role_was_taken_is_said(world: World) -> None:
    give(world, OTHER)
    client = world.client_for(SECRETARIAT)
    client.submit(f"{PAGE}/{post_of(world, OTHER)}/revoke", {}, form_at=PAGE)
    name = world.ctx_for(OTHER).acting.person_name
    assert f"{name}さんから広域圏事務局の役割を外しました。" in client.get(PAGE).text


def test_the_page_says_that_one_has_to_stay_and_where_nobody_is_listed_what_to_do(
    world: World,
) -> None:
    client = world.client_for(SECRETARIAT)
    assert "役割を期限なしで持つ職員が、いつも1人は必要です。" in client.get(PAGE).text
    assert "役割を持つ職員はいません" not in client.get(PAGE).text
    assert "役割を持つ職員はいません" in client.get(f"{PAGE}?from=999999").text


def test_who_was_given_the_role_may_take_it_from_who_gave_it(world: World) -> None:
    give(world, OTHER)
    assert take(world, SECRETARIAT, by=OTHER).status_code == 303
    assert world.client_for(SECRETARIAT).get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("login", "sent", "status", "said"),
    [
        (OTHER, {"reason": ""}, 422, "理由を入力してください。"),
        (OTHER, {"reason": "あ" * 201}, 422, "200文字以内で入力してください。"),
        (OTHER, {"ends_on": "2026-11-09"}, 422, "終わりの日は、今日か、"),
        (OTHER, {"ends_on": "いつか"}, 422, "日にちを 2026-11-18 の形で"),
        (
            "director-seisaku@koriyama",
            {},
            409,
            "監査担当は、広域圏事務局と兼ねることができません。",
        ),
        (SECRETARIAT, {}, 403, "自分に役割を付けることはできません。"),
    ],
)
def test_what_cannot_be_given_is_said_and_changes_nothing(
    world: World, login: str, sent: dict[str, str], status: int, said: str
) -> None:
    answer = give(world, login, **sent)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert RoleGrant.select().where(RoleGrant.role == "secretariat").count() == 1


def test_what_was_typed_stays_in_the_form(world: World) -> None:
    assert 'value="年度の交代"' in give(world, OTHER, ends_on="2026-11-09").text


def test_the_last_one_is_not_taken_and_the_page_says_what_to_do_first(world: World) -> None:
    answer = take(world, SECRETARIAT)
    assert answer.status_code == 409
    assert "先に、ほかの職員に期限のない広域圏事務局の役割を付けてください。" in answer.text
    assert world.client_for(SECRETARIAT).get(PAGE).status_code == 200


@pytest.mark.parametrize("login", ["it@koriyama", "hr@koriyama", "head@koriyama", "it@sukagawa"])
def test_a_towns_own_roles_do_not_reach_the_page(world: World, login: str) -> None:
    client = world.client_for(login)
    post = post_of(world, OTHER)
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}/{post}").status_code == 403
    sent = {"reason": "x", "csrf_token": client.token_at("/my/sessions")}
    assert client.post(f"{PAGE}/{post}", data=sent).status_code == 403
    assert client.post(f"{PAGE}/{post}/revoke", data=sent).status_code == 403


def test_a_post_that_nobody_has_is_no_page(world: World) -> None:
    assert world.client_for(SECRETARIAT).get(f"{PAGE}/999999").status_code == 404


def test_a_sign_in_that_is_long_ago_is_asked_for_again(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    world.clock.advance(minutes=11)
    answer = client.get(f"{PAGE}/{post_of(world, OTHER)}", headers={"Accept": "text/html"})
    assert (answer.status_code, "/my/confirm" in answer.location) == (302, True)


def test_long_lists_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    give(world, OTHER)
    monkeypatch.setattr(regional, "PAGE", 1)
    client = world.client_for(SECRETARIAT)
    first = client.get(PAGE).text
    (following,) = re.findall(r"/admin/region/roles\?from=(\d+)", first)
    second = client.get(f"{PAGE}?from={following}").text
    assert [re.findall(r'<th scope="row">([^<]*)</th>', one) for one in (first, second)] == [
        ["職員三"],
        ["事務局一"],
    ]
    assert '<nav class="more"' not in second


def test_the_page_costs_no_more_with_more_holders(world: World, queries: Callable[[], Any]) -> None:
    give(world, OTHER)
    client = world.client_for(SECRETARIAT)
    client.get(PAGE)
    log: QueryLog
    with queries() as log:
        client.get(PAGE)
    assert len(log) <= 3 + 1, log.statements
