"""The pages of settings: made from what plugins declare, kept whole or not at all."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.audit.values import Change, changes
from niwari.db import database
from niwari.host.checks.together import FORM_NAMES
from niwari.host.models import MunicipalitySetting, PersonSetting
from niwari.host.settings import settings_of
from niwari.pages.forms import Form
from niwari.testing.world import KORIYAMA, World

PAGE, MINE = "/admin/features/crasher/settings", "/admin/my/crasher"
IT, NEXT_DOOR = "it@koriyama", "it@sukagawa"
TYPED = {"height": "120", "sound": "ドン", "notes": "", "floor": "stone"}


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher, which has settings of every type."""
    return crashers


def page(world: World, address: str = PAGE, login: str = IT) -> str:
    response = world.client_for(login).get(address)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def kept() -> list[str]:
    """The keys of which a municipality's value is kept."""
    database.connect(reuse_if_open=True)
    return [row.key for row in MunicipalitySetting.select()]


def acts() -> list[Any]:
    """What the audit has of settings."""
    database.connect(reuse_if_open=True)
    return list(AuditEntry.select().where(AuditEntry.action == "plugin.settings"))


def send(
    world: World, typed: Mapping[str, str], address: str = PAGE, login: str = IT
) -> tuple[int, str]:
    response: Any = world.client_for(login).submit(address, dict(typed))
    return response.status_code, str(response.get_data(as_text=True))


def field(text: str, key: str) -> str:
    """The element in which a setting is typed."""
    (found,) = re.findall(rf'<(?:input|textarea)[^>]*name="{key}"[^>]*>', text)
    return unescape(str(found))


def of(world: World, login: str = IT) -> dict[str, Any]:
    return dict(settings_of(world.ctx_for(login), "crasher"))


# -- what is shown --------------------------------------------------------------------------------


def test_each_type_has_its_field_with_what_holds_now(world: World) -> None:
    shown = page(world)
    assert 'type="checkbox"' in field(shown, "fragile")
    assert "checked" not in field(shown, "fragile")
    assert 'value="80"' in field(shown, "height")
    assert 'value="ガシャン"' in field(shown, "sound")
    assert field(shown, "notes").startswith("<textarea")
    assert re.search(r'<input[^>]*checked[^>]*value="stone"', shown)
    assert not re.search(r'<input[^>]*checked[^>]*value="straw"', shown)
    for text in ("落とす高さ", "センチ", "机の高さは70センチです。", "畳"):
        assert text in shown


def test_the_towns_page_has_no_setting_of_persons_and_the_other_way_round(world: World) -> None:
    assert "呼び名" not in page(world)
    mine = page(world, MINE, "staff@koriyama")
    assert "呼び名" in mine
    assert "落とす高さ" not in mine


def test_the_page_speaks_the_readers_language(world: World) -> None:
    client = world.client_for(IT)
    client.set_cookie("niwari_locale", "en")
    assert "Height of the fall" in client.get(PAGE).get_data(as_text=True)


# -- keeping --------------------------------------------------------------------------------------


def test_what_was_typed_is_kept_as_its_type_and_leads_back_to_the_features(world: World) -> None:
    status, _ = send(world, {**TYPED, "fragile": "y", "floor": "straw", "notes": "一行目\n二行目"})
    assert status == 303
    assert {key: of(world)[key] for key in ("fragile", "height", "sound", "floor")} == {
        "fragile": True,
        "height": 120,
        "sound": "ドン",
        "floor": "straw",
    }
    assert of(world)["notes"].splitlines() == ["一行目", "二行目"]


def test_a_box_that_is_not_ticked_any_more_is_no(world: World) -> None:
    send(world, {**TYPED, "fragile": "y"})
    assert "checked" in field(page(world), "fragile")
    send(world, TYPED)
    assert of(world)["fragile"] is False


def test_keeping_writes_who_changed_which_keys_and_the_values_beside_it(world: World) -> None:
    send(world, TYPED)
    (entry,) = acts()
    ctx = world.ctx_for(IT)
    assert (entry.municipality_id, entry.actor_id) == (ctx.municipality.id, ctx.acting.id)
    assert "height,sound" in entry.details
    assert "ドン" not in entry.details
    assert changes([entry.id]) == {
        entry.id: Change({"height": 80, "sound": "ガシャン"}, {"height": 120, "sound": "ドン"})
    }


def test_keeping_what_holds_already_writes_no_audit(world: World) -> None:
    send(world, {**TYPED, "height": "80", "sound": "ガシャン"})
    assert acts() == []


def test_one_towns_settings_do_not_reach_another(world: World) -> None:
    send(world, TYPED)
    send(world, {**TYPED, "height": "7"}, login=NEXT_DOOR)
    assert (of(world)["height"], of(world, NEXT_DOOR)["height"]) == (120, 7)
    assert 'value="7"' in field(page(world, login=NEXT_DOOR), "height")


# -- what is refused ------------------------------------------------------------------------------

WRONG = [
    ("height", "", "整数を入力してください。"),
    ("height", "0", "1から300までの整数を入力してください。"),
    ("height", "301", "1から300までの整数を入力してください。"),
    ("height", "高い", "整数を入力してください。"),
    ("height", "1.5", "整数を入力してください。"),
    ("sound", "", "1文字以上10文字以内で入力してください。"),
    ("sound", "とても長い音がします", None),
    ("sound", "とても長い音がしますよ", "1文字以上10文字以内で入力してください。"),
    ("sound", "ド\x07ン", "使えない文字（制御文字など）が入っています。"),
]


@pytest.mark.parametrize(("key", "typed", "said"), WRONG)
def test_what_cannot_be_is_refused_beside_its_field_with_what_was_typed(
    world: World, key: str, typed: str, said: str | None
) -> None:
    status, text = send(world, {**TYPED, "notes": "残すもの", key: typed})
    if said is None:
        assert status == 303
        return
    assert status == 422
    assert said in text
    assert f'value="{typed}"' in field(text, key)
    assert "残すもの" in text
    assert kept() == []


@pytest.mark.parametrize("typed", ["高い", "1.5"])
def test_a_number_that_is_none_gets_one_sentence_in_the_readers_language(
    world: World, typed: str
) -> None:
    _, text = send(world, {**TYPED, "height": typed})
    assert "1から300まで" not in text
    assert text.count("整数を入力してください。") == 2  # beside the field and in the summary


def test_a_choice_that_is_not_in_the_list_is_refused(world: World) -> None:
    status, text = send(world, {**TYPED, "floor": "ice"})
    assert status == 422
    assert "Not a valid" not in text
    assert kept() == []


def test_a_form_without_its_token_changes_nothing(world: World) -> None:
    assert world.client_for(IT).post(PAGE, data=TYPED).status_code == 400
    assert kept() == []


def test_no_setting_can_take_the_name_of_something_that_forms_have_themselves() -> None:
    names = {name for name in dir(Form) if re.fullmatch(r"[a-z][a-z0-9_]*", name)}
    attributes = {"csrf_token", "errors", "form_errors", "meta"}
    assert names | attributes == FORM_NAMES


# -- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["staff@koriyama", "head@koriyama", "hr@koriyama", "secretariat"])
def test_only_municipal_it_may_open_the_towns_settings(world: World, login: str) -> None:
    client = world.client_for(login)
    assert client.get(PAGE).status_code == 403
    assert client.submit(PAGE, TYPED, form_at=MINE).status_code == 403
    assert kept() == []


@pytest.mark.parametrize("plugin", ["neighbour", "nobody", "ledger", "web"])
def test_a_plugin_without_settings_and_one_that_is_not_there_have_no_page(
    world: World, plugin: str
) -> None:
    client = world.client_for(IT)
    assert client.get(f"/admin/features/{plugin}/settings").status_code == 404
    assert client.get(f"/admin/my/{plugin}").status_code == 404


# -- each persons own -----------------------------------------------------------------------------


def test_a_person_sets_what_is_theirs_and_nobody_elses(world: World) -> None:
    status, _ = send(world, {"nickname": "はな"}, MINE, "staff@koriyama")
    assert status == 303
    assert (of(world, "staff@koriyama")["nickname"], of(world, "staff@koriyama")["gloves"]) == (
        "はな",
        False,
    )
    assert (of(world)["nickname"], of(world)["gloves"]) == ("", True)
    people = {row.person_id for row in PersonSetting.select()}
    assert people == {world.ctx_for("staff@koriyama").person_id}


def test_where_no_length_is_the_least_only_the_largest_is_said(world: World) -> None:
    status, text = send(world, {"nickname": "は" * 21}, MINE, "staff@koriyama")
    assert status == 422
    assert ">20文字以内で入力してください。" in text
    assert "0文字以上" not in text


def test_a_persons_own_setting_is_no_act_of_the_town(world: World) -> None:
    before = world.ctx_for(IT).municipality.revision
    send(world, {"nickname": "はな"}, MINE, "staff@koriyama")
    assert world.ctx_for(IT).municipality.revision == before
    assert acts() == []


def test_where_the_feature_is_off_nobody_has_settings_of_their_own_in_it(world: World) -> None:
    world.switch(KORIYAMA, "crasher", on=False)
    assert world.client_for("staff@koriyama").get(MINE).status_code == 404
    assert world.client_for("staff@sukagawa").get(MINE).status_code == 200


def test_municipal_it_can_prepare_the_settings_before_the_feature_is_on(world: World) -> None:
    world.switch(KORIYAMA, "crasher", on=False)
    assert send(world, TYPED)[0] == 303
    assert of(world)["height"] == 120
