"""Forms that keep drafts: preview, people to name, drafts, all in the form itself and without a script."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from niwari.directory.models import RegionMembership
from niwari.host.enablement import bump_revision
from niwari.host.models import RolePermission
from niwari.testing.world import Browser, World
from niwari.writing.models import Draft
from niwari_consult.models import Question

ASK = "/consult/ask"
TYPED = {
    "topic": "pay",
    "title": "通勤手当の書類",
    "shape": "plain",
    "body": "**紙**で集めています。",
    "audience": "municipality",
}


@pytest.fixture
def client(world: World) -> Browser:
    return world.client_for("staff@koriyama")


def press(client: Browser, button: str, **more: str) -> Any:
    """Press a button of the form for a question, with everything in it that a browser sends."""
    page = client.get(ASK).get_data(as_text=True)
    inputs = [tag for tag in re.findall(r"<input[^>]*>", page) if 'type="hidden"' in tag]
    pairs = (re.search(r' name="([^"]+)".* value="([^"]*)"', tag) for tag in inputs)
    sent = {found[1]: unescape(found[2]) for found in pairs if found is not None}
    return client.post(ASK, data={**sent, **TYPED, "writing": button, **more})


def text_of(answer: Any) -> str:
    text: str = answer.get_data(as_text=True)
    return text


def test_a_preview_shows_the_text_as_it_will_be_and_posts_nothing(client: Browser) -> None:
    answer = press(client, "preview")
    assert answer.status_code == 200
    page = text_of(answer)
    assert "<strong>紙</strong>で集めています。" in page
    assert "**紙**で集めています。</textarea>" in page
    assert 'value="通勤手当の書類"' in page
    assert "error-summary" not in page
    assert Question.select().count() == 0


def test_what_the_field_does_not_take_is_not_previewed(client: Browser) -> None:
    answer = press(client, "preview", body="**紙**" * 4_000)
    assert answer.status_code == 200
    page = text_of(answer)
    assert "<strong>紙</strong>" not in page
    assert re.search(r'<p class="field-error">[^<]*文字以内', page)


def test_previews_have_a_limit_for_each_person(client: Browser, world: World) -> None:
    shown = [text_of(press(client, "preview")) for _ in range(31)]
    assert all("<strong>紙</strong>" in page for page in shown[:30])
    assert "<strong>紙</strong>" not in shown[30]
    assert "いったん受付を止めています" in shown[30]
    assert "**紙**で集めています。</textarea>" in shown[30]
    assert "<strong>紙</strong>" in text_of(press(world.client_for("staff2@koriyama"), "preview"))


def test_a_preview_needs_a_token_like_every_form(client: Browser) -> None:
    assert press(client, "preview", csrf_token="another").status_code == 400


def test_who_may_not_look_people_up_learns_no_names_by_numbers(
    client: Browser, world: World
) -> None:
    other = world.ctx_for("staff@miharu")
    named = f"[@だれか](person:{other.person_id})"
    assert other.acting.person_name in text_of(press(client, "preview", body=named))
    town = world.ctx_for("staff@koriyama").municipality.id
    RolePermission.insert(
        municipality_id=town,
        role="staff",
        permission="directory.read",
        is_given=False,
        changed_at=world.clock(),
    ).execute()
    bump_revision(town)
    for page in (
        text_of(press(client, "preview", body=named)),
        text_of(press(client, f"name:{other.person_id}", writing_field="body")),
    ):
        assert other.acting.person_name not in page
        assert "三春町" not in page
    assert "だれか" in text_of(press(client, "preview", body=named))


def test_people_are_looked_for_and_written_at_the_end(client: Browser, world: World) -> None:
    page = text_of(press(client, "find", writing_person="職員二", writing_field="body"))
    found = re.search(r'value="name:(\d+)"[^>]*>(職員二（郡山市[^<]*)<', page)
    assert found is not None
    assert int(found[1]) == world.ctx_for("staff2@koriyama").person_id
    answer = press(client, f"name:{found[1]}", writing_field="body")
    assert f"**紙**で集めています。 [@職員二](person:{found[1]}) </textarea>" in text_of(answer)


def test_enter_in_the_field_for_a_name_looks_for_it_and_posts_nothing(client: Browser) -> None:
    answer = press(client, "", writing_person="職員二", writing_field="body")
    assert answer.status_code == 200
    assert 'value="name:' in text_of(answer)
    assert Question.select().count() == 0


@pytest.mark.parametrize("person", ["", "x" * 101, "いない人"])
def test_who_cannot_be_found_is_said_beside_the_field(client: Browser, person: str) -> None:
    page = text_of(press(client, "find", writing_person=person, writing_field="body"))
    assert 'id="consult-ask-person-error"' in page


@pytest.mark.parametrize("button", ["name:0", "name:x", "name:2147483647", "name:", "nothing"])
def test_a_made_up_button_writes_nothing_and_posts_nothing(client: Browser, button: str) -> None:
    answer = press(client, button, writing_field="audience")
    assert answer.status_code == 200
    assert "**紙**で集めています。</textarea>" in text_of(answer)
    assert Question.select().count() == 0


def test_somebody_of_another_region_cannot_be_named(client: Browser, world: World) -> None:
    stranger = world.ctx_for("staff@miharu")
    RegionMembership.delete().where(
        RegionMembership.municipality == stranger.municipality.id
    ).execute()
    page = text_of(press(client, f"name:{stranger.person_id}", writing_field="body"))
    assert "その職員の名前は入れられません。" in page
    assert "person:" not in page


def test_a_draft_is_kept_by_its_button_and_offered_when_the_form_is_opened(
    client: Browser,
) -> None:
    assert "下書きがあります" not in text_of(client.get(ASK))
    assert "下書きを保存しました。" in text_of(press(client, "draft"))
    page = text_of(client.get(ASK))
    assert "下書きがあります（11月" in page
    assert "**紙**" not in page
    page = text_of(client.get(f"{ASK}?draft=consult.ask"))
    assert "**紙**で集めています。</textarea>" in page
    assert 'value="通勤手当の書類"' in page
    assert '<option selected value="pay">' in page
    assert re.search(r'<input checked[^>]*value="municipality"', page)
    assert re.search(r'<input checked[^>]*value="plain"', page)


def test_it_is_offered_to_nobody_else(client: Browser, world: World) -> None:
    press(client, "draft")
    other = world.client_for("staff2@koriyama")
    for address in (ASK, f"{ASK}?draft=consult.ask"):
        page = text_of(other.get(address))
        assert "書きかけ" not in page
        assert "**紙**" not in page


def test_it_is_thrown_away_by_its_button(client: Browser) -> None:
    press(client, "draft")
    answer = client.submit(
        "/writing/drafts/discard", {"draft_key": "consult.ask", "next": ASK}, form_at=ASK
    )
    assert (answer.status_code, answer.location) == (303, ASK)
    assert "下書きを捨てました。" in text_of(client.get(ASK))
    assert Draft.select().count() == 0


def test_throwing_away_leads_nowhere_else(client: Browser) -> None:
    data = {"draft_key": "x", "next": "https://evil.example/"}
    assert client.submit("/writing/drafts/discard", data, form_at=ASK).location == "/"


def test_it_goes_when_the_form_is_sent_and_stays_when_it_is_refused(client: Browser) -> None:
    press(client, "draft")
    assert press(client, "", title="").status_code == 422
    assert Draft.select().count() == 1
    assert press(client, "").status_code == 303
    assert Draft.select().count() == 0


def test_the_answers_to_two_questions_have_drafts_of_their_own(
    client: Browser, world: World
) -> None:
    press(client, "")
    press(client, "", title="二つ目")
    first, second = (row.id for row in Question.select().order_by(Question.id))
    token = client.token_at(f"/consult/{first}")
    listed = '[["body", "回答", "text"], ["form_key", "", "hidden"]]'
    data = {"csrf_token": token, "kept_fields": listed, "body": "途中まで", "writing": "draft"}
    assert client.post(f"/consult/{first}/answers", data=data).status_code == 200
    assert "下書きがあります" in text_of(client.get(f"/consult/{first}"))
    assert "下書きがあります" not in text_of(client.get(f"/consult/{second}"))
    page = text_of(client.get(f"/consult/{first}?draft=consult.answer"))
    assert "途中まで</textarea>" in page


def test_the_script_keeps_what_the_list_names_and_nothing_secret(client: Browser) -> None:
    token = client.token_at(ASK)
    listed = '[["body", "本文", "text"], ["form_key", "", "hidden"]]'
    data = {
        "csrf_token": token,
        "kept_fields": listed,
        "body": "途中",
        "form_key": "k",
        "password": "秘密",
        "draft_key": "consult.ask",
    }
    assert client.post("/writing/drafts", data=data).status_code == 204
    page = text_of(client.get(f"{ASK}?draft=consult.ask"))
    assert "途中</textarea>" in page
    assert "秘密" not in page


@pytest.mark.parametrize(
    "listed", ["", "x", "{}", "[1]", "[[1]]", '[["body"]]', "[" * 9000, "null"]
)
def test_a_list_that_is_none_keeps_nothing_and_fails_nothing(client: Browser, listed: str) -> None:
    token = client.token_at(ASK)
    data = {"csrf_token": token, "kept_fields": listed, "body": "x", "draft_key": "consult.ask"}
    assert client.post("/writing/drafts", data=data).status_code == 204
    assert Draft.select().count() == 0


def test_without_a_key_and_too_much_are_refused(client: Browser) -> None:
    token = client.token_at(ASK)
    data = {"csrf_token": token, "kept_fields": '[["body", "", "text"]]'}
    assert client.post("/writing/drafts", data={**data, "body": "x"}).status_code == 400
    much = {**data, "body": "あ" * 50_001, "draft_key": "k"}
    assert client.post("/writing/drafts", data=much).status_code == 422
