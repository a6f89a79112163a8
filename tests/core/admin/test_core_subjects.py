"""What the core keeps of a person: handed out, erased, or said to remain and why.

A column that points to a person or a post has its line in ``FATES``, or this file fails.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from niwari.app import CORE_AREAS
from niwari.audit.models import AuditEntry
from niwari.context import Context
from niwari.db import database
from niwari.db.schema import foreign_keys
from niwari.directory.drafts import keep_draft
from niwari.directory.duties.own import keep_my_duties
from niwari.directory.models import Appointment
from niwari.directory.transfers import keeping, towns
from niwari.directory.transfers.models import SealedTransfer
from niwari.identity.tokens.reading import read_token
from niwari.identity.tokens.service import NewToken, create_token
from niwari.ledger.models import (
    Account,
    LateBase,
    Request,
    Standing,
)
from niwari.specs.contributions import Receipt, Record, Subject
from niwari.stewardship import subjects
from niwari.testing.world import World
from niwari.vault.models import Opening
from niwari.vault.officials import name_official

from .fates import ERASED, FATES, UNSAID, WORDS
from .marked import LOGIN, MARKS, ask_opening, person

__all__ = ["person"]

OTHER = "staff2@koriyama"
AREAS = (
    "directory",
    "notices",
    "identity",
    "vault",
    "files",
    "writing",
    "moderation",
    "calendar",
    "ledger",
    "stewardship",
)


def core_tables(world: World) -> list[str]:
    return [
        model._meta.table_name
        for area in CORE_AREAS
        for model in world.host.plugins[area].contributions.models
    ]


def pointing(world: World) -> Iterator[tuple[str, str, str]]:
    """Yield table, column and what it points to."""
    tables = set(core_tables(world))
    for key in foreign_keys():
        if key.table in tables and key.refers_to in ("directory_person", "directory_appointment"):
            yield key


def leave(world: World) -> None:
    """Let the posts of the marked person end today; it is tomorrow."""
    ctx = world.ctx_for(LOGIN)
    Appointment.update(ends_on=ctx.today).where(Appointment.person == ctx.person_id).execute()
    world.clock.advance(days=1)


def exported(world: World, subject: Subject, ctx: Context | None = None) -> list[Record]:
    """What is handed out of ``subject`` to the acting person of ``ctx``, or else to a command."""
    found: list[Record] = []
    for area in AREAS:
        subjects.export(
            ctx or world.system_context(), world.dispatcher, area, subject, found.append
        )
    return found


def erase(world: World, subject: Subject, town: Context) -> list[Receipt]:
    ctx = Context(town.municipality, None, world.clock(), actor="test")
    return [subjects.erase(ctx, world.dispatcher, area, subject) for area in AREAS]


def marked() -> set[str]:
    """The columns, of all tables, in which a mark stands."""
    found = set()
    for table in database.get_tables():
        cursor = database.execute_sql(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            for name, value in zip(names, row, strict=True):
                if any(mark in str(value) for mark in MARKS):
                    found.add(f"{table}.{name}")
    return found


def counted(world: World, ctx: Context) -> dict[str, int]:
    """How many rows point to the person, by column."""
    posts = [one.id for one in Appointment.select().where(Appointment.person == ctx.person_id)]
    found = {}
    for table, column, target in pointing(world):
        ids = [ctx.person_id] if target == "directory_person" else posts
        listed = ", ".join(map(str, ids))
        sql = f'SELECT COUNT(*) FROM "{table}" WHERE "{column}" IN ({listed})'
        ((found[f"{table}.{column}"],),) = database.execute_sql(sql).fetchall()
    return found


def test_every_column_that_points_to_a_person_has_its_fate(world: World) -> None:
    assert {f"{table}.{column}" for table, column, _ in pointing(world)} == set(FATES)


def test_every_area_that_keeps_something_of_people_has_both_hooks(world: World) -> None:
    for hook in ("export_data", "erase_data"):
        having = {area for area in CORE_AREAS if world.host.implementation(hook, area) is not None}
        assert having == set(AREAS)


def test_every_word_of_a_person_is_handed_out(world: World, person: Context) -> None:
    assert marked() == WORDS
    own = exported(world, Subject(person.person_id), person)
    text = json.dumps([record.data for record in own])
    for column in sorted(WORDS - UNSAID):
        table, name = column.split(".")
        rows = database.execute_sql(f'SELECT "{name}" FROM "{table}"').fetchall()
        values = [str(value) for (value,) in rows if any(m in str(value) for m in MARKS)]
        assert values
        for value in values:
            plain = json.loads(value) if column.endswith((".value", ".content")) else value
            assert json.dumps(plain)[1:-1] in text, column


def test_reports_and_own_posts_held_back_are_handed_out_to_oneself_and_to_nobody_else(
    world: World, person: Context
) -> None:
    for subject in (Subject(person.person_id), Subject(person.person_id, person.municipality.id)):
        mine = exported(world, subject, person)
        assert {"moderation.report", "moderation.case"} <= {record.kind for record in mine}
        for other in (world.ctx_for("hr@koriyama"), None):
            theirs = exported(world, subject, other)
            kinds = {record.kind for record in theirs}
            assert not {"moderation.report", "moderation.case"} & kinds
            assert "moderation.decision" in kinds
    town = Subject(municipality_id=person.municipality.id)
    assert "moderation.report" not in {one.kind for one in exported(world, town, person)}


def test_after_erasing_who_has_left_no_word_stands_anywhere(world: World, person: Context) -> None:
    leave(world)
    erase(world, Subject(person.person_id), person)
    assert marked() == set()


def test_what_is_said_to_be_erased_is_and_what_remains_is_counted(
    world: World, person: Context
) -> None:
    leave(world)
    before = counted(world, person)
    receipts = erase(world, Subject(person.person_id), person)
    after = counted(world, person)
    gone = {column for column, fate in FATES.items() if fate == ERASED}
    assert {column for column in gone if before[column] == 0} == set()
    assert {column for column in gone if after[column]} == set()
    assert {c for c in set(FATES) - gone if before[c] and not after[c]} == set()
    left = exported(world, Subject(person.person_id))
    assert len(left) <= sum(receipt.kept for receipt in receipts)
    assert all(receipt.reason for receipt in receipts if receipt.kept)
    assert "directory.person" not in {record.kind for record in left}


def test_erasing_again_erases_nothing_more(world: World, person: Context) -> None:
    leave(world)
    first = erase(world, Subject(person.person_id), person)
    assert all(receipt.erased + receipt.redacted for receipt in first)
    second = erase(world, Subject(person.person_id), person)
    assert [receipt.erased + receipt.redacted for receipt in second] == [0] * len(AREAS)


def test_whoever_still_holds_a_post_keeps_name_roles_and_hours_and_the_receipt_says_so(
    world: World, person: Context
) -> None:
    receipts = dict(zip(AREAS, erase(world, Subject(person.person_id), person), strict=True))
    kinds = {record.kind for record in exported(world, Subject(person.person_id))}
    assert {"directory.person", "identity.role_grant", "ledger.work_pattern"} <= kinds
    assert not {"directory.person_duty", "identity.session", "identity.api_token"} & kinds
    nothing_remains = ["files", "writing", "calendar"]
    assert [area for area in AREAS if not receipts[area].reason] == nothing_remains
    assert {receipts[area].kept for area in nothing_remains} == {0}
    assert world.ctx_for(LOGIN).acting.person_name == "しるし一郎"


def test_nobody_else_loses_anything(world: World, person: Context) -> None:
    other = world.ctx_for(OTHER)
    keep_my_duties(other, ["payroll"], listed=False)
    before = exported(world, Subject(other.person_id))
    assert {"directory.person", "directory.person_duty"} <= {record.kind for record in before}
    leave(world)
    erase(world, Subject(person.person_id), person)
    assert exported(world, Subject(other.person_id)) == before


def test_the_receipt_does_not_tell_whether_somebody_wrote_without_a_name(
    world: World, person: Context
) -> None:
    wrote, never = person.person_id, world.ctx_for("head@miharu").person_id
    name_official(
        world.ctx_for("secretariat"), world.ctx_for("head@miharu").acting.id, "しるしの輪番"
    )
    ask_opening(world.ctx_for("head@miharu"))
    found = [
        subjects.erase(
            Context(person.municipality, None, world.clock(), actor="test"),
            world.dispatcher,
            "vault",
            Subject(person_id),
        )
        for person_id in (wrote, never)
    ]
    assert found[0] == found[1]
    assert "whisper" not in json.dumps([r.data for r in exported(world, Subject(wrote))])


def test_a_municipality_means_those_who_were_never_anywhere_else(
    world: World, person: Context
) -> None:
    town = Subject(municipality_id=person.municipality.id)
    names = {r.data["login"] for r in exported(world, town) if r.kind == "directory.person"}
    assert {LOGIN, OTHER} <= names
    assert not {login for login in names if login.endswith(("@sukagawa", "@miharu"))}
    leave(world)
    erase(world, town, person)
    assert marked() == set()
    assert world.ctx_for(OTHER).acting.person_name == "職員二"


def test_transfers_that_are_planned_are_handed_out_without_when(
    world: World, person: Context
) -> None:
    keep_draft(person, "transfers", "しるし.csv", b"login")
    found = exported(world, Subject(person.person_id))
    (sealed,) = [one for one in found if one.kind == "directory.sealed_transfer"]
    assert (sealed.id, sealed.data) == (SealedTransfer.get().id, {"state": "sealed"})
    drafts = [one.data["kind"] for one in found if one.kind == "directory.import_draft"]
    assert drafts == ["people"]


def test_erasing_a_municipality_withdraws_its_sealed_files_and_says_so(
    world: World, person: Context
) -> None:
    neighbour = world.ctx_for("head@sukagawa")
    towns.choose(neighbour, planned=True)
    neighbour = world.ctx_for("head@sukagawa")
    theirs = keeping.keep(neighbour, "x.csv", b"login", person.now + timedelta(days=30))
    stuck = SealedTransfer.get(SealedTransfer.kept_by == person.acting.id)
    SealedTransfer.update(state="stuck", reason="failed").where(
        SealedTransfer.id == stuck.id
    ).execute()
    receipt = erase(world, Subject(municipality_id=person.municipality.id), neighbour)[0]
    assert "取り下げて消しました" in str(receipt.reason)
    row = SealedTransfer.get_by_id(stuck.id)
    assert (row.state, row.name, row.content) == ("withdrawn", "", "")
    assert SealedTransfer.get_by_id(theirs).state == "sealed"
    (act,) = AuditEntry.select().where(AuditEntry.action == "directory.transfers_withdraw")
    assert (act.municipality_id, act.object_id, act.actor) == (
        person.municipality.id,
        stuck.id,
        "test",
    )


def test_erasing_a_person_leaves_sealed_files_and_says_what_their_release_does(
    world: World, person: Context
) -> None:
    leave(world)
    receipt = erase(world, Subject(person.person_id), person)[0]
    assert "新しい職員として登録されます" in str(receipt.reason)
    assert SealedTransfer.get().state == "sealed"


def test_why_somebody_asked_for_an_opening_stays_while_their_post_does(
    world: World, person: Context
) -> None:
    erase(world, Subject(person.person_id), person)
    assert Opening.get().reason == "しるしさんが書いたことのため"


def test_somebody_of_two_towns_is_whole_in_neither(world: World, person: Context) -> None:
    sukagawa = world.ctx_for("staff@sukagawa")
    Appointment.create(
        person=person.person_id,
        municipality=sukagawa.municipality.id,
        section=sukagawa.acting.section_id,
        employment="full_time",
        starts_on=date(2020, 4, 1),
        ends_on=date(2020, 4, 2),
        is_main=False,
    )
    here = Subject(person.person_id, person.municipality.id)
    kinds: list[Any] = [record.kind for record in exported(world, here)]
    assert "directory.appointment" in kinds
    assert "directory.person" not in kinds


def test_a_municipalitys_own_tokens_are_handed_out_and_good_for_nothing_afterwards(
    world: World,
) -> None:
    it, beside = world.ctx_for("it@koriyama"), world.ctx_for("it@sukagawa")
    key = "6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a000"
    tokens = [
        create_token(
            ctx,
            NewToken(f"連携{number}", ("rest.read",), 30, f"{key}{number}"),
            ["rest.read"],
            of_municipality=True,
        )
        for number, ctx in enumerate((it, beside))
    ]
    town = Subject(None, it.municipality.id)
    said = [r.data for r in exported(world, town) if r.kind == "identity.api_token"]
    assert [(one["label"], one["is_personal"]) for one in said] == [("連携0", False)]
    assert "連携0" not in str([r.data for r in exported(world, Subject(it.person_id))])
    erase(world, town, it)
    assert [read_token(world.clock(), one) is not None for one in tokens] == [False, True]


def test_the_ledger_hands_out_when_by_whom_and_what_arrived_late(
    world: World, person: Context
) -> None:
    at = world.clock()
    Request.update(
        starts_at=at,
        ends_at=at + timedelta(hours=1),
        oral_by=person.acting.id,
        oral_at=at,
        oral_answer="confirmed",
        entered_by=person.acting.id,
        attended_at=at,
        reviewed_at=at,
    ).where(Request.person == person.person_id).execute()
    Standing.update(starts=540, ends=600).where(Standing.person == person.person_id).execute()
    account = Account.get(Account.person == person.person_id)
    LateBase.create(account=account, base=60, noted_at=at)
    of_kind = {one.kind: one.data for one in exported(world, Subject(person.person_id), person)}
    said = of_kind["ledger.request"]
    stored = Request.get(Request.person == person.person_id)
    for name in ("starts_at", "ends_at", "oral_at", "attended_at", "reviewed_at"):
        assert said[name] == getattr(stored, name).isoformat()
    assert (said["oral_by"], said["entered_by"]) == (person.acting.id, person.acting.id)
    assert said["oral_answer"] == "confirmed"
    standing = of_kind["ledger.standing"]
    assert (standing["starts"], standing["ends"]) == (540, 600)
    assert (of_kind["ledger.late_base"]["base"], of_kind["ledger.late_base"]["settled_at"]) == (
        60,
        None,
    )
    leave(world)
    erase(world, Subject(person.person_id), person)
    assert not LateBase.select().exists()
