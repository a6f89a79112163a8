"""What was typed is on the page that says why it did not arrive, for whoever typed it and nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from niwari.db import database, open_database
from niwari.identity.models import Session
from niwari.testing.workshop import Workshop
from niwari.testing.world import Browser, World
from niwari_consult.models import Question

ASK = "/consult/ask"
TEXT = '<b>長い</b>\n相談の文章です。"&'
HERE = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
_HIDDEN = re.compile(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"')
_LIST = re.compile(r'name="kept_fields" value="([^"]*)"')
TYPED = {
    "topic": "pay",
    "title": "通勤手当の書類",
    "shape": "plain",
    "body": TEXT,
    "audience": "municipality",
}


def form_at(client: Browser, address: str = ASK) -> dict[str, str]:
    """What the page's form sends, filled in."""
    page = client.get(address).get_data(as_text=True)
    hidden = {name: unescape(value) for name, value in _HIDDEN.findall(page)}
    listed = _LIST.search(page)
    assert listed is not None
    return {**hidden, "kept_fields": unescape(listed[1]), **TYPED}


def answer_at(client: Browser) -> tuple[str, dict[str, str]]:
    """Where a form without files is sent, and what it sends: the answer to a question of one's own."""
    thread = client.post(ASK, data=form_at(client), headers=HERE).location
    return f"{thread}/answers", form_at(client, thread)


def given_back(answer: Any) -> str:
    """What stands in the answer's field for the text."""
    found = re.search(r'<textarea[^>]*name="body"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert found is not None, answer.text
    return unescape(found[1])


def again(answer: Any) -> dict[str, str]:
    """What the form of the answer sends."""
    part = answer.text.partition('id="kept-title"')[2]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', part))
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', part, re.DOTALL)
    return {name: unescape(value) for name, value in [*fields.items(), *areas]}


@pytest.fixture
def client(world: World) -> Browser:
    return world.client_for("staff@koriyama")


def test_after_the_session_has_ended_the_text_is_there_and_can_be_sent_after_signing_in(
    world: World, client: Browser
) -> None:
    data = form_at(client)
    Session.delete().execute()
    refused = client.post(ASK, data=data, headers=HERE)
    assert refused.status_code == 401
    assert given_back(refused) == TEXT
    assert refused.headers["Cache-Control"] == "no-store"
    assert 'target="_blank" rel="noopener"' in refused.text
    assert "csrf_token" not in again(refused)
    signed_in = world.client_for("staff@koriyama")
    asked = signed_in.post(ASK, data=again(refused), headers=HERE)
    assert asked.status_code == 400
    assert given_back(asked) == TEXT
    assert signed_in.post(ASK, data=again(asked), headers=HERE).status_code == 303
    question = Question.get()
    assert (question.body, question.topic, question.audience) == (TEXT, "pay", "municipality")


def test_with_another_token_the_text_is_there_and_can_be_sent(client: Browser) -> None:
    data = form_at(client) | {"csrf_token": "of another session"}
    refused = client.post(ASK, data=data, headers=HERE)
    assert refused.status_code == 400
    assert given_back(refused) == TEXT
    assert client.post(ASK, data=again(refused), headers=HERE).status_code == 303


def test_where_the_feature_was_paused_the_text_can_be_copied(world: World, client: Browser) -> None:
    data = form_at(client)
    world.switch("072036", "consult", on=False)
    refused = client.post(ASK, data=data, headers=HERE)
    assert refused.status_code == 404
    assert given_back(refused) == TEXT
    assert "もう一度送る" not in refused.text
    assert "続けるときは、写してください。" in refused.text


def test_what_is_too_large_can_be_shortened(client: Browser) -> None:
    address, data = answer_at(client)
    refused = client.post(address, data=data | {"body": "あ" * 70_000}, headers=HERE)
    assert refused.status_code == 413
    assert given_back(refused) == "あ" * 70_000


def test_far_too_much_is_not_even_read(client: Browser) -> None:
    address, data = answer_at(client)
    refused = client.post(address, data=data | {"body": "あ" * 300_000}, headers=HERE)
    assert refused.status_code == 413
    assert len(refused.data) < 50_000


def test_without_its_database_the_text_is_there_and_can_be_sent_when_it_is_back(
    world: World, client: Browser
) -> None:
    data, url = form_at(client), world.settings.database_url
    open_database("sqlite:////no/such/folder/niwari.db")
    refused = client.post(ASK, data=data, headers=HERE)
    assert refused.status_code == 500
    assert given_back(refused) == TEXT
    open_database(url)
    asked = client.post(ASK, data=again(refused), headers=HERE)
    assert asked.status_code == 400
    assert client.post(ASK, data=again(asked), headers=HERE).status_code == 303


def test_whose_session_cannot_be_read_just_now_is_not_signed_out(client: Browser) -> None:
    database.execute_sql("ALTER TABLE identity_session RENAME TO elsewhere")
    failed = client.get("/", headers=HERE)
    database.execute_sql("ALTER TABLE elsewhere RENAME TO identity_session")
    assert failed.status_code == 500
    assert failed.headers.getlist("Set-Cookie") == []
    assert client.get("/").status_code == 200


FAILING = """
from flask import abort
from wtforms import FileField, PasswordField, StringField
from niwari.api import Form, NotKept

blueprint = Blueprint("failing", __name__)

class F(Form):
    body = StringField("本文")
    marked = StringField("合言葉", [NotKept()])
    password = PasswordField("パスワード")
    file = FileField("ファイル")

@hookimpl
def permissions():
    return [Permission("failing.do", Label("する", "Do"), ("staff",))]

@hookimpl
def routes():
    return [blueprint]

@blueprint.route("/<int:status>", methods=("GET", "POST"), permission="failing.do")
def page(status):
    form = F()
    if form.is_submitted():
        if status == 500:
            raise LookupError
        if status == 409:
            raise DomainError
        abort(status)
    return form.hidden_tag()

@blueprint.post("/open", public="for the test")
def for_all():
    raise LookupError
"""


@pytest.fixture
def failing(workshop: Workshop, open_world: Callable[..., World]) -> World:
    return open_world([workshop.make("failing", FAILING)])


def sent_to(client: Browser, status: int) -> Any:
    page = client.get(f"/failing/{status}").get_data(as_text=True)
    listed, token = _LIST.search(page), client.token_at(f"/failing/{status}")
    assert listed is not None
    secrets = {"marked": "ひみつ一", "password": "ひみつ二", "file": "ひみつ三"}
    data = {"csrf_token": token, "kept_fields": unescape(listed[1]), "body": TEXT, **secrets}
    return client.post(f"/failing/{status}", data=data, headers=HERE)


@pytest.mark.parametrize(
    ("status", "can_be_sent"),
    [(400, True), (403, False), (404, False), (409, False), (429, True), (500, True), (503, True)],
)
def test_whatever_went_wrong_the_text_is_there_and_no_secret(
    failing: World, status: int, can_be_sent: bool
) -> None:
    answer = sent_to(failing.client_for("staff@koriyama"), status)
    assert answer.status_code == status
    assert given_back(answer) == TEXT
    assert "ひみつ" not in answer.text
    assert ("もう一度送る" in answer.text) is can_be_sent
    assert '<label class="field-label" for="kept-1-body">本文</label>' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_what_another_site_sends_is_never_given_back(
    client: Browser, headers: dict[str, str]
) -> None:
    data = form_at(client) | {"csrf_token": "forged"}
    refused = client.post(ASK, data=data, headers={"Accept": "text/html", **headers})
    assert refused.status_code == 400
    assert "相談の文章です" not in refused.text
    assert "kept-title" not in refused.text


def test_a_browser_that_says_the_origin_alone_is_believed(client: Browser) -> None:
    data = form_at(client) | {"csrf_token": "old"}
    headers = {"Accept": "text/html", "Origin": "http://localhost"}
    assert given_back(client.post(ASK, data=data, headers=headers)) == TEXT


def test_on_an_address_for_everybody_nothing_is_given_back(failing: World) -> None:
    data = {"kept_fields": '[["body", "x", "text"]]', "body": TEXT}
    answer = failing.anonymous().post("/failing/open", data=data, headers=HERE)
    assert "相談の文章です" not in answer.text


def test_what_is_given_back_is_text_and_no_markup(client: Browser) -> None:
    evil = '"></textarea><script>alert(1)</script>'
    listed = '[["body", "<script>label</script>", "text"], ["<script>", "x", "text"]]'
    data = {"csrf_token": "old", "kept_fields": listed, "body": evil, "<script>": evil}
    refused = client.post(ASK, data=data, headers=HERE)
    assert refused.status_code == 400
    assert "<script>alert" not in refused.text
    assert "<script>label" not in refused.text
    assert 'name="<script>"' not in refused.text
    assert given_back(refused) == evil
