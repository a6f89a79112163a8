"""APIのトークン: one's own and the municipality's are made, listed and revoked on pages."""

import re
from typing import Any
from uuid import uuid4

import pytest

from niwari.audit.models import AuditEntry
from niwari.identity.models import ApiToken
from niwari.identity.tokens.service import MOST_TOKENS
from niwari.testing.world import World
from tests.core.rest.conftest import API, IT, STAFF, make_token

NEW, SYSTEM_NEW = "/my/tokens/new", "/admin/tokens/new"
FILLED = {"label": "勤怠との連携", "scopes": ["rest.read", "ledger.read"], "days": "90"}


def shown(page: Any) -> str:
    """The token on the page that shows it."""
    (found,) = re.findall(r'<code[^>]*id="token">(niw_[A-Za-z0-9_-]+)</code>', page.text)
    return str(found)


def opens(world: World, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return bool(world.anonymous().get(f"{API}/me", headers=headers).status_code == 200)


def test_a_token_is_shown_once_and_listed_without_its_value(world: World) -> None:
    client = world.client_for(STAFF)
    token = shown(client.submit(NEW, {**FILLED, "form_key": str(uuid4())}))
    assert opens(world, token)
    page = client.get("/my/tokens").text
    assert "勤怠との連携" in page
    assert "自分の20%を見る" in page
    assert "最後に使った日時" in page
    assert "2027年2月8日（月） 9:00まで有効" in page
    assert token not in page


def test_making_and_revoking_stand_in_the_audit_without_the_label(world: World) -> None:
    client = world.client_for(STAFF)
    client.submit(NEW, {**FILLED, "form_key": str(uuid4())})
    client.submit(f"/my/tokens/{ApiToken.get().id}/revoke", {}, form_at="/my/tokens")
    found = list(AuditEntry.select().where(AuditEntry.object_kind == "api_token"))
    assert [row.action for row in found] == ["identity.create_token", "identity.revoke_token"]
    assert "勤怠" not in "".join(row.details for row in found)


def test_a_double_click_makes_one_token_and_what_is_seen_last_is_good(world: World) -> None:
    client = world.client_for(STAFF)
    form = {**FILLED, "form_key": str(uuid4())}
    first, second = shown(client.submit(NEW, form)), shown(client.submit(NEW, form))
    assert ApiToken.select().count() == 1
    assert not opens(world, first)
    assert opens(world, second)


def test_a_form_sent_again_leaves_a_token_that_was_used_alone(world: World) -> None:
    client = world.client_for(STAFF)
    form = {**FILLED, "form_key": str(uuid4())}
    token = shown(client.submit(NEW, form))
    assert opens(world, token)
    answer = client.submit(NEW, form)
    assert answer.status_code == 422
    assert "もう作られて使われています" in answer.text
    assert opens(world, token)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"label": ""}, "何に使うトークンかを入力してください。"),
        ({"label": "\u3000"}, "何に使うトークンかを入力してください。"),
        ({"label": "あ" * 101}, "100文字以内で入力してください。"),
        ({"scopes": []}, "トークンでできることを選んでください。"),
        ({"scopes": ["admin.features"]}, "admin.features"),
        ({"days": "3650"}, "3650"),
        ({"days": ""}, "有効期間"),
    ],
)
def test_a_form_that_is_wrong_makes_nothing_and_keeps_what_was_typed(
    world: World, wrong: dict[str, Any], sentence: str
) -> None:
    answer = world.client_for(STAFF).submit(NEW, {**FILLED, "form_key": str(uuid4()), **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text or 'aria-invalid="true"' in answer.text
    if "label" not in wrong:
        assert 'value="勤怠との連携"' in answer.text
    assert not ApiToken.select().exists()


def test_nobody_has_more_tokens_than_can_be_looked_after(world: World) -> None:
    for _number in range(MOST_TOKENS):
        make_token(world, STAFF)
    answer = world.client_for(STAFF).submit(NEW, {**FILLED, "form_key": str(uuid4())})
    assert answer.status_code == 422
    assert "20件までです" in answer.text
    assert ApiToken.select().count() == MOST_TOKENS


@pytest.mark.parametrize("login", ["staff2@koriyama", IT, "staff@miharu"])
def test_what_is_somebody_elses_is_not_there(world: World, login: str) -> None:
    token = make_token(world, STAFF)
    client = world.client_for(login)
    path = f"/my/tokens/{ApiToken.get().id}/revoke"
    assert client.submit(path, {}, form_at=NEW).status_code == 404
    assert opens(world, token)


def test_municipal_it_of_another_town_does_not_see_the_municipalitys_tokens(world: World) -> None:
    token = make_token(world, IT, of_municipality=True)
    other = world.client_for("it@sukagawa")
    assert "試し" not in other.get("/admin/tokens").text
    path = f"/admin/tokens/{ApiToken.get().id}/revoke"
    assert other.submit(path, {}, form_at=SYSTEM_NEW).status_code == 404
    assert opens(world, token)


def test_municipal_it_sees_all_tokens_of_its_municipality_and_who_made_them(world: World) -> None:
    make_token(world, IT, of_municipality=True)
    maker = world.ctx_for(IT).acting.person_name
    page = world.client_for(IT).get("/admin/tokens").text
    assert "試し" in page
    assert maker in page
    assert "試し" not in world.client_for(IT).get("/my/tokens").text


def test_a_token_of_the_municipality_is_never_offered_what_is_a_persons(world: World) -> None:
    page = world.client_for(IT).get(SYSTEM_NEW).text
    assert 'value="rest.read"' in page
    assert 'value="ledger.read"' not in page


def test_revoking_again_changes_nothing(world: World) -> None:
    make_token(world, STAFF)
    client = world.client_for(STAFF)
    path = f"/my/tokens/{ApiToken.get().id}/revoke"
    for _click in range(2):
        assert client.submit(path, {}, form_at=NEW).status_code == 303
    assert AuditEntry.select().where(AuditEntry.action == "identity.revoke_token").count() == 1


def test_the_list_costs_the_same_however_many_there_are(world: World, queries: Any) -> None:
    client = world.client_for(STAFF)
    make_token(world, STAFF)
    client.get("/my/tokens")
    with queries() as one:
        client.get("/my/tokens")
    for _number in range(5):
        make_token(world, STAFF)
    with queries() as many:
        client.get("/my/tokens")
    assert len(one) == len(many) <= 4
