"""The page 組織, and the page on which heads and HR name stand-ins and clerks."""

import re
from datetime import date, datetime

import pytest

from niwari.clock import TOKYO
from niwari.directory.importing.sections import import_sections
from niwari.directory.models import Clerk, Delegation, Headship, SectionVersion
from niwari.directory.organisation import organisation
from niwari.directory.standing_in import give_delegation
from niwari.directory.system import system_context
from niwari.testing.world import KORIYAMA, SUKAGAWA

from .conftest import appoint, section

ARRANGE = "/directory/sections/{}/arrange"
DELEGATIONS = "/directory/sections/{}/delegations"
CLERKS = "/directory/sections/{}/clerks"


@pytest.fixture
def office(world):
    """税務課 with a head, a deputy who ranks, and a child section; returns its id."""
    appoint("chief@x", "税務課", head=True, title="課長")
    appoint("deputy@x", "税務課", rank=1, title="課長補佐")
    appoint("member@x", "税務課/徴収係")
    return section("税務課").id


def text(answer):
    """Return what a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def delegation(**changes):
    """Return the fields of a delegation for the coming week."""
    wanted = {
        "login": "member@x",
        "starts_on": "2026-11-10",
        "ends_on": "2026-11-16",
        "reason": "出張のため",
        **changes,
    }
    return {f"delegation-{name}": value for name, value in wanted.items()}


class TestOrganisation:
    def test_everybody_sees_the_own_municipalitys_sections_with_who_does_what(self, world, office):
        page = text(world.client_for("staff@koriyama").get("/directory/sections"))
        assert "税務課/徴収係" in page
        assert "課長 chief" in page
        assert "1番目 課長補佐 deputy" in page

    def test_who_stands_in_for_a_head_is_not_shown_where_the_head_has_changed(self, world, office):
        appoint("boss@x", "市税課", head=True)
        for by, path in (("chief@x", "税務課"), ("boss@x", "市税課")):
            give_delegation(
                world.ctx_for(by),
                section(path).id,
                login="member@x",
                starts_on=date(2026, 11, 10),
                ends_on=date(2026, 11, 16),
                reason="出張のため",
            )
        Headship.delete().where(Headship.section == section("市税課").id).execute()
        units = organisation(world.ctx_for("chief@x"), date(2026, 11, 10))
        delegates = {unit.section.path: [one.name for one in unit.delegates] for unit in units}
        assert (delegates["税務課"], delegates["市税課"]) == (["member"], [])

    def test_and_nothing_of_the_neighbours(self, world, office):
        appoint("far@x", "遠い課", code=SUKAGAWA)
        assert "遠い課" not in text(world.client_for("staff@koriyama").get("/directory/sections"))
        page = text(world.client_for("staff@sukagawa").get("/directory/sections"))
        assert "遠い課" in page
        assert "税務課/徴収係" not in page

    def test_another_day_shows_the_names_of_that_day(self, world, office):
        SectionVersion.create(
            section=office, name="課税課", path="課税課", starts_on=date(2027, 4, 1)
        )
        client = world.client_for("staff@koriyama")
        assert "課税課" not in text(client.get("/directory/sections"))
        assert "課税課" in text(client.get("/directory/sections?on=2027-04-01"))

    def test_from_the_day_of_a_rename_on_every_page_says_the_new_name(self, world, office):
        head = "municipality,path,since,new_path,ends"
        import_sections(
            system_context(world.clock(), "test"),
            f"{head}\n{KORIYAMA},税務課,2026-11-12,課税課,".encode(),
        )
        for day, name, other in ((11, "税務課", "課税課"), (12, "課税課", "税務課")):
            world.clock.set(datetime(2026, 11, day, 9, tzinfo=TOKYO))
            for address in ("/", "/my/acting", "/directory/sections", ARRANGE.format(office)):
                page = text(world.client_for("chief@x").get(address))
                assert name in page, (day, address)
                assert other not in page, (day, address)

    def test_an_unreadable_day_is_said_beside_the_field(self, world, office):
        answer = world.client_for("staff@koriyama").get("/directory/sections?on=soon")
        assert answer.status_code == 422
        assert 'value="soon"' in answer.get_data(as_text=True)

    def test_only_the_own_section_leads_to_arranging(self, world, office):
        link = f'href="{ARRANGE.format(office)}"'
        for login, leads in (("chief@x", True), ("hr@koriyama", True), ("head@koriyama", False)):
            page = world.client_for(login).get("/directory/sections").get_data(as_text=True)
            assert (link in page) == leads, login

    def test_it_costs_the_same_with_three_sections_and_with_sixty(self, world, office, queries):
        client = world.client_for("chief@x")

        def cost():
            client.get("/directory/sections")
            with queries() as log:
                assert client.get("/directory/sections").status_code == 200
            return len(log)

        few = cost()
        for number in range(60):
            appoint(f"p{number}@x", f"部{number % 6}/課{number}", head=True, rank=1)
        assert few == cost() <= 3 + 5


class TestArranging:
    def test_a_head_names_a_delegate_and_ends_it(self, world, office):
        client = world.client_for("chief@x")
        answer = client.submit(
            DELEGATIONS.format(office), delegation(), form_at=ARRANGE.format(office)
        )
        assert answer.status_code == 303
        page = text(client.get(ARRANGE.format(office)))
        assert "member" in page
        assert "出張のため" in page
        row = Delegation.get()
        client.submit(f"/directory/delegations/{row.id}/end", {}, form_at=ARRANGE.format(office))
        assert Delegation.get().ended_at is not None

    def test_hr_names_a_clerk_and_ends_it(self, world, office):
        client = world.client_for("hr@koriyama")
        fields = {"clerk-login": "member@x", "clerk-starts_on": "2026-11-10", "clerk-ends_on": ""}
        answer = client.submit(CLERKS.format(office), fields, form_at=ARRANGE.format(office))
        assert answer.status_code == 303
        client.submit(f"/directory/clerks/{Clerk.get().id}/end", {}, form_at=ARRANGE.format(office))
        assert Clerk.get().ended_at is not None

    @pytest.mark.parametrize(
        "changes",
        [
            {"login": "nobody@x"},
            {"login": ""},
            {"starts_on": "2026-11-09"},
            {"starts_on": "あした"},
            {"ends_on": "2026-11-09"},
            {"reason": ""},
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, world, office, changes):
        client = world.client_for("chief@x")
        fields = delegation(**changes)
        answer = client.submit(DELEGATIONS.format(office), fields, form_at=ARRANGE.format(office))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "aria-invalid" in page
        for value in filter(None, fields.values()):
            assert f'value="{value}"' in page
        assert Delegation.select().count() == 0

    def test_the_page_costs_no_more_than_its_budget(self, world, office, queries):
        client = world.client_for("chief@x")
        client.get(ARRANGE.format(office))
        with queries() as log:
            assert client.get(ARRANGE.format(office)).status_code == 200
        assert len(log) <= 3 + 5

    @pytest.mark.parametrize("login", ["head@koriyama", "head@sukagawa"])
    def test_another_head_is_answered_404_everywhere(self, world, office, login):
        chief = world.client_for("chief@x")
        chief.submit(DELEGATIONS.format(office), delegation(), form_at=ARRANGE.format(office))
        client = world.client_for(login)
        token = client.token_at("/directory/sections")
        row = Delegation.get()
        for address in (
            DELEGATIONS.format(office),
            CLERKS.format(office),
            f"/directory/delegations/{row.id}/end",
        ):
            answer = client.post(address, data={**delegation(), "csrf_token": token})
            assert answer.status_code == 404, address
        assert client.get(ARRANGE.format(office)).status_code == 404
        assert Delegation.get().ended_at is None

    def test_staff_may_not_open_it(self, world, office):
        answer = world.client_for("member@x").get(ARRANGE.format(office))
        assert answer.status_code == 403

    def test_the_page_of_a_section_without_a_head_says_who_answers(self, world, office):
        child = section("税務課/徴収係").id
        page = text(world.client_for("chief@x").get(ARRANGE.format(child)))
        assert "上の所属の所属長が答えます" in page
