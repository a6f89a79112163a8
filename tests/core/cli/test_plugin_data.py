"""plugins export, erase, purge: everything is written out, and goes only when its name is typed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import FrozenClock, tokyo_day
from niwari.db import connection, database, open_database
from niwari.directory.models import Appointment, Municipality, Person
from niwari.events.models import Event
from niwari.host.discovery import Found
from niwari.host.models import Enablement, InstalledPlugin, RolePermission
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, SUKAGAWA, World
from tests.core.cli.conftest import Run

WORDS = "会議室の鍵は総務にあります"


@pytest.fixture
def noted(
    run: Run,
    migrated_url: str,
    clock: FrozenClock,
    tmp_path: Path,
    trial_plugins: Mapping[str, Found],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Two people of two towns have written a note each; afterwards the dummy is off everywhere."""
    monkeypatch.setenv("NIWARI_ENVIRONMENT", "test")
    run("migrate")
    with World.open(migrated_url, clock, tmp_path / "home", [trial_plugins["dummy"]]) as world:
        (note,) = world.host.plugins["dummy"].contributions.resources
        for login in ("staff@koriyama", "staff@sukagawa"):
            note.sample(world.ctx_for(login))
        for code in (KORIYAMA, SUKAGAWA, "075213"):
            world.switch(code, "dummy", on=False)
    return run


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "out.jsonl"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def notes(migrated_url: str) -> int:
    open_database(migrated_url)
    with connection():
        if "dummy_note" not in database.get_tables():
            return -1
        ((count,),) = database.execute_sql("SELECT COUNT(*) FROM dummy_note").fetchall()
    return int(count)


def test_all_rows_of_all_tables_are_written_out(noted: Run, target: Path) -> None:
    done = noted("plugins", "export", "dummy", "--to", str(target))
    assert done.exit_code == 0, done.output
    rows = [line for line in lines(target) if line["table"] == "dummy_note"]
    assert [row["title"] for row in rows] == [WORDS, WORDS]
    assert f"{len(lines(target))} rows of dummy written to {target}" in done.output


def test_a_persons_rows_are_written_out_alone(noted: Run, target: Path) -> None:
    done = noted("plugins", "export", "dummy", "--person", "staff@koriyama", "--to", str(target))
    assert done.exit_code == 0, done.output
    (line,) = lines(target)
    assert line == {
        "plugin": "dummy",
        "kind": "dummy.note",
        "id": 1,
        "data": {"title": WORDS, "body": "返すときも総務へお願いします。"},
    }


def test_a_file_that_is_there_is_not_overwritten(noted: Run, target: Path) -> None:
    target.write_text("precious")
    done = noted("plugins", "export", "dummy", "--to", str(target))
    assert done.exit_code == 2
    assert f"{target} は、もうあります。新しい名前にしてください。" in done.stderr
    assert target.read_text() == "precious"


def test_an_export_that_fails_leaves_no_file(noted: Run, target: Path) -> None:
    done = noted("plugins", "export", "dummy", "--person", "nobody", "--to", str(target))
    assert done.exit_code == 2
    assert "nobody" in done.stderr
    assert not target.exists()


def test_what_was_uninstalled_can_be_written_out(
    noted: Run, target: Path, workshop: Workshop, migrated_url: str
) -> None:
    (workshop.folder / "niwari_dummy-1.2.3.dist-info" / "entry_points.txt").unlink()
    done = noted("plugins", "export", "dummy", "--to", str(target))
    assert done.exit_code == 0, done.output
    assert any(line["table"] == "dummy_note" for line in lines(target))


def test_a_person_is_erased_when_the_plugins_name_is_typed(noted: Run, migrated_url: str) -> None:
    refused = noted("plugins", "erase", "dummy", "--person", "staff@koriyama", typed="yes\n")
    assert refused.exit_code == 2
    assert notes(migrated_url) == 2
    done = noted("plugins", "erase", "dummy", "--person", "staff@koriyama", typed="dummy\n")
    assert done.exit_code == 0, done.output
    assert "dummy: 1 erased, 0 redacted, 0 kept" in done.output
    assert notes(migrated_url) == 1


def test_erasing_needs_to_know_whom(noted: Run) -> None:
    done = noted("plugins", "erase", "dummy", "--confirm", "dummy")
    assert done.exit_code == 2
    assert "--person LOGIN か --municipality CODE で指定してください。" in done.stderr


def test_purge_writes_out_and_then_drops_everything(
    noted: Run, target: Path, migrated_url: str
) -> None:
    done = noted("plugins", "purge", "dummy", "--export-to", str(target), "--confirm", "dummy")
    assert done.exit_code == 0, done.output
    assert any(line["table"] == "dummy_note" for line in lines(target))
    assert notes(migrated_url) == -1
    with connection():
        assert not [t for t in database.get_tables() if "dummy" in t]
        assert Enablement.select().where(Enablement.plugin == "dummy").count() == 0
        assert InstalledPlugin.select().where(InstalledPlugin.name == "dummy").count() == 0
        assert Event.select().where(Event.name.startswith("dummy.")).count() == 0
        audited = AuditEntry.select().where(AuditEntry.action == "plugin.purge").count()
    assert audited == 3


def test_after_a_purge_the_plugin_waits_for_its_migrations_and_begins_anew(
    noted: Run, target: Path, migrated_url: str
) -> None:
    noted("plugins", "purge", "dummy", "--export-to", str(target), "--confirm", "dummy")
    refused = noted("plugins", "enable", "dummy", "--municipality", KORIYAMA)
    assert refused.exit_code == 2
    done = noted("plugins", "enable", "dummy", "--municipality", KORIYAMA, "--migrate")
    assert done.exit_code == 0, done.output
    assert "dummy: 0001_notes" in done.output
    assert notes(migrated_url) == 0


def test_purge_forgets_who_might_do_what_in_the_plugin_and_in_no_other(
    noted: Run, target: Path, migrated_url: str
) -> None:
    open_database(migrated_url)
    with connection():
        # One municipality that switched it, and one that never did.
        never = Municipality.insert(
            code="073016", name="桑折町", kana="こおりまち", kind="town"
        ).execute()
        koriyama = Municipality.get(Municipality.code == KORIYAMA).id
        for town in (koriyama, never):
            for code in ("dummy.read", "dummy_two.read", "neighbour.read"):
                RolePermission.insert(
                    municipality_id=town,
                    role="hr",
                    permission=code,
                    is_given=True,
                    changed_at=datetime(2026, 11, 10, tzinfo=UTC),
                ).execute()
        before = {row.id: row.revision for row in Municipality.select()}
    done = noted("plugins", "purge", "dummy", "--export-to", str(target), "--confirm", "dummy")
    assert done.exit_code == 0, done.output
    with connection():
        left = {row.permission for row in RolePermission.select()}
        bumped = {row.id for row in Municipality.select() if row.revision > before[row.id]}
        purges = AuditEntry.select().where(AuditEntry.action == "plugin.purge")
        noted_in = {row.municipality_id for row in purges}
    assert left == {"dummy_two.read", "neighbour.read"}
    assert {koriyama, never} <= bumped
    assert bumped == noted_in


def test_purge_without_the_typed_name_changes_nothing(
    noted: Run, target: Path, migrated_url: str
) -> None:
    for typed in ("\n\n", "dumy\n"):
        done = noted("plugins", "purge", "dummy", "--export-to", str(target), typed=typed)
        assert done.exit_code != 0
        assert notes(migrated_url) == 2
        assert not target.exists()


def test_what_is_on_somewhere_is_not_purged(noted: Run, target: Path, migrated_url: str) -> None:
    noted("plugins", "enable", "dummy", "--municipality", SUKAGAWA)
    done = noted("plugins", "purge", "dummy", "--export-to", str(target), "--confirm", "dummy")
    assert done.exit_code == 2
    assert "dummy は、須賀川市で使用中か休止中のため、消せません。" in done.stderr
    assert notes(migrated_url) == 2
    assert not target.exists()


def test_purge_of_something_that_others_refer_to_changes_nothing(
    noted: Run, target: Path, migrated_url: str
) -> None:
    open_database(migrated_url)
    with connection():
        database.execute_sql(
            "CREATE TABLE other_pin (id INTEGER PRIMARY KEY, "
            "note_id INTEGER REFERENCES dummy_note (id))"
        )
        database.execute_sql("INSERT INTO other_pin (id, note_id) VALUES (1, 1)")
    done = noted("plugins", "purge", "dummy", "--export-to", str(target), "--confirm", "dummy")
    assert done.exit_code == 2
    assert "other_pin.note_id" in done.stderr
    assert notes(migrated_url) == 2


def test_a_table_that_would_be_emptied_along_with_it_stops_the_purge(
    noted: Run, target: Path, migrated_url: str
) -> None:
    open_database(migrated_url)
    with connection():
        database.execute_sql(
            "CREATE TABLE other_pin (id INTEGER PRIMARY KEY, "
            "note_id INTEGER REFERENCES dummy_note (id) ON DELETE CASCADE)"
        )
        database.execute_sql("INSERT INTO other_pin (id, note_id) VALUES (1, 1)")
    done = noted("plugins", "purge", "dummy", "--export-to", str(target), "--confirm", "dummy")
    assert done.exit_code == 2
    assert "other_pin.note_id" in done.stderr
    assert notes(migrated_url) == 2
    with connection():
        assert database.execute_sql("SELECT COUNT(*) FROM other_pin").fetchone()[0] == 1


def test_handing_out_a_persons_rows_is_noted_in_the_audit(noted: Run, target: Path) -> None:
    noted("plugins", "export", "dummy", "--person", "staff@koriyama", "--to", str(target))
    with connection():
        (row,) = AuditEntry.select().where(AuditEntry.action == "plugin.export")
        assert (row.object_kind, row.actor) == ("person", "niwari plugins export")


def test_it_is_noted_where_the_person_works_not_where_they_will(
    noted: Run, target: Path, migrated_url: str, clock: FrozenClock
) -> None:
    open_database(migrated_url)
    with connection():
        present = Appointment.get(
            Appointment.person == Person.get(Person.login == "staff@koriyama")
        )
        other = Appointment.get(Appointment.municipality != present.municipality)
        Appointment.insert(
            person=present.person_id,
            municipality=other.municipality_id,
            section=other.section_id,
            employment="full_time",
            starts_on=tokyo_day(clock()) + timedelta(days=30),
            is_main=True,
        ).execute()
    noted("plugins", "export", "dummy", "--person", "staff@koriyama", "--to", str(target))
    with connection():
        entry = AuditEntry.get(AuditEntry.action == "plugin.export")
        assert entry.municipality_id == present.municipality_id


def test_writing_out_all_rows_is_noted_in_every_town_that_switched_the_plugin(
    noted: Run, target: Path
) -> None:
    noted("plugins", "export", "dummy", "--to", str(target))
    with connection():
        audited = list(AuditEntry.select().where(AuditEntry.action == "plugin.export"))
        towns = {row.municipality_id for row in Enablement.select()}
    assert len(audited) == len(towns) == 3
    assert {(row.municipality_id, row.object_kind, row.object_id) for row in audited} == {
        (town, "municipality", town) for town in towns
    }
    assert {row.actor for row in audited} == {"niwari plugins export"}


@pytest.fixture
def unappointed(noted: Run, migrated_url: str) -> str:
    """The login of somebody who is in the directory and was never appointed."""
    open_database(migrated_url)
    with connection():
        Person.create(login="new@koriyama", name="新人", kana="シンジン", email="")
    return "new@koriyama"


@pytest.mark.parametrize("command", ["erase", "export"])
def test_somebody_who_was_never_appointed_needs_a_municipality_that_notes_it(
    noted: Run, unappointed: str, target: Path, command: str
) -> None:
    rest = ["--to", str(target)] if command == "export" else ["--confirm", "dummy"]
    refused = noted("plugins", command, "dummy", "--person", unappointed, *rest)
    assert refused.exit_code == 2
    assert f"{unappointed} は一度も所属したことがない" in refused.stderr
    assert "--municipality CODE も指定してください。" in refused.stderr
    assert not target.exists()
    done = noted(
        *("plugins", command, "dummy", "--person", unappointed, "--municipality", KORIYAMA), *rest
    )
    assert done.exit_code == 0, done.output
    with connection():
        (row,) = AuditEntry.select().where(AuditEntry.action == f"plugin.{command}")
    assert row.object_kind == "person"


def test_a_name_that_was_never_there_is_named(run: Run, target: Path) -> None:
    for command in (("export", "nix", "--to"), ("purge", "nix", "--export-to")):
        done = run("plugins", *command, str(target))
        assert done.exit_code == 2
        assert "nix という機能は" in done.stderr
        assert not target.exists()


def test_the_core_is_no_plugin_to_purge(run: Run, target: Path) -> None:
    done = run("plugins", "purge", "ledger", "--export-to", str(target), "--confirm", "ledger")
    assert done.exit_code == 2
    assert not target.exists()


def test_check_says_which_plugins_are_sound(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("plugins", "check")
    assert done.exit_code == 0
    assert "dummy 1.0.0: sound" in done.output
    monkeypatch.setenv("CRASHER_AT", "declare")
    done = run("plugins", "check")
    assert done.exit_code == 2
    assert "crasher stopped after loaded: Crash: crashed on purpose at declare" in done.stderr
    assert "dummy 1.0.0: sound" in done.output
    assert run("plugins", "check", "dummy").exit_code == 0


def test_an_area_of_the_core_is_handed_out_and_erased_by_its_name(noted: Run, target: Path) -> None:
    login = "staff@koriyama"
    done = noted("plugins", "export", "directory", "--person", login, "--to", str(target))
    assert done.exit_code == 0, done.output
    kinds = {line["kind"]: line["data"] for line in lines(target)}
    assert kinds["directory.person"] == {
        "login": login,
        "name": "職員一",
        "kana": "しょくいんいち",
        "email": "",
    }
    done = noted("plugins", "erase", "directory", "--person", login, "--confirm", "directory")
    assert done.exit_code == 0, done.output
    assert "directory: 0 erased, 0 redacted, 2 kept" in done.output
    assert "kept because: " in done.output


def test_in_english_commands_say_in_english_why_not_and_why_something_is_kept(
    noted: Run, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIWARI_LOCALE", "en")
    subject = ("--person", "staff@koriyama")
    erased = noted("plugins", "erase", "directory", *subject, "--confirm", "directory")
    assert erased.exit_code == 0, erased.output
    assert "kept because: " in erased.output
    assert erased.output.isascii()
    target.write_text("precious")
    for refused in (
        noted("plugins", "export", "dummy", "--to", str(target)),
        noted("plugins", "export", "dummy", "--to", str(target.parent / "no" / "such.jsonl")),
        noted("plugins", "erase", "dummy", "--confirm", "dummy"),
    ):
        assert refused.exit_code == 2
        assert refused.stderr.isascii(), refused.stderr
