"""What is handed out and erased of a person: what the plugin keeps, and what the host keeps for it."""

from collections.abc import Callable, Mapping

import pytest

from niwari.audit import service as audit
from niwari.audit.models import AuditEntry, AuditValue
from niwari.db import transaction
from niwari.host.discovery import Found
from niwari.host.models import Failure, PersonSetting
from niwari.host.quarantine import Failed, record_failure
from niwari.host.settings import save_settings
from niwari.specs.contributions import Record, Subject
from niwari.stewardship import subjects
from niwari.stewardship.subjects import CannotErase, CannotTell
from niwari.testing.world import World

STAFF, OTHER = "staff@koriyama", "staff2@koriyama"


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """Two people have set something for themselves in the dummy, and met a failure of it each."""
    world = open_world([trial_plugins["dummy"], trial_plugins["neighbour"]])
    for login in (STAFF, OTHER):
        ctx = world.ctx_for(login)
        save_settings(ctx, "dummy", "person", {"compact": True})
        town, person = ctx.municipality.id, ctx.person_id
        record_failure(Failed("dummy", "cards", town, person, ctx.now, "t", "x"))
    return world


def exported(world: World, login: str = STAFF) -> list[Record]:
    found: list[Record] = []
    ctx = world.ctx_for(login)
    subjects.export(ctx, world.dispatcher, "dummy", Subject(ctx.person_id), found.append)
    return found


def test_what_a_person_chose_is_handed_out_with_what_the_plugin_keeps(world: World) -> None:
    (note,) = world.host.plugins["dummy"].contributions.resources
    note.sample(world.ctx_for(STAFF))
    settings, kept = exported(world)
    assert (settings.kind, settings.data) == (
        "host.person_setting",
        {"key": "compact", "value": True},
    )
    assert kept.kind == "dummy.note"


def test_erasing_a_person_removes_it_and_forgets_whom_failures_met(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    receipt = subjects.erase(ctx, world.dispatcher, "dummy", Subject(ctx.person_id))
    assert receipt.erased == 1
    assert exported(world) == []
    other = world.ctx_for(OTHER).person_id
    assert [row.person_id for row in PersonSetting.select()] == [other]
    assert {row.person_id for row in Failure.select()} == {None, other}
    (row,) = AuditEntry.select().where(AuditEntry.action == "plugin.erase")
    assert (row.object_kind, row.object_id) == ("person", ctx.person_id)


def test_erasing_a_person_erases_what_the_plugins_acts_changed_of_the_person(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    with transaction(ctx):
        for action in ("dummy.rename", "identity.rename"):
            audit.record(ctx, action, "x", 1, after={"name": "草野"}, person_id=ctx.person_id)
    subjects.erase(ctx, world.dispatcher, "dummy", Subject(ctx.person_id))
    (kept,) = AuditValue.select()
    assert AuditEntry.get_by_id(kept.id).action == "identity.rename"


def test_a_plugin_that_keeps_rows_and_has_no_hooks_says_so(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    subject = Subject(ctx.person_id)
    with pytest.raises(CannotTell):
        subjects.export(ctx, world.dispatcher, "neighbour", subject, lambda record: None)
    with pytest.raises(CannotErase):
        subjects.erase(ctx, world.dispatcher, "neighbour", subject)
    assert AuditEntry.select().where(AuditEntry.action == "plugin.erase").count() == 0


def test_what_a_plugin_began_to_erase_before_it_failed_is_undone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = world.ctx_for(STAFF)
    monkeypatch.setattr(
        "niwari_dummy.service.erase", lambda _subject: Failure.delete().execute() and 1 / 0
    )
    with pytest.raises(CannotErase):
        subjects.erase(ctx, world.dispatcher, "dummy", Subject(ctx.person_id))
    assert PersonSetting.select().count() == 2
    assert Failure.select().where(Failure.surface == "erase_data").count() == 1
    assert Failure.select().where(Failure.surface == "cards").count() == 2
