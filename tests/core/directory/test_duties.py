"""Duties: who is on 業務別の担当者名簿, who sees it, and whom a matter of a duty concerns."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from niwari import api
from niwari.audit.models import AuditEntry
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db.counting import counted_queries
from niwari.demo.duties import load_duties
from niwari.directory.duties import listing, towns
from niwari.directory.duties.listing import Position, duty_counts, in_charge
from niwari.directory.duties.models import PersonDuty, SectionDuty
from niwari.directory.duties.own import UnknownDuty, keep_my_duties, my_duties
from niwari.directory.duties.routing import people_with_duty
from niwari.directory.duties.standard import duties, duties_like, duty_named
from niwari.directory.duties.towns import BadSystems, choice_of, choose, systems_in_use
from niwari.directory.models import (
    Appointment,
    Region,
    RegionMembership,
    Section,
    SectionVersion,
)
from niwari.errors import NotFound
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World

STAFF, SUKAGAWA_STAFF, MIHARU_STAFF = "staff@koriyama", "staff@sukagawa", "staff@miharu"
IT_OF = {KORIYAMA: "it@koriyama", SUKAGAWA: "it@sukagawa", MIHARU: "head@miharu"}
CtxFor = Callable[[str], Context]


@pytest.fixture
def on(world: World) -> World:
    """The three towns take part; no section says what it does."""
    SectionDuty.delete().execute()
    for login in IT_OF.values():
        choose(world.ctx_for(login), shown=True, systems=())
    return world


def listed(world: World, login: str, *codes: str) -> None:
    """Let a person say what they do and be named."""
    keep_my_duties(world.ctx_for(login), codes, listed=True)


def names(ctx: Context, code: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """The rows of a duty's page."""
    found = in_charge(ctx, code).sections
    return [(one.municipality, one.section, one.people) for one in found]


def leave(world: World, login: str) -> None:
    """Let a person's posts end yesterday."""
    yesterday = tokyo_day(world.clock()) - timedelta(days=1)
    person = world.ctx_for(login).person_id
    Appointment.update(ends_on=yesterday).where(Appointment.person == person).execute()


def neighbours(world: World, code: str) -> None:
    """Move a town into a region of its own."""
    region = Region.create(code="neighbours", name="となりの圏域")
    town = world.ctx_for(IT_OF[code]).municipality.id
    RegionMembership.update(region=region.id).where(RegionMembership.municipality == town).execute()


def test_the_standard_duties_have_a_code_and_both_names_once_each() -> None:
    found = duties()
    assert len(found) == len({duty.code for duty in found}) > 40
    assert len(found) == len({duty.name.ja for duty in found})
    assert len(found) == len({duty.name.en for duty in found})
    assert all(len(duty.code) <= 30 and duty.code.isidentifier() for duty in found)


def test_the_name_of_a_duty_can_stand_between_separators() -> None:
    assert not any(set("；;・、,") & set(duty.name.ja) for duty in duties())


@pytest.mark.parametrize("text", ["individual_number", "ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ", " マイナンバー カード "])
def test_a_duty_is_known_by_code_and_name_in_any_width(text: str) -> None:
    found = duty_named(text)
    assert found is not None
    assert found.code == "individual_number"


def test_duties_are_found_by_a_part_of_either_name_or_of_the_heading() -> None:
    assert {duty.code for duty in duties_like("税")} == {
        "resident_tax",
        "fixed_assets_tax",
        "tax_collection",
    }
    assert [duty.code for duty in duties_like("PAYR")] == ["payroll"]
    assert duties_like("宇宙") == ()


def test_whoever_ticks_is_seen_in_the_other_towns_of_the_region(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    assert names(on.ctx_for(STAFF), "payroll") == [("須賀川市", "人事課", ("職員三",))]


def test_whoever_does_not_tick_is_not_named(on: World) -> None:
    keep_my_duties(on.ctx_for(SUKAGAWA_STAFF), ["payroll"], listed=False)
    assert names(on.ctx_for(STAFF), "payroll") == []
    assert {one.people for one in duty_counts(on.ctx_for(STAFF))} == {0}


def test_a_section_that_does_it_is_shown_without_anybody_s_name(on: World) -> None:
    ctx = on.ctx_for(SUKAGAWA_STAFF)
    SectionDuty.create(
        municipality=ctx.municipality.id, section=ctx.acting.section_id, duty="payroll"
    )
    assert names(on.ctx_for(STAFF), "payroll") == [("須賀川市", "人事課", ())]


def test_taking_the_tick_away_takes_the_name_away(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    keep_my_duties(on.ctx_for(SUKAGAWA_STAFF), ["payroll"], listed=False)
    assert names(on.ctx_for(STAFF), "payroll") == []


def test_whoever_left_is_no_longer_on_the_list(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    leave(on, SUKAGAWA_STAFF)
    assert names(on.ctx_for(STAFF), "payroll") == []
    assert {one.people for one in duty_counts(on.ctx_for(STAFF))} == {0}


def test_a_post_that_begins_tomorrow_is_not_on_the_list_today(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    tomorrow = tokyo_day(on.clock()) + timedelta(days=1)
    Appointment.update(starts_on=tomorrow).where(
        Appointment.id == on.ctx_for(SUKAGAWA_STAFF).acting.id
    ).execute()
    assert names(on.ctx_for(STAFF), "payroll") == []


def test_a_renamed_section_is_shown_by_its_new_name(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    today = tokyo_day(on.clock())
    SectionVersion.create(
        section=on.ctx_for(SUKAGAWA_STAFF).acting.section_id,
        name="職員課",
        path="総務部/職員課",
        starts_on=today + timedelta(days=1),
    )
    assert names(on.ctx_for(STAFF), "payroll") == [("須賀川市", "人事課", ("職員三",))]
    on.clock.advance(days=1)
    assert names(on.ctx_for(STAFF), "payroll") == [("須賀川市", "職員課", ("職員三",))]


@pytest.mark.parametrize("days", [{"ends_on": -1}, {"starts_on": 1}])
def test_a_section_that_is_not_there_today_is_neither_shown_nor_counted(
    on: World, days: dict[str, int]
) -> None:
    ctx = on.ctx_for(SUKAGAWA_STAFF)
    section = ctx.acting.section_id
    SectionDuty.create(municipality=ctx.municipality.id, section=section, duty="payroll")
    assert names(on.ctx_for(STAFF), "payroll") == [("須賀川市", "人事課", ())]
    leave(on, SUKAGAWA_STAFF)
    today = tokyo_day(on.clock())
    moved = {name: today + timedelta(days=count) for name, count in days.items()}
    Section.update(**moved).where(Section.id == section).execute()
    assert names(on.ctx_for(STAFF), "payroll") == []
    assert {one.towns for one in duty_counts(on.ctx_for(STAFF))} == {0}


def test_a_neighbour_region_neither_sees_nor_is_seen(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    listed(on, MIHARU_STAFF, "payroll")
    neighbours(on, MIHARU)
    assert [town for town, _, _ in names(on.ctx_for(STAFF), "payroll")] == ["須賀川市"]
    assert [town for town, _, _ in names(on.ctx_for(MIHARU_STAFF), "payroll")] == ["三春町"]


def test_a_town_in_no_region_sees_itself(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    listed(on, MIHARU_STAFF, "payroll")
    town = on.ctx_for(MIHARU_STAFF).municipality.id
    RegionMembership.delete().where(RegionMembership.municipality == town).execute()
    assert [town for town, _, _ in names(on.ctx_for(MIHARU_STAFF), "payroll")] == ["三春町"]


def test_a_town_that_does_not_take_part_is_not_seen(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    choose(on.ctx_for("it@sukagawa"), shown=False, systems=())
    assert names(on.ctx_for(STAFF), "payroll") == []
    assert {one.towns for one in duty_counts(on.ctx_for(STAFF))} == {0}


def test_a_town_that_does_not_take_part_does_not_see(on: World) -> None:
    choose(on.ctx_for("it@sukagawa"), shown=False, systems=())
    ctx = on.ctx_for(SUKAGAWA_STAFF)
    for look in (duty_counts, systems_in_use, lambda ctx: in_charge(ctx, "payroll")):
        with pytest.raises(NotFound):
            look(ctx)


def test_no_town_takes_part_by_itself(world: World) -> None:
    with pytest.raises(NotFound):
        duty_counts(world.ctx_for(STAFF))


def test_nobody_is_listed_while_the_town_does_not_take_part(on: World) -> None:
    choose(on.ctx_for("it@sukagawa"), shown=False, systems=())
    listed(on, SUKAGAWA_STAFF, "payroll")
    choose(on.ctx_for("it@sukagawa"), shown=True, systems=())
    assert names(on.ctx_for(STAFF), "payroll") == []


def test_numbers_count_towns_once_and_people_everywhere(on: World) -> None:
    listed(on, STAFF, "payroll")
    listed(on, "staff2@koriyama", "payroll")
    listed(on, SUKAGAWA_STAFF, "payroll", "personnel")
    found = {one.duty.code: (one.towns, one.people) for one in duty_counts(on.ctx_for(STAFF))}
    assert found["payroll"] == (2, 3)
    assert found["personnel"] == (1, 1)
    assert found["roads"] == (0, 0)


def test_an_unknown_duty_has_no_page(on: World) -> None:
    with pytest.raises(NotFound):
        in_charge(on.ctx_for(STAFF), "astrology")


def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    on: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = [STAFF, "staff2@koriyama", "staff3@koriyama", SUKAGAWA_STAFF, MIHARU_STAFF]
    for login in everybody:
        listed(on, login, "payroll")
    ctx = on.ctx_for(STAFF)
    whole = [person for one in in_charge(ctx, "payroll").sections for person in one.people]
    monkeypatch.setattr(listing, "PAGE", 2)
    found: list[str] = []
    pages, after = 0, None
    while True:
        page = in_charge(ctx, "payroll", after)
        found += [person for one in page.sections for person in one.people]
        pages += 1
        if page.following is None:
            break
        after = Position.read(str(page.following))
    assert (found, pages, len(found)) == (whole, 3, len(everybody))


@pytest.mark.parametrize(
    "text", ["", "x", "1-2-3", "072036-1", f"072036-{2**31}-1", "０７２０３６-1-1"]
)
def test_what_is_no_position_begins_the_list(text: str) -> None:
    assert Position.read(text) is None


def test_each_look_takes_as_few_queries_as_it_says(on: World) -> None:
    ctx = on.ctx_for(STAFF)
    towns.takes_part(ctx)
    for most, look in (
        (2, lambda: duty_counts(ctx)),
        (1, lambda: in_charge(ctx, "payroll")),
        (2, lambda: systems_in_use(ctx)),
        (3, lambda: my_duties(ctx)),
        (1, lambda: people_with_duty(ctx, "payroll")),
    ):
        with counted_queries() as queries:
            look()
        assert len(queries) <= most


def test_what_is_kept_again_changes_nothing_and_leaves_no_act(on: World) -> None:
    listed(on, STAFF, "payroll", "roads")
    before = (list(PersonDuty.select().tuples()), AuditEntry.select().count())
    listed(on, STAFF, "roads", "payroll")
    assert (list(PersonDuty.select().tuples()), AuditEntry.select().count()) == before


def test_what_stays_keeps_its_day_and_what_goes_is_gone(on: World) -> None:
    listed(on, STAFF, "payroll", "roads")
    first = tokyo_day(on.clock())
    on.clock.advance(days=1)
    listed(on, STAFF, "payroll", "waste")
    found = {row.duty: row.since for row in PersonDuty.select()}
    assert found == {"payroll": first, "waste": first + timedelta(days=1)}


def test_an_unknown_duty_is_refused_and_nothing_is_kept(on: World) -> None:
    with pytest.raises(UnknownDuty) as refused:
        listed(on, STAFF, "payroll", "astrology")
    assert refused.value.field == "duties"
    assert not PersonDuty.select().exists()


def test_each_post_has_duties_of_its_own(on: World) -> None:
    listed(on, "staff5@koriyama", "agriculture")
    assert my_duties(on.ctx_for("staff5@koriyama")).codes == {"agriculture"}
    other = (
        Appointment.select()
        .where(
            (Appointment.person == on.ctx_for("staff5@koriyama").person_id)
            & (Appointment.id != on.ctx_for("staff5@koriyama").acting.id)
        )
        .get()
    )
    assert not PersonDuty.select().where(PersonDuty.appointment == other.id).exists()


def renewed(world: World, login: str, **cells: Any) -> None:
    """Let a person's post end yesterday, and another one begin today."""
    was: Any = Appointment.get_by_id(world.ctx_for(login).acting.id)
    leave(world, login)
    known = {
        "person": was.person_id,
        "municipality": was.municipality_id,
        "section": was.section_id,
        "employment": was.employment,
        "starts_on": tokyo_day(world.clock()),
    }
    Appointment.create(**(known | cells))


def test_a_renewed_contract_proposes_what_was_and_lists_nothing_by_itself(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    renewed(on, SUKAGAWA_STAFF)
    mine = my_duties(on.ctx_for(SUKAGAWA_STAFF))
    assert (mine.codes, mine.listed, mine.is_proposal) == ({"payroll"}, True, True)
    assert names(on.ctx_for(STAFF), "payroll") == []


def test_a_transfer_begins_with_nothing(on: World) -> None:
    listed(on, SUKAGAWA_STAFF, "payroll")
    renewed(on, SUKAGAWA_STAFF, section=on.ctx_for("it@sukagawa").acting.section_id)
    mine = my_duties(on.ctx_for(SUKAGAWA_STAFF))
    assert (mine.codes, mine.listed, mine.is_proposal) == (frozenset(), False, False)


def test_the_duties_of_the_section_are_named_in_their_order(on: World) -> None:
    ctx = on.ctx_for(STAFF)
    for code in ("resident_records", "family_register"):
        SectionDuty.create(
            municipality=ctx.municipality.id, section=ctx.acting.section_id, duty=code
        )
    found = [duty.code for duty in my_duties(ctx).of_section]
    assert found == ["family_register", "resident_records"]


def test_a_matter_concerns_the_section_and_those_who_say_so_in_the_region(on: World) -> None:
    ctx = on.ctx_for(SUKAGAWA_STAFF)
    SectionDuty.create(
        municipality=ctx.municipality.id, section=ctx.acting.section_id, duty="payroll"
    )
    keep_my_duties(on.ctx_for(MIHARU_STAFF), ["payroll"], listed=False)
    concerned = {on.ctx_for(n).person_id for n in (SUKAGAWA_STAFF, "head@sukagawa", MIHARU_STAFF)}
    assert concerned <= people_with_duty(on.ctx_for(STAFF), "payroll")
    assert on.ctx_for(STAFF).person_id not in people_with_duty(on.ctx_for(STAFF), "payroll")
    leave(on, SUKAGAWA_STAFF)
    neighbours(on, MIHARU)
    found = people_with_duty(on.ctx_for(STAFF), "payroll")
    assert on.ctx_for("head@sukagawa").person_id in found
    assert len(found & concerned) == 1


def test_plugins_are_told_of_a_duty_that_there_is_not(on: World) -> None:
    with pytest.raises(api.Invalid):
        api.people_with_duty(on.ctx_for(STAFF), "astrology")


def test_the_systems_of_towns_stand_together_whatever_the_spelling(on: World) -> None:
    choose(
        on.ctx_for("it@koriyama"),
        shown=True,
        systems=["統合型GIS", "", "ｸﾞﾙｰﾌﾟｳｪｱ", "グループウェア"],
    )
    choose(on.ctx_for("it@sukagawa"), shown=True, systems=["統合型 gis"])
    found = systems_in_use(on.ctx_for(MIHARU_STAFF)).systems
    assert {(one.name, one.municipalities) for one in found} == {
        ("統合型GIS", ("郡山市", "須賀川市")),
        ("グループウェア", ("郡山市",)),
    }


def test_systems_are_shown_page_by_page(on: World, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(on.ctx_for("it@koriyama"), shown=True, systems=["a", "b", "c"])
    monkeypatch.setattr(towns, "PAGE", 2)
    first = systems_in_use(on.ctx_for(STAFF))
    second = systems_in_use(on.ctx_for(STAFF), first.following)
    assert [one.name for one in (*first.systems, *second.systems)] == ["a", "b", "c"]
    assert second.following == ""


@pytest.mark.parametrize(
    "systems", [["あ" * 61], ["見えない\u200b文字"], [f"システム{n}" for n in range(101)]]
)
def test_a_list_of_systems_that_cannot_be_is_refused_whole(on: World, systems: list[str]) -> None:
    with pytest.raises(BadSystems) as refused:
        choose(on.ctx_for("it@koriyama"), shown=False, systems=["よい名前", *systems])
    assert refused.value.field == "systems"
    found = choice_of(on.ctx_for("it@koriyama"))
    assert (found.shown, found.systems) == (True, ())


def test_choosing_the_same_again_leaves_no_act(on: World) -> None:
    choose(on.ctx_for("it@koriyama"), shown=True, systems=["GIS"])
    before = AuditEntry.select().count()
    choose(on.ctx_for("it@koriyama"), shown=True, systems=["GIS"])
    assert AuditEntry.select().count() == before


def test_the_demo_shows_payroll_in_several_towns_and_its_duties_load_once(world: World) -> None:
    load_duties(world.ctx_for)
    before = (PersonDuty.select().count(), AuditEntry.select().count())
    load_duties(world.ctx_for)
    assert (PersonDuty.select().count(), AuditEntry.select().count()) == before
    found = names(world.ctx_for(STAFF), "payroll")
    assert len({town for town, _, _ in found}) > 10
    assert len([people for _, _, people in found if people]) > 3
    assert "二本松市" not in {town for town, _, _ in found}
    with pytest.raises(NotFound):
        duty_counts(world.ctx_for("staff@nihonmatsu"))
