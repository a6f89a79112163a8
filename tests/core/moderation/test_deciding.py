"""Deciding about a post: held, kept or released, by one moderator, who has no part in it."""

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory.held import HeldPost
from niwari.directory.linking import Ref, linked
from niwari.errors import NotFound
from niwari.moderation import cases, deciding, own
from niwari.moderation.events import PostHeld, PostReleased
from niwari.moderation.models import Case, Decision
from niwari.moderation.refusals import (
    DecidedAlready,
    NoDecisionReason,
    NotThisPerson,
    ObjectedAlready,
    PostGone,
    UnknownOutcome,
)
from niwari_consult.models import Answer, Question
from niwari_consult.service.thread import get_thread

from .conftest import ANSWER, AUTHOR, MIHARU, MODERATOR, NEIGHBOUR, OTHER, REGION, Board, ask


def reads(board: Board, login: str) -> bool:
    try:
        get_thread(board.ctx(login), board.question)
    except NotFound:
        return False
    return True


def test_what_is_held_back_is_there_for_nobody_and_comes_back(board: Board) -> None:
    board.report()
    ref = Ref("consult.question", board.question)
    board.decide("held")
    assert [reads(board, login) for login in (AUTHOR, NEIGHBOUR, MODERATOR)] == [False] * 3
    assert not linked(board.ctx(NEIGHBOUR), [ref])[ref].is_open
    board.decide("released")
    assert [reads(board, login) for login in (AUTHOR, NEIGHBOUR, MODERATOR)] == [True] * 3
    assert linked(board.ctx(NEIGHBOUR), [ref])[ref].is_open
    assert board.world.published() == [
        PostHeld("consult.question", board.question),
        PostReleased("consult.question", board.question),
    ]


def test_in_place_of_a_held_answer_a_sentence_stands(board: Board) -> None:
    board.report(kind="consult.answer")
    board.decide("held", MIHARU)
    status, page = board.page(NEIGHBOUR, f"/consult/{board.question}")
    assert (status, ANSWER in page) == (200, False)
    assert "この投稿は、確認のため表示していません。" in page
    (reply,) = get_thread(board.ctx(AUTHOR), board.question).replies
    assert (reply.body, reply.byline.name) == ("", "")


def test_whoever_comes_second_is_told_and_a_double_click_changes_nothing(
    board: Board, second_moderator: str
) -> None:
    board.report()
    board.decide("kept", turn=1)
    board.decide("kept", turn=1)
    with pytest.raises(DecidedAlready):
        board.decide("held", turn=1)
    with pytest.raises(DecidedAlready):
        board.decide("held", second_moderator, turn=1)
    assert (Decision.select().count(), HeldPost.select().count()) == (1, 0)


def test_what_was_decided_is_in_the_audit_of_the_moderators_town(board: Board) -> None:
    board.report()
    board.decide("held")
    (entry,) = AuditEntry.select().where(AuditEntry.action == "moderation.held")
    assert (entry.object_kind, entry.object_id) == ("consult.question", board.question)
    assert entry.actor_id == board.ctx(MODERATOR).acting.id


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_says_why(board: Board, reason: str) -> None:
    board.report()
    with pytest.raises(NoDecisionReason):
        board.decide("held", reason=reason)


def test_only_what_fits_the_state_can_be_decided(board: Board) -> None:
    board.report()
    with pytest.raises(UnknownOutcome):
        board.decide("released")
    board.decide("kept")
    with pytest.raises(DecidedAlready):
        board.decide("held")


def test_another_towns_moderators_find_nothing(board: Board) -> None:
    board.report()
    with pytest.raises(NotFound):
        board.decide("held", "it@sukagawa")
    assert cases.queue(board.ctx("it@sukagawa"), "town").cases == ()


def test_who_reported_it_or_wrote_it_does_not_decide(board: Board) -> None:
    board.report(MODERATOR)
    with pytest.raises(NotThisPerson):
        board.decide("kept")


def test_a_moderator_does_not_decide_about_an_own_post(board: Board) -> None:
    board.question = ask(board.ctx(MODERATOR))
    board.report()
    with pytest.raises(NotThisPerson):
        board.decide("kept")


def test_what_was_erased_meanwhile_can_only_be_closed(board: Board) -> None:
    board.report(kind="consult.answer")
    Answer.delete().where(Answer.id == board.answer).execute()
    with pytest.raises(PostGone):
        board.decide("held", MIHARU)
    board.decide("kept", MIHARU)
    assert Case.get().state == "kept"


def test_moderators_read_the_town_of_a_reporter_and_no_name(board: Board) -> None:
    board.report(text="見てください")
    page = board.page(MODERATOR, f"/moderation/cases/{board.case().id}")[1]
    assert "須賀川市の職員から" in page
    assert board.ctx(NEIGHBOUR).acting.person_name not in page


def test_the_region_has_it_too_when_the_town_did_not_answer(board: Board) -> None:
    board.report()
    board.world.clock.advance(days=2)  # Thursday: the second working day
    assert cases.queue(board.ctx(REGION), "region").cases == ()
    with pytest.raises(NotFound):
        board.decide("held", REGION, "region")
    board.world.clock.advance(days=1)
    (waiting,) = cases.queue(board.ctx(REGION), "region").cases
    assert waiting.town == "郡山市"
    assert len(cases.queue(board.ctx(MODERATOR), "town").cases) == 1
    board.decide("held", REGION, "region", turn=1)
    with pytest.raises(DecidedAlready):
        board.decide("kept", turn=1)
    assert cases.queue(board.ctx(MODERATOR), "town", held=True).cases == ()
    assert len(cases.queue(board.ctx(REGION), "region", held=True).cases) == 1


def test_what_is_for_the_town_alone_never_comes_to_the_region(board: Board) -> None:
    board.question = ask(board.ctx(AUTHOR), "municipality", "庁内だけの相談")
    board.report("staff2@koriyama")
    board.world.clock.advance(days=30)
    assert cases.queue(board.ctx(REGION), "region").cases == ()
    with pytest.raises(NotFound):
        board.decide("held", REGION, "region")
    board.decide("held")
    own.object_to(board.ctx(AUTHOR), board.case().id, "間違いではありません。")
    assert board.case().level == "town"
    assert cases.queue(board.ctx(REGION), "region").cases == ()


@pytest.mark.parametrize("when", ["before the objection", "after it"])
def test_narrowed_to_its_town_another_moderator_of_the_town_looks_again(
    board: Board, second_moderator: str, when: str
) -> None:
    board.report()
    board.decide("held")
    if when == "before the objection":
        Question.update(audience="municipality").execute()
    own.object_to(board.ctx(AUTHOR), board.case().id, "見直してください。")
    Question.update(audience="municipality").execute()
    assert board.case().level == ("town" if when == "before the objection" else "region")
    assert cases.queue(board.ctx(REGION), "region").cases == ()
    with pytest.raises(NotFound):
        cases.shown(board.ctx(REGION), "region", board.case().id)
    (waiting,) = cases.queue(board.ctx(second_moderator), "town").cases
    assert cases.shown(board.ctx(second_moderator), "town", waiting.id).may == ("held", "released")
    with pytest.raises(NotThisPerson):
        board.decide("released")
    board.decide("released", second_moderator)
    assert board.case().state == "released"


@pytest.mark.parametrize("kind", ["consult.question", "consult.answer"])
def test_the_region_sees_no_open_case_of_what_is_its_towns_alone_since(
    board: Board, kind: str
) -> None:
    board.report(kind=kind)
    board.world.clock.advance(days=10)
    (waiting,) = cases.queue(board.ctx(REGION), "region").cases
    town = MODERATOR if kind == "consult.question" else MIHARU
    assert cases.queue(board.ctx(town), "town").cases[0].region_from is not None
    Question.update(audience="municipality").execute()
    assert cases.queue(board.ctx(REGION), "region").cases == ()
    with pytest.raises(NotFound):
        board.decide("kept", REGION, "region")
    (there,) = cases.queue(board.ctx(town), "town").cases
    assert (there.id, there.region_from) == (waiting.id, None)
    assert cases.shown(board.ctx(town), "town", there.id).region_from is None


def test_held_back_by_the_region_and_narrowed_since_its_town_shows_it_again(board: Board) -> None:
    board.report()
    board.world.clock.advance(days=10)
    board.decide("held", REGION, "region")
    Question.update(audience="municipality").execute()
    assert cases.queue(board.ctx(REGION), "region", held=True).cases == ()
    assert len(cases.queue(board.ctx(MODERATOR), "town", held=True).cases) == 1
    board.decide("released")
    assert board.case().state == "released"


def test_widened_to_the_region_a_new_report_gives_it_a_turn(board: Board) -> None:
    board.question = ask(board.ctx(AUTHOR), "municipality", "庁内だけの相談")
    board.report("staff2@koriyama")
    board.world.clock.advance(days=10)
    Question.update(audience="region").execute()
    board.report()
    assert cases.queue(board.ctx(REGION), "region").cases == ()
    board.world.clock.advance(days=10)
    assert len(cases.queue(board.ctx(REGION), "region").cases) == 1


def test_its_author_reads_why_and_objects_once_and_the_region_releases(board: Board) -> None:
    board.report()
    board.decide("held")
    case = board.case().id
    told = own.own_post(board.ctx(AUTHOR), case)
    assert (told.may_object, told.decisions[0].reason) == (True, "個人情報があるため。")
    assert told.post is not None
    assert told.post.text.startswith("あの人")
    own.object_to(board.ctx(AUTHOR), case, "本人の了解があります。")
    own.object_to(board.ctx(AUTHOR), case, "本人の了解があります。")
    assert not reads(board, NEIGHBOUR)
    assert cases.queue(board.ctx(MODERATOR), "town").cases == ()
    board.decide("released", REGION, "region")
    assert reads(board, NEIGHBOUR)
    with pytest.raises(ObjectedAlready):
        own.object_to(board.ctx(AUTHOR), case, "もう一度")


def test_held_back_again_after_a_review_it_stays_so(board: Board) -> None:
    board.report()
    board.decide("held")
    own.object_to(board.ctx(AUTHOR), board.case().id, "見直してください。")
    board.decide("held", REGION, "region")
    assert not own.own_post(board.ctx(AUTHOR), board.case().id).may_object
    with pytest.raises(ObjectedAlready):
        own.object_to(board.ctx(AUTHOR), board.case().id, "もう一度")
    assert board.world.published() == [PostHeld("consult.question", board.question)]


def test_whoever_held_it_back_does_not_review_it(board: Board, second_moderator: str) -> None:
    board.question = ask(board.ctx(AUTHOR), "municipality", "庁内だけの相談")
    board.report("staff3@koriyama")
    board.decide("held")
    own.object_to(board.ctx(AUTHOR), board.case().id, "見直してください。")
    with pytest.raises(NotThisPerson):
        board.decide("released")
    board.decide("released", second_moderator)
    assert board.case().state == "released"


def test_nobody_else_finds_what_an_author_is_told(board: Board) -> None:
    board.report()
    board.decide("held")
    case = board.case().id
    for login in (NEIGHBOUR, MODERATOR, "staff2@koriyama"):
        assert own.own_cases(board.ctx(login)) == ([], None)
        with pytest.raises(NotFound):
            own.own_post(board.ctx(login), case)
        with pytest.raises(NotFound):
            own.object_to(board.ctx(login), case, "見直してください。")


def test_a_reporter_is_told_what_became_of_it(board: Board) -> None:
    board.report()
    board.report(OTHER)
    (report,), _ = own.own_reports(board.ctx(NEIGHBOUR))
    assert (report.outcome, report.reason) == ("", "")
    board.decide("kept", reason="住所ではなく窓口の場所です。")
    (report,), _ = own.own_reports(board.ctx(OTHER))
    assert (report.outcome, report.reason) == ("kept", "住所ではなく窓口の場所です。")
    assert own.own_reports(board.ctx(AUTHOR)) == ([], None)


def test_why_it_is_held_back_is_for_its_author_alone(board: Board) -> None:
    board.report()
    board.decide("held")
    (report,), _ = own.own_reports(board.ctx(NEIGHBOUR))
    assert (report.outcome, report.reason) == ("held", "")


def test_a_decision_of_nobodys_case_is_not_there(board: Board) -> None:
    with pytest.raises(NotFound):
        deciding.decide(board.ctx(MODERATOR), "town", 4711, turn=1, outcome="held", reason="理由")
