"""A session reaches no further than the municipalities that its provider serves.

staff@koriyama holds a second post in 三春町, whose provider is careless, or worse: what is theirs in
郡山市 must stay out of its reach.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.directory.municipalities import merge_municipality
from niwari.identity.models import ApiToken, ProviderMunicipality, Session
from niwari.identity.providers import changes as provider_changes
from niwari.identity.sessions.own import end_all_others, my_sessions
from niwari.identity.sessions.reach import reached_of, within_reach
from niwari.identity.tokens.service import NewToken, create_token, my_tokens
from niwari.ledger import sight
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.models import Request, State
from niwari.ledger.plugin import activities
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, Browser, World
from niwari.vault.service import is_mine, remember
from niwari_consult.errors import NotTheAsker
from niwari_consult.service import posting
from niwari_consult.service.listing import Tab, list_questions
from niwari_consult.texts import Plain
from tests.core.identity.rogue import ISSUER, Rogue, give_post, town_id

LOGIN = "staff@koriyama"
KEY = "6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a00"
A_PAGE = {"Accept": "text/html"}


@pytest.fixture
def second_post(world: World) -> int:
    """The post of staff@koriyama in 三春町."""
    return give_post(world, LOGIN, MIHARU)


@pytest.fixture
def rogue(world: World) -> Rogue:
    """The provider of 三春町 alone."""
    return Rogue.of(world)


@pytest.fixture
def intruder(rogue: Rogue, second_post: int) -> Browser:
    """A browser with a session that the provider of 三春町 opened for staff@koriyama."""
    return rogue.client_for(second_post)


@pytest.fixture
def asked(world: World) -> Request:
    """A request of staff@koriyama in 郡山市."""
    wish = Wish("general", "視察", "head_office", date(2026, 11, 18), 60, None, None, "a-key")
    offered = {one.code: one for one in activities()}
    return requests.ask(world.ctx_for(LOGIN), wish, offered)


def token_of(ctx: Any, number: int = 1) -> int:
    create_token(ctx, NewToken("連携", ["rest.read"], 30, f"{KEY}{number:02}"), ["rest.read"])
    return int(ApiToken.select().order_by(ApiToken.id.desc()).get().id)


# -- requests -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["", "/again"])
def test_a_request_of_another_town_is_not_there(
    intruder: Browser, asked: Request, rest: str
) -> None:
    assert intruder.get(f"/ledger/requests/{asked.id}{rest}").status_code == 404


@pytest.mark.parametrize(
    ("verb", "fields"), [("withdraw", {}), ("record", {"minutes": "60"}), ("again", {})]
)
def test_nothing_can_be_done_with_it(
    intruder: Browser, asked: Request, verb: str, fields: dict[str, str]
) -> None:
    address = f"/ledger/requests/{asked.id}/{verb}"
    assert intruder.submit(address, fields, form_at="/my/sessions").status_code == 404
    assert Request.get_by_id(asked.id).state == State.REQUESTED


def test_by_a_provider_that_serves_both_towns_it_is_there_in_either_post(
    world: World, second_post: int, asked: Request
) -> None:
    client = world.client_for(LOGIN)
    assert client.get(f"/ledger/requests/{asked.id}").status_code == 200
    client.submit(f"/my/acting/{second_post}", {}, form_at="/my/acting")
    assert "三春町" in client.get("/").text
    assert client.get(f"/ledger/requests/{asked.id}").status_code == 200


def test_the_list_of_own_requests_ends_at_the_reach(
    world: World, rogue: Rogue, second_post: int, asked: Request
) -> None:
    assert sight.own_requests(rogue.ctx(LOGIN, second_post), None, 10) == []
    assert sight.own_requests(world.ctx_for(LOGIN), None, 10) == [asked]


def test_a_token_reaches_the_town_of_its_post_alone(
    world: World, rogue: Rogue, second_post: int, asked: Request
) -> None:
    new = NewToken("連携", ["ledger.read", "ledger.ask"], 30, f"{KEY}77")
    token = create_token(rogue.ctx(LOGIN, second_post), new, new.scopes)
    program, sent = world.anonymous(), {"Authorization": f"Bearer {token}"}
    listed = program.get("/api/v1/ledger/requests", headers=sent)
    assert (listed.status_code, listed.json["items"]) == (200, [])
    one = f"/api/v1/ledger/requests/{asked.id}"
    assert program.get(one, headers=sent).status_code == 404
    assert program.post(f"{one}/withdraw", headers=sent).status_code == 404


def test_what_was_merged_into_a_town_within_reach_is_within_it(
    world: World, rogue: Rogue, asked: Request
) -> None:
    today = world.ctx_for(LOGIN).today
    Appointment.update(ends_on=today - timedelta(days=1)).where(
        Appointment.municipality.in_([town_id(KORIYAMA), town_id(SUKAGAWA)])
    ).execute()
    # Two steps: 郡山市 into 須賀川市, and that into 三春町.
    for former, successor in ((KORIYAMA, SUKAGAWA), (SUKAGAWA, MIHARU)):
        merge_municipality(world.system_context(), former, successor, today)
    post = Appointment.insert(
        person=asked.person_id,
        municipality=town_id(MIHARU),
        section=Appointment.get(Appointment.municipality == town_id(MIHARU)).section,
        employment="full_time",
        starts_on=today,
        is_main=True,
    ).execute()
    assert rogue.client_for(post).get(f"/ledger/requests/{asked.id}").status_code == 200


# -- what is shared ------------------------------------------------------------------------------


def test_a_question_asked_in_another_town_is_not_the_askers_here(
    world: World, rogue: Rogue, second_post: int
) -> None:
    asker, there = world.ctx_for(LOGIN), rogue.ctx(LOGIN, second_post)
    form = {"topic": "pay", "title": "通勤手当", "text": Plain("どうしていますか。")}
    question = posting.ask(asker, **form, audience="region", form_key=f"{KEY}88")
    answer = posting.answer(
        world.ctx_for("staff@miharu"), question.id, body="こうです。", form_key=f"{KEY}89"
    )
    with pytest.raises(NotTheAsker):
        posting.accept(there, question.id, answer.id)
    assert list_questions(there, Tab.MINE).questions == ()
    assert [one.mine for one in list_questions(there).questions] == [False]
    assert [one.mine for one in list_questions(asker, Tab.MINE).questions] == [True]
    posting.accept(asker, question.id, answer.id)


# -- sessions -------------------------------------------------------------------------------------


def test_sessions_of_another_town_are_neither_seen_nor_chosen(
    world: World, intruder: Browser
) -> None:
    theirs = world.client_for(LOGIN)
    (elsewhere,) = Session.select().where(Session.issuer != ISSUER)
    page = intruder.get("/my/sessions").text
    assert f"/my/sessions/{elsewhere.id}/sign-out" not in page
    assert "ここには表示されません" in page
    address = f"/my/sessions/{elsewhere.id}/sign-out"
    assert intruder.submit(address, {}, form_at="/my/sessions").status_code == 404
    assert theirs.get("/", headers=A_PAGE).status_code == 200


def test_a_session_that_reaches_both_towns_shows_those_of_both(
    world: World, rogue: Rogue, second_post: int
) -> None:
    rogue.client_for(second_post)
    page = world.client_for(LOGIN).get("/my/sessions").text
    (opened_there,) = Session.select().where(Session.issuer == ISSUER)
    assert f"/my/sessions/{opened_there.id}/sign-out" in page
    assert "ここには表示されません" not in page


def test_all_others_are_those_of_other_towns_too_and_each_town_is_told_its_own(
    world: World, rogue: Rogue, second_post: int
) -> None:
    phones = [world.client_for(LOGIN) for _ in range(2)]
    rogue.client_for(second_post)
    this = rogue.client_for(second_post)
    this.submit("/my/sessions/sign-out-others", {}, form_at="/my/sessions")
    assert [phone.get("/", headers=A_PAGE).status_code for phone in phones] == [302, 302]
    assert this.get("/", headers=A_PAGE).status_code == 200
    entries = AuditEntry.select().where(AuditEntry.action == "identity.sign_out_others")
    assert {row.municipality_id: row.details for row in entries} == {
        town_id(KORIYAMA): '{"ended": 2}',
        town_id(MIHARU): '{"ended": 1}',
    }


def test_a_second_click_ends_and_notes_nothing(
    world: World, rogue: Rogue, second_post: int
) -> None:
    world.client_for(LOGIN)
    ctx = rogue.ctx(LOGIN, second_post)
    assert [end_all_others(ctx, this=0) for _ in range(2)] == [1, 0]
    assert AuditEntry.select().where(AuditEntry.action == "identity.sign_out_others").count() == 1


def test_the_menu_offers_no_post_out_of_reach(
    world: World, intruder: Browser, second_post: int
) -> None:
    item = '<a class="shell-link" href="/my/acting">'
    assert item not in intruder.get("/").text
    assert item in world.client_for(LOGIN).get("/").text
    main = world.ctx_for(LOGIN).acting.id
    assert intruder.submit(f"/my/acting/{main}", {}, form_at="/my/sessions").status_code == 404


def test_a_session_of_no_provider_reaches_its_own_town_alone(
    world: World, second_post: int, asked: Request
) -> None:
    client = world.client_for(LOGIN)
    Session.update(issuer="").execute()
    assert client.submit(f"/my/acting/{second_post}", {}, form_at="/").status_code == 404
    Session.update(appointment=second_post).execute()
    assert client.get(f"/ledger/requests/{asked.id}").status_code == 404


# -- tokens ---------------------------------------------------------------------------------------


def test_tokens_of_another_town_are_neither_listed_nor_revoked(
    world: World, rogue: Rogue, second_post: int, intruder: Browser
) -> None:
    theirs = token_of(world.ctx_for(LOGIN))
    assert my_tokens(rogue.ctx(LOGIN, second_post)) == []
    address = f"/my/tokens/{theirs}/revoke"
    assert intruder.submit(address, {}, form_at="/my/sessions").status_code == 404
    assert ApiToken.get_by_id(theirs).revoked_at is None
    assert [one.id for one in my_tokens(world.ctx_for(LOGIN))] == [theirs]


# -- hidden authorship ----------------------------------------------------------------------------


def test_who_wrote_an_anonymous_row_in_another_town_is_not_told(
    world: World, rogue: Rogue, second_post: int
) -> None:
    ctx, there = world.ctx_for(LOGIN), rogue.ctx(LOGIN, second_post)
    for one, row_id in ((ctx, 1), (there, 2)):
        with transaction(one):
            remember(one, "whisper.note", row_id)
    assert is_mine(there, "whisper.note", [1, 2]) == {2}
    assert is_mine(ctx, "whisper.note", [1, 2]) == {1, 2}


# -- the rule itself ------------------------------------------------------------------------------


def test_whoever_takes_a_town_from_a_provider_takes_its_sessions_there(
    world: World, rogue: Rogue, second_post: int
) -> None:
    there = rogue.client_for(second_post)
    here = rogue.client_for(world.ctx_for("staff@sukagawa").acting.id)
    ctx = world.system_context()
    before = provider_changes.read_records([provider_changes.Provider.get_by_id(rogue.id)])[0]
    draft = provider_changes.Draft(
        before.label,
        before.issuer,
        before.client_id,
        before.login_claim,
        (),
        (town_id(SUKAGAWA),),
    )
    provider_changes.edit(ctx, rogue.id, draft)
    assert there.get("/", headers=A_PAGE).status_code == 302
    assert here.get("/", headers=A_PAGE).status_code == 200


def test_the_reach_is_what_the_provider_serves_today(
    world: World, rogue: Rogue, second_post: int
) -> None:
    ctx, towns = rogue.ctx(LOGIN, second_post), {town_id(KORIYAMA), town_id(MIHARU)}
    assert reached_of(ctx, towns) == {town_id(MIHARU)}
    ProviderMunicipality.insert(provider=rogue.id, municipality=town_id(KORIYAMA)).execute()
    assert reached_of(ctx, towns) == towns


def test_asking_for_it_reads_no_table_from_end_to_end(
    world: World, rogue: Rogue, second_post: int, plans: Callable[..., list[str]]
) -> None:
    ctx = rogue.ctx(LOGIN, second_post)
    assert plans(lambda: sight.own_requests(ctx, None, 10)) == []
    assert plans(lambda: my_sessions(ctx, world.settings)) == []
    assert plans(lambda: my_tokens(ctx)) == []
    found = Appointment.select().where(
        (Appointment.person == ctx.person_id) & within_reach(ctx, Appointment.municipality)
    )
    assert plans(lambda: list(found)) == []


def test_a_page_costs_no_more_for_it(
    world: World, intruder: Browser, queries: Callable[[], Any]
) -> None:
    ordinary = world.client_for(LOGIN)
    counts = []
    for client in (ordinary, intruder):
        client.get("/")
        with queries() as log:
            client.get("/")
        counts.append(len(log))
    assert counts[0] == counts[1]
