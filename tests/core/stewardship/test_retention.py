"""保存期間と廃棄: what HR sets is followed from the next day on, with a record of each removal."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.host.discovery import installed_plugins
from niwari.specs.contributions import Receipt
from niwari.stewardship.disposing import disposals, dispose_due
from niwari.stewardship.models import Disposal, RetentionRule
from niwari.stewardship.retention import first_kept
from niwari.testing.world import KORIYAMA, World
from niwari_consult.models import Answer, Question
from niwari_consult.service import posting
from niwari_consult.texts import Plain

HR = "hr@koriyama"
RULE = "/stewardship/retention/consult/questions"


def ask(world: World, login: str, last_used: datetime) -> int:
    ctx = world.ctx_for(login)
    text, key = Plain("どうしていますか。"), str(uuid4())
    asked = posting.ask(
        ctx, topic="other", title="古い相談", text=text, audience="region", form_key=key
    )
    Question.update(last_activity_at=last_used).where(Question.id == asked.id).execute()
    return int(asked.id)


def choose(world: World, years: str, *, login: str = HR) -> Any:
    return world.client_for(login).submit(RULE, {"years": years}, form_at=RULE)


def there(question: int) -> bool:
    return bool(Question.select().where(Question.id == question).exists())


def run(world: World) -> int:
    return dispose_due(world.dispatcher, world.clock())


@pytest.mark.parametrize(
    ("today", "years", "first"),
    [
        (date(2026, 11, 10), 1, date(2025, 11, 10)),
        (date(2028, 2, 29), 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 4, date(2024, 2, 29)),
        (date(2027, 3, 1), 5, date(2022, 3, 1)),
    ],
)
def test_the_first_day_that_is_kept_is_the_same_day_years_ago(
    today: date, years: int, first: date
) -> None:
    assert first_kept(today, years) == first


def test_nothing_is_disposed_of_unless_hr_says_so(world: World) -> None:
    old = ask(world, "staff@koriyama", world.clock() - timedelta(days=9_000))
    assert run(world) == 0
    assert there(old)
    assert "廃棄しない" in world.client_for(HR).get("/stewardship/retention").text


def test_what_is_set_today_begins_tomorrow_and_leaves_a_record(world: World) -> None:
    day = first_kept(world.ctx_for(HR).today + timedelta(days=1), 5)
    midnight = datetime(day.year, day.month, day.day, tzinfo=TOKYO)
    old = ask(world, "staff@koriyama", midnight - timedelta(seconds=1))
    kept = ask(world, "staff@koriyama", midnight)
    neighbours = ask(world, "staff@sukagawa", midnight - timedelta(days=900))
    assert choose(world, "5").status_code == 303
    assert run(world) == 0
    assert there(old)
    world.clock.advance(days=1)
    assert run(world) == 1
    assert [there(one) for one in (old, kept, neighbours)] == [False, True, True]
    record = Disposal.get()
    assert (record.erased, record.years, record.before) == (1, 5, day)
    page = world.client_for(HR).get("/stewardship/disposals").text
    assert "相談と回答の文章" in page
    assert "5年" in page
    noted = AuditEntry.get(AuditEntry.action == "stewardship.dispose")
    assert (noted.object_id, noted.municipality_id) == (record.id, record.municipality_id)


def test_answers_go_with_their_question_whoever_wrote_them(world: World) -> None:
    old = ask(world, "staff@koriyama", world.clock())
    key = str(uuid4())
    posting.answer(world.ctx_for("staff@sukagawa"), old, body="こうです。", form_key=key)
    Question.update(last_activity_at=world.clock() - timedelta(days=800)).execute()
    choose(world, "1")
    world.clock.advance(days=1)
    assert run(world) == 2
    assert Answer.select().count() == 0


def test_it_is_looked_at_once_a_day(world: World) -> None:
    choose(world, "1")
    world.clock.advance(days=1)
    run(world)
    old = ask(world, "staff@koriyama", world.clock() - timedelta(days=800))
    assert run(world) == 0
    assert there(old)
    world.clock.advance(days=1)
    assert run(world) == 1


def test_where_it_is_paused_it_goes_on_and_where_it_is_off_nothing_is_removed(
    world: World,
) -> None:
    old = ask(world, "staff@koriyama", world.clock() - timedelta(days=800))
    choose(world, "1")
    world.clock.advance(days=1)
    world.switch(KORIYAMA, "consult", on=False)
    assert run(world) == 0
    assert there(old)
    world.switch(KORIYAMA, "consult", on=True)
    assert run(world) == 1


def test_a_plugin_that_fails_loses_nothing_and_is_asked_again_the_next_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ask(world, "staff@koriyama", world.clock() - timedelta(days=800))
    choose(world, "1")
    world.clock.advance(days=1)
    calls = []

    def removes_then_fails(ctx: object, before: date) -> Receipt:
        calls.append(before)
        Question.delete().where(Question.id == old).execute()
        raise RuntimeError("halfway")

    with monkeypatch.context() as broken:
        broken.setattr("niwari_consult.service.disposing.dispose", removes_then_fails)
        assert [run(world), run(world)] == [0, 0]
    assert len(calls) == 1
    assert there(old)
    assert Disposal.select().count() == 0
    world.clock.advance(days=1)
    assert run(world) == 1


def test_many_go_in_portions_each_with_its_record(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niwari_consult.service.disposing.PORTION", 2)
    for _ in range(5):
        ask(world, "staff@koriyama", world.clock() - timedelta(days=800))
    choose(world, "1")
    world.clock.advance(days=1)
    assert run(world) == 5
    assert [row.erased for row in Disposal.select().order_by(Disposal.id)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0", "1年から30年までの整数を入力してください。"),
        ("31", "1年から30年までの整数を入力してください。"),
        ("五", "整数を入力してください。"),
    ],
)
def test_a_wrong_number_is_said_beside_the_field_and_kept(
    world: World, typed: str, said: str
) -> None:
    answer = choose(world, typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert RetentionRule.select().count() == 0


def test_an_empty_field_keeps_again(world: World) -> None:
    old = ask(world, "staff@koriyama", world.clock() - timedelta(days=800))
    choose(world, "1")
    assert choose(world, "").status_code == 303
    world.clock.advance(days=1)
    assert run(world) == 0
    assert there(old)


def test_two_clicks_set_it_once(world: World) -> None:
    assert [choose(world, "3").status_code for _ in range(2)] == [303, 303]
    acts = AuditEntry.select().where(AuditEntry.action == "stewardship.retention")
    assert (RetentionRule.select().count(), acts.count()) == (1, 1)


def test_a_category_that_is_none_and_a_feature_that_is_off_have_no_page(world: World) -> None:
    client = world.client_for(HR)
    assert client.get("/stewardship/retention/consult/nothing").status_code == 404
    for plugin in installed_plugins():
        world.switch(KORIYAMA, plugin.name, on=False)
    assert client.get(RULE).status_code == 404
    assert "まだありません" in client.get("/stewardship/retention").text


def test_the_records_are_given_as_csv_and_those_of_another_town_are_not_seen(world: World) -> None:
    ask(world, "staff@koriyama", world.clock() - timedelta(days=800))
    choose(world, "1")
    world.clock.advance(days=1)
    run(world)
    csv = world.client_for(HR).get("/stewardship/disposals.csv").get_data().decode("utf-8-sig")
    assert csv.splitlines()[1].endswith(",1,2025-11-11,1,0")
    assert len(disposals(world.ctx_for(HR)).records) == 1
    assert disposals(world.ctx_for("head@sukagawa")).records == ()


def test_a_plugin_that_always_has_more_to_do_is_left_for_the_next_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niwari.stewardship.disposing.MOST_ROUNDS", 3)
    choose(world, "1")
    world.clock.advance(days=1)

    def more(ctx: object, before: date) -> Receipt:
        return Receipt(erased=1)

    with monkeypatch.context() as endless:
        endless.setattr("niwari_consult.service.disposing.dispose", more)
        assert [run(world), run(world)] == [3, 0]
    assert Disposal.select().count() == 3


def test_a_turn_that_is_over_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ask(world, "staff@koriyama", world.clock() - timedelta(days=800))
    choose(world, "1")
    world.clock.advance(days=1)
    with monkeypatch.context() as short:
        short.setattr("niwari.stewardship.disposing.TURN", 0.0)
        assert run(world) == 0
    assert there(old)
    assert run(world) == 1
