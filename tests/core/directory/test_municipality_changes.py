"""Municipalities that are merged or get another code."""

from datetime import date, timedelta
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.directory import municipalities
from niwari.directory.events import MunicipalityMerged
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.importing.sections import COLUMNS as SECTION_COLUMNS
from niwari.directory.importing.sections import import_sections
from niwari.directory.models import Appointment, FormerCode, Municipality, RegionMembership
from niwari.directory.people import municipality_by_code
from niwari.directory.registered import UnknownMunicipality
from niwari.directory.system import system_context
from niwari.errors import DomainError
from niwari.host import enablement
from niwari.tabular import ImportRefused
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World

ONE_DAY = timedelta(days=1)
AIZUWAKAMATSU = "072028"
"""A city of the reference table that is not in the tests' world."""


@pytest.fixture
def ctx(world: World) -> Context:
    """A system actor's context on the present day of ``world``."""
    return system_context(world.clock(), "test")


def today(ctx: Context) -> date:
    return tokyo_day(ctx.now)


def town(code: str) -> Any:
    return Municipality.get(Municipality.code == code)


def empty(code: str, on: date) -> None:
    """Let all posts in the town end before ``on``."""
    Appointment.update(ends_on=on - ONE_DAY).where(Appointment.municipality == town(code)).execute()


def state() -> list[Any]:
    """Everything that a merger or a new code may change."""
    return [
        sorted(Municipality.select().tuples()),
        sorted(FormerCode.select().tuples()),
        sorted(RegionMembership.select().tuples()),
        AuditEntry.select().count(),
    ]


def asked(world: World, login: str) -> int:
    """A question that the person asked of the region."""
    client = world.client_for(login)
    typed = {
        "topic": "pay",
        "title": "通勤手当の計算は",
        "shape": "parts",
        "background": "月の途中で異動がありました。",
        "heard": "規則は読みました。",
        "ask": "どう計算していますか。",
        "audience": "region",
    }
    answer = client.submit("/consult/ask", typed)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def test_what_its_people_shared_belongs_to_the_successor(world: World, ctx: Context) -> None:
    question = asked(world, "staff@miharu")
    empty(MIHARU, today(ctx))
    done = municipalities.merge_municipality(ctx, MIHARU, KORIYAMA, today(ctx))
    assert done == municipalities.Merged(1, (), ())
    page = world.client_for("staff@koriyama").get(f"/consult/{question}")
    assert page.status_code == 200
    assert "休止中" not in page.text
    assert world.published()[-1] == MunicipalityMerged(
        town(MIHARU).id, town(KORIYAMA).id, today(ctx).isoformat()
    )


def test_it_ends_and_leaves_its_region_the_day_before(world: World, ctx: Context) -> None:
    empty(MIHARU, today(ctx))
    municipalities.merge_municipality(ctx, MIHARU, KORIYAMA, today(ctx))
    former = town(MIHARU)
    assert (former.ends_on, former.successor_id) == (today(ctx) - ONE_DAY, town(KORIYAMA).id)
    assert municipality_by_code(MIHARU, today(ctx)).region_id is None
    assert municipality_by_code(MIHARU, today(ctx) - ONE_DAY).region_id is not None


def test_both_have_it_in_their_audit(world: World, ctx: Context) -> None:
    empty(MIHARU, today(ctx))
    municipalities.merge_municipality(ctx, MIHARU, KORIYAMA, today(ctx))
    found = AuditEntry.select().where(AuditEntry.action == "directory.merge")
    assert {row.municipality_id for row in found} == {town(MIHARU).id, town(KORIYAMA).id}


def test_what_it_had_withdrawn_stays_hidden(world: World, ctx: Context) -> None:
    question = asked(world, "staff@miharu")
    enablement.withdraw(ctx, town(MIHARU).id, "consult", withdrawn=True)
    empty(MIHARU, today(ctx))
    done = municipalities.merge_municipality(ctx, MIHARU, KORIYAMA, today(ctx))
    assert (done.rows, done.withdrawn) == (0, ("consult",))
    assert world.client_for("staff@koriyama").get(f"/consult/{question}").status_code == 404
    assert world.client_for("staff@sukagawa").get(f"/consult/{question}").status_code == 404


def test_what_was_on_there_alone_is_named(world: World, ctx: Context) -> None:
    world.switch(KORIYAMA, "consult", on=False)
    empty(MIHARU, today(ctx))
    done = municipalities.merge_municipality(ctx, MIHARU, KORIYAMA, today(ctx))
    assert done.off == ("consult",)


@pytest.mark.parametrize(
    ("former", "successor", "days", "refusal"),
    [
        (MIHARU, MIHARU, 0, municipalities.WrongSuccessor),
        (MIHARU, "011002", 0, UnknownMunicipality),
        ("011002", MIHARU, 0, UnknownMunicipality),
        (MIHARU, KORIYAMA, 1, municipalities.NotYet),
        (SUKAGAWA, KORIYAMA, 0, municipalities.StillAppointed),
    ],
)
def test_a_merger_that_cannot_be_changes_nothing(
    world: World,
    ctx: Context,
    former: str,
    successor: str,
    days: int,
    refusal: type[DomainError],
) -> None:
    empty(MIHARU, today(ctx))
    before = state()
    with pytest.raises(refusal):
        municipalities.merge_municipality(ctx, former, successor, today(ctx) + days * ONE_DAY)
    assert state() == before


def test_nothing_is_merged_twice_nor_into_what_ended(world: World, ctx: Context) -> None:
    empty(MIHARU, today(ctx))
    empty(SUKAGAWA, today(ctx))
    municipalities.merge_municipality(ctx, MIHARU, KORIYAMA, today(ctx))
    before = state()
    with pytest.raises(municipalities.AlreadyEnded):
        municipalities.merge_municipality(ctx, MIHARU, SUKAGAWA, today(ctx))
    with pytest.raises(municipalities.WrongSuccessor):
        municipalities.merge_municipality(ctx, SUKAGAWA, MIHARU, today(ctx))
    assert state() == before


def test_who_is_still_there_is_named(world: World, ctx: Context) -> None:
    with pytest.raises(municipalities.StillAppointed) as refused:
        municipalities.merge_municipality(ctx, MIHARU, KORIYAMA, today(ctx))
    assert "staff@miharu" in str(refused.value.params["logins"])


def test_a_new_code_keeps_everything_else(world: World, ctx: Context) -> None:
    question = asked(world, "staff@miharu")
    before = town(MIHARU)
    municipalities.rename_municipality(ctx, MIHARU, AIZUWAKAMATSU, today(ctx))
    after = town(AIZUWAKAMATSU)
    assert (after.id, after.name) == (before.id, "会津若松市")
    assert after.revision == before.revision + 1
    kept = FormerCode.get()
    assert (kept.code, kept.name, kept.ends_on) == (MIHARU, "三春町", today(ctx) - ONE_DAY)
    assert world.client_for("staff@miharu").get(f"/consult/{question}").status_code == 200


@pytest.mark.parametrize(
    ("new_code", "refusal"),
    [
        ("072036", municipalities.CodeInUse),
        ("000000", municipalities.UnknownCode),
        ("070009", municipalities.UnknownCode),
        ("131016", municipalities.OtherPrefecture),
    ],
    ids=["another town's", "nobody's", "the prefecture's", "in another prefecture"],
)
def test_a_code_that_cannot_be_changes_nothing(
    world: World, ctx: Context, new_code: str, refusal: type[DomainError]
) -> None:
    before = state()
    with pytest.raises(refusal):
        municipalities.rename_municipality(ctx, MIHARU, new_code, today(ctx))
    assert state() == before


def test_a_former_code_is_nobody_elses(world: World, ctx: Context) -> None:
    municipalities.rename_municipality(ctx, MIHARU, AIZUWAKAMATSU, today(ctx))
    with pytest.raises(municipalities.CodeInUse):
        municipalities.rename_municipality(ctx, SUKAGAWA, MIHARU, today(ctx))


def line(code: str) -> bytes:
    cells = [code, "x@t", "職員", "ショクイン", "", "総務課", "", "full_time", "2026-04-01", ""]
    return "\n".join([",".join(COLUMNS), ",".join(cells), ""]).encode()


def test_files_must_name_the_present_code(world: World, ctx: Context) -> None:
    empty(MIHARU, today(ctx))
    municipalities.merge_municipality(ctx, MIHARU, KORIYAMA, today(ctx))
    municipalities.rename_municipality(ctx, SUKAGAWA, AIZUWAKAMATSU, today(ctx))
    for former, present in ((MIHARU, KORIYAMA), (SUKAGAWA, AIZUWAKAMATSU)):
        with pytest.raises(ImportRefused) as refused:
            import_people(ctx, line(former))
        assert present in str(refused.value.bad_lines[0].reason)
    assert import_people(ctx, line(AIZUWAKAMATSU)).added == 1


def test_files_of_sections_must_name_the_present_code(world: World, ctx: Context) -> None:
    municipalities.rename_municipality(ctx, SUKAGAWA, AIZUWAKAMATSU, today(ctx))
    rows = (f"{SUKAGAWA},,2027-04-01,広報課,", f"{AIZUWAKAMATSU},,2027-04-01,広報課,")
    former, present = ("\n".join([",".join(SECTION_COLUMNS), row]).encode() for row in rows)
    with pytest.raises(ImportRefused) as refused:
        import_sections(ctx, former)
    (bad,) = refused.value.bad_lines
    assert AIZUWAKAMATSU in str(bad.reason)
    assert import_sections(ctx, present).created == 1


def test_a_slip_is_taken_back(world: World, ctx: Context) -> None:
    before = town(MIHARU)
    municipalities.rename_municipality(ctx, MIHARU, AIZUWAKAMATSU, today(ctx))
    municipalities.rename_municipality(ctx, AIZUWAKAMATSU, MIHARU, today(ctx))
    assert (town(MIHARU).id, town(MIHARU).name) == (before.id, before.name)
    assert [row.code for row in FormerCode.select()] == [AIZUWAKAMATSU]
