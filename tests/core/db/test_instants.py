"""Instants: aware in, aware out, ordered alike on both engines."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.db import InstantField, Model, database


class Moment(Model):
    """A row with a moment."""

    at: Any = InstantField(null=True)

    class Meta:
        table_name = "test_moment"


@pytest.fixture
def moments(empty_database: str) -> None:
    """The table of moments."""
    Moment.create_table()


@pytest.mark.usefixtures("moments")
def test_an_instant_comes_back_as_the_same_moment_in_utc() -> None:
    nine_in_tokyo = datetime(2026, 11, 10, 9, 0, 0, 123456, tzinfo=TOKYO)
    row = Moment.create(at=nine_in_tokyo)
    found = Moment.get_by_id(row.id).at
    assert found == nine_in_tokyo
    assert found.utcoffset() == timedelta(0)
    assert found.microsecond == 123456


@pytest.mark.usefixtures("moments")
def test_a_naive_instant_is_refused_and_named() -> None:
    with pytest.raises(ValueError, match="at: an instant needs a time zone"):
        Moment.create(at=datetime(2026, 11, 10, 9, 0))  # noqa: DTZ001 - the very mistake
    assert Moment.select().count() == 0


@pytest.mark.usefixtures("moments")
def test_a_naive_instant_is_refused_in_a_condition_too() -> None:
    naive = datetime(2026, 11, 10, 9, 0)  # noqa: DTZ001 - the very mistake
    with pytest.raises(ValueError, match="needs a time zone"):
        list(Moment.select().where(Moment.at > naive))


@pytest.mark.usefixtures("moments")
@pytest.mark.parametrize("value", [date(2026, 11, 10), "2026-11-10 09:00", 1_794_268_800])
def test_what_is_no_instant_is_refused_and_named(value: object) -> None:
    with pytest.raises(ValueError, match="at: "):
        Moment.create(at=value)


@pytest.mark.usefixtures("moments")
def test_no_instant_stays_none() -> None:
    row = Moment.create(at=None)
    assert Moment.get_by_id(row.id).at is None


@pytest.mark.usefixtures("moments")
def test_instants_of_different_zones_are_ordered_by_time_and_not_by_text() -> None:
    late = datetime(2026, 11, 10, 9, 30, tzinfo=TOKYO)
    later = datetime(2026, 11, 10, 0, 45, tzinfo=UTC)
    latest = datetime(2026, 11, 9, 20, 0, tzinfo=timezone(timedelta(hours=-5)))
    for moment in (latest, late, later):
        Moment.create(at=moment)
    assert [row.at for row in Moment.select().order_by(Moment.at)] == [late, later, latest]


@pytest.mark.usefixtures("moments")
def test_instants_with_and_without_fractions_of_a_second_are_ordered_by_time() -> None:
    whole = datetime(2026, 11, 10, 9, 0, 0, tzinfo=TOKYO)
    fraction = whole + timedelta(microseconds=1)
    second = whole + timedelta(seconds=1)
    for moment in (second, fraction, whole):
        Moment.create(at=moment)
    assert [row.at for row in Moment.select().order_by(Moment.at)] == [whole, fraction, second]


@pytest.mark.usefixtures("moments")
def test_a_condition_finds_the_same_moment_written_in_another_zone() -> None:
    Moment.create(at=datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO))
    assert Moment.select().where(Moment.at == datetime(2026, 11, 10, tzinfo=UTC)).count() == 1


@pytest.mark.usefixtures("moments")
def test_the_database_holds_utc_without_a_zone() -> None:
    Moment.create(at=datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO))
    ((stored,),) = database.execute_sql("SELECT CAST(at AS TEXT) FROM test_moment").fetchall()
    assert stored == "2026-11-10 00:00:00"


@pytest.mark.usefixtures("moments")
def test_an_aggregate_is_an_aware_instant_too() -> None:
    from peewee import fn

    moment = datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO)
    Moment.create(at=moment)
    assert Moment.select(fn.MAX(Moment.at)).scalar() == moment
