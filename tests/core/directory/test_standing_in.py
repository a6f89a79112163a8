"""Delegations and section clerks: who may name whom, for when."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory import clerks, standing_in
from niwari.directory.answering import Answerer, answerers, section_heads
from niwari.directory.models import Clerk, Delegation, Headship, Person
from niwari.errors import Invalid, NotFound
from niwari.testing.world import SUKAGAWA

from .conftest import appoint, section

TODAY = date(2026, 11, 10)  # of the tests' clock


@pytest.fixture
def office(world):
    """税務課 with a head, two members and a child section without a head."""
    return {
        "head": appoint("chief@x", "税務課", head=True),
        "deputy": appoint("deputy@x", "税務課"),
        "member": appoint("member@x", "税務課/徴収係"),
    }


def delegate(world, by="chief@x", path="税務課", **changes):
    """Give a delegation of the coming week."""
    wanted = {
        "login": "deputy@x",
        "starts_on": TODAY,
        "ends_on": date(2026, 11, 16),
        "reason": "出張のため",
        **changes,
    }
    return standing_in.give_delegation(world.ctx_for(by), section(path).id, **wanted)


def who_answers(asking, path="税務課", day=TODAY):
    """Return the logins of those who answer for a person."""
    here = section(path)
    person = Person.get(Person.login == asking).id
    tree = section_heads(here.municipality_id, day)
    return [Person.get_by_id(one.person_id).login for one in answerers(tree, here.id, person)]


def acts():
    """Return the audited acts on sections, oldest first."""
    rows = AuditEntry.select().where(AuditEntry.object_kind == "section")
    return [row.action for row in rows.order_by(AuditEntry.id)]


class TestGiving:
    def test_a_delegate_answers_beside_the_head_on_the_days_and_on_no_others(self, world, office):
        delegate(world, starts_on=date(2026, 11, 12))
        assert who_answers("member@x") == ["chief@x"]
        for day in (date(2026, 11, 12), date(2026, 11, 16)):
            assert who_answers("member@x", day=day) == ["chief@x", "deputy@x"]
        assert who_answers("member@x", day=date(2026, 11, 17)) == ["chief@x"]

    def test_also_in_the_sections_below_that_have_no_head(self, world, office):
        delegate(world)
        assert who_answers("member@x", "税務課/徴収係") == ["chief@x", "deputy@x"]

    def test_never_for_the_own_request_nor_for_the_heads(self, world, office):
        delegate(world)
        assert who_answers("deputy@x") == ["chief@x"]
        assert who_answers("chief@x") == []

    def test_the_answer_is_given_in_the_place_of_the_head(self, world, office):
        delegate(world)
        here = section("税務課")
        tree = section_heads(here.municipality_id, TODAY)
        assert answerers(tree, here.id, None) == (
            Answerer(office["head"].person_id),
            Answerer(office["deputy"].person_id, office["head"].id),
        )

    def test_a_successor_of_the_head_has_no_delegates_of_the_former_one(self, world, office):
        delegate(world)
        headship = Headship.get(Headship.appointment == office["head"])
        Headship.update(ends_on=date(2026, 11, 12)).where(Headship.id == headship.id).execute()
        appoint("next@x", "税務課", head=True, start=date(2026, 11, 13))
        assert who_answers("member@x", day=date(2026, 11, 13)) == ["next@x"]

    def test_hr_gives_it_in_every_section_of_the_municipality(self, world, office):
        delegate(world, by="hr@koriyama")
        assert who_answers("member@x") == ["chief@x", "deputy@x"]

    @pytest.mark.parametrize("by", ["deputy@x", "head@koriyama", "head@sukagawa"])
    def test_to_everybody_else_the_section_is_not_there(self, world, office, by):
        with pytest.raises(NotFound):
            delegate(world, by=by)
        assert Delegation.select().count() == 0

    def test_a_second_click_gives_one(self, world, office):
        assert delegate(world).id == delegate(world).id
        assert acts() == ["directory.delegate"]

    @pytest.mark.parametrize(
        ("starts_on", "ends_on"), [(TODAY, TODAY), (date(2026, 11, 16), date(2026, 12, 1))]
    )
    def test_the_same_person_never_twice_on_one_day(self, world, office, starts_on, ends_on):
        delegate(world)
        with pytest.raises(standing_in.AlreadyDelegated):
            delegate(world, starts_on=starts_on, ends_on=ends_on)
        assert Delegation.select().count() == 1

    def test_a_delegation_by_the_former_head_keeps_no_successor_from_giving_one(
        self, world, office
    ):
        delegate(world, by="hr@koriyama", starts_on=date(2026, 11, 12))
        Headship.update(ends_on=TODAY).where(Headship.appointment == office["head"]).execute()
        appoint("next@x", "税務課", head=True, start=date(2026, 11, 11))
        delegate(world, by="hr@koriyama", starts_on=date(2026, 11, 12))
        assert who_answers("member@x", day=date(2026, 11, 12)) == ["next@x", "deputy@x"]
        assert Delegation.select().count() == 2

    def test_the_same_person_again_on_the_day_after(self, world, office):
        delegate(world)
        delegate(world, starts_on=date(2026, 11, 17), ends_on=date(2026, 11, 20))
        assert Delegation.select().count() == 2

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("starts_on", {"starts_on": date(2026, 11, 9)}),
            ("ends_on", {"starts_on": date(2026, 11, 12), "ends_on": date(2026, 11, 11)}),
            ("ends_on", {"ends_on": date(2027, 11, 12)}),
            ("reason", {"reason": " 　"}),
            ("reason", {"reason": "理" * 201}),
            ("login", {"login": "nobody@x"}),
            ("login", {"login": "staff@sukagawa"}),
            ("login", {"login": "left@x"}),
            ("login", {"login": "chief@x"}),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, world, office, field, changes):
        appoint("left@x", "税務課", end=date(2026, 11, 9))
        with pytest.raises(Invalid) as raised:
            delegate(world, **changes)
        assert raised.value.field == field
        assert (Delegation.select().count(), acts()) == (0, [])

    def test_a_section_without_a_head_has_nobody_to_stand_in_for(self, world, office):
        with pytest.raises(Invalid):
            delegate(world, path="税務課/徴収係")


class TestEnding:
    def test_it_ends_at_once(self, world, office):
        given = delegate(world)
        standing_in.end_delegation(world.ctx_for("chief@x"), given.id)
        assert who_answers("member@x") == ["chief@x"]

    def test_a_second_click_changes_nothing(self, world, office):
        given = delegate(world)
        for _ in range(2):
            standing_in.end_delegation(world.ctx_for("chief@x"), given.id)
        assert acts() == ["directory.delegate", "directory.end_delegation"]

    @pytest.mark.parametrize("by", ["deputy@x", "head@koriyama", "head@sukagawa"])
    def test_nobody_else_ends_it(self, world, office, by):
        given = delegate(world)
        with pytest.raises(NotFound):
            standing_in.end_delegation(world.ctx_for(by), given.id)
        assert who_answers("member@x") == ["chief@x", "deputy@x"]


class TestRoles:
    def test_a_delegate_may_answer_on_the_days_alone(self, world, office):
        given = delegate(world)
        assert world.ctx_for("deputy@x").may("ledger.decide")
        assert not world.ctx_for("deputy@x").may("directory.arrange")
        standing_in.end_delegation(world.ctx_for("chief@x"), given.id)
        assert not world.ctx_for("deputy@x").may("ledger.decide")

    def test_the_page_opens_as_the_role_says(self, world, office):
        assert world.client_for("deputy@x").get("/ledger/approvals").status_code == 403
        delegate(world)
        assert world.client_for("deputy@x").get("/ledger/approvals").status_code == 200

    def test_a_rank_brings_the_role_too(self, world, office):
        appoint("second@x", "税務課", rank=2)
        assert world.client_for("second@x").get("/ledger/approvals").status_code == 200


class TestClerks:
    def name(self, world, by="chief@x", path="税務課", **changes):
        wanted = {"login": "deputy@x", "starts_on": TODAY, "ends_on": None, **changes}
        return clerks.name_clerk(world.ctx_for(by), section(path).id, **wanted)

    def served(self, path, day=TODAY):
        return [one.name for one in clerks.clerks_of(section(path).id, day)]

    def test_a_clerk_serves_the_section_and_those_below_that_have_none(self, world, office):
        self.name(world)
        assert self.served("税務課") == self.served("税務課/徴収係") == ["deputy"]
        assert clerks.sections_of_clerk(world.ctx_for("deputy@x")) == {
            section("税務課").id,
            section("税務課/徴収係").id,
        }

    def test_a_section_below_with_a_clerk_of_its_own_keeps_to_that(self, world, office):
        self.name(world)
        self.name(world, path="税務課/徴収係", login="member@x")
        assert self.served("税務課/徴収係") == ["member"]
        assert clerks.sections_of_clerk(world.ctx_for("deputy@x")) == {section("税務課").id}

    def test_nobody_serves_before_the_first_day_or_after_the_last(self, world, office):
        self.name(world, starts_on=date(2026, 11, 12), ends_on=date(2026, 11, 13))
        days = [self.served("税務課", date(2026, 11, day)) for day in (11, 12, 13, 14)]
        assert days == [[], ["deputy"], ["deputy"], []]

    def test_whoever_leaves_serves_no_more(self, world, office):
        appoint("leaving@x", "税務課", end=date(2026, 11, 20))
        self.name(world, login="leaving@x")
        assert self.served("税務課", date(2026, 11, 20)) == ["leaving"]
        assert self.served("税務課", date(2026, 11, 21)) == []

    def test_a_second_click_names_one(self, world, office):
        assert self.name(world).id == self.name(world).id
        assert acts() == ["directory.name_clerk"]

    def test_ending_ends_at_once_and_once(self, world, office):
        named = self.name(world)
        for _ in range(2):
            clerks.end_clerk(world.ctx_for("chief@x"), named.id)
        assert self.served("税務課") == []
        assert acts() == ["directory.name_clerk", "directory.end_clerk"]

    @pytest.mark.parametrize("by", ["deputy@x", "head@koriyama", "head@sukagawa"])
    def test_to_everybody_else_the_section_is_not_there(self, world, office, by):
        with pytest.raises(NotFound):
            self.name(world, by=by)
        named = self.name(world)
        with pytest.raises(NotFound):
            clerks.end_clerk(world.ctx_for(by), named.id)
        assert Clerk.get().ended_at is None

    def test_another_towns_people_cannot_be_named(self, world, office):
        appoint("far@x", "税務課", code=SUKAGAWA)
        with pytest.raises(Invalid) as raised:
            self.name(world, login="far@x")
        assert raised.value.field == "login"
