"""Error pages: one for each kind, in the reader's language, with a way on and no insides."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.db import open_database
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

PAGE = {"Accept": "text/html"}

FAILING = """
from flask import abort

blueprint = Blueprint("failing", __name__)

@hookimpl
def permissions():
    return [Permission("failing.read", Label("読む", "Read"), ("staff",))]

@hookimpl
def routes():
    return [blueprint]

@blueprint.get("/<int:status>", permission="failing.read")
def page(status):
    abort(status)

@blueprint.get("/rule/<name>", permission="failing.read")
def rule(name):
    raise {"other": DomainError, "none": NotFound, "may": Forbidden, "form": Invalid}[name]

@blueprint.get("/words", permission="failing.read")
def words():
    raise DomainError("<b>%(what)s</b>はできません。", what="<script>")
"""


@pytest.fixture
def failing(workshop: Workshop, open_world: Callable[..., World]) -> World:
    """A world with a plugin whose pages fail as their address says."""
    return open_world([workshop.make("failing", FAILING)])


def said(response: Any) -> str:
    """What the page says in its main part."""
    (main,) = re.findall(r"<main.*?</main>", response.get_data(as_text=True), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "送られた内容を読み取れませんでした。"),
        (401, "サインインが終わっています。送った内容は登録されていません。"),
        (403, "このページは、担当する役割の人だけが開けます。"),
        (404, "アドレスが違うか、お使いの市町村では使っていない機能です。"),
        (405, "このアドレスでは、その操作を受け付けていません。"),
        (413, "送られた内容が大きすぎます。"),
        (418, "処理を続けられませんでした。"),
        (429, "処理を続けられませんでした。"),
        (503, "この機能は更新の途中です。ほかの機能は使えます。"),
    ],
)
def test_each_status_has_its_page(failing: World, status: int, sentence: str) -> None:
    response = failing.client_for("staff@koriyama").get(f"/failing/{status}")
    assert response.status_code == status
    assert sentence in said(response)
    assert "ホームへ" in said(response)
    assert "わたしの20%" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("other", 409, "この操作はできません。"),
        ("none", 404, "見つかりません。"),
        ("may", 403, "この操作をする権限がありません。"),
        ("form", 422, "入力を確かめてください。"),
    ],
)
def test_a_rule_that_says_no_is_mapped_to_its_status_and_said(
    failing: World, name: str, status: int, sentence: str
) -> None:
    response = failing.client_for("staff@koriyama").get(f"/failing/rule/{name}")
    assert response.status_code == status
    assert sentence in said(response)


def test_what_a_rule_says_is_text_and_no_markup(failing: World) -> None:
    page = failing.client_for("staff@koriyama").get("/failing/words").get_data(as_text=True)
    assert "&lt;b&gt;&lt;script&gt;&lt;/b&gt;はできません。" in page


@pytest.mark.parametrize("address", ["/failing/404", "/failing/503", "/failing/rule/none"])
def test_an_error_page_is_english_for_who_reads_english(failing: World, address: str) -> None:
    client = failing.client_for("staff@koriyama")
    client.set_cookie("niwari_locale", "en")
    page = client.get(address)
    assert '<html lang="en"' in page.get_data(as_text=True)
    assert not re.search(r"[ぁ-んァ-ヶ]", said(page))


def test_only_a_failure_has_a_number_to_tell(failing: World) -> None:
    client = failing.client_for("staff@koriyama")
    assert "<code>" not in client.get("/failing/404").get_data(as_text=True)
    assert re.search(
        r"<code>[0-9a-f]{32}</code>", client.get("/failing/500").get_data(as_text=True)
    )


def test_a_mistyped_address_is_a_page_also_for_whoever_is_not_signed_in(world: World) -> None:
    response = world.anonymous().get("/no/such/page", headers=PAGE)
    assert response.status_code == 404
    assert "ページが見つかりません" in said(response)


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/%ff%fe",
        "/consult/99999999999999999999",
        "/ledger/requests/99999999999999999999",
        "/ledger/requests/-1",
        "/ledger/?month=9999-99",
        "/ledger/?month=%00",
        "/consult/?after=%00&topic=%ff",
        "/sign-in?next=%0d%0aSet-Cookie:x",
        "/admin/features/%00/off",
    ],
)
def test_an_odd_address_is_answered_and_no_failure(world: World, address: str) -> None:
    response = world.client_for("it@koriyama").get(address)
    assert response.status_code in (200, 302, 404)


# -- when the database does not answer -----------------------------------------------------------


@pytest.fixture
def without_database(world: World) -> World:
    """A world whose database has gone away."""
    client = world.client_for("staff@koriyama")
    world.client = client  # type: ignore[attr-defined]
    open_database("sqlite:////no/such/folder/niwari.db")
    return world


@pytest.mark.parametrize("signed_in", [True, False])
def test_without_its_database_a_page_is_a_plain_error_page(
    without_database: World, signed_in: bool, caplog: pytest.LogCaptureFixture
) -> None:
    world = without_database
    client = world.client if signed_in else world.anonymous()  # type: ignore[attr-defined]
    with caplog.at_level(logging.ERROR):
        response = client.get("/", headers=PAGE)
    assert response.status_code == 500
    assert "こちらの不具合で、処理を続けられませんでした。" in said(response)
    assert "unable to open" in caplog.text
    assert "unable to open" not in response.get_data(as_text=True)


def test_without_its_database_static_files_are_still_there(without_database: World) -> None:
    with without_database.anonymous().get("/static/niwari/tokens.css") as response:
        assert response.status_code == 200
