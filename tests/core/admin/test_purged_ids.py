"""After a purge and a new installation: no old id, notice or locker names somebody else's row."""

from collections.abc import Callable, Mapping
from uuid import uuid4

import pytest

from niwari.admin.purging import purge
from niwari.api import REGION
from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.directory.models import Person
from niwari.host.discovery import Found
from niwari.notices.choices import choose
from niwari.notices.mail import enlist_mail
from niwari.notices.models import Choice, Delivery, Hidden, Notice, Received, Veto
from niwari.notices.outbox import leave_by, notify_hidden
from niwari.testing.world import KORIYAMA, SUKAGAWA, World
from niwari.vault.service import is_mine
from tests.core.whispering import KIND, whisper

OWNER, STAFF2, NEIGHBOUR = "staff@koriyama", "staff2@koriyama", "staff@sukagawa"
TOWNS = (KORIYAMA, SUKAGAWA, "075213")

Anew = Callable[[World, str], World]


@pytest.fixture
def anew(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> Anew:
    """Purge a plugin and install it again."""

    def again(world: World, name: str) -> World:
        for code in TOWNS:
            world.switch(code, name, on=False)
        purge(world.system_context(), world.dispatcher, name, typed=name, save=lambda kept: None)
        return open_world([trial_plugins[name]])

    return again


def written(world: World, login: str) -> int:
    from niwari_dummy import service

    return service.write(
        world.ctx_for(login), title="鍵", body="総務", audience=REGION, form_key=str(uuid4())
    )


def test_ids_go_on_above_those_that_were_handed_out_also_the_erased_and_again(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found], anew: Anew
) -> None:
    from niwari_dummy.models import Note

    world = open_world([trial_plugins["dummy"]])
    last = [written(world, OWNER) for _ in range(3)][-1]
    Note.delete().where(Note.id == last).execute()
    for _ in range(2):
        world = anew(world, "dummy")
    assert written(world, NEIGHBOUR) == last + 1


def test_notices_and_choices_of_the_plugin_go_and_those_of_others_stay(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found], anew: Anew
) -> None:
    from niwari_dummy import service

    world = open_world([trial_plugins["dummy"]])
    Person.update(email="owner@example.jp").execute()
    leave_by([enlist_mail], lambda: None)
    note = written(world, OWNER)
    service.reply(world.ctx_for(STAFF2), note, body="はい", form_key=str(uuid4()))
    leave_by([], lambda: None)
    choose(world.ctx_for(OWNER), {"dummy.answered": "inbox"})
    ctx = world.ctx_for(OWNER)
    for kind in ("dummy.answered", "dummy_two.answered"):
        Veto.insert(
            municipality=ctx.municipality.id, channel="mail", kind=kind, changed_at=ctx.now
        ).execute()
    other = Notice.create(plugin="dummy_two", kind="dummy_two.answered", at=ctx.now)
    assert Received.select().count() == Delivery.select().count() == 1
    anew(world, "dummy")
    assert [row.id for row in Notice.select()] == [other.id]
    assert Received.select().count() == Delivery.select().count() == Choice.select().count() == 0
    assert [row.kind for row in Veto.select()] == ["dummy_two.answered"]


def test_whoever_once_wrote_without_a_name_is_not_told_of_somebody_elses_row(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found], anew: Anew
) -> None:
    from niwari_whisper.models import Whisper

    world = open_world([trial_plugins["whisper"]])
    whisper(world.ctx_for(OWNER), "旧いつぶやき")
    world = anew(world, "whisper")
    row = Whisper.get_by_id(whisper(world.ctx_for(NEIGHBOUR), "別人のつぶやき"))
    ctx = world.ctx_for(STAFF2)
    with transaction(ctx):
        about = Ref(KIND, row.id)
        notify_hidden(ctx, "whisper.heard", row.envelope, about, sealed_for=row.key)
    world.clock.advance(minutes=15)
    assert Hidden.select().count() == 1
    assert is_mine(world.ctx_for(OWNER), KIND, [row.id]) == frozenset()
    page = world.client_for(OWNER).get("/notices/hidden").get_data(as_text=True)
    assert "別人のつぶやき" not in page
