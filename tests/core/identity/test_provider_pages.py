"""サインインの窓口: who sees and changes which provider."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import connection
from niwari.directory.models import Municipality
from niwari.identity.models import Provider, ProviderDomain, ProviderMunicipality
from niwari.identity.providers.sealed import open_secret
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World

ISSUER = "https://id.example.jp/realm"
IT, OTHER_IT, SECRETARIAT = "it@koriyama", "it@sukagawa", "secretariat"


def town_id(code: str) -> int:
    with connection():
        found: int = Municipality.get(Municipality.code == code).id
    return found


def filled(**changes: Any) -> dict[str, Any]:
    """A form as it should be, of a provider of 郡山市, with ``changes``."""
    return {
        "municipality_ids": [town_id(KORIYAMA)],
        "label": "郡山市",
        "issuer": ISSUER,
        "client_id": "niwari",
        "secret": "a client secret",
        "login_claim": "preferred_username",
        "domains": "city.koriyama.example.jp\nkoriyama.example.jp",
        **changes,
    }


def register(client: Any, **changes: Any) -> Any:
    """Send the form of a new provider."""
    return client.submit("/providers/new", filled(**changes))


def row_of(issuer: str = ISSUER) -> Any:
    with connection():
        return Provider.get(Provider.issuer == issuer)


def test_the_secretariat_registers_a_provider_for_a_town(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    answer = register(client)
    row = row_of()
    assert answer.location == f"/providers/{row.id}"
    page = client.get(answer.location).text
    assert f"http://localhost/sign-in/callback/{row.id}" in page
    assert "http://localhost/signed-out" in page
    with connection():
        (served,) = ProviderMunicipality.select().where(ProviderMunicipality.provider == row)
        assert served.municipality_id == town_id(KORIYAMA)
        assert ProviderDomain.select().count() == 2


def test_the_secret_is_sealed_and_on_no_page(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    answer = register(client)
    row = row_of()
    assert "a client secret" not in row.secret
    assert open_secret(row) == "a client secret"
    assert "a client secret" not in client.get(answer.location).text
    refused = register(client, issuer="http://nowhere.example.jp")
    assert "a client secret" not in refused.text


def test_an_empty_secret_keeps_the_present_one(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    page = register(client).location
    answer = client.submit(page, filled(label="郡山市役所", secret="", revision="1"))
    assert answer.status_code == 303
    assert (row_of().label, row_of().revision) == ("郡山市役所", 2)
    assert open_secret(row_of()) == "a client secret"


@pytest.mark.parametrize("moved", [{"issuer": "https://mine.example.jp"}, {"client_id": "mine"}])
def test_it_is_not_kept_for_another_issuer_or_client(world: World, moved: dict[str, str]) -> None:
    client = world.client_for(SECRETARIAT)
    page = register(client).location
    answer = client.submit(page, filled(secret="", revision="1", **moved))
    assert answer.status_code == 422
    assert "シークレットも入力してください" in answer.text
    assert row_of().revision == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"label": " "}, "名前を入力してください。"),
        ({"issuer": "http://id.example.jp"}, "https:// で始まるアドレス"),
        ({"issuer": "https://id.example.jp?x=1"}, "https:// で始まるアドレス"),
        ({"issuer": "https://me@id.example.jp"}, "https:// で始まるアドレス"),
        ({"issuer": "https://id.example.jp\r\nX: y"}, "https:// で始まるアドレス"),
        ({"issuer": "javascript:alert(1)"}, "https:// で始まるアドレス"),
        ({"client_id": ""}, "クライアントIDを入力してください。"),
        ({"secret": ""}, "クライアントシークレットを入力してください。"),
        ({"login_claim": "お名前"}, "半角英数字"),
        ({"login_claim": "email", "domains": ""}, "メールのドメインを1つ以上"),
        ({"domains": "not a domain"}, "ドメインの形ではありません"),
        ({"secret": "two\nlines"}, "クライアントシークレットは1行です"),
        ({"secret": "x" * 4097}, "4096文字以内で入力してください。"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(
    world: World, changes: dict[str, str], said: str
) -> None:
    answer = register(world.client_for(SECRETARIAT), **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    with connection():
        assert Provider.select().count() == 1  # the development provider


@pytest.fixture
def in_production(world: World) -> None:
    """Let the pages keep to the rule of production."""
    niwari = world.app.extensions["niwari"]
    settings = replace(niwari.settings, environment="production")
    world.app.extensions["niwari"] = replace(niwari, settings=settings)


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("http://localhost:8080", "https:// で始まるアドレス"),
        ("https://localhost", "にわりのサーバー自身を指しています"),
        ("https://127.1", "にわりのサーバー自身を指しています"),
        ("https://169.254.169.254", "にわりのサーバー自身を指しています"),
        ("https://192.168.4.5/realm", "provider_networks"),
    ],
)
def test_an_issuer_inside_is_refused_beside_its_field_in_production(
    world: World, issuer: str, said: str
) -> None:
    answer = register(world.client_for(SECRETARIAT), issuer=issuer)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{issuer}"' in answer.text
    with connection():
        assert not Provider.select().where(Provider.issuer == issuer).exists()


def test_a_second_click_registers_nothing_more(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    assert register(client).location == register(client).location
    with connection():
        assert Provider.select().count() == 2
        assert AuditEntry.select().where(AuditEntry.action == "identity.provider_add").count() == 1


def test_registering_one_that_was_stopped_says_how_to_start_it(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    page = register(client).location
    client.submit(f"{page}/deactivate", {}, form_at=page)
    answer = register(client)
    assert answer.status_code == 422
    assert "この窓口は登録済みで、停止中です。" in answer.text
    assert f"niwari identity provider activate {row_of().id}" in answer.text
    assert not row_of().is_active


def test_it_of_another_town_neither_sees_nor_changes_it(world: World) -> None:
    page = register(world.client_for(SECRETARIAT)).location
    other = world.client_for(OTHER_IT)
    token = other.token_at("/my/sessions")
    assert ISSUER not in other.get("/providers").text
    assert other.get(page).status_code == 404
    for part in ("/test", "/activate", "/deactivate"):
        answer = other.post(f"{page}{part}", data=filled(csrf_token=token, label="外"))
        assert answer.status_code == 404
    assert (row_of().label, row_of().is_active, row_of().revision) == ("郡山市", True, 1)


@pytest.mark.parametrize("part", ["new", "{id}"])
def test_a_towns_own_it_names_and_changes_none(world: World, part: str) -> None:
    page = register(world.client_for(SECRETARIAT)).location
    client = world.client_for(IT)
    assert ISSUER in client.get("/providers").text
    assert 'name="issuer"' not in client.get(page).text
    address = f"/providers/{part.format(id=row_of().id)}"
    answer = client.submit(address, filled(issuer="https://mine.example.jp"), form_at=page)
    assert answer.status_code == 403
    with connection():
        assert not Provider.select().where(Provider.issuer == "https://mine.example.jp").exists()


def test_issuer_and_domain_of_another_town_cannot_be_taken(world: World) -> None:
    register(world.client_for(SECRETARIAT))
    other = world.client_for(SECRETARIAT)
    answer = register(other, municipality_ids=[town_id(SUKAGAWA)], domains="")
    assert "この発行者は、別の窓口に登録されています。" in answer.text
    answer = register(other, issuer="https://other.example.jp")
    assert "「city.koriyama.example.jp」は、別の窓口に登録されています。" in answer.text


def test_the_secretariat_lets_one_serve_several_towns_and_it_of_one_does_not_see_it(
    world: World,
) -> None:
    towns = [town_id(SUKAGAWA), town_id(MIHARU)]
    secretariat = world.client_for(SECRETARIAT)
    page = register(secretariat, municipality_ids=towns).location
    assert "2市町村で使用" in secretariat.get("/providers").text
    assert world.client_for(OTHER_IT).get(page).status_code == 404
    with connection():
        audited = AuditEntry.select().where(AuditEntry.action == "identity.provider_add")
        assert sorted(entry.municipality_id for entry in audited) == sorted(towns)


def test_the_secretariat_must_choose_a_town_of_its_region(world: World) -> None:
    secretariat = world.client_for(SECRETARIAT)
    assert "市町村を1つ以上選んでください。" in register(secretariat, municipality_ids=[]).text
    assert register(secretariat, municipality_ids=["99999"]).status_code == 422


def test_a_town_that_is_no_longer_served_finds_it_in_its_audit(world: World) -> None:
    secretariat = world.client_for(SECRETARIAT)
    page = register(secretariat, municipality_ids=[town_id(SUKAGAWA), town_id(MIHARU)]).location
    secretariat.submit(page, filled(municipality_ids=[town_id(MIHARU)], revision="1", secret=""))
    with connection():
        entries = AuditEntry.select().where(AuditEntry.action == "identity.provider_edit")
        assert {entry.municipality_id for entry in entries} == {town_id(SUKAGAWA), town_id(MIHARU)}
        assert json.loads(entries[0].details) == {"changed": "municipality_ids", "revision": 2}


def test_a_form_that_somebody_else_has_overtaken_is_refused(world: World) -> None:
    first, second = world.client_for(SECRETARIAT), world.client_for(SECRETARIAT)
    page = register(first).location
    first.submit(page, filled(label="先の人", secret="", revision="1"))
    answer = second.submit(page, filled(label="後の人", secret="", revision="1"))
    assert answer.status_code == 422
    assert "ほかの人がこの窓口を変更しました" in answer.text
    assert row_of().label == "先の人"


def test_sending_the_same_again_changes_nothing(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    page = register(client).location
    for _click in range(2):
        answer = client.submit(page, filled(label="郡山市役所", revision="1"))
        assert answer.status_code == 303
    assert row_of().revision == 2


def test_stopping_it_leaves_the_others_and_can_be_taken_back(world: World) -> None:
    client = world.client_for(IT)
    page = register(world.client_for(SECRETARIAT)).location
    client.submit(f"{page}/deactivate", {}, form_at=page)
    assert not row_of().is_active
    assert "停止中の窓口です" in client.get(page).text
    client.submit(f"{page}/activate", {}, form_at=page)
    assert row_of().is_active


def test_nobody_locks_their_own_town_out(world: World) -> None:
    client = world.client_for(IT)
    page = register(world.client_for(SECRETARIAT)).location
    with connection():
        Provider.update(is_active=False).where(Provider.id == 1).execute()
    client.submit(f"{page}/deactivate", {}, form_at=page)
    assert row_of().is_active
    assert "郡山市の職員がだれもサインインできなくなります" in client.get(page).text


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({}, "接続できました"),
        ({"issuer": "https://id.example.jp/realm/"}, "別の発行者を名乗っています"),
        ({"token_endpoint": None}, "必要なアドレスがありません"),
        ({"jwks_uri": "http://id.example.jp/jwks"}, "https でないアドレス"),
        ({"token_endpoint": "https://10.0.0.7/token"}, "発行者とは別のサーバー"),
        ({"end_session_endpoint": "https://evil.example/out"}, "発行者とは別のサーバー"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "公開鍵による署名"),
    ],
)
def test_the_button_says_what_is_wrong_with_the_connection(
    world: World,
    with_provider: Callable[..., Any],
    metadata: dict[str, Any],
    said: str,
) -> None:
    provider = with_provider(ISSUER, municipality_ids=(town_id(KORIYAMA),))
    provider.metadata = metadata
    client = world.client_for(IT)
    page = f"/providers/{provider.id}"
    client.submit(f"{page}/test", {}, form_at=page)
    assert said in client.get(page).text


def test_it_says_so_where_there_is_nothing_at_the_address(
    world: World, with_provider: Callable[..., Any]
) -> None:
    provider = with_provider(ISSUER, municipality_ids=(town_id(KORIYAMA),))
    provider.is_down = True
    client = world.client_for(IT)
    page = f"/providers/{provider.id}"
    client.submit(f"{page}/test", {}, form_at=page)
    assert "設定情報（/.well-known/openid-configuration）がありません" in client.get(page).text


def test_the_pages_keep_to_their_budget(world: World, queries: Callable[[], Any]) -> None:
    client = world.client_for(SECRETARIAT)
    for address in ("/providers", "/providers/1", "/providers/new"):
        client.get(address)
        with queries() as log:
            assert client.get(address).status_code == 200
        assert len(log) <= 3 + 5, log.statements
