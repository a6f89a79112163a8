"""Who gets in where: every route of the application has its row here, or this file fails.

A row says what it takes to open the route, and what an anonymous visitor and a plain member of staff
are answered. A form is sent without its token, so 400 means: the gate let it through.
"""

from dataclasses import dataclass

import pytest
from flask import Flask

from niwari.testing.world import World

PAGE = {"Accept": "text/html"}

# What stands in for the variable parts of addresses; there are no rows with these ids.
VALUES = {
    "draft_id": 1,
    "session_id": 1,
    "appointment_id": 1,
    "request_id": 1,
    "section_id": 1,
    "delegation_id": 1,
    "clerk_id": 1,
    "question_id": 1,
    "answer_id": 1,
    "plugin": "consult",
    "code": "payroll",
    "locale": "en",
    "filename": "niwari/tokens.css",
}


@dataclass(frozen=True)
class Row:
    """``access`` is a permission or "public"; the others are the statuses of the answers."""

    access: str
    anonymous: int
    staff: int


TO_SIGN_IN, NOT_SIGNED_IN, NO_TOKEN, FORBIDDEN, NO_SUCH, OK = 302, 401, 400, 403, 404, 200


def page(access: str, staff: int = OK) -> Row:
    """A page behind a permission."""
    return Row(access, TO_SIGN_IN, staff)


def form(access: str, staff: int = NO_TOKEN) -> Row:
    """A form behind a permission."""
    return Row(access, NOT_SIGNED_IN, staff)


TABLE = {
    "GET web.home": page("web.read"),
    "POST web.set_locale": Row("public", 303, 303),
    "GET web.healthz": Row("public", OK, OK),
    "GET identity.sign_in": Row("public", OK, 302),
    "GET identity.start": Row("public", 302, 302),
    "GET identity.callback": Row("public", 400, 400),
    "POST identity.sign_out": Row("public", 303, NO_TOKEN),
    "GET identity.signed_out": Row("public", OK, OK),
    "GET identity.my_sessions": page("identity.sessions"),
    "POST identity.sign_out_other": form("identity.sessions"),
    "POST identity.sign_out_others": form("identity.sessions"),
    "GET identity.acting": page("identity.act"),
    "POST identity.act": form("identity.act"),
    "GET directory.sections": page("directory.read"),
    "GET directory.arrange": page("directory.arrange", FORBIDDEN),
    "POST directory.give_delegation": form("directory.arrange", FORBIDDEN),
    "POST directory.end_delegation": form("directory.arrange", FORBIDDEN),
    "POST directory.name_clerk": form("directory.arrange", FORBIDDEN),
    "POST directory.end_clerk": form("directory.arrange", FORBIDDEN),
    "GET ledger.month": page("ledger.read"),
    "GET ledger.ask": page("ledger.ask"),
    "POST ledger.ask": form("ledger.ask"),
    "GET ledger.show": page("ledger.read", NO_SUCH),
    "GET ledger.ask_again": page("ledger.ask", NO_SUCH),
    "POST ledger.ask_again": form("ledger.ask"),
    "POST ledger.withdraw": form("ledger.ask"),
    "POST ledger.record": form("ledger.ask"),
    "GET ledger.approvals": page("ledger.decide", FORBIDDEN),
    "POST ledger.agree": form("ledger.decide", FORBIDDEN),
    "POST ledger.return_": form("ledger.decide", FORBIDDEN),
    "POST ledger.decline": form("ledger.decide", FORBIDDEN),
    "GET directory.duties": page("directory.duties", NO_SUCH),
    "GET directory.duty": page("directory.duties", NO_SUCH),
    "GET directory.systems": page("directory.duties", NO_SUCH),
    "GET directory.my_duties": page("directory.own_duties"),
    "POST directory.my_duties": form("directory.own_duties"),
    "GET directory.duty_settings": page("directory.choose_duties", FORBIDDEN),
    "POST directory.duty_settings": form("directory.choose_duties", FORBIDDEN),
    "GET admin.features": page("admin.features", FORBIDDEN),
    "GET admin.confirm_on": page("admin.features", FORBIDDEN),
    "POST admin.switch_on": form("admin.features", FORBIDDEN),
    "GET admin.confirm_off": page("admin.features", FORBIDDEN),
    "POST admin.switch_off": form("admin.features", FORBIDDEN),
    "GET admin.confirm_pause": page("admin.features", FORBIDDEN),
    "POST admin.pause": form("admin.features", FORBIDDEN),
    "POST admin.withdraw": form("admin.features", FORBIDDEN),
    "POST admin.share_again": form("admin.features", FORBIDDEN),
    "GET admin.settings": page("admin.features", FORBIDDEN),
    "POST admin.settings": form("admin.features", FORBIDDEN),
    "GET admin.my_settings": page("admin.my_settings", NO_SUCH),
    "POST admin.my_settings": form("admin.my_settings"),
    "GET admin.health": page("admin.features", FORBIDDEN),
    "POST admin.try_again": form("admin.features", FORBIDDEN),
    "GET admin.matrix": page("admin.matrix", FORBIDDEN),
    "GET directory.people": page("directory.read"),
    "GET admin.import_files": page("directory.import", FORBIDDEN),
    "POST admin.send_file": form("directory.import", FORBIDDEN),
    "GET admin.preview_import": page("directory.import", FORBIDDEN),
    "POST admin.import_file": form("directory.import", FORBIDDEN),
    "POST admin.give_up_import": form("directory.import", FORBIDDEN),
    "GET admin.import_list": page("directory.import", FORBIDDEN),
    "GET admin.audit": page("admin.audit", FORBIDDEN),
    "POST admin.audit_csv": form("admin.audit", FORBIDDEN),
    "GET admin.audit_head": page("admin.audit", FORBIDDEN),
    "GET consult.questions": page("consult.read"),
    "GET consult.waiting": page("consult.read"),
    "GET consult.mine": page("consult.read"),
    "GET consult.new_question": page("consult.ask"),
    "POST consult.ask": form("consult.ask"),
    "GET consult.thread": page("consult.read", NO_SUCH),
    "POST consult.answer": form("consult.answer"),
    "POST consult.accept": form("consult.ask"),
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


def answers(world: World, login: str) -> dict[str, int]:
    """The status of the answer to each route."""
    found = {}
    for rule in world.app.url_map.iter_rules():
        with world.app.test_request_context():
            address = world.app.url_for(
                rule.endpoint, **{name: VALUES[name] for name in rule.arguments}
            )
        for method in ("GET", "POST"):
            if f"{method} {rule.endpoint}" in TABLE and method in (rule.methods or ()):
                # A visitor for each, because some routes open a session or end it.
                client = world.client_for(login) if login else world.anonymous()
                response = client.open(address, method=method, headers=PAGE)
                found[f"{method} {rule.endpoint}"] = response.status_code
    return found


@pytest.mark.parametrize("login", ["", "staff@koriyama"])
def test_everybody_gets_the_answer_of_the_table(world: World, login: str) -> None:
    expected = {name: row.staff if login else row.anonymous for name, row in TABLE.items()}
    assert answers(world, login) == expected


@pytest.mark.parametrize(
    ("login", "opens"),
    [
        ("head@koriyama", {"ledger.decide", "directory.arrange"}),
        ("it@koriyama", {"admin.features", "directory.import", "directory.choose_duties"}),
        ("hr@koriyama", {"directory.arrange", "directory.import", "directory.choose_duties"}),
        ("secretariat", {"admin.matrix"}),
        ("director-seisaku@koriyama", {"ledger.decide", "directory.arrange", "admin.audit"}),
    ],
)
def test_a_role_opens_its_own_routes_and_no_others(
    world: World, login: str, opens: set[str]
) -> None:
    found = answers(world, login)
    opened = {
        TABLE[name].access
        for name, status in found.items()
        if TABLE[name].staff == FORBIDDEN and status != FORBIDDEN
    }
    assert opened == opens


def test_files_alone_are_outside_the_table(world: World) -> None:
    table = world.app.extensions["niwari"].access.by_endpoint
    outside = {rule.endpoint for rule in world.app.url_map.iter_rules()} - set(table)
    assert {endpoint.split(".")[-1] for endpoint in outside} == {"static"}
