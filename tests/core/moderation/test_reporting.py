"""Reporting a post: anybody who reads it, once, and nobody learns who it was."""

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import NotFound
from niwari.host.rate_limits import TooMany
from niwari.moderation.models import Case, Report
from niwari.moderation.refusals import NoWords, OwnPost, TooLong, UnknownReason
from niwari.moderation.reporting import REPORTS

from .conftest import AUTHOR, NEIGHBOUR, OTHER, Board, ask


def test_a_neighbour_reports_a_question_and_it_waits_at_its_own_town(board: Board) -> None:
    assert board.report()
    case = board.case()
    assert (case.municipality_id, case.level, case.state) == (
        board.ctx(AUTHOR).municipality.id,
        "town",
        "open",
    )
    assert (case.author_id, case.is_hidden) == (board.ctx(AUTHOR).acting.id, False)


def test_an_answer_waits_at_the_town_of_whoever_wrote_it(board: Board) -> None:
    board.report(kind="consult.answer")
    assert board.case("consult.answer").municipality_id == board.ctx(OTHER).municipality.id


def test_the_region_sees_it_once_two_working_days_have_passed(board: Board) -> None:
    board.report()  # on Tuesday, 10 November
    assert board.case().region_from.isoformat() == "2026-11-13"


def test_the_same_person_reports_once_and_another_joins(board: Board) -> None:
    assert [board.report(), board.report(), board.report(OTHER)] == [True, False, True]
    assert (Case.select().count(), Report.select().count()) == (1, 2)


def test_after_a_decision_a_new_report_opens_the_case_anew(board: Board) -> None:
    board.report()
    board.decide("kept")
    assert board.report()
    assert (board.case().state, board.case().turn, Report.select().count()) == ("open", 3, 2)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"reason": "because"}, UnknownReason),
        ({"reason": "other", "text": "  "}, NoWords),
        ({"text": "x" * 1001}, TooLong),
    ],
)
def test_what_is_no_report_is_refused_and_nothing_is_kept(
    board: Board, given: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        board.report(**given)
    assert Case.select().count() == 0


def test_nobody_reports_what_they_wrote(board: Board) -> None:
    with pytest.raises(OwnPost):
        board.report(AUTHOR)
    assert Case.select().count() == 0


def test_what_is_not_there_for_a_person_cannot_be_reported(board: Board) -> None:
    board.question = ask(board.ctx(AUTHOR), "municipality", "庁内だけの相談")
    with pytest.raises(NotFound):
        board.report()
    with pytest.raises(NotFound):
        board.report(kind="consult.nothing")


def test_a_report_beyond_the_limit_is_put_off(board: Board) -> None:
    for _ in range(REPORTS.most):
        board.report()
    with pytest.raises(TooMany):
        board.report()


def test_the_audit_names_neither_the_reporter_nor_the_post(board: Board) -> None:
    board.report()
    (entry,) = AuditEntry.select().where(AuditEntry.action == "moderation.report")
    assert (entry.actor_id, entry.actor) == (None, "moderation")
    assert entry.municipality_id == board.ctx(NEIGHBOUR).municipality.id
    assert (entry.object_kind, entry.details) == ("moderation.report", "{}")


def test_what_is_off_cannot_be_reported_and_waits_unseen(board: Board) -> None:
    board.report()
    case = board.case().id
    board.world.switch("072036", "consult", on=False)
    assert board.page("it@koriyama", f"/moderation/cases/{case}")[0] == 404
    assert "確認を待っている投稿はありません" in board.page("it@koriyama", "/moderation/queue")[1]
    board.world.switch("072036", "consult", on=True)
    assert board.page("it@koriyama", f"/moderation/cases/{case}")[0] == 200
