"""Who is told by notices: moderators of what waits, reporters and authors of what was decided."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.host.discovery import Found
from niwari.identity.models import RoleGrant
from niwari.moderation import own, reporting
from niwari.moderation.models import Case
from niwari.moderation.moderators import waiting
from niwari.moderation.refusals import DecidedAlready
from niwari.moderation.telling import tell_late
from niwari.notices.choices import choose
from niwari.notices.forgetting import forget_plugin
from niwari.notices.models import Hidden, Received
from niwari.notices.outbox import notify_hidden
from niwari.testing.told import told
from niwari.testing.world import World
from niwari_consult.models import Question

from .conftest import AUTHOR, MODERATOR, NEIGHBOUR, OTHER, REGION, Board, ask, let_moderate
from .test_hidden_authors import HIDDEN, KIND, decide, report, whisper

WAITS, REGION_WAITS = "moderation.waits", "moderation.region_waits"
DECIDED, OWN_HELD, OWN_RELEASED = (
    "moderation.decided",
    "moderation.own_held",
    "moderation.own_released",
)


def heard(*codes: str) -> list[tuple[str, str]]:
    """Return who was told of what by moderation, or of one of ``codes``, the oldest first."""
    return [
        (one.login, one.code)
        for one in told()
        if one.code.startswith("moderation.") and (not codes or one.code in codes)
    ]


def mute(world: World, login: str, code: str) -> None:
    choose(world.ctx_for(login), {code: "off"})


class TestWaiting:
    def test_the_first_report_tells_the_towns_moderators_and_others_join_it(
        self, board: Board, second_moderator: str
    ) -> None:
        assert [board.report(), board.report(), board.report(OTHER)] == [True, False, True]
        assert sorted(heard()) == [(MODERATOR, WAITS), (second_moderator, WAITS)]

    def test_who_has_a_part_in_it_is_not_told(self, board: Board) -> None:
        for login in (AUTHOR, "staff2@koriyama"):
            let_moderate(board.world, login)
        board.report("staff2@koriyama")
        assert heard() == [(MODERATOR, WAITS)]

    def test_who_muted_it_is_not_told(self, board: Board, second_moderator: str) -> None:
        mute(board.world, MODERATOR, WAITS)
        board.report()
        assert heard() == [(second_moderator, WAITS)]

    def test_the_notice_names_no_post_and_leads_to_the_queue(self, board: Board) -> None:
        board.report()
        (notice,) = [one for one in told() if one.code == WAITS]
        assert (notice.about, notice.values) == (None, {})
        page = board.page(MODERATOR, "/notices/")[1]
        assert "確認が必要な投稿があります。" in page
        row = page.split('href="/notices/')[1:]
        number = next(part.split('"')[0] for part in row if part.split('"')[0].isdigit())
        answer = board.world.client_for(MODERATOR).get(f"/notices/{number}")
        assert (answer.status_code, answer.location) == (303, "/moderation/queue")

    def test_the_region_is_told_once_when_its_turn_comes(self, board: Board) -> None:
        board.report()
        clock = board.world.clock
        assert tell_late(clock()) == 0
        clock.advance(days=2)
        assert tell_late(clock()) == 0
        clock.advance(days=1)
        assert [tell_late(clock()), tell_late(clock())] == [1, 0]
        assert heard(REGION_WAITS) == [(REGION, REGION_WAITS)]

    def test_the_region_is_not_told_of_what_the_town_decided_in_time(self, board: Board) -> None:
        board.report()
        board.decide("kept")
        board.world.clock.advance(days=5)
        assert tell_late(board.world.clock()) == 0

    def test_the_region_is_not_told_of_a_post_that_is_its_town_s_alone_since(
        self, board: Board
    ) -> None:
        board.report()
        Question.update(audience="municipality").execute()
        board.world.clock.advance(days=5)
        assert (tell_late(board.world.clock()), heard(REGION_WAITS)) == (0, [])

    def test_the_region_waits_for_a_plugin_that_stopped(self, board: Board) -> None:
        board.report()
        Case.update(kind="gone.row").execute()
        board.world.clock.advance(days=5)
        assert (tell_late(board.world.clock()), Case.get().told_turn) == (0, 0)

    def test_an_objection_tells_the_region_and_a_second_click_nobody(self, board: Board) -> None:
        board.report()
        board.decide("held")
        for _ in range(2):
            own.object_to(board.ctx(AUTHOR), board.case().id, "了解があります。")
        assert heard(REGION_WAITS) == [(REGION, REGION_WAITS)]

    def test_what_waits_for_one_is_counted_in_the_menu(self, board: Board) -> None:
        def badge(login: str) -> str:
            page = board.page(login, "/ledger/")[1].split('href="/moderation/queue"')[1]
            return page.split("</a>")[0].split(">", 1)[1]

        assert "1" not in badge(MODERATOR)
        board.report()
        assert "1" in badge(MODERATOR)
        board.report(MODERATOR)  # who reports does not decide
        assert "1" not in badge(MODERATOR)

    @pytest.mark.parametrize("login", [MODERATOR, REGION])
    def test_the_menu_counts_it_in_the_query_that_counts_the_notices(
        self, board: Board, queries: Callable[[], Any], login: str
    ) -> None:
        board.page(login, "/ledger/")
        with queries() as log:
            board.page(login, "/ledger/")
        asked = [one for one in log.statements if '"moderation_case"' in one]
        assert len(asked) == 1
        assert "notices_received" in asked[0]

    def test_who_held_it_back_is_not_counted_for_the_review(self, board: Board) -> None:
        board.question = ask(board.ctx(AUTHOR), "municipality", "庁内だけの相談")
        second = let_moderate(board.world, "staff2@koriyama")
        board.report("staff5@koriyama")
        board.decide("held")
        own.object_to(board.ctx(AUTHOR), board.case().id, "了解があります。")
        assert [waiting(board.ctx(one), "town").rows()[0][0] for one in (MODERATOR, second)] == [
            0,
            1,
        ]
        assert heard(WAITS)[-1] == (second, WAITS)
        assert len(heard(WAITS)) == 3


class TestDecided:
    def test_reporters_and_the_author_are_told_once(self, board: Board) -> None:
        board.report()
        board.report(OTHER)
        turn = board.case().turn
        for _ in range(2):
            board.decide("held", turn=turn)
        assert sorted(heard(DECIDED)) == [(OTHER, DECIDED), (NEIGHBOUR, DECIDED)]
        assert heard(OWN_HELD) == [(AUTHOR, OWN_HELD)]

    def test_the_author_does_not_hear_of_a_report_that_changed_nothing(self, board: Board) -> None:
        board.report()
        board.decide("kept")
        assert [login for login, _ in heard()] == [MODERATOR, NEIGHBOUR]

    def test_the_author_hears_that_it_is_shown_again_and_earlier_reporters_nothing(
        self, board: Board
    ) -> None:
        board.report()
        board.decide("held")
        board.decide("released")
        assert heard(OWN_RELEASED) == [(AUTHOR, OWN_RELEASED)]
        assert heard(DECIDED) == [(NEIGHBOUR, DECIDED)]

    def test_who_muted_it_is_not_told(self, board: Board) -> None:
        board.report()
        mute(board.world, NEIGHBOUR, DECIDED)
        mute(board.world, AUTHOR, OWN_HELD)
        board.decide("held")
        assert heard(DECIDED, OWN_HELD) == []

    def test_how_many_reported_does_not_change_the_number_of_statements(
        self, board: Board, queries: Callable[[], Any]
    ) -> None:
        def cost(*reporters: str) -> int:
            for login in reporters:
                board.report(login)
            with queries() as log:
                board.decide("kept")
            return len(log)

        assert cost(NEIGHBOUR) == cost(NEIGHBOUR, OTHER, "staff2@koriyama")


@pytest.fixture
def town(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """Somebody of Miharu wrote without a name, for the region, and a neighbour reported it."""
    world = open_world([trial_plugins["whisper"]])
    let_moderate(world, "head@miharu")
    report(world, whisper(world, HIDDEN, "あの人が悪い"))
    return world


class TestHiddenAuthors:
    def test_the_region_alone_is_told_of_the_report(self, town: World) -> None:
        assert heard() == [(REGION, REGION_WAITS)]

    def test_the_author_is_told_by_the_envelope_and_no_person(self, town: World) -> None:
        decide(town, "held")
        ((login, about),) = [(one.login, one.about) for one in told() if one.code == OWN_HELD]
        assert (login, about and about.kind) == ("", KIND)
        town.clock.advance(minutes=15)
        page = town.client_for(HIDDEN).get("/notices/hidden").get_data(as_text=True)
        assert "あなたの投稿の表示を止めました。" in page
        assert 'href="/moderation/mine"' in page.split("あなたの投稿の表示を止めました。")[0]
        other = town.client_for("head@miharu").get("/notices/hidden").get_data(as_text=True)
        assert "あなたの投稿の表示を止めました。" not in other

    def test_what_others_are_told_says_neither_town_nor_person(self, town: World) -> None:
        decide(town, "held")
        own.object_to(town.ctx_for(HIDDEN), Case.get().id, "事実を書いただけです。")
        tell_late(Case.get().objected_at + timedelta(minutes=15))
        hidden = town.ctx_for(HIDDEN)
        secret = (hidden.municipality.name, hidden.acting.person_name, hidden.acting.section_name)
        for login in (REGION, "staff2@koriyama", "staff@sukagawa"):
            for path in ("/notices/", "/notices/hidden"):
                answer = town.client_for(login).get(path).get_data(as_text=True)
                inbox = answer.split("<main")[1]
                assert [one for one in secret if one in inbox] == []
        person = Received.select().where(Received.person == hidden.person_id)
        assert not person.exists()

    def test_a_post_whose_place_alone_is_hidden_tells_its_author_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        consult = world.host.plugins["consult"]
        (resource,) = consult.contributions.resources
        told_here = replace(resource, hidden_place=lambda row: True)
        here = replace(consult.contributions, resources=(told_here,))
        monkeypatch.setattr(consult, "contributions", here)
        row = ask(world.ctx_for(HIDDEN))
        reporting.report(
            world.ctx_for(NEIGHBOUR), "consult.question", row, reason="insult", text="名指しです"
        )
        decide(world, "held")
        assert sorted(heard()) == sorted([(REGION, REGION_WAITS), (NEIGHBOUR, DECIDED)])

    def test_who_muted_it_is_not_told(self, town: World) -> None:
        decide(town, "held")
        other = town.ctx_for("staff2@koriyama").acting.id
        RoleGrant.create(appointment=other, role="secretariat", reason="交代")
        mute(town, "staff2@koriyama", REGION_WAITS)
        own.object_to(town.ctx_for(HIDDEN), Case.get().id, "事実を書いただけです。")
        before = heard()
        assert tell_late(Case.get().objected_at + timedelta(minutes=15)) == 1
        assert heard() == before  # the other one decided what is looked at again

    def test_a_post_that_is_gone_tells_nobody(self, town: World) -> None:
        from niwari_whisper.models import Whisper

        decide(town, "held")
        Whisper.update(envelope="").execute()
        decide(town, "released")
        assert heard(OWN_RELEASED) == []

    def test_a_post_that_is_widened_to_the_region_is_told_there(self, town: World) -> None:
        from niwari_whisper.models import Whisper

        row = whisper(town, AUTHOR, "内輪の話")
        Whisper.update(audience="municipality").where(Whisper.id == row).execute()
        colleague = town.ctx_for("staff2@koriyama")
        reporting.report(colleague, KIND, row, reason="insult", text="名指しです")
        before = heard(REGION_WAITS)
        Whisper.update(audience="region").where(Whisper.id == row).execute()
        report(town, row)
        assert heard(REGION_WAITS) == [*before, (REGION, REGION_WAITS)]
        report(town, row)
        assert len(heard(REGION_WAITS)) == len(before) + 1

    def test_a_purge_takes_what_was_told_of_the_plugins_posts(self, town: World) -> None:
        decide(town, "held")
        assert heard(OWN_HELD) != []
        with transaction(town.ctx_for(REGION)):
            forget_plugin("whisper")
        assert (heard(OWN_HELD), Hidden.select().count()) == ([], 0)

    def test_an_objection_is_told_after_its_quarter_of_an_hour(self, town: World) -> None:
        decide(town, "held")
        before = heard()
        author = town.ctx_for(HIDDEN)
        own.object_to(author, Case.get().id, "事実を書いただけです。")
        assert heard() == before
        objected = Case.get().objected_at
        assert tell_late(objected + timedelta(minutes=14)) == 0
        late = objected + timedelta(minutes=15)
        assert [tell_late(late), tell_late(late)] == [1, 0]


def test_the_hidden_author_of_a_part_is_told_in_the_town_of_the_part(board: Board) -> None:
    ctx = board.ctx(MODERATOR)
    with transaction(ctx):
        notify_hidden(ctx, OWN_HELD, "sealed", Ref("consult.answer", board.answer))
    (hidden,) = Hidden.select()
    assert hidden.municipality_id == board.ctx(OTHER).municipality.id


def test_two_moderators_at_once_tell_once(board: Board, second_moderator: str) -> None:
    board.report()
    turn = board.case().turn
    board.decide("held", turn=turn)
    with pytest.raises(DecidedAlready):
        board.decide("held", second_moderator, turn=turn)
    assert len(heard(DECIDED)) == 1
