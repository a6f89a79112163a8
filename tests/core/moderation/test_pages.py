"""The pages of reporting and deciding: forms, their errors, and what they cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from niwari.directory.models import Appointment
from niwari.directory.municipalities import merge_municipality
from niwari.moderation import cases, own, reporting
from niwari.moderation.models import Case, Report
from niwari_consult.models import Question

from .conftest import AUTHOR, MODERATOR, NEIGHBOUR, REGION, Board, ask

SHELL, OWN = 3, 5


def send(board: Board, login: str, path: str, form_at: str, **data: str) -> Any:
    return board.world.client_for(login).submit(path, data, form_at=form_at)


def test_a_report_leads_back_to_the_post(board: Board) -> None:
    path = f"/moderation/report/consult.answer/{board.answer}"
    assert f'href="{path}"' in board.page(NEIGHBOUR, f"/consult/{board.question}")[1]
    answer = send(board, NEIGHBOUR, path, path, reason="insult", text="")
    assert (answer.status_code, answer.location) == (
        303,
        f"/consult/{board.question}#answer-{board.answer}",
    )


def test_a_report_without_a_reason_keeps_what_was_typed(board: Board) -> None:
    path = f"/moderation/report/consult.question/{board.question}"
    answer = send(board, NEIGHBOUR, path, path, text="名前が出ています")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "報告する理由を選んでください。" in page
    assert "名前が出ています" in page
    assert Report.select().count() == 0


def test_a_decision_without_a_reason_is_refused_beside_the_field(board: Board) -> None:
    board.report()
    path = f"/moderation/cases/{board.case().id}"
    answer = send(board, MODERATOR, f"{path}/decide", path, outcome="held", turn="1", reason="")
    assert answer.status_code == 422
    assert "理由を入力してください。" in answer.get_data(as_text=True)


def test_whoever_comes_second_reads_that_it_was_decided(
    board: Board, second_moderator: str
) -> None:
    board.report()
    path = f"/moderation/cases/{board.case().id}"
    given = {"outcome": "held", "turn": "1", "reason": "個人情報です。"}
    assert send(board, MODERATOR, f"{path}/decide", path, **given).status_code == 303
    answer = send(board, second_moderator, f"{path}/decide", path, **given)
    assert answer.status_code == 409
    assert "もう済んでいます" in answer.get_data(as_text=True)


@pytest.mark.parametrize("turn", ["", "x", "0", "99999999999999999999"])
def test_a_turn_that_no_page_gave_changes_nothing(board: Board, turn: str) -> None:
    board.report()
    path = f"/moderation/cases/{board.case().id}"
    given = {"outcome": "held", "turn": turn, "reason": "個人情報です。"}
    assert send(board, MODERATOR, f"{path}/decide", path, **given).status_code == 409
    assert board.case().state == "open"


def test_an_author_reads_the_post_why_and_objects(board: Board) -> None:
    board.report()
    board.decide("held")
    case = str(board.case().id)
    path, form = f"/moderation/mine/post?case={case}", "/moderation/mine/object"
    page = board.page(AUTHOR, path)[1]
    assert "あの人の名前と住所" in page
    assert "個人情報があるため。" in page
    assert f'name="case" value="{case}"' in page
    assert send(board, AUTHOR, form, path, case=case, objection=" ").status_code == 422
    answer = send(board, AUTHOR, form, path, case=case, objection="了解があります。")
    assert (answer.status_code, answer.location, board.case().state) == (303, path, "review")


@pytest.mark.parametrize("case", ["", "x", "0", "99999999999999999999"])
def test_a_case_that_no_page_gave_is_not_there(board: Board, case: str) -> None:
    assert board.page(AUTHOR, f"/moderation/mine/post?case={case}")[0] == 404
    answer = send(board, AUTHOR, "/moderation/mine/object", "/moderation/mine", case=case)
    assert answer.status_code == 404


@pytest.fixture
def cost(board: Board, queries: Callable[[], Any]) -> Callable[[str, str], int]:
    """What a page costs somebody, once the worker knows the town."""

    def cost(login: str, path: str) -> int:
        client = board.world.client_for(login)
        assert client.get(path).status_code == 200, path
        with queries() as log:
            client.get(path)
        return len(log)

    return cost


def test_pages_cost_the_same_with_2_and_with_40_cases(
    board: Board, cost: Callable[[str, str], int]
) -> None:
    def report(count: int) -> None:
        for number in range(count):
            board.question = ask(board.ctx(AUTHOR), title=f"相談{number}")
            Report.update(person=None).execute()
            board.world.clock.advance(hours=1)
            board.report()

    def costs() -> dict[str, int]:
        case = Case.select().order_by(Case.id).get().id
        return {
            path: cost(login, path)
            for login, path in (
                (MODERATOR, "/moderation/queue"),
                (MODERATOR, "/moderation/queue?show=held"),
                (MODERATOR, f"/moderation/cases/{case}"),
                (REGION, "/moderation/region"),
                (AUTHOR, "/moderation/mine"),
                (NEIGHBOUR, "/moderation/mine/reports"),
            )
        }

    report(2)
    few = costs()
    report(38)
    assert costs() == few
    assert max(few.values()) <= SHELL + OWN


def test_lists_go_on_by_page(board: Board) -> None:
    for number in range(cases.PAGE + 1):
        board.question = ask(board.ctx(AUTHOR), title=f"相談{number}")
        board.world.clock.advance(hours=1)
        board.report()
    first = cases.queue(board.ctx(MODERATOR), "town")
    assert (len(first.cases), first.following) == (cases.PAGE, first.cases[-1].id)
    second = cases.queue(board.ctx(MODERATOR), "town", after=first.following or 0)
    assert (len(second.cases), second.following) == (1, None)
    reports, following = own.own_reports(board.ctx(NEIGHBOUR))
    assert (len(reports), len(own.own_reports(board.ctx(NEIGHBOUR), following)[0])) == (20, 1)


def test_cases_go_with_a_municipality_that_is_merged(board: Board) -> None:
    reporting.report(board.ctx(AUTHOR), "consult.answer", board.answer, reason="insult", text="")
    for login in ("staff@miharu", "head@miharu"):
        _leave(board, login)
    today = board.ctx(MODERATOR).today
    merge_municipality(board.world.system_context(), "075213", "072036", today)
    board.world.deliver()
    (waiting,) = cases.queue(board.ctx(MODERATOR), "town").cases
    assert waiting.id == Case.get().id


def test_who_is_no_moderator_finds_no_queue_in_the_menu(board: Board) -> None:
    assert "報告の確認" not in board.page(AUTHOR, "/")[1]
    assert 'href="/moderation/queue"' in board.page(MODERATOR, "/")[1]
    assert Question.select().count() == 1


def _leave(board: Board, login: str) -> None:
    ctx = board.ctx(login)
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.id == ctx.acting.id
    ).execute()
