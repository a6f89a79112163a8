"""HR's rates of municipality, section and person, and the secretariat's of the region."""

from datetime import date

import pytest

from niwari.directory.models import Section
from niwari.errors import Invalid, NotFound
from niwari.ledger.arranging import rates, rates_shown
from niwari.ledger.arranging.rate_refusals import OverlappingRate, RateEnded, RateGone
from niwari.ledger.errors import UnknownCalendar
from niwari.ledger.explain import explain
from niwari.ledger.models import RateRow

HR = "hr@koriyama"
FIRST = date(2026, 11, 1)


def november(login="staff@koriyama"):
    """Return the cap of November 2026."""
    return explain(login, "2026-11").cap


@pytest.fixture
def section(ledger):
    """The id of the section of the staff of Koriyama."""
    return ledger.ctx("staff@koriyama").acting.section_id


@pytest.fixture
def set_rate(ledger, section):
    """A function that sets a rate as HR; the section's at 5% from 1 November, or as told."""

    def by(level="section", target=None, points=500, start=FIRST, end=None, login=HR):
        wanted = section if level == "section" and target is None else target
        return rates.set_rate(ledger.ctx(login), level, wanted, points, start, end)

    return by


def test_a_section_at_5_percent_all_november(ledger, set_rate):
    set_rate()
    assert november() == 441
    (shown,) = rates_shown.rates_shown(ledger.ctx(HR))
    assert (shown.level, shown.name, shown.example) == ("section", "市民課", 441)


def test_the_smallest_of_all_holds(ledger, set_rate):
    rates.set_region_rate(ledger.ctx("secretariat"), 1500, FIRST, None)
    set_rate("municipality", points=1000)
    set_rate("person", "staff@koriyama", 2000)
    assert november() == 883
    assert november("staff@sukagawa") == 1325
    examples = {one.level: one.example for one in rates_shown.rates_shown(ledger.ctx(HR))}
    assert examples == {"region": 883, "municipality": 883, "person": 883}


def test_two_clicks_are_one_rate(set_rate):
    assert set_rate() == set_rate()
    assert RateRow.select().count() == 1


@pytest.mark.parametrize(
    ("start", "end"),
    [(FIRST, None), (date(2026, 11, 20), date(2026, 11, 21)), (date(2026, 12, 1), None)],
)
def test_overlapping_days_are_refused(set_rate, start, end):
    set_rate()
    with pytest.raises(OverlappingRate, match="2026-11-01"):
        set_rate(points=1000, start=start, end=end)


def test_one_after_the_other_is_none(set_rate):
    set_rate(end=date(2026, 11, 15))
    set_rate(points=1000, start=date(2026, 11, 16))
    days = [rate for _day, _base, rate, _why in explain("staff@koriyama", "2026-11").days]
    assert days == [500] * 15 + [1000] * 15


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"points": 2001}, "percent"),
        ({"points": -1}, "percent"),
        ({"start": date(2026, 10, 31)}, "starts_on"),
        ({"end": date(2026, 11, 9)}, "ends_on"),
        ({"start": date(2026, 12, 2), "end": date(2026, 12, 1)}, "ends_on"),
        ({"level": "person", "target": "nobody@koriyama"}, "login"),
        ({"level": "person", "target": "staff@sukagawa"}, "login"),
        ({"level": "person", "target": ""}, "login"),
        ({"level": "section", "target": 0}, "section"),
        ({"level": "region"}, "level"),
    ],
)
def test_refused_in_a_sentence_beside_its_field(set_rate, changes, field):
    with pytest.raises(Invalid) as refused:
        set_rate(**changes)
    assert refused.value.field == field
    assert not RateRow.select().exists()


def test_a_section_of_another_town_is_refused(set_rate, ledger):
    elsewhere = ledger.ctx("staff@sukagawa").acting.section_id
    with pytest.raises(Invalid):
        set_rate(target=Section.get_by_id(elsewhere).id)


class TestEnding:
    def test_it_holds_until_that_day(self, ledger, set_rate):
        number = set_rate()
        rates.end_rate(ledger.ctx(HR), number, date(2026, 11, 10))
        days = [rate for _day, _base, rate, _why in explain("staff@koriyama", "2026-11").days]
        assert days == [500] * 10 + [2000] * 20

    def test_one_that_has_not_begun_is_taken_back(self, ledger, set_rate):
        number = set_rate(start=date(2026, 12, 1))
        rates.end_rate(ledger.ctx(HR), number, date(2026, 11, 10))
        assert not RateRow.select().exists()
        with pytest.raises(RateGone):
            rates.end_rate(ledger.ctx(HR), number, date(2026, 11, 10))

    def test_twice_changes_nothing_and_an_ended_one_stays(self, ledger, set_rate):
        number = set_rate()
        for _ in range(2):
            rates.end_rate(ledger.ctx(HR), number, date(2026, 11, 10))
        ledger.now(11, 12, 9)
        with pytest.raises(RateEnded):
            rates.end_rate(ledger.ctx(HR), number, date(2026, 11, 20))
        assert rates_shown.rates_shown(ledger.ctx(HR)) == []

    @pytest.mark.parametrize("day", [date(2026, 11, 8), date(2026, 12, 1)])
    def test_neither_before_yesterday_nor_later_than_it_ends(self, ledger, set_rate, day):
        number = set_rate(end=date(2026, 11, 30))
        with pytest.raises(Invalid):
            rates.end_rate(ledger.ctx(HR), number, day)

    def test_another_towns_and_the_regions_are_not_there(self, ledger, set_rate):
        number = set_rate()
        region = rates.set_region_rate(ledger.ctx("secretariat"), 1000, FIRST, None)
        with pytest.raises(NotFound):
            rates.end_rate(ledger.ctx("head@sukagawa"), number, date(2026, 11, 10))
        with pytest.raises(NotFound):
            rates.end_rate(ledger.ctx(HR), region, date(2026, 11, 10))
        with pytest.raises(NotFound):
            rates.end_rate(ledger.ctx("secretariat"), number, date(2026, 11, 10), region=True)
        rates.end_rate(ledger.ctx("secretariat"), region, date(2026, 11, 10), region=True)


def test_the_list_costs_the_same_with_2_and_with_40(ledger, set_rate, town, queries):
    def more(numbers):
        for number in numbers:
            town("072036").appoint(f"many{number}@x", "市民部/市民課")
            set_rate("person", f"many{number}@x", 1000)
        ctx = ledger.ctx(HR)
        with queries() as log:
            shown = rates_shown.rates_shown(ctx)
        return len(shown), len(log)

    assert more(range(2)) == (2, 2)
    assert more(range(2, 40)) == (40, 2)


class TestFarAhead:
    def test_a_day_beyond_the_known_holidays_is_refused(self, ledger, set_rate):
        for level in ("section", "municipality"):
            with pytest.raises(UnknownCalendar) as refused:
                set_rate(level, start=date(3000, 1, 1))
            assert refused.value.field == "starts_on"
        with pytest.raises(UnknownCalendar):
            rates.set_region_rate(ledger.ctx("secretariat"), 1000, date(3000, 1, 1), None)

    def test_the_pages_survive_one_that_was_stored(self, ledger, client_for):
        ctx = ledger.ctx(HR)
        for level, target in (
            ("municipality", ctx.municipality.id),
            ("region", ctx.municipality.region_id),
        ):
            RateRow.create(
                level=level, target_id=target, starts_on=date(3000, 1, 1), basis_points=500
            )
        for login, address in ((HR, "/ledger/rates"), ("secretariat", "/ledger/region-rates")):
            answer = client_for(login).get(address)
            assert (answer.status_code, "まだ分かりません" in answer.text) == (200, True)


class TestPeopleOfAnotherTown:
    """A side post here, or one to come, makes nobody's rate a matter of this town."""

    @pytest.fixture(params=["side", "future"])
    def lent(self, request, town):
        town("072079").appoint("lent@x", "市民課")
        side = request.param == "side"
        start = date(2020, 4, 1) if side else date(2026, 12, 1)
        town("072036").appoint("lent@x", "市民部/市民課", main=not side, start=start)
        return "lent@x"

    def test_none_is_set(self, set_rate, lent):
        with pytest.raises(Invalid) as refused:
            set_rate("person", lent, 0, start=date(2026, 12, 1))
        assert refused.value.field == "login"

    def test_none_is_seen_or_ended(self, ledger, lent):
        person = ledger.ctx(lent).person_id
        number = RateRow.create(
            level="person", target_id=person, starts_on=FIRST, basis_points=500
        ).id
        assert rates_shown.rates_shown(ledger.ctx(HR)) == []
        with pytest.raises(NotFound):
            rates.end_rate(ledger.ctx(HR), number, date(2026, 11, 10))
