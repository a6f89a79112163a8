"""What people write without a name waits for the quarter of an hour, and is published by nobody."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import database, transaction
from niwari.directory.models import Section
from niwari.host.discovery import Found
from niwari.host.models import Failure
from niwari.keyring import keyring
from niwari.notices.days import next_quarter
from niwari.specs.contributions import Subject
from niwari.stewardship import subjects
from niwari.testing.world import MIHARU, World
from niwari.vault import acting
from niwari.vault.acting import TooManyActs, later_hidden, own_acts, own_hidden
from niwari.vault.erasing import forget_author
from niwari.vault.models import HiddenAct
from niwari.vault.publishing import STOPPED_FOR, publish_due
from niwari.written import StaleForm

AUTHOR, OTHER, READER = "staff@miharu", "staff@sukagawa", "staff2@koriyama"
TASK, KIND, TEXT = "whisper.publish", "whisper.whisper", "給湯室のこと"


@pytest.fixture
def town(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    return open_world([trial_plugins["whisper"]])


def write(world: World, login: str = AUTHOR, text: str = TEXT, **how: Any) -> str:
    from niwari_whisper.service import whisper

    return str(whisper(world.ctx_for(login), text, **how))


def echo(world: World, login: str, whisper_id: int) -> None:
    from niwari_whisper.service import echo

    echo(world.ctx_for(login), whisper_id, "そうですね")


def publish(world: World) -> int:
    world.clock.set(next_quarter(world.clock()))
    return publish_due(world.clock())


def whispers() -> list[Any]:
    from niwari_whisper.models import Whisper

    return list(Whisper.select().order_by(Whisper.id))


def test_it_waits_for_the_quarter_and_is_then_there_for_everybody(town: World) -> None:
    town.clock.advance(minutes=7)
    key = write(town)
    assert (publish_due(town.clock()), whispers()) == (0, [])
    assert publish(town) == 1
    (row,) = whispers()
    assert (row.key, row.text, row.alias_letter, row.author_id) == (key, TEXT, "A", None)
    assert row.hidden_on == town.ctx_for(AUTHOR).today
    page = town.client_for(READER).get(f"/whisper/{row.id}").get_data(as_text=True)
    assert TEXT in page
    assert "匿名の職員A" in page
    assert "三春町" not in page


def test_in_the_request_one_sealed_row_is_written_and_nothing_else(town: World) -> None:
    audited = AuditEntry.select().count()
    author = town.ctx_for(AUTHOR)
    write(town)
    assert AuditEntry.select().count() == audited
    (act,) = HiddenAct.select().dicts()
    assert TEXT not in str(act)
    said = {str(value) for value in act.values()}
    assert not said & {str(author.person_id), str(author.acting.id), author.acting.person_name}
    assert act["due_at"] == next_quarter(town.clock())


def test_what_was_published_is_audited_under_the_letter_in_no_town_of_the_author(
    town: World,
) -> None:
    write(town)
    publish(town)
    (entry,) = AuditEntry.select().where(AuditEntry.action == "whisper.publish")
    first = town.ctx_for("staff@koriyama").municipality.id
    assert (entry.actor, entry.actor_id, entry.municipality_id) == ("匿名の職員A", None, first)
    assert (entry.at, entry.request_id) == (town.clock(), "")


def test_what_is_for_one_town_alone_is_audited_there(town: World) -> None:
    write(town, audience="municipality")
    publish(town)
    (entry,) = AuditEntry.select().where(AuditEntry.action == "whisper.publish")
    assert entry.municipality_id == town.ctx_for(AUTHOR).municipality.id


def test_its_section_is_the_first_one_of_the_town_whoever_wrote_it(town: World) -> None:
    for login in ("staff@koriyama", "staff3@koriyama"):
        write(town, login)
    publish(town)
    own = town.ctx_for("staff@koriyama").municipality.id
    first = Section.select().where(Section.municipality == own).order_by(Section.id).get()
    assert [row.section_id for row in whispers()] == [first.id, first.id]


def test_numbers_follow_chance_and_not_the_order_of_writing(town: World) -> None:
    keys = [write(town, login) for login in (AUTHOR, OTHER, READER) * 8]
    publish(town)
    assert {row.key for row in whispers()} == set(keys)
    assert [row.key for row in whispers()] != keys
    ids = [row.id for row in whispers()]
    assert ids == list(range(ids[0], ids[0] + len(keys)))  # no gap tells that somebody was writing


def test_its_author_alone_finds_it_before_and_after(town: World) -> None:
    write(town)
    (own,) = own_acts(town.ctx_for(AUTHOR), TASK)
    assert (own.values["text"], own.stopped) == (TEXT, False)
    assert own_acts(town.ctx_for("head@miharu"), TASK) == ()
    publish(town)
    (row,) = whispers()
    assert own_acts(town.ctx_for(AUTHOR), TASK) == ()
    assert own_hidden(town.ctx_for(AUTHOR), KIND) == {row.id}
    assert own_hidden(town.ctx_for(READER), KIND) == frozenset()


def test_one_form_is_published_once_however_often_it_is_sent(town: World) -> None:
    key, ctx = str(uuid4()), town.ctx_for(AUTHOR)

    def send() -> bool:
        with transaction(ctx):
            return later_hidden(ctx, TASK, key=key, text=TEXT, audience="region")

    assert [send(), send()] == [True, False]
    publish(town)
    assert send() is False
    publish(town)
    assert len(whispers()) == 1
    (left,) = HiddenAct.select()
    assert (left.state, left.sealed, left.envelope) == ("done", "", "")
    town.clock.advance(days=2)
    town.clock.set(town.clock() + STOPPED_FOR)
    publish_due(town.clock())
    assert HiddenAct.select().count() == 0


def test_a_letter_is_one_persons_in_a_thread_and_another_in_the_next(town: World) -> None:
    from niwari_whisper.models import Echo

    write(town)
    publish(town)
    write(town, OTHER)
    publish(town)
    first, second = whispers()
    for login, row in ((AUTHOR, first), (OTHER, first), (READER, first), (AUTHOR, second)):
        echo(town, login, row.id)
        publish(town)
    said = [(one.whisper_id, one.alias_letter) for one in Echo.select().order_by(Echo.id)]
    assert said == [(first.id, "A"), (first.id, "B"), (first.id, "C"), (second.id, "B")]


def test_a_letter_stays_taken_when_its_author_is_erased(town: World) -> None:
    from niwari_whisper.models import Echo, Whisper

    write(town)
    publish(town)
    (row,) = whispers()
    author = town.ctx_for(AUTHOR)
    with transaction(author):
        assert forget_author(Subject(person_id=author.person_id), Whisper) == {row.id}
    assert whispers()[0].sealed == ("", row.key)
    echo(town, AUTHOR, row.id)
    publish(town)
    assert Echo.get().alias_letter == "B"


def test_where_it_is_off_it_waits_for_a_day_and_then_its_author_reads_that_it_stopped(
    town: World,
) -> None:
    write(town)
    town.switch(MIHARU, "whisper", on=False)
    assert publish(town) == 0
    town.switch(MIHARU, "whisper", on=True)
    assert publish(town) == 1
    write(town, text="もう一度")
    town.switch(MIHARU, "whisper", on=False)
    town.clock.advance(days=1, minutes=30)
    assert publish_due(town.clock()) == 1
    (own,) = own_acts(town.ctx_for(AUTHOR), TASK)
    assert (own.stopped, own.values["text"], len(whispers())) == (True, "もう一度", 1)


def test_what_a_rule_refuses_is_stopped_and_kept_for_its_author(town: World) -> None:
    echo(town, AUTHOR, 99)
    assert publish(town) == 1
    (own,) = own_acts(town.ctx_for(AUTHOR), "whisper.echo")
    assert own.stopped
    assert Failure.select().count() == 0


def test_a_failure_leaves_nothing_names_no_town_and_is_tried_again(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(town)
    with monkeypatch.context() as patched:
        patched.setattr("niwari_whisper.models.Whisper.create", None)
        assert publish(town) == 0
    (failure,) = Failure.select()
    assert failure.municipality_id == town.ctx_for("staff@koriyama").municipality.id
    assert (publish(town), len(whispers())) == (1, 1)


def test_erasing_a_person_takes_what_waits_of_theirs_alone(town: World) -> None:
    write(town)
    other = write(town, "head@miharu")
    author = town.ctx_for(AUTHOR)
    with transaction(author):
        town.dispatcher.call_one(
            "erase_data", author, "vault", subject=Subject(person_id=author.person_id)
        )
    publish(town)
    assert [row.key for row in whispers()] == [other]


def test_what_waits_is_in_nobodys_export(town: World) -> None:
    write(town)
    author = town.ctx_for(AUTHOR)
    found: list[Any] = []
    for name in ("vault", "whisper"):
        if town.host.implementation("export_data", name) is not None:
            subject = Subject(person_id=author.person_id)
            subjects.export(town.system_context(), town.dispatcher, name, subject, found.append)
    assert found == []


def test_too_many_at_a_time_are_refused(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "MOST_WAITING", 2)
    write(town)
    write(town)
    write(town, "head@miharu")
    with pytest.raises(TooManyActs):
        write(town)
    publish(town)
    write(town)


@pytest.mark.parametrize("key", ["", "1", "x" * 40])
def test_a_form_without_its_key_is_refused(town: World, key: str) -> None:
    ctx = town.ctx_for(AUTHOR)
    with transaction(ctx), pytest.raises(StaleForm):
        later_hidden(ctx, TASK, key=key, text=TEXT, audience="region")


def test_what_is_not_declared_as_hidden_and_what_has_no_transaction_are_refused(
    town: World,
) -> None:
    ctx, key = town.ctx_for(AUTHOR), str(uuid4())
    with pytest.raises(RuntimeError, match="transaction"):
        later_hidden(ctx, TASK, key=key)
    with transaction(ctx), pytest.raises(LookupError, match="hidden=True"):
        later_hidden(ctx, "whisper.nothing", key=key)


def test_what_does_not_open_any_more_is_stopped(town: World) -> None:
    write(town)
    HiddenAct.update(sealed=keyring().seal("other", b"{}")).execute()
    assert publish(town) == 1
    assert (HiddenAct.get().state, whispers()) == ("stopped", [])


def test_sqlite_keeps_no_number_of_what_waits(town: World) -> None:
    write(town)
    if town.settings.database_url.startswith("sqlite"):
        with pytest.raises(Exception, match="rowid"):
            database.execute_sql("SELECT rowid FROM vault_hidden_act")


def test_a_late_worker_still_shows_a_quarter(town: World) -> None:
    write(town)
    town.clock.set(next_quarter(town.clock()) + timedelta(minutes=4, seconds=3))
    publish_due(town.clock())
    (entry,) = AuditEntry.select().where(AuditEntry.action == "whisper.publish")
    assert (entry.at.minute % 15, entry.at.second) == (0, 0)
