"""What files of people's data say of moderation: to oneself, to HR, and beside the audit."""

import json

from niwari.audit import service as audit
from niwari.cli.language import command_context
from niwari.context import Context
from niwari.db import transaction
from niwari.moderation import own
from niwari.specs.contributions import Record, Subject
from niwari.stewardship import subjects
from niwari.stewardship.keepers import keepers
from tests.core.moderation.conftest import AUTHOR, MODERATOR, NEIGHBOUR, REGION, Board, let_moderate

HR = "hr@koriyama"


def file_of(board: Board, login: str, by: str | Context) -> list[Record]:
    """What somebody's file says of moderation, made by somebody in the same town or a command."""
    found: list[Record] = []
    ctx = board.ctx(by) if isinstance(by, str) else by
    subject = Subject(board.ctx(login).person_id, board.ctx(login).municipality.id)
    for keeper in keepers(board.world.dispatcher, "ja"):
        subjects.export(ctx, board.world.dispatcher, keeper.name, subject, found.append)
    return [one for one in found if "moderation" in json.dumps([one.kind, dict(one.data)])]


def test_an_author_learns_of_a_decision_and_not_of_a_report(board: Board) -> None:
    board.report()
    assert file_of(board, AUTHOR, by=AUTHOR) == []
    board.decide("held")
    told, held = sorted(file_of(board, AUTHOR, by=AUTHOR), key=lambda one: one.kind, reverse=True)
    assert (told.kind, told.data["kind"]) == ("notices.received", "moderation.own_held")
    assert (held.kind, held.data["state"]) == ("moderation.case", "held")


def test_hr_learns_neither_who_reports_nor_whose_posts_are_held_back(board: Board) -> None:
    board.report("staff2@koriyama")
    board.decide("held")
    own.object_to(board.ctx(AUTHOR), board.case().id, "見直してください。")
    ctx = board.ctx("staff2@koriyama")
    with transaction(ctx):  # as it was noted once
        audit.record(ctx, "moderation.report", "moderation.report", 1)
    board.decide("released", REGION, "region")
    command = command_context(board.world.clock(), "niwari", board.ctx(HR).municipality)
    for login in (AUTHOR, "staff2@koriyama"):
        assert [file_of(board, login, by=by) for by in (HR, command)] == [[], []]
    assert told_in(file_of(board, "staff2@koriyama", by="staff2@koriyama")) == {
        "moderation.report",
        "audit.entry",
        "moderation.decided",
    }
    assert told_in(file_of(board, AUTHOR, by=AUTHOR)) == {
        "moderation.case",
        "audit.entry",
        "moderation.own_held",
        "moderation.own_released",
    }


def told_in(found: list[Record]) -> set[str]:
    """What the records are, and of notices which kind they are of."""
    return {one.data["kind"] if one.kind == "notices.received" else one.kind for one in found}


def test_hr_reads_what_a_moderator_decided(board: Board) -> None:
    board.report()
    board.decide("held")
    kinds = told_in(file_of(board, MODERATOR, by=HR))
    assert kinds == {"moderation.decision", "audit.entry", "moderation.waits"}


def test_moderators_read_the_day_of_a_report_and_not_the_minute(board: Board) -> None:
    board.world.clock.advance(minutes=77)
    board.report()
    let_moderate(board.world, "staff2@koriyama")
    _, page = board.page("staff2@koriyama", f"/moderation/cases/{board.case().id}")
    assert "11月10日（火）" in page
    assert "10:17" not in page
    assert board.ctx(NEIGHBOUR).now.minute == 17
