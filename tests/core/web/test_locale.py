"""The two languages: chosen once, kept in a cookie, and one comes back to where one was."""

from typing import Any

import pytest

from niwari.testing.world import World


def switched(world: World, locale: str, *, next_: str | None, login: str = "") -> Any:
    client = world.client_for(login) if login else world.anonymous()
    data = {} if next_ is None else {"next": next_}
    return client, client.post(f"/locale/{locale}", data=data)


@pytest.mark.parametrize(
    "address", ["/ledger/", "/ledger/?month=2026-11", "/consult/?topic=x&q=%E8%A1%A8", "/"]
)
@pytest.mark.parametrize("login", ["", "staff@koriyama"])
def test_one_comes_back_to_the_page_one_was_on(world: World, address: str, login: str) -> None:
    _, response = switched(world, "en", next_=address, login=login)
    assert (response.status_code, response.headers["Location"]) == (303, address)


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "ledger/",
        " /ledger/",
        "/\t/evil.example",
        "/ledger/\r\nSet-Cookie: x=1",
        "/" + "x" * 3000,
        "",
        None,
    ],
)
def test_a_foreign_address_is_not_gone_to(world: World, foreign: str | None) -> None:
    _, response = switched(world, "en", next_=foreign)
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def test_the_choice_is_kept_and_the_page_is_in_it(world: World) -> None:
    client = world.client_for("staff@koriyama")
    assert '<html lang="ja"' in client.get("/").get_data(as_text=True)
    client.post("/locale/en")
    page = client.get("/").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "My 20%" in page
    client.post("/locale/ja")
    assert "わたしの20%" in client.get("/").get_data(as_text=True)


def test_an_anonymous_choice_counts_at_the_sign_in_page(world: World) -> None:
    client, _ = switched(world, "en", next_="/sign-in")
    assert '<html lang="en"' in client.get("/sign-in").get_data(as_text=True)


def test_the_cookie_is_for_this_site_and_its_pages_alone(world: World) -> None:
    _, response = switched(world, "en", next_="/")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("niwari_locale=en;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("locale", ["fr", "EN", "ja-JP", "..", "%00"])
def test_an_unknown_language_is_refused(world: World, locale: str) -> None:
    _, response = switched(world, locale, next_="/")
    assert response.status_code in (400, 404)
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("value", ["fr", "", "en; x", "../en", "x" * 4000])
def test_a_cookie_with_anything_else_is_japanese(world: World, value: str) -> None:
    client = world.anonymous()
    response = client.get("/sign-in", headers={"Cookie": f"niwari_locale={value}"})
    assert response.status_code == 200
    assert '<html lang="ja"' in response.get_data(as_text=True)


def test_reading_does_not_switch(world: World) -> None:
    assert world.anonymous().get("/locale/en").status_code == 405
