"""Contributions: frozen, checked where they are made, with the mend in the message."""

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from niwari.specs.contributions import (
    ROLES,
    Activity,
    BadContribution,
    Card,
    Label,
    MenuItem,
    Permission,
    Setting,
    Verb,
)

LABEL = Label("店", "Shop")


def refused(make: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(BadContribution) as error:
        make(*arguments, **options)
    return str(error.value)


@pytest.mark.parametrize(
    "thing",
    [
        LABEL,
        Permission("shop.read", LABEL, ("staff",)),
        Activity("shop", LABEL),
        MenuItem(LABEL, "shop.page", Verb.HELP),
        Card("shop", LABEL, "shop/card.html"),
    ],
)
def test_a_contribution_does_not_change(thing: Any) -> None:
    name = next(iter(thing.__slots__))
    with pytest.raises(FrozenInstanceError):
        setattr(thing, name, "changed")


@pytest.mark.parametrize(
    "texts", [("", "Shop"), ("店", " "), (None, "Shop"), ("店", 3), ("店", None)]
)
def test_a_label_has_both_languages(texts: Any) -> None:
    assert refused(Label, *texts).endswith("give both languages")


@pytest.mark.parametrize(
    ("locale", "text"), [("ja", "店"), ("en", "Shop"), ("fr", "店"), ("", "店")]
)
def test_a_label_is_japanese_unless_english_is_asked_for(locale: str, text: str) -> None:
    assert LABEL.text(locale) == text


@pytest.mark.parametrize(
    "code", ["shop", "Shop.read", "shop.", ".read", "shop read", "店.read", ""]
)
def test_the_code_of_a_permission_has_a_form(code: str) -> None:
    assert "write it like 'consult.answer'" in refused(Permission, code, LABEL, ("staff",))


def test_a_permission_names_known_roles_only() -> None:
    said = refused(Permission, "shop.read", LABEL, ("staff", "boss"))
    assert "unknown role 'boss'" in said
    assert all(role in said for role in ROLES)


@pytest.mark.parametrize("code", ["Shop", "shop-floor", "", "1st"])
def test_the_code_of_an_activity_has_a_form(code: str) -> None:
    assert "write the code like 'consult'" in refused(Activity, code, LABEL)


def test_a_menu_item_has_a_label_a_number_for_its_order_and_for_its_badge() -> None:
    assert "give its text as Label(ja, en), not '店'" in refused(
        MenuItem, "店", "shop.page", "help"
    )
    assert "order must be a number, not 'first'" in refused(
        MenuItem, LABEL, "shop.page", "help", order="first"
    )
    assert "badge must be a number or None" in refused(
        MenuItem, LABEL, "shop.page", "help", badge="3"
    )


@pytest.mark.parametrize("template", ["shop/card", "shop/card.txt", None, 3])
def test_a_card_is_written_in_html_so_that_what_it_shows_is_escaped(template: Any) -> None:
    said = refused(Card, "sale", LABEL, template)
    assert f"template {template!r} must end in .html" in said


def test_a_card_has_a_label_and_a_number_for_its_order() -> None:
    assert "Card 'sale': give its text as Label" in refused(Card, "sale", "店", "shop/card.html")
    assert "Card 'sale': order must be a number" in refused(
        Card, "sale", LABEL, "shop/card.html", order=None
    )


@pytest.mark.parametrize("endpoint", [None, 3, b"shop.page", ["shop.page"]])
def test_the_page_of_a_menu_item_or_card_is_named_by_a_text(endpoint: Any) -> None:
    said = f"endpoint must be the name of a view like 'tea.table', not {endpoint!r}"
    assert said in refused(MenuItem, LABEL, endpoint, "help")
    assert said in refused(Card, "sale", LABEL, "shop/card.html", endpoint=endpoint)


def test_a_menu_item_leads_somewhere() -> None:
    assert "endpoint is empty; name the view" in refused(MenuItem, LABEL, "", "help")


@pytest.mark.parametrize("group", ["basement", "", None, 3, ["help"]])
def test_a_menu_item_stands_in_a_part_of_the_menu(group: Any) -> None:
    assert refused(MenuItem, LABEL, "shop.page", group) == (
        f"MenuItem 'shop.page': group {group!r} is unknown; "
        "use one of home, spread, raise, help, head, admin"
    )


@pytest.mark.parametrize("group", ["home", "head", "admin", "spread", Verb.HELP])
def test_every_part_of_the_menu_may_be_named(group: str) -> None:
    assert MenuItem(LABEL, "shop.page", group).group == group


@pytest.mark.parametrize("key", ["", "Sale", "sale\nERROR forged", "a b", "店", None, 3, "<b>"])
def test_the_key_of_a_card_has_a_form_because_logs_and_tables_keep_it(key: Any) -> None:
    assert refused(Card, key, LABEL, "shop/card.html") == (
        f"Card {key!r}: write the key like 'newest', in lower case"
    )


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 10**4000])
def test_a_number_that_nobody_bounded_is_bounded_all_the_same(number: int) -> None:
    assert Setting("size", LABEL, 1).problem_of(number)
    assert "its own default" in refused(Setting, "size", LABEL, 2**31)


def test_a_number_within_32_bits_or_the_bounds_that_are_given_is_taken() -> None:
    assert Setting("size", LABEL, 1).bounds == (-(2**31), 2**31 - 1)
    assert Setting("size", LABEL, 1).problem_of(2**31 - 1) == ""
    assert Setting("size", LABEL, 1, maximum=2**40).problem_of(2**40) == ""
    assert Setting("on", LABEL, True).bounds == (None, None)
