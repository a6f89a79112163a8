"""On which legal basis each class is done: HR's choice, dated; discreet classes have no line (L14)."""

from datetime import date

import pytest

from niwari.errors import Invalid
from niwari.ledger.arranging.bases import Held, bases_of, basis_on, classes_shown, set_basis
from niwari.ledger.models import Basis

from .conftest import OFFERED, WEDNESDAY

HR = "hr@koriyama"


@pytest.fixture
def set_to(ledger):
    """A function that sets a basis as HR, from 1 November on or as told."""

    def by(activity, basis, order="", start=date(2026, 11, 1), login=HR):
        set_basis(
            ledger.ctx(login),
            activity,
            basis,
            order_number=order,
            starts_on=start,
            offered=OFFERED,
        )

    return by


def town(ledger, login=HR):
    """Return the id of the municipality of a person."""
    return ledger.ctx(login).municipality.id


def test_performed_as_duty_where_hr_said_nothing(ledger):
    assert basis_on(town(ledger), "planning", WEDNESDAY) == Held("duty")


def test_from_its_day_on(ledger, set_to):
    set_to("planning", "duty_order", "人第12号", date(2026, 11, 18))
    assert basis_on(town(ledger), "planning", date(2026, 11, 17)).basis == "duty"
    held = basis_on(town(ledger), "planning", WEDNESDAY)
    assert held == Held("duty_order", "人第12号", WEDNESDAY)
    elsewhere = town(ledger, "head@sukagawa")
    assert basis_on(elsewhere, "planning", WEDNESDAY) == Held("duty")


def test_the_latest_that_has_begun_holds(ledger, set_to):
    set_to("planning", "training")
    set_to("planning", "exemption", start=date(2026, 12, 1))
    found = bases_of(town(ledger))
    assert found.on("planning", date(2026, 11, 30)).basis == "training"
    assert found.on("planning", date(2026, 12, 1)).basis == "exemption"


def test_the_same_start_again_replaces_and_twice_changes_nothing(ledger, set_to):
    for basis in ("training", "exemption", "exemption"):
        set_to("planning", basis)
    assert [row.basis for row in Basis.select()] == ["exemption"]


def test_a_discreet_class_is_learning_and_consulting(ledger, set_to):
    set_to("general", "training")
    assert "consult" not in {one.code for one in classes_shown(OFFERED)}
    assert bases_of(town(ledger)).on("consult", WEDNESDAY, discreet=True).basis == "training"
    assert basis_on(town(ledger), "consult", WEDNESDAY).basis == "training"


def test_one_query_for_any_number_of_requests(ledger, set_to, queries):
    set_to("general", "training")
    number = town(ledger)
    with queries() as log:
        found = bases_of(number)
        for _ in range(100):
            found.on("general", WEDNESDAY)
    assert len(log) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("consult", "training"), "activity"),
        (("unknown", "training"), "activity"),
        (("planning", "because"), "basis"),
        (("planning", "duty_order", "　"), "order_number"),
        (("planning", "business_trip"), "order_number"),
        (("planning", "training", "あ" * 101), "order_number"),
        (("planning", "training", "", date(2026, 3, 31)), "starts_on"),
    ],
)
def test_refused_beside_its_field(set_to, values, field):
    with pytest.raises(Invalid) as refused:
        set_to(*values)
    assert refused.value.field == field
    assert not Basis.select().exists()
