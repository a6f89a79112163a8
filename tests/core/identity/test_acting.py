"""所属を切り替える: whoever holds several posts acts in one at a time."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import tokyo_day
from niwari.directory.models import Appointment, Municipality, Section
from niwari.identity.models import RoleGrant, Session
from niwari.identity.sessions.acting import act_in
from niwari.identity.sessions.stored import open_session
from niwari.testing.world import KORIYAMA, SUKAGAWA, World

A_PAGE = {"Accept": "text/html"}
ONE, SEVERAL = "staff@koriyama", "staff5@koriyama"
MENU_ITEM = '<a class="shell-link" href="/my/acting">'

GivePost = Callable[..., int]


@pytest.fixture
def give_post(world: World) -> GivePost:
    """Give a person one more post, in the section 総務部/人事課 of a town; returns its id."""

    def give(login: str, code: str = SUKAGAWA, *, first: int = -30, last: int | None = None) -> int:
        today = tokyo_day(world.clock())
        town = Municipality.get(Municipality.code == code)
        section = Section.get((Section.municipality == town) & (Section.path == "総務部/人事課"))
        return int(
            Appointment.insert(
                person=world.ctx_for(login).person_id,
                municipality=town,
                section=section,
                employment="full_time",
                starts_on=today + timedelta(days=first),
                ends_on=None if last is None else today + timedelta(days=last),
                is_main=False,
            ).execute()
        )

    return give


def act(client: Any, appointment_id: int) -> Any:
    return client.submit(f"/my/acting/{appointment_id}", {}, form_at="/my/acting")


def acts(code: str = SUKAGAWA) -> list[AuditEntry]:
    town = Municipality.get(Municipality.code == code).id
    return list(
        AuditEntry.select().where(
            (AuditEntry.action == "identity.act") & (AuditEntry.municipality_id == town)
        )
    )


def acting_in() -> list[int]:
    """The appointments of the sessions that there are."""
    return [row.appointment_id for row in Session.select().order_by(Session.id)]


def test_the_menu_offers_it_to_whoever_holds_several_posts_alone(
    client_for: Callable[[str], Any],
) -> None:
    assert MENU_ITEM in client_for(SEVERAL).get("/").text
    assert MENU_ITEM not in client_for(ONE).get("/").text


def test_posts_of_other_days_are_not_offered(
    client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    give_post(ONE, last=-1)
    give_post(ONE, KORIYAMA, first=1)
    client = client_for(ONE)
    assert MENU_ITEM not in client.get("/").text
    page = client.get("/my/acting").text
    assert "今日の所属は1つです。" in page
    assert "に切り替える</button>" not in page


def test_the_page_names_all_posts_and_marks_the_present_one(
    client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    give_post(SEVERAL)
    page = client_for(SEVERAL).get("/my/acting").text
    assert page.count("いま使っている所属") == 1
    for post in ("郡山市 広域連携課", "須賀川市 人事課"):
        assert f"{post}に切り替える" in page


def test_the_page_costs_one_query_whatever_its_length(
    world: World,
    client_for: Callable[[str], Any],
    give_post: GivePost,
    queries: Callable[[], Any],
) -> None:
    client = client_for(SEVERAL)
    client.get("/my/acting")
    counts = []
    for _ in range(2):
        with queries() as log:
            client.get("/my/acting")
        counts.append(len(log))
        for code in (KORIYAMA, SUKAGAWA):
            give_post(SEVERAL, code)
    assert counts[0] == counts[1] <= 3


def test_rights_and_town_of_the_new_post_hold_at_the_next_request_and_the_old_ones_no_longer(
    world: World, client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there = give_post("it@koriyama")
    RoleGrant.insert(appointment=there, role="secretariat").execute()
    client = client_for("it@koriyama")
    assert client.get("/admin/features").status_code == 200
    assert client.get("/admin/matrix").status_code == 403
    answer = act(client, there)
    assert (answer.status_code, answer.location) == (303, "/")
    page = client.get("/").text
    assert "須賀川市 人事課に切り替えました。" in page
    assert "<span>須賀川市</span> <span>人事課</span>" in page
    assert client.get("/admin/features").status_code == 403
    assert client.get("/admin/matrix").status_code == 200


@pytest.mark.parametrize("code", [KORIYAMA, SUKAGAWA])
def test_the_audit_of_the_former_and_of_the_new_town_say_who_acts_where(
    world: World, client_for: Callable[[str], Any], give_post: GivePost, code: str
) -> None:
    there = give_post(ONE)
    before = world.ctx_for(ONE).acting.id
    act(client_for(ONE), there)
    (entry,) = acts(code)
    assert (entry.actor_id, entry.object_kind, entry.object_id) == (before, "appointment", there)


def test_within_one_town_the_act_is_recorded_once(
    world: World, client_for: Callable[[str], Any]
) -> None:
    main = world.ctx_for(SEVERAL).acting.id
    other = Appointment.get(
        (Appointment.person == world.ctx_for(SEVERAL).person_id) & (Appointment.id != main)
    )
    act(client_for(SEVERAL), other.id)
    assert [entry.object_id for entry in acts(KORIYAMA)] == [other.id]


def test_the_old_token_opens_nothing(
    world: World, client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, client, thief = give_post(ONE), client_for(ONE), world.anonymous()
    before = client.get_cookie("niwari_session").value
    thief.set_cookie("niwari_session", before)
    assert thief.get("/").status_code == 200
    act(client, there)
    assert client.get_cookie("niwari_session").value != before
    assert thief.get("/").status_code == 401
    assert client.get("/").status_code == 200


def test_the_session_does_not_last_longer_for_it(
    world: World, client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, client = give_post(ONE), client_for(ONE)
    ends = Session.get().expires_at
    world.clock.advance(minutes=60)
    act(client, there)
    assert Session.get().expires_at == ends


def test_signing_out_still_reaches_the_provider(
    world: World, client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there = give_post(ONE)
    token = open_session(
        world.settings,
        world.clock(),
        appointment_id=world.ctx_for(ONE).acting.id,
        data=json.dumps({"id_token": "kept"}),
    )
    client = world.anonymous()
    client.set_cookie("niwari_session", token)
    act(client, there)
    assert json.loads(Session.get().data)["id_token"] == "kept"


def test_other_sessions_of_the_person_stay_in_their_post(
    world: World, client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, here = give_post(ONE), world.ctx_for(ONE).acting.id
    client = client_for(ONE)
    client_for(ONE)
    act(client, there)
    assert acting_in() == [there, here]


def test_a_second_click_leads_home_and_is_one_act(
    client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, client = give_post(ONE), client_for(ONE)
    act(client, there)
    token = client.get_cookie("niwari_session").value
    assert act(client, there).status_code == 303
    assert client.get_cookie("niwari_session").value == token
    assert len(acts()) == 1


def test_of_two_clicks_that_both_saw_the_former_post_one_counts(
    world: World, client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, ctx = give_post(ONE), world.ctx_for(ONE)
    token = client_for(ONE).get_cookie("niwari_session").value
    (post, first), (again, second) = (act_in(ctx, token, there) for _ in range(2))
    assert first is not None
    assert second is None
    assert post == again
    assert len(acts()) == 1


def test_a_form_opened_in_the_former_post_is_refused(
    client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, client = give_post(ONE), client_for(ONE)
    old = client.token_at("/ledger/requests/new")
    act(client, there)
    answer = client.post("/ledger/requests/new", data={"csrf_token": old})
    assert answer.status_code == 400


def test_without_the_forms_token_nothing_changes(
    world: World, client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, client = give_post(ONE), client_for(ONE)
    assert client.post(f"/my/acting/{there}").status_code == 400
    assert acting_in() == [world.ctx_for(ONE).acting.id]


@pytest.mark.parametrize("login", ["staff2@koriyama", "staff@sukagawa"])
def test_anothers_post_is_not_found_in_whatever_town(
    world: World, client_for: Callable[[str], Any], login: str
) -> None:
    client = client_for(ONE)
    assert act(client, world.ctx_for(login).acting.id).status_code == 404
    assert acting_in() == [world.ctx_for(ONE).acting.id]
    assert acts() == []


@pytest.mark.parametrize("days", [{"last": -1}, {"first": 1}])
def test_an_own_post_of_other_days_is_not_found(
    client_for: Callable[[str], Any], give_post: GivePost, days: dict[str, int]
) -> None:
    ended = give_post(ONE, **days)
    assert act(client_for(ONE), ended).status_code == 404
    assert acts() == []


def test_the_session_ends_with_the_post_in_which_it_acts(
    world: World, client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, client = give_post(ONE, last=0), client_for(ONE)
    act(client, there)
    assert client.get("/", headers=A_PAGE).status_code == 200
    Appointment.update(ends_on=tokyo_day(world.clock()) - timedelta(days=1)).where(
        Appointment.id == there
    ).execute()
    assert client.get("/", headers=A_PAGE).status_code == 302


def test_sessions_in_all_posts_are_among_ones_own(
    client_for: Callable[[str], Any], give_post: GivePost
) -> None:
    there, client, other = give_post(ONE), client_for(ONE), client_for(ONE)
    act(other, there)
    assert "/sign-out-others" in client.get("/my/sessions").text
    client.submit("/my/sessions/sign-out-others", {}, form_at="/my/sessions")
    assert other.get("/").status_code == 401
