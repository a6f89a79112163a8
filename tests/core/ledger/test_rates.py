"""Rates by level and day: the smallest holds, and lower levels can only lower."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory.people import UnknownPerson
from niwari.directory.registered import UnknownMunicipality
from niwari.errors import Invalid
from niwari.ledger import rates
from niwari.ledger.errors import OverFree
from niwari.ledger.explain import explain
from niwari.ledger.models import RateRow

from .conftest import WEDNESDAY

SECTION = "072036:市民部/市民課"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def set_rate(ledger):
    """A function that sets a rate from the first of November on, or as told."""

    def by(level, target, basis_points, start=FIRST, end=None):
        rates.set_rate(ledger.world.clock(), level, target, basis_points, start, end)

    return by


def november(login="staff@koriyama"):
    """Return the rate of each day of November 2026."""
    return [rate for _day, _base, rate, _why in explain(login, "2026-11").days]


@pytest.mark.parametrize(
    ("level", "target"),
    [("municipality", "072036"), ("section", SECTION), ("person", "staff@koriyama")],
)
def test_each_level_lowers(set_rate, level, target):
    set_rate(level, target, 1000)
    assert november() == [1000] * 30
    assert november("staff@sukagawa") == [2000] * 30


def test_the_smallest_of_all_levels_holds(set_rate):
    set_rate("municipality", "072036", 1500)
    set_rate("section", SECTION, 500)
    set_rate("person", "staff@koriyama", 1000)
    assert november() == [500] * 30
    assert november("hr@koriyama") == [1500] * 30


def test_a_lower_level_cannot_raise(set_rate):
    set_rate("municipality", "072036", 1000)
    set_rate("person", "staff@koriyama", 2000)
    assert november() == [1000] * 30


def test_both_ends_are_included(set_rate):
    set_rate("person", "staff@koriyama", 500, date(2026, 11, 10), date(2026, 11, 12))
    assert november() == [2000] * 9 + [500] * 3 + [2000] * 18


def test_the_same_start_again_replaces(set_rate):
    set_rate("person", "staff@koriyama", 500, FIRST, date(2026, 11, 10))
    set_rate("person", "staff@koriyama", 1000)
    assert november() == [1000] * 30
    assert RateRow.select().count() == 1


def test_agreeing_knows_it_at_once(ledger, set_rate):
    request = ledger.ask(WEDNESDAY, 442)
    set_rate("section", SECTION, 500)
    with pytest.raises(OverFree):
        ledger.agree(request)
    assert ledger.agree(request, 441).agreed_minutes == 441


class TestSections:
    """A section's rate concerns the days spent there, in the main post (L9)."""

    def test_of_concurrent_posts_the_main_ones_rate_holds(self, town, set_rate):
        koriyama = town("072036")
        koriyama.appoint("two@x", "市民部/市民課")
        koriyama.appoint("two@x", "こども部/保育課", main=False, start=date(2026, 4, 1))
        set_rate("section", "072036:こども部/保育課", 500)
        assert november("two@x") == [2000] * 30
        set_rate("section", SECTION, 1000)
        assert november("two@x") == [1000] * 30

    def test_a_transfer_changes_it_on_the_day(self, town, set_rate):
        koriyama = town("072036")
        koriyama.appoint("moved@x", "市民部/市民課", end=date(2026, 11, 15))
        koriyama.appoint("moved@x", "こども部/保育課", start=date(2026, 11, 16))
        set_rate("section", SECTION, 1000)
        set_rate("section", "072036:こども部/保育課", 500)
        assert november("moved@x") == [1000] * 15 + [500] * 15

    def test_of_two_older_rates_the_later_one_meets_who_arrives(self, town, set_rate):
        town("072036").appoint("new@x", "市民部/市民課", start=date(2026, 11, 16))
        set_rate("section", SECTION, 500, date(2026, 4, 1))
        set_rate("section", SECTION, 1500, date(2026, 10, 1))
        assert november("new@x")[15:] == [1500] * 15

    def test_where_the_later_one_ends_the_older_holds_again(self, town, set_rate):
        town("072036").appoint("new@x", "市民部/市民課", start=date(2026, 11, 16))
        set_rate("section", SECTION, 500, date(2026, 4, 1))
        set_rate("section", SECTION, 1500, date(2026, 10, 1), date(2026, 11, 20))
        assert november("new@x")[15:] == [1500] * 5 + [500] * 10

    def test_two_sections_that_begin_to_differ_on_the_day_of_a_transfer(self, town, set_rate):
        koriyama = town("072036")
        koriyama.appoint("moved@x", "市民部/市民課", end=date(2026, 11, 15))
        koriyama.appoint("moved@x", "こども部/保育課", start=date(2026, 11, 16))
        set_rate("section", SECTION, 1000, date(2026, 11, 16))
        set_rate("section", "072036:こども部/保育課", 1500, date(2026, 11, 16))
        assert november("moved@x") == [2000] * 15 + [1500] * 15


class TestRefused:
    @pytest.mark.parametrize("basis_points", [-1, 2001])
    def test_less_than_nothing_and_more_than_a_fifth(self, set_rate, basis_points):
        with pytest.raises(Invalid):
            set_rate("person", "staff@koriyama", basis_points)

    def test_an_end_before_the_start(self, set_rate):
        with pytest.raises(Invalid):
            set_rate("person", "staff@koriyama", 500, LAST, FIRST)

    def test_the_region_is_not_set_this_way(self, set_rate):
        with pytest.raises(Invalid):
            set_rate("region", "staff@koriyama", 500)

    @pytest.mark.parametrize(
        ("level", "target", "error"),
        [
            ("municipality", "999999", UnknownMunicipality),
            ("section", "072036:ない課", rates.UnknownSection),
            ("section", "市民部/市民課", UnknownMunicipality),
            ("person", "nobody@koriyama", UnknownPerson),
        ],
    )
    def test_a_target_that_is_not_there(self, set_rate, level, target, error):
        with pytest.raises(error):
            set_rate(level, target, 500)
        assert RateRow.select().count() == 0

    def test_one_day_is_enough(self, set_rate):
        set_rate("person", "staff@koriyama", 0, WEDNESDAY, WEDNESDAY)
        assert november()[17] == 0
        assert november().count(2000) == 29


def test_somebody_who_begins_later_may_have_one_beforehand(town, set_rate):
    town("072036").appoint("new@x", "市民部/市民課", start=date(2026, 11, 16))
    set_rate("person", "new@x", 1000)
    assert november("new@x")[15:] == [1000] * 15


def test_an_audit_row_tells_of_it(set_rate):
    set_rate("section", SECTION, 500)
    row = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (row.action, row.object_kind, row.details) == (
        "ledger.set_rate",
        "section",
        '{"basis_points": 500}',
    )
