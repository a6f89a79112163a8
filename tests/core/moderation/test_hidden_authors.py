"""Posts whose authors are hidden: nobody learns by a report who or where from they are."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import database, transaction
from niwari.errors import NotFound
from niwari.host.discovery import Found
from niwari.identity.models import RoleGrant
from niwari.moderation import cases, deciding, own, reporting
from niwari.moderation.models import Case
from niwari.moderation.refusals import NothingToPause, NotThisPerson
from niwari.moderation.sweeping import sweep
from niwari.specs.contributions import Subject
from niwari.testing.world import World
from niwari.vault.models import Locker, Pause
from niwari.vault.pausing import PausedAuthor
from niwari.vault.subjects import erase
from tests.core.whispering import whisper as write

from .conftest import ask, let_moderate

KIND, HIDDEN = "whisper.whisper", "staff@miharu"


@pytest.fixture
def town(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """Somebody of Miharu wrote without a name, for the region, and a neighbour reported it."""
    world = open_world([trial_plugins["whisper"]])
    let_moderate(world, "head@miharu")
    post = world.ctx_for("staff2@koriyama").acting.id
    RoleGrant.create(appointment=post, role="secretariat", reason="交代")
    report(world, whisper(world, HIDDEN, "あの人が悪い"))
    return world


def whisper(world: World, login: str, text: str) -> int:
    return write(world.ctx_for(login), text)


def report(world: World, row: int) -> None:
    reporting.report(world.ctx_for("staff@sukagawa"), KIND, row, reason="insult", text="名指しです")


def decide(world: World, outcome: str, login: str = "secretariat") -> None:
    case = Case.select().order_by(Case.id.desc()).get()
    deciding.decide(
        world.ctx_for(login), "region", case.id, turn=case.turn, outcome=outcome, reason="名指し"
    )


def acts_of(world: World, login: str) -> int:
    return AuditEntry.select().where(AuditEntry.actor_id == world.ctx_for(login).acting.id).count()


def test_it_waits_at_the_region_and_its_town_is_not_told(town: World) -> None:
    case = Case.get()
    assert (case.level, case.author_id, case.is_hidden) == ("region", None, True)
    assert cases.queue(town.ctx_for("head@miharu"), "town").cases == ()
    with pytest.raises(NotFound):
        cases.shown(town.ctx_for("head@miharu"), "town", case.id)
    (waiting,) = cases.queue(town.ctx_for("secretariat"), "region").cases
    assert waiting.town == ""
    answer = town.client_for("secretariat").get(f"/moderation/region/cases/{case.id}")
    page = answer.get_data(as_text=True)
    assert "あの人が悪い" in page
    assert "三春町" not in page


def test_a_decision_stands_in_no_audit_of_the_authors_town(town: World) -> None:
    decide(town, "held")
    (entry,) = AuditEntry.select().where(AuditEntry.action == "moderation.held")
    assert entry.municipality_id == town.ctx_for("secretariat").municipality.id


def test_its_author_alone_finds_it_and_objects_without_a_trace(town: World) -> None:
    decide(town, "held")
    author = town.ctx_for(HIDDEN)
    (mine,), _ = own.own_cases(author)
    for login in ("head@miharu", "staff@koriyama", "staff2@koriyama"):
        assert own.own_cases(town.ctx_for(login)) == ([], None)
    acts = acts_of(town, HIDDEN)
    own.object_to(author, mine.id, "事実を書いただけです。")
    assert acts_of(town, HIDDEN) == acts
    case = Case.get()
    assert (case.state, case.objected_at.minute % 15, case.objected_at.second) == ("review", 0, 0)
    assert case.author_id is None


def test_what_a_hidden_author_objected_is_gone_after_the_review(town: World) -> None:
    decide(town, "held")
    own.object_to(town.ctx_for(HIDDEN), Case.get().id, "事実を書いただけです。")
    with pytest.raises(NotThisPerson):
        decide(town, "released")
    decide(town, "released", "staff2@koriyama")
    assert (Case.get().state, Case.get().objection) == ("released", "")


def test_a_moderator_who_wrote_it_does_not_decide(town: World) -> None:
    report(town, whisper(town, "secretariat", "わたしが書きました"))
    with pytest.raises(NotThisPerson):
        decide(town, "kept")


def test_where_the_locker_does_not_open_the_page_says_so(town: World) -> None:
    decide(town, "held")
    Locker.update(sealed="broken").execute()
    answer = town.client_for(HIDDEN).get("/moderation/mine")
    assert answer.status_code == 200
    assert "鍵がないため" in answer.get_data(as_text=True)
    page = town.client_for(HIDDEN).get(f"/moderation/mine/post?case={Case.get().id}")
    assert page.status_code == 404


def test_the_paths_that_the_author_opens_are_those_of_everybody(town: World) -> None:
    decide(town, "held")
    case, client = str(Case.get().id), town.client_for(HIDDEN)
    listed = client.get("/moderation/mine").get_data(as_text=True)
    assert f'href="/moderation/mine/post?case={case}"' in listed
    page = client.get(f"/moderation/mine/post?case={case}")
    assert page.status_code == 200
    # The access log of niwari serve has the path alone, and the path names no case.
    assert 'action="/moderation/mine/object"' in page.get_data(as_text=True)
    told = {"case": case, "objection": "事実です。"}
    answer = client.submit("/moderation/mine/object", told, form_at=page.request.full_path)
    assert (answer.status_code, Case.get().state) == (303, "review")
    for rule in town.app.url_map.iter_rules():
        assert "case_id" not in rule.arguments or not rule.rule.startswith("/moderation/mine")


def test_narrowed_to_its_town_later_it_stays_the_region_s(town: World) -> None:
    from niwari_whisper.models import Whisper

    Whisper.update(audience="municipality").execute()
    (waiting,) = cases.queue(town.ctx_for("secretariat"), "region").cases
    shown = cases.shown(town.ctx_for("secretariat"), "region", waiting.id)
    assert (shown.may, shown.town) == (("kept", "held"), "")
    decide(town, "held")
    assert Case.get().state == "held"
    with pytest.raises(NotFound):
        cases.shown(town.ctx_for("head@miharu"), "town", waiting.id)


def test_without_a_region_the_own_town_decides(town: World) -> None:
    database.execute_sql("DELETE FROM directory_region_membership")
    assert len(cases.queue(town.ctx_for("head@miharu"), "town").cases) == 1
    assert cases.queue(town.ctx_for("secretariat"), "region").cases == ()


def test_a_post_whose_place_alone_is_hidden_goes_to_the_region_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    consult = world.host.plugins["consult"]
    (resource,) = consult.contributions.resources
    told = replace(resource, hidden_place=lambda row: True)
    here = replace(consult.contributions, resources=(told,))
    monkeypatch.setattr(consult, "contributions", here)
    question = ask(world.ctx_for(HIDDEN))
    neighbour = world.ctx_for("staff@sukagawa")
    reporting.report(neighbour, "consult.question", question, reason="insult", text="名指しです")
    case = Case.get()
    assert (case.is_hidden, case.author_id, case.level) == (True, None, "region")
    (waiting,) = cases.queue(world.ctx_for("secretariat"), "region").cases
    assert waiting.town == ""
    assert cases.queue(world.ctx_for("head@miharu"), "town").cases == ()


def pause(world: World, outcome: str = "held", *, ticked: bool = True) -> None:
    case = Case.select().order_by(Case.id.desc()).get()
    deciding.decide(
        world.ctx_for("secretariat"),
        "region",
        case.id,
        turn=case.turn,
        outcome=outcome,
        reason="名指し",
        pause=ticked,
    )


def test_a_paused_author_writes_by_name_alone_and_nobody_learns_who(town: World) -> None:
    pause(town)
    last = town.ctx_for(HIDDEN).today + timedelta(days=30)
    with pytest.raises(PausedAuthor, match=last.isoformat()):
        whisper(town, HIDDEN, "もう一度")
    for login in ("head@miharu", "staff@koriyama", "secretariat"):
        assert whisper(town, login, "別の人です")
    person = town.ctx_for(HIDDEN).person_id
    (row,) = Pause.select().dicts()
    assert person not in row.values()
    (entry,) = AuditEntry.select().where(AuditEntry.action == "moderation.pause")
    assert entry.municipality_id == town.ctx_for("secretariat").municipality.id
    page = town.client_for("secretariat").get(f"/moderation/region/cases/{Case.get().id}").text
    assert "書いた人は、2026年12月10日（木）まで名前を出さずに書けません。" in page
    assert "三春町" not in page
    mine = town.client_for(HIDDEN).get(f"/moderation/mine/post?case={Case.get().id}").text
    assert "2026年12月10日（木）までは、名前を出さずに書けません。" in mine


def test_a_pause_ends_by_itself_and_goes(town: World) -> None:
    pause(town)
    town.clock.advance(days=30)
    with pytest.raises(PausedAuthor):
        whisper(town, HIDDEN, "まだです")
    sweep(town.clock())
    assert Pause.select().count() == 1
    town.clock.advance(days=1)
    assert whisper(town, HIDDEN, "もう書けます")
    sweep(town.clock())
    assert Pause.select().count() == 0


def test_released_again_the_author_writes_again(town: World) -> None:
    pause(town)
    own.object_to(town.ctx_for(HIDDEN), Case.get().id, "事実を書いただけです。")
    decide(town, "released", "staff2@koriyama")
    assert whisper(town, HIDDEN, "もう書けます")


def test_only_the_hidden_author_of_what_is_held_back_is_paused(town: World) -> None:
    with pytest.raises(NothingToPause):
        pause(town, "kept")
    town.host.resource(KIND)[1].model.update(envelope="").execute()  # the author was erased
    with pytest.raises(NothingToPause):
        pause(town)
    assert Case.get().state == "open"
    assert Pause.select().count() == 0


def test_a_moderator_pauses_on_the_page_which_keeps_what_was_typed(town: World) -> None:
    client = town.client_for("secretariat")
    page = f"/moderation/region/cases/{Case.get().id}"
    typed = {"reason": "名指し", "turn": "1", "pause": "y"}
    refused = client.submit(f"{page}/decide", typed | {"outcome": "kept"}, form_at=page)
    assert refused.status_code == 422
    assert "止められるのは、名前を出さずに書かれた投稿の表示を止めるときだけです。" in refused.text
    assert "名指し" in refused.text
    for _ in range(2):  # a double click
        done = client.submit(f"{page}/decide", typed | {"outcome": "held"}, form_at=page)
        assert done.status_code == 303
    assert Pause.select().count() == 1


def test_erasing_the_person_forgets_the_pause_and_says_the_same_of_everybody(town: World) -> None:
    pause(town)
    receipts = []
    for login in ("staff@koriyama", HIDDEN):
        ctx = town.ctx_for(login)
        with transaction(ctx):
            receipts.append(erase(ctx, Subject(person_id=ctx.person_id)))
    assert receipts[0] == receipts[1]
    assert Pause.select().count() == 0
