"""Posts whose authors are hidden: nobody learns by a report who or where from they are."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import database
from niwari.errors import NotFound
from niwari.host.discovery import Found
from niwari.identity.models import RoleGrant
from niwari.moderation import cases, deciding, own, reporting
from niwari.moderation.models import Case
from niwari.moderation.refusals import NotThisPerson
from niwari.testing.world import World
from niwari.vault.models import Locker
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
