"""What a municipality lets its roles do: changed by its IT, in force everywhere at the next request."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory.models import Municipality
from niwari.host.models import RolePermission
from niwari.host.town_state import state_of
from niwari.identity.roles.mapping import NotForChanging, Outdated, Pair, change
from niwari.identity.roles.rules import fixed, permissions_of
from niwari.specs.contributions import ROLES, Label, Permission
from niwari.testing.world import KORIYAMA, SUKAGAWA, World

IT = "it@koriyama"
LABEL = Label("試し", "A test")


def given(world: World, area: str) -> set[Pair]:
    """What the roles bring by declaration."""
    return {
        (role, permission.code)
        for permission in world.host.plugins[area].contributions.permissions
        for role in permission.roles
    }


def revision(code: str = KORIYAMA) -> int:
    found: int = Municipality.get(Municipality.code == code).revision
    return found


def save(world: World, area: str, pairs: Iterable[Pair], *, at: int | None = None) -> bool:
    """Let the town of Koriyama map an area to ``pairs``."""
    declared = world.host.plugins[area].contributions.permissions
    now = revision() if at is None else at
    return change(world.ctx_for(IT), area, declared, pairs, now)


def changes() -> list[dict[str, Any]]:
    """What the audit says about changed maps, the oldest first."""
    query = AuditEntry.select().where(AuditEntry.action == "identity.change_permissions")
    return [json.loads(entry.details) for entry in query.order_by(AuditEntry.id)]


def test_what_is_taken_from_everybody_is_refused_at_the_next_request(world: World) -> None:
    client = world.client_for("staff@koriyama")
    assert client.get("/consult/ask").status_code == 200
    save(world, "consult", {p for p in given(world, "consult") if p[1] != "consult.ask"})
    assert client.get("/consult/ask").status_code == 403
    assert client.get("/consult/").status_code == 200


def test_what_is_given_opens_at_the_next_request(world: World) -> None:
    client = world.client_for("hr@koriyama")
    assert client.get("/admin/features").status_code == 403
    save(world, "admin", given(world, "admin") | {("hr", "admin.features")})
    assert client.get("/admin/features").status_code == 200


def test_the_neighbour_town_keeps_its_own_map(world: World) -> None:
    save(world, "consult", set())
    assert world.client_for("staff@koriyama").get("/consult/").status_code == 403
    assert world.client_for("staff@sukagawa").get("/consult/").status_code == 200


def test_only_deviations_are_rows_and_going_back_leaves_none(world: World) -> None:
    before = given(world, "admin")
    save(world, "admin", before | {("hr", "admin.features")})
    (row,) = RolePermission.select()
    assert (row.role, row.permission, row.is_given) == ("hr", "admin.features", True)
    assert row.changed_by_id == world.ctx_for(IT).acting.id
    save(world, "admin", before)
    assert RolePermission.select().count() == 0


def test_the_audit_says_what_was_given_and_what_was_taken(world: World) -> None:
    pairs = given(world, "admin") | {("hr", "admin.features")}
    save(world, "admin", pairs - {("staff", "admin.my_settings")})
    assert changes() == [
        {"area": "admin", "given": "hr:admin.features", "taken": "staff:admin.my_settings"}
    ]


def test_the_revision_grows_with_a_change_and_only_with_one(world: World) -> None:
    before = revision()
    assert save(world, "admin", given(world, "admin") | {("hr", "admin.features")})
    assert revision() == before + 1
    assert not save(world, "admin", given(world, "admin") | {("hr", "admin.features")})
    assert revision() == before + 1


def test_a_second_click_changes_nothing_and_is_no_error(world: World) -> None:
    opened, pairs = revision(), given(world, "admin") | {("hr", "admin.features")}
    assert save(world, "admin", pairs, at=opened)
    assert not save(world, "admin", pairs, at=opened)
    assert len(changes()) == 1


def test_who_opened_the_form_before_somebody_else_saved_is_refused(world: World) -> None:
    opened = revision()
    save(world, "admin", given(world, "admin") | {("hr", "admin.features")})
    with pytest.raises(Outdated):
        save(world, "admin", given(world, "admin"), at=opened)
    assert len(changes()) == 1


@pytest.mark.parametrize(
    ("area", "pair"),
    [
        ("web", ("staff", "web.read")),
        ("identity", ("staff", "identity.sessions")),
        ("identity", ("staff", "identity.act")),
        ("identity", ("staff", "identity.permissions")),
        ("identity", ("it", "identity.roles")),
        ("identity", ("it", "identity.roles.read")),
        ("admin", ("secretariat", "admin.matrix")),
        ("admin", ("auditor", "admin.audit")),
    ],
)
def test_some_permissions_stay_whoever_wants_to_take_them(
    world: World, area: str, pair: Pair
) -> None:
    save(world, area, given(world, area) - {pair})
    assert RolePermission.select().count() == 0


@pytest.mark.parametrize(
    ("area", "pair"),
    [
        ("web", ("head", "web.read")),
        ("identity", ("staff", "identity.roles")),
        ("identity", ("auditor", "identity.roles")),
        ("admin", ("it", "admin.matrix")),
        ("admin", ("it", "admin.audit")),
        ("admin", ("mayor", "admin.features")),
        ("admin", ("hr", "consult.ask")),
    ],
)
def test_some_permissions_are_given_to_nobody_else(world: World, area: str, pair: Pair) -> None:
    before = revision()
    with pytest.raises(NotForChanging):
        save(world, area, given(world, area) | {pair})
    assert revision() == before


def test_a_row_about_what_has_become_fixed_means_nothing() -> None:
    declared = {"a.open": Permission("a.open", LABEL, ("auditor",))}
    deviations = {("it", "a.open", True), ("auditor", "a.open", False)}
    assert permissions_of(declared, {"staff", "it"}, deviations) == frozenset()
    assert permissions_of(declared, {"staff", "auditor"}, deviations) == {"a.open"}


def test_what_everybody_holds_may_be_mapped_freely() -> None:
    everybody = Permission("a.open", LABEL, ROLES)
    assert [fixed(everybody, role) for role in ROLES] == [None] * len(ROLES)


def test_what_an_uninstalled_plugin_leaves_is_ignored(world: World) -> None:
    town = world.ctx_for(IT).municipality
    RolePermission.insert(
        municipality_id=town.id,
        role="staff",
        permission="gone.read",
        is_given=True,
        changed_at=world.clock(),
    ).execute()
    assert "gone.read" not in world.ctx_for("staff@koriyama").permissions
    assert world.client_for("staff@koriyama").get("/").status_code == 200


def test_a_warm_request_asks_the_map_of_nothing_and_a_new_revision_asks_once(
    world: World, queries: Callable[[], Any]
) -> None:
    client = world.client_for("staff@koriyama")
    client.get("/my/sessions")
    with queries() as warm:
        client.get("/my/sessions")
    save(world, "admin", given(world, "admin") | {("hr", "admin.features")})
    with queries() as new:
        client.get("/my/sessions")
    assert [sum("host_role_permission" in s for s in log.statements) for log in (warm, new)] == [
        0,
        1,
    ]


def test_each_town_has_deviations_of_its_own(world: World) -> None:
    save(world, "admin", given(world, "admin") | {("hr", "admin.features")})
    here, there = (Municipality.get(Municipality.code == code) for code in (KORIYAMA, SUKAGAWA))
    assert state_of(here.id, here.revision).deviations == {("hr", "admin.features", True)}
    assert state_of(there.id, there.revision).deviations == frozenset()
