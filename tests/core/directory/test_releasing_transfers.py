"""Releasing sealed transfers: when they are due, once, whole, or not at all."""

import logging
import threading
from datetime import date, timedelta
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import tokyo_day
from niwari.config import Settings
from niwari.db import connection, database, transaction
from niwari.directory import municipalities
from niwari.directory.events import TransferReleased
from niwari.directory.importing import import_people
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.directory.subjects import erase
from niwari.directory.system import system_context
from niwari.directory.transfers import keeping, listing
from niwari.directory.transfers.models import SealedTransfer
from niwari.directory.transfers.releasing import release_due
from niwari.jobs.models import JobRun
from niwari.jobs.service import ScheduledJob, run_once
from niwari.keyring import open_keyring
from niwari.schedule import make_worker_queue
from niwari.specs.contributions import Subject
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World
from tests.core.directory.sealed import (
    CANARY,
    HR,
    MOVED,
    RELEASE,
    WORDS,
    keep,
    people,
    row_of,
)

MINUTE = timedelta(minutes=1)
LATER = RELEASE + timedelta(hours=2)


def is_known() -> bool:
    """Whether the directory has the canary."""
    return Person.select().where(Person.login == CANARY["login"]).exists()


def acts() -> list[str]:
    """The acts of the release in the audit, the oldest first."""
    query = AuditEntry.select().where(AuditEntry.actor == "directory.transfers")
    return [entry.action for entry in query.order_by(AuditEntry.id)]


def end_section(world: World) -> None:
    """Let the registry change so that the canary's line cannot be imported any more."""
    town = Municipality.get(Municipality.code == KORIYAMA)
    above = Section.get((Section.municipality == town) & (Section.path == "総務部"))
    Section.create(
        municipality=town,
        parent=above,
        name="百年史室",
        path=CANARY["section"],
        ends_on=date(2026, 11, 15),
    )


def mend_section() -> None:
    Section.update(ends_on=None).where(Section.path == CANARY["section"]).execute()


def test_nothing_is_released_a_minute_before(world: World) -> None:
    one = keep(world)
    assert release_due(RELEASE - MINUTE) == 0
    assert not is_known()
    assert row_of(one).state == "sealed"


def test_at_its_instant_the_file_is_imported_counted_and_erased(world: World) -> None:
    one = keep(world, people({}, MOVED))
    assert release_due(RELEASE) == 1
    row = row_of(one)
    assert (row.state, row.name, row.content, row.closed_at) == ("released", "", "", RELEASE)
    assert (row.added, row.changed, row.ended) == (2, 0, 1)
    posts = Appointment.select().join(Section).where(Section.path == CANARY["section"])
    assert {post.starts_on for post in posts} == {date(2026, 12, 1)}
    assert acts() == ["directory.import", "directory.transfers_release"]
    assert release_due(LATER) == 0


def test_those_who_move_are_announced_at_the_release_and_newcomers_are_not(world: World) -> None:
    keep(world, people({}, MOVED))
    release_due(RELEASE - MINUTE)
    assert world.published() == []
    release_due(RELEASE)
    person = Person.get(Person.login == MOVED["login"])
    before, after = (
        Appointment.select().where(Appointment.person == person).order_by(Appointment.starts_on)
    )
    assert world.published() == [TransferReleased(person.id, before.id, after.id, MOVED["start"])]


def test_a_worker_that_comes_late_releases_what_is_due(world: World) -> None:
    keep(world)
    assert release_due(RELEASE + timedelta(days=2)) == 1
    assert is_known()


def test_files_that_are_due_together_are_released_one_after_the_other(world: World) -> None:
    second = keep(world, people({"title": "百年史編さん長"}), RELEASE)
    first = keep(world, people({}), RELEASE - MINUTE)
    assert release_due(LATER) == 2
    assert [row_of(one).state for one in (first, second)] == ["released"] * 2
    assert Appointment.get(Appointment.title == "百年史編さん長").person.login == CANARY["login"]


def test_a_file_that_cannot_be_imported_any_more_stays_sealed_and_is_not_tried_again(
    world: World,
) -> None:
    one = keep(world)
    end_section(world)
    assert release_due(RELEASE) == 1
    row = row_of(one)
    assert (row.state, row.reason) == ("stuck", "refused")
    assert not is_known()
    mend_section()
    assert release_due(LATER) == 0
    assert keeping.open_transfer(world.ctx_for(HR), one).data == people({})
    assert acts() == ["directory.transfers_stuck"]


def test_a_stuck_file_is_tried_again_at_the_hour_that_hr_says(world: World) -> None:
    one = keep(world)
    end_section(world)
    release_due(RELEASE)
    mend_section()
    keeping.move_release(world.ctx_for(HR), one, LATER)
    assert release_due(LATER - MINUTE) == 0
    assert release_due(LATER) == 1
    assert row_of(one).state == "released"
    assert is_known()


def test_a_mended_file_takes_the_place_of_a_stuck_one(world: World) -> None:
    one = keep(world)
    end_section(world)
    release_due(RELEASE)
    mended = people({"section": "総務部/新百年史室"})
    keeping.replace(world.ctx_for(HR), one, "直し.csv", mended, LATER)
    release_due(LATER)
    assert Appointment.get(Appointment.title == CANARY["title"]).section.path == "総務部/新百年史室"


def test_the_menu_counts_what_is_stuck_until_hr_has_seen_to_it(world: World) -> None:
    one = keep(world)
    end_section(world)
    release_due(RELEASE)

    def stuck() -> int:
        town = world.ctx_for(HR).municipality
        return listing.stuck_in(town.id, town.revision)

    assert stuck() == 1
    keeping.withdraw(world.ctx_for(HR), one)
    assert stuck() == 0


def test_lines_of_another_municipality_are_not_released(world: World) -> None:
    one = keep(world, people({}, {"municipality": SUKAGAWA, "login": "x@sukagawa"}))
    release_due(RELEASE)
    assert (row_of(one).state, row_of(one).reason) == ("stuck", "refused")
    assert not is_known()


def test_a_file_that_another_town_took_over_meanwhile_does_not_move_its_person(
    world: World,
) -> None:
    one = keep(world)
    line = people({"municipality": SUKAGAWA, "section": "総務部", "start": "2026-11-12"})
    import_people(system_context(world.clock(), "test"), line)
    release_due(RELEASE)
    assert (row_of(one).state, row_of(one).reason) == ("stuck", "refused")


def test_without_its_key_a_file_stays_sealed_and_says_so(world: World, settings: Settings) -> None:
    one = keep(world)
    open_keyring(settings).make_first()
    release_due(RELEASE)
    assert (row_of(one).state, row_of(one).reason) == ("stuck", "unreadable")
    assert not is_known()


@pytest.fixture
def settings(world: World, tmp_path: Any) -> Settings:
    """The installation's settings with another keyring."""
    return Settings(
        home=tmp_path / "other", environment="test", database_url=world.settings.database_url
    )


def test_a_release_that_was_brought_forward_in_the_database_releases_nothing(world: World) -> None:
    one = keep(world)
    early = RELEASE - timedelta(days=5)
    SealedTransfer.update(release_at=early).where(SealedTransfer.id == one).execute()
    release_due(early)
    assert (row_of(one).state, row_of(one).reason) == ("stuck", "unreadable")
    assert not is_known()


def test_killed_before_it_is_committed_it_is_released_once_all_the_same(world: World) -> None:
    one = keep(world)

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction(world.system_context()):
        assert release_due(RELEASE) == 1
        assert is_known()
        raise Killed
    assert not is_known()
    assert row_of(one).state == "sealed"
    assert release_due(RELEASE) == 1
    assert acts().count("directory.transfers_release") == 1


def test_two_workers_at_once_release_each_file_once(world: World) -> None:
    keep(world)
    keep(world, people({"login": "b@koriyama"}))
    together, done = threading.Barrier(2), []

    def work() -> None:
        with connection():
            together.wait(timeout=20)
            done.append(release_due(RELEASE))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sum(done) == 2
    assert acts().count("directory.transfers_release") == 2
    assert Appointment.select().where(Appointment.title == CANARY["title"]).count() == 2


def test_hr_who_moves_the_release_while_it_is_due_wins_or_comes_too_late(world: World) -> None:
    one = keep(world)
    ctx = world.ctx_for(HR)
    keeping.move_release(ctx, one, LATER)
    assert release_due(RELEASE) == 0
    assert row_of(one).state == "sealed"


@pytest.fixture
def trap(world: World) -> None:
    """Let the database refuse the canary while it is written, in words that quote it."""
    Person.update(kana=CANARY["kana"]).where(Person.login == "staff@miharu").execute()
    database.execute_sql(
        f"CREATE UNIQUE INDEX trap ON directory_person (kana) WHERE kana = '{CANARY['kana']}'"
    )


@pytest.mark.usefixtures("trap")
def test_an_error_while_writing_leaves_nothing_and_no_word_in_log_or_table(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    one, other = keep(world), keep(world, people({"login": "b@koriyama", "kana": "ベツ"}))
    world.clock.set(RELEASE)
    run_once(ScheduledJob("directory.transfers", 1, release_due), world.clock)
    assert (row_of(one).state, row_of(one).reason) == ("stuck", "failed")
    assert row_of(other).state == "released"
    assert not is_known()
    assert "IntegrityError" in caplog.text
    said = caplog.text + "".join(run.error for run in JobRun.select())
    assert not [word for word in WORDS if word in said]


def test_a_transfer_that_cannot_be_announced_is_not_imported_either(world: World) -> None:
    # The database takes one event of a kind in a town, and two people move.
    database.execute_sql("CREATE UNIQUE INDEX trap ON events_event (name, municipality_id)")
    second = MOVED | {"login": "staff2@koriyama", "name": "職員二", "kana": "しょくいんに"}
    one = keep(world, people({}, MOVED, second))
    assert release_due(RELEASE) == 1
    assert (row_of(one).state, row_of(one).reason) == ("stuck", "failed")
    assert not is_known()
    assert world.published() == []
    assert acts() == ["directory.transfers_stuck"]
    database.execute_sql("DROP INDEX trap")
    keeping.move_release(world.ctx_for(HR), one, LATER)
    assert release_due(LATER) == 1
    assert len(world.published()) == 2


def test_the_worker_looks_every_minute(world: World) -> None:
    keep(world)
    world.clock.set(RELEASE)
    queue = make_worker_queue(world.settings, world.clock)
    task = next(t for t in queue._registry.periodic_tasks if t.name == "directory.transfers")
    task.execute()
    assert is_known()


def test_a_merged_towns_files_are_erased_and_never_released(world: World) -> None:
    hr = "staff@miharu"
    one = keep(world, people({"municipality": MIHARU}), login=hr)
    today = tokyo_day(world.clock())
    town = Municipality.get(Municipality.code == MIHARU)
    Appointment.update(ends_on=today - timedelta(days=1)).where(
        Appointment.municipality == town
    ).execute()
    municipalities.merge_municipality(world.system_context(), MIHARU, KORIYAMA, today)
    assert release_due(world.clock()) == 1
    row = row_of(one)
    assert (row.state, row.name, row.content) == ("withdrawn", "", "")
    assert acts() == ["directory.transfers_end"]
    assert release_due(RELEASE) == 0
    assert not is_known()


def test_a_file_that_names_somebody_who_was_erased_makes_a_new_person(world: World) -> None:
    keep(world, people(MOVED | {"login": "staff2@koriyama"}))
    person_id = world.ctx_for("staff2@koriyama").person_id
    today = tokyo_day(world.clock())
    Appointment.update(ends_on=today - timedelta(days=1)).where(
        Appointment.person == person_id
    ).execute()
    ctx = world.system_context()
    with transaction(ctx):
        receipt = erase(ctx, Subject(person_id))
    assert "新しい職員として登録されます" in str(receipt.reason)
    release_due(RELEASE)
    found = Person.get(Person.login == "staff2@koriyama")
    assert found.id != person_id
    former = Person.get_by_id(person_id)
    assert (former.login, former.name) == (f"erased-{person_id}", "—")
    assert Appointment.select().where(Appointment.person == found).count() == 1


def test_a_town_with_another_code_by_then_is_told_the_present_one(world: World) -> None:
    one = keep(world)
    municipalities.rename_municipality(
        world.system_context(), KORIYAMA, "072028", tokyo_day(world.clock())
    )
    release_due(RELEASE)
    assert (row_of(one).state, row_of(one).reason) == ("stuck", "refused")
    mended = people({"municipality": "072028"})
    keeping.replace(world.ctx_for(HR), one, "直し.csv", mended, LATER)
    release_due(LATER)
    assert row_of(one).state == "released"
