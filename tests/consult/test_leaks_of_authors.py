"""Nobody learns who asked without a name: two plays with different authors look alike to everybody else.

Every page for the author's head, IT, HR, auditor, moderators and colleagues with headers, the API, search,
notices, mails, exports, the calendar, the catalogue, the ledger, the audit, the log and error pages;
for one of whom a section is named that has one person. Then each kind of leak is planted, and seen.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.consult.leaking import Stage
from tests.consult.playing import ONE, OTHER, TITLE
from tests.consult.surfaces import VIEWERS, leaks

Plant = Callable[[pytest.MonkeyPatch], object]


@pytest.fixture
def stage(database_engines: Any, lent_application: Any, caplog: pytest.LogCaptureFixture) -> Stage:
    return Stage(database_engines, lent_application, caplog)


@pytest.mark.slow
def test_whoever_asked_and_whenever_within_a_quarter_all_others_see_the_same(stage: Stage) -> None:
    """So neither sessions nor the ledger, which have minutes, can be laid beside it."""
    one = stage.seen(ONE, minute=2)
    assert leaks(dict(one), dict(stage.seen(OTHER, minute=13))) == []
    told = {surface for surface, _, _ in one}
    assert told == {"page", "api", "export", "notices", "mail", "log"}
    shown = [
        login for (_, login, path), text in one.items() if path == "/consult/" and TITLE in text
    ]
    assert sorted(shown) == sorted(VIEWERS)


def _byline(patch: pytest.MonkeyPatch) -> None:
    from niwari_consult.service import rows

    patch.setattr(
        rows, "_byline", lambda name, town, section, alias: rows.Byline(alias, town, section)
    )


def _found_by_place(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("niwari.search.describing.hides_place", lambda resource, row: False)


def _place_in_the_api(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("niwari.rest.things.hides_place", lambda resource, row: False)


def _not_told(patch: pytest.MonkeyPatch) -> None:
    from niwari.api import Appointment, posts_with_duty

    def others(ctx: Any, *codes: str) -> Any:
        elsewhere = Appointment.municipality != ctx.municipality.id
        posts = Appointment.id.in_(posts_with_duty(ctx, *codes))
        return Appointment.select(Appointment.id).where(posts & elsewhere)

    patch.setattr("niwari_consult.service.telling.posts_with_duty", others)


def _audited_at_home(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("niwari.vault.author.place_of", lambda ctx: ctx.municipality)


def _handed_out(patch: pytest.MonkeyPatch) -> None:
    def of_town(subject: Any, model: Any) -> Any:
        return model.municipality == (subject.municipality_id or 0)

    patch.setattr("niwari_consult.service.subjects._by", of_town)


def _paused(patch: pytest.MonkeyPatch) -> None:
    from niwari.api import paused
    from niwari_consult.errors import Paused

    def check(question: Any) -> None:
        if paused(question):
            raise Paused(municipality=question.municipality.name)

    patch.setattr("niwari_consult.service.posting.check_open", check)


def _one_letter_everywhere(patch: pytest.MonkeyPatch) -> None:
    from niwari.vault.author import HiddenAuthor

    patch.setattr(
        HiddenAuthor, "_letter", lambda self, thread: "ABCDEFGHIJKLMNOP"[self._person_id % 16]
    )


def _logged(patch: pytest.MonkeyPatch) -> None:
    import logging

    from niwari.api import later_hidden

    def said(ctx: Any, task: str, /, **how: Any) -> bool:
        logging.getLogger("niwari.vault").info("%s by person %s", task, ctx.person_id)
        return later_hidden(ctx, task, **how)

    patch.setattr("niwari_consult.service.posting.later_hidden", said)


def _told_the_minute(patch: pytest.MonkeyPatch) -> None:
    import logging

    from niwari.api import later_hidden

    def said(ctx: Any, task: str, /, **how: Any) -> bool:
        logging.getLogger("niwari.vault").info("%s in minute %s", task, ctx.now.minute)
        return later_hidden(ctx, task, **how)

    patch.setattr("niwari_consult.service.posting.later_hidden", said)


def _mailed(patch: pytest.MonkeyPatch) -> None:
    from niwari.api import Appointment, notify
    from niwari_consult.models import Question

    def tell(ctx: Any, code: str, to: Any, about: Any, **values: Any) -> int:
        home = Appointment.municipality == Question.get_by_id(about.id).municipality_id
        everybody = Appointment.select(Appointment.id).where(Appointment.id.in_(to) | home)
        return notify(ctx, code, everybody, about, **values)

    patch.setattr("niwari_consult.service.telling.notify", tell)


def _in_a_header(patch: pytest.MonkeyPatch) -> None:
    from flask import after_this_request

    from niwari_consult import views
    from niwari_consult.models import Question

    shown = views.get_thread

    def thread(ctx: Any, question_id: int, **how: Any) -> Any:
        found = shown(ctx, question_id, **how)
        town = Question.get_by_id(question_id).municipality_id

        @after_this_request
        def tag(response: Any) -> Any:
            response.set_etag(f"thread-{question_id}-{town}")
            return response

        return found

    patch.setattr(views, "get_thread", thread)


@pytest.mark.of_the_tests
@pytest.mark.slow
@pytest.mark.parametrize(
    ("plant", "surface", "only"),
    [
        (_byline, "page", "/consult/"),
        (_found_by_place, "page", "/search"),
        (_place_in_the_api, "api", ""),
        (_not_told, "notices", ""),
        (_audited_at_home, "page", "/admin/audit"),
        (_handed_out, "export", ""),
        (_paused, "page", "/nowhere"),
        (_one_letter_everywhere, "page", "/consult/"),
        (_logged, "log", ""),
        (_mailed, "mail", ""),
        (_in_a_header, "page", "/consult/"),
    ],
)
def test_each_kind_of_leak_is_seen(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, plant: Plant, surface: str, only: str
) -> None:
    plant(monkeypatch)
    surfaces = frozenset({surface})
    one = stage.seen(ONE, only=only, surfaces=surfaces)
    other = stage.seen(OTHER, only=only, surfaces=surfaces)
    found = leaks(dict(one), dict(other))
    assert found
    assert {kind for kind, _, _ in found} == {surface}


@pytest.mark.of_the_tests
@pytest.mark.slow
def test_a_minute_that_is_told_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    _told_the_minute(monkeypatch)
    surfaces = frozenset({"log"})
    one = stage.seen(ONE, minute=2, surfaces=surfaces)
    other = stage.seen(ONE, minute=13, surfaces=surfaces)
    assert leaks(dict(one), dict(other)) == [("log", "it", "all")]
