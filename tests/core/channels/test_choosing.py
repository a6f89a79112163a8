"""Choosing how to be told: each person for each kind, and the municipality for its mail."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.notices.choices import choices
from niwari.notices.kinds import kind_codes
from niwari.notices.mail import MAIL, enlist_mail
from niwari.notices.models import DEAD, DROPPED, PENDING, Choice, Delivery, Received, Veto
from niwari.notices.outbox import leave_by
from niwari.testing.world import World
from tests.core.notices.conftest import ANSWERED, OWNER, STAFF2

IT, NEIGHBOURS_IT = "it@koriyama", "it@sukagawa"
FIELD = "kind-dummy-answered"
CORES = "kind-stewardship-handed_out"
"""The field of a kind of the core, which is always there."""


def all_but(world: World, code: str) -> dict[str, str]:
    """Return the fields of all kinds but one, as the form sends them where they leave by mail."""
    codes = set(kind_codes(world.host)) - {code}
    return {f"kind-{one.replace('.', '-')}": "y" for one in codes}


def test_what_one_chooses_is_kept_and_nobody_else_is_changed(world: World) -> None:
    client = world.client_for(OWNER)
    answer = client.submit("/notices/settings", {FIELD: "off"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/notices/settings")
    assert choices(world.ctx_for(OWNER))[ANSWERED] == "off"
    assert choices(world.ctx_for(STAFF2))[ANSWERED] == "at_once"


def test_who_mutes_a_kind_is_told_nothing_more(world: World, reply: Callable[[str], None]) -> None:
    world.client_for(OWNER).submit("/notices/settings", {FIELD: "off"})
    reply(STAFF2)
    assert Received.select().count() == 0


@pytest.mark.parametrize("mode", ["", "often", "at_once\x00"])
def test_a_way_that_there_is_none_is_refused_beside_the_field(world: World, mode: str) -> None:
    answer = world.client_for(OWNER).submit("/notices/settings", {FIELD: mode})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert Choice.select().count() == 0


def test_a_kind_of_a_plugin_that_is_off_is_not_offered(world: World) -> None:
    world.switch("072036", "dummy", on=False)
    page = world.client_for(OWNER).get("/notices/settings").get_data(as_text=True)
    assert FIELD not in page
    assert CORES in page


def test_without_a_mail_server_the_page_says_where_notices_arrive(world: World) -> None:
    page = world.client_for(OWNER).get("/notices/settings").get_data(as_text=True)
    assert "今は、お知らせをメールで送っていません" in page


def test_it_lets_a_kind_leave_by_no_mail_and_the_audit_says_so(world: World) -> None:
    others = all_but(world, ANSWERED)
    answer = world.client_for(IT).submit("/notices/admin", {"all_kinds": "y", **others})
    assert answer.status_code == 303
    veto = Veto.get()
    assert (veto.kind, veto.municipality_id) == (ANSWERED, world.ctx_for(IT).municipality.id)
    assert AuditEntry.select().where(AuditEntry.action == "channels.veto").count() == 1
    world.client_for(IT).submit("/notices/admin", {"all_kinds": "y", **others, FIELD: "y"})
    assert Veto.select().count() == 0


def test_to_save_the_same_again_changes_nothing_and_is_no_act(world: World) -> None:
    for _click in range(2):
        world.client_for(IT).submit("/notices/admin", {FIELD: "y", **all_but(world, ANSWERED)})
    assert [veto.kind for veto in Veto.select()] == [""]
    assert AuditEntry.select().where(AuditEntry.action == "channels.veto").count() == 1


@pytest.fixture
def dead(world: World, reply: Callable[[str], None]) -> int:
    """A mail that a server refused; the id of its delivery."""
    from niwari.directory.models import Person

    Person.update(email="owner@example.jp").where(Person.login == OWNER).execute()
    leave_by([enlist_mail], lambda: None)
    reply(STAFF2)
    leave_by([], lambda: None)
    ended: dict[str, Any] = {"state": DEAD, "what": "smtp 550", "ended_at": world.clock()}
    Delivery.update(ended).execute()
    return Delivery.get().id


def test_it_sees_whom_a_mail_did_not_reach_and_why_and_not_what_it_said(
    world: World, dead: int
) -> None:
    page = world.client_for(IT).get("/notices/admin").get_data(as_text=True)
    assert world.ctx_for(OWNER).acting.person_name in page
    assert "受け取りを断りました（550）" in page
    assert "会議室の鍵" not in page


@pytest.mark.usefixtures("dead")
@pytest.mark.parametrize(
    ("flags", "names", "labels"),
    [
        ({}, True, True),
        ({"discreet": True}, True, False),
        ({"discreet": True, "private": True}, False, False),
    ],
)
def test_it_learns_no_more_of_a_mail_than_the_mail_says(
    world: World, flags: dict[str, bool], names: bool, labels: bool
) -> None:
    plugin = world.host.plugins["dummy"]
    (kind,) = [one for one in plugin.contributions.notices if one.code == ANSWERED]
    plugin.contributions = replace(
        plugin.contributions, notices=(replace(kind, to_chat=False, **flags),)
    )
    page = world.client_for(IT).get("/notices/admin").get_data(as_text=True)
    rows = page.split("届かなかったメール")[-1]
    assert (world.ctx_for(OWNER).acting.person_name in rows) is names
    assert (kind.label.ja in rows) is labels


def test_the_mail_of_a_day_stays_on_the_page(world: World, dead: int) -> None:
    of_a_day = {"received": None, "appointment": world.ctx_for(OWNER).acting.id}
    Delivery.update(**of_a_day, digest_on=world.clock().date()).execute()
    page = world.client_for(IT).get("/notices/admin").get_data(as_text=True)
    assert "1日1回のまとめ" in page
    assert f"/notices/admin/{dead}/again" in page


def test_it_sends_again_once_however_often_it_is_clicked(world: World, dead: int) -> None:
    client = world.client_for(IT)
    for _click in range(2):
        client.submit(f"/notices/admin/{dead}/again", {}, form_at="/notices/admin")
    assert (Delivery.get().state, Delivery.get().channel) == (PENDING, MAIL)
    assert AuditEntry.select().where(AuditEntry.action == "channels.send_again").count() == 1


def test_it_gives_up_and_the_page_is_empty_again(world: World, dead: int) -> None:
    client = world.client_for(IT)
    client.submit(f"/notices/admin/{dead}/drop", {}, form_at="/notices/admin")
    assert Delivery.get().state == DROPPED
    page = client.get("/notices/admin").get_data(as_text=True)
    assert "届かなかったメールはありません" in page


@pytest.mark.parametrize("act", ["again", "drop"])
def test_the_neighbours_it_finds_no_such_mail(world: World, dead: int, act: str) -> None:
    client = world.client_for(NEIGHBOURS_IT)
    page = client.get("/notices/admin").get_data(as_text=True)
    assert "届かなかったメールはありません" in page
    answer = client.submit(f"/notices/admin/{dead}/{act}", {}, form_at="/notices/admin")
    assert answer.status_code == 404
    assert Delivery.get().state == DEAD
