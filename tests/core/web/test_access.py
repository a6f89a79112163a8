"""Who gets in where: every route of the application has its row here, or this file fails.

A row says what it takes to open the route, and what each visitor is answered: somebody anonymous, one
person for each role, the neighbour (all roles, in another town, with the ids of this town's rows),
and somebody who has left. A form is sent without its token, so 400 means: the gate let it through.
Where a form is about a row, the neighbour sends the token too, and must be told that there is none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask

from niwari.clock import FrozenClock
from niwari.testing.engines import Engines
from niwari.testing.lent import Lent
from niwari.testing.plugin import START
from niwari.testing.world import World, prepare_town
from tests.core.web.visits import ROLES, Visits, prepared, switched_off

VISITORS = ("anonymous", "left", *ROLES, "neighbour")


@dataclass(frozen=True)
class Row:
    """``access`` is a permission or "public"; ``answers`` are the statuses by visitor."""

    access: str
    answers: Mapping[str, int]


TO_SIGN_IN, NOT_SIGNED_IN, NO_TOKEN, FORBIDDEN, NO_SUCH, CONFLICT, OK = (
    302,
    401,
    400,
    403,
    404,
    409,
    200,
)


EVERYBODY_NO_SUCH = dict.fromkeys((*ROLES, "neighbour"), NO_SUCH)


def public(anonymous: int, signed_in: int) -> Row:
    """A route that takes no permission."""
    outside = {"anonymous": anonymous, "left": anonymous}
    return Row("public", outside | dict.fromkeys((*ROLES, "neighbour"), signed_in))


def page(access: str, *holders: str, **but: int) -> Row:
    """A page behind a permission that these roles hold (none named: everybody); ``but`` for some."""
    return _row(access, holders, but, outside=TO_SIGN_IN, inside=OK)


def form(access: str, *holders: str, **but: int) -> Row:
    """A form behind a permission."""
    return _row(access, holders, but, outside=NOT_SIGNED_IN, inside=NO_TOKEN)


def page_of(access: str, *holders: str, seen_by: tuple[str, ...] = ROLES, **but: int) -> Row:
    """A page about a row of this town, which some of those with the permission see."""
    unseen = {role: NO_SUCH for role in holders or ROLES if role not in seen_by}
    return page(access, *holders, **(unseen | but), neighbour=NO_SUCH)


def form_of(access: str, *holders: str) -> Row:
    """A form about a row of this town."""
    return form(access, *holders, neighbour=NO_SUCH)


def operation(access: str) -> Row:
    """An operation of the API: no session opens it, only a token (tests/core/rest)."""
    return Row(access, dict.fromkeys(VISITORS, NOT_SIGNED_IN))


def _row(
    access: str, holders: tuple[str, ...], but: Mapping[str, int], *, outside: int, inside: int
) -> Row:
    answers = dict.fromkeys(("anonymous", "left"), outside) | {"neighbour": inside}
    answers |= {role: inside if role in (holders or ROLES) else FORBIDDEN for role in ROLES}
    return Row(access, answers | but)


_TRANSFERS = "directory.transfers.manage"

TABLE = {
    "GET web.home": page("web.read"),
    "POST web.set_locale": public(303, 303),
    "GET web.healthz": public(OK, OK),
    "GET identity.sign_in": public(OK, 302),
    "POST identity.find": public(422, 303),
    "GET identity.start": public(302, 302),
    "GET identity.callback": public(400, 400),
    "POST identity.sign_out": public(303, NO_TOKEN),
    "GET identity.signed_out": public(OK, OK),
    "POST identity.back_channel_logout": public(400, 400),
    "GET identity.confirm": page("identity.confirm"),
    "GET identity.confirm_start": page(
        "identity.confirm", **dict.fromkeys((*ROLES, "neighbour"), 302)
    ),
    "GET identity.my_sessions": page("identity.sessions"),
    "POST identity.sign_out_other": form_of("identity.sessions"),
    "POST identity.sign_out_others": form("identity.sessions"),
    "GET identity.my_permissions": page("identity.permissions"),
    "GET identity.acting": page("identity.act"),
    "POST identity.act": form_of("identity.act"),
    "GET identity.providers": page("identity.providers", "it", "secretariat"),
    "GET identity.new_provider": page("identity.providers_region", "secretariat"),
    "POST identity.new_provider": form("identity.providers_region", "secretariat"),
    "POST identity.change_provider": form("identity.providers_region", "secretariat"),
    "GET identity.provider": page("identity.providers", "it", "secretariat"),
    "POST identity.test_provider": form("identity.providers", "it", "secretariat"),
    "POST identity.activate_provider": form("identity.providers", "it", "secretariat"),
    "POST identity.deactivate_provider": form("identity.providers", "it", "secretariat"),
    "GET ledger.month": page("ledger.read"),
    "GET ledger.ask": page("ledger.ask"),
    "POST ledger.ask": form("ledger.ask"),
    "GET ledger.show": page_of("ledger.read", seen_by=("staff", "head")),
    # It waits for its answer: there is nothing to ask again.
    "GET ledger.ask_again": page_of("ledger.ask", seen_by=("staff",), staff=CONFLICT),
    "POST ledger.ask_again": form_of("ledger.ask"),
    "POST ledger.withdraw": form_of("ledger.ask"),
    "POST ledger.record": form_of("ledger.ask"),
    "GET ledger.approvals": page("ledger.decide", "head"),
    "POST ledger.agree": form_of("ledger.decide", "head"),
    "POST ledger.return_": form_of("ledger.decide", "head"),
    "POST ledger.decline": form_of("ledger.decide", "head"),
    "GET admin.features": page("admin.features", "it"),
    "GET admin.confirm_on": page("admin.features", "it"),
    "POST admin.switch_on": form("admin.features", "it"),
    "GET admin.confirm_off": page("admin.features", "it"),
    "POST admin.switch_off": form("admin.features", "it"),
    "GET admin.confirm_pause": page("admin.features", "it"),
    "POST admin.pause": form("admin.features", "it"),
    "POST admin.withdraw": form("admin.features", "it"),
    "POST admin.share_again": form("admin.features", "it"),
    "GET admin.settings": page_of("admin.features", "it", seen_by=()),
    "POST admin.settings": form("admin.features", "it"),
    "GET admin.my_settings": page("admin.my_settings", **EVERYBODY_NO_SUCH),
    "POST admin.my_settings": form("admin.my_settings"),
    "GET admin.health": page("admin.features", "it"),
    "POST admin.try_again": form("admin.features", "it"),
    "GET admin.matrix": page("admin.matrix", "secretariat"),
    "GET admin.audit": page("admin.audit", "auditor"),
    "POST admin.audit_csv": form("admin.audit", "auditor"),
    "GET admin.audit_head": page("admin.audit", "auditor"),
    "GET admin.permissions": page("identity.roles.read", "it", "hr"),
    "GET admin.change_permissions": page("identity.roles", "it"),
    "POST admin.change_permissions": form("identity.roles", "it"),
    "GET admin.roles": page("identity.roles.read", "it", "hr"),
    "POST admin.grant_role": form("identity.roles", "it"),
    "POST admin.revoke_role": form_of("identity.roles", "it"),
    "GET admin.person_permissions": page_of("identity.roles.read", "it", "hr"),
    # The region's: its secretariat in any of its towns gives and takes it, so the neighbour's too.
    "GET admin.region_roles": page("identity.region_roles", "secretariat"),
    "GET admin.grant_region_role": page("identity.region_roles", "secretariat"),
    "POST admin.grant_region_role": form("identity.region_roles", "secretariat"),
    "POST admin.revoke_region_role": form("identity.region_roles", "secretariat"),
    "GET directory.sections": page("directory.read"),
    "GET directory.arrange": page_of("directory.arrange", "head", "hr"),
    "POST directory.give_delegation": form_of("directory.arrange", "head", "hr"),
    "POST directory.end_delegation": form_of("directory.arrange", "head", "hr"),
    "POST directory.name_clerk": form_of("directory.arrange", "head", "hr"),
    "POST directory.end_clerk": form_of("directory.arrange", "head", "hr"),
    "GET directory.people": page("directory.read"),
    "GET admin.import_files": page("directory.import", "hr", "it"),
    "POST admin.send_file": form("directory.import", "hr", "it"),
    # Somebody else's file, like one that is gone, leads back to where one chooses a file.
    "GET admin.preview_import": page("directory.import", "hr", "it", it=303, neighbour=303),
    "POST admin.import_file": form("directory.import", "hr", "it"),
    "POST admin.give_up_import": form("directory.import", "hr", "it"),
    "GET admin.import_list": page("directory.import", "hr", "it", it=303, neighbour=303),
    "GET admin.transfers": page(_TRANSFERS, "hr"),
    "POST admin.send_transfers": form(_TRANSFERS, "hr"),
    "GET admin.check_transfers": page(_TRANSFERS, "hr", neighbour=303),
    "POST admin.keep_transfers": form(_TRANSFERS, "hr"),
    "POST admin.give_up_transfers": form(_TRANSFERS, "hr"),
    "GET admin.transfers_list": page(_TRANSFERS, "hr", neighbour=303),
    "GET admin.sealed_transfers": page_of(_TRANSFERS, "hr"),
    "POST admin.move_release": form_of(_TRANSFERS, "hr"),
    "POST admin.mend_transfers": form_of(_TRANSFERS, "hr"),
    "POST admin.withdraw_transfers": form_of(_TRANSFERS, "hr"),
    "GET admin.transfer_settings": page(_TRANSFERS, "hr"),
    "POST admin.transfer_settings": form(_TRANSFERS, "hr"),
    # Off until a town switches it on (docs/decisions/0018).
    "GET directory.duties": page("directory.duties", **EVERYBODY_NO_SUCH),
    "GET directory.duty": page("directory.duties", **EVERYBODY_NO_SUCH),
    "GET directory.systems": page("directory.duties", **EVERYBODY_NO_SUCH),
    "GET directory.my_duties": page("directory.own_duties"),
    "POST directory.my_duties": form("directory.own_duties"),
    "GET directory.duty_settings": page("directory.choose_duties", "it", "hr"),
    "POST directory.duty_settings": form("directory.choose_duties", "it", "hr"),
    "GET vault.officials": page("vault.officials", "secretariat"),
    "GET vault.name_official": page("vault.officials", "secretariat"),
    "POST vault.name_official": form("vault.officials", "secretariat"),
    "POST vault.withdraw_official": form("vault.officials", "secretariat"),
    "POST vault.opening_rule": form("vault.officials", "secretariat"),
    # Nobody of the table is one of the officials whom the region named.
    "GET vault.openings": page("vault.open", **EVERYBODY_NO_SUCH),
    "GET vault.ask_opening": page("vault.open", **EVERYBODY_NO_SUCH),
    "POST vault.ask_opening": form_of("vault.open"),
    "GET vault.opening": page("vault.open", **EVERYBODY_NO_SUCH),
    "POST vault.agree_opening": form_of("vault.open"),
    "POST vault.opened_author": form_of("vault.open"),
    "GET vault.mine": page("vault.mine"),
    "GET rest.openapi": public(OK, OK),
    "GET rest.me": operation("rest.read"),
    "GET rest.municipalities": operation("rest.read"),
    "GET rest.sections": operation("rest.read"),
    "GET rest.people": operation("rest.read"),
    "GET rest.ledger_month": operation("ledger.read"),
    "GET rest.ledger_activities": operation("ledger.read"),
    "GET rest.ledger_requests": operation("ledger.read"),
    "POST rest.ask": operation("ledger.ask"),
    "GET rest.ledger_request": operation("ledger.read"),
    "POST rest.withdraw": operation("ledger.ask"),
    "GET rest.kinds": operation("rest.read"),
    "GET rest.resources": operation("rest.read"),
    "GET rest.resource": operation("rest.read"),
    "GET rest.my_tokens": page("identity.tokens"),
    "GET rest.new_token": page("identity.tokens"),
    "POST rest.new_token": form("identity.tokens"),
    "POST rest.revoke_token": form_of("identity.tokens"),
    "GET rest.system_tokens": page("identity.system_tokens", "it"),
    "GET rest.new_system_token": page("identity.system_tokens", "it"),
    "POST rest.new_system_token": form("identity.system_tokens", "it"),
    "POST rest.revoke_system_token": form_of("identity.system_tokens", "it"),
    "GET consult.questions": page("consult.read"),
    "GET consult.waiting": page("consult.read"),
    "GET consult.mine": page("consult.read"),
    "GET consult.new_question": page("consult.ask"),
    "POST consult.ask": form("consult.ask"),
    "GET consult.thread": page_of("consult.read"),
    "POST consult.answer": form_of("consult.answer"),
    "POST consult.accept": form_of("consult.ask"),
}


@pytest.fixture(scope="module")
def visits(database_engines: Engines, lent_application: Lent) -> Iterator[Visits]:
    """One world for the whole table: nobody here is let through to change anything in it."""
    url = database_engines.copy_of("town", prepare_town)
    with lent_application.world(url, FrozenClock(START)) as world:
        yield prepared(world)
    database_engines.drop(url)


@pytest.fixture
def world(visits: Visits) -> World:
    """The world of the table."""
    return visits.world


# Endpoints that want a sign-in within ten minutes.
RECENT = {
    "admin.audit_csv",
    "admin.grant_role",
    "admin.preview_import",
    "admin.import_file",
    "admin.import_list",
    "admin.transfers",
    "admin.send_transfers",
    "admin.check_transfers",
    "admin.keep_transfers",
    "admin.transfers_list",
    "admin.sealed_transfers",
    "admin.move_release",
    "admin.mend_transfers",
    "admin.withdraw_transfers",
    "identity.change_provider",
    "identity.test_provider",
    "admin.revoke_role",
    "admin.grant_region_role",
    "admin.revoke_region_role",
    "admin.change_permissions",
    "directory.arrange",
    "directory.give_delegation",
    "directory.name_clerk",
    "identity.new_provider",
    "identity.provider",
    "identity.activate_provider",
    "identity.deactivate_provider",
    "vault.name_official",
    "vault.withdraw_official",
    "vault.opening_rule",
    "vault.ask_opening",
    "vault.agree_opening",
    "vault.opened_author",
    "rest.new_token",
    "rest.new_system_token",
}


def routes(app: Flask) -> set[str]:
    """Every "METHOD endpoint" that the application answers, without files."""
    return {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.endswith("static")
    }


def test_every_route_has_its_row_and_every_row_its_route(world: World) -> None:
    assert routes(world.app) == set(TABLE)


def test_every_route_takes_what_its_row_says(world: World) -> None:
    table = world.app.extensions["niwari"].access
    found = {}
    for name in TABLE:
        access = table.of(name.split()[1])
        found[name] = access.permission or (access.public and "public")
    assert found == {name: row.access for name, row in TABLE.items()}


def test_whatever_is_public_says_why(world: World) -> None:
    table = world.app.extensions["niwari"].access.by_endpoint
    reasons = [access.public for access in table.values() if access.public is not None]
    assert len(reasons) == len([row for row in TABLE.values() if row.access == "public"])
    assert all(len(reason) > 10 for reason in reasons)


def test_every_row_says_what_each_visitor_is_answered() -> None:
    assert {name for name, row in TABLE.items() if set(row.answers) != set(VISITORS)} == set()


@pytest.mark.parametrize("visitor", VISITORS)
def test_everybody_gets_the_answer_of_the_table(visits: Visits, visitor: str) -> None:
    expected = {name: row.answers[visitor] for name, row in TABLE.items()}
    found = {
        name: visits.answer(visitor, name, with_token=with_token(visitor, name, answer))
        for name, answer in expected.items()
    }
    assert found == expected


def with_token(visitor: str, name: str, answer: int) -> bool:
    """Whether the neighbour has to get as far as the row that is not theirs."""
    return visitor == "neighbour" and name.startswith("POST ") and answer == NO_SUCH


@pytest.mark.parametrize("visitor", VISITORS)
def test_the_pages_of_a_plugin_that_is_off_are_not_there(visits: Visits, visitor: str) -> None:
    signed_in = visitor not in ("anonymous", "left")
    expected = {
        name: NO_SUCH if signed_in else row.answers[visitor]
        for name, row in TABLE.items()
        if is_of_plugin(visits.world, name)
    }
    with switched_off(visits.world, "consult"):
        assert {name: visits.answer(visitor, name) for name in expected} == expected


def test_everything_else_is_there_while_a_plugin_is_off(visits: Visits) -> None:
    expected = {
        name: row.answers["staff"]
        for name, row in TABLE.items()
        if not is_of_plugin(visits.world, name)
    }
    with switched_off(visits.world, "consult"):
        assert {name: visits.answer("staff", name) for name in expected} == expected


def is_of_plugin(world: World, name: str) -> bool:
    """Whether a route can be switched off."""
    return not world.app.extensions["niwari"].access.of(name.split()[1]).core


def test_what_is_sensitive_asks_again_who_somebody_is(world: World) -> None:
    table = world.app.extensions["niwari"].access.by_endpoint
    assert {endpoint for endpoint, access in table.items() if access.recent} == RECENT


def test_files_alone_are_outside_the_table(world: World) -> None:
    table = world.app.extensions["niwari"].access.by_endpoint
    outside = {rule.endpoint for rule in world.app.url_map.iter_rules()} - set(table)
    assert {endpoint.split(".")[-1] for endpoint in outside} == {"static"}
