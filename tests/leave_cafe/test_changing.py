"""One's own experience: changed and withdrawn by its author alone, by name at once, without one later."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import Subject
from niwari.audit.models import AuditEntry
from niwari.db import connection, transaction
from niwari.db.counting import counted_queries
from niwari.vault.pausing import PausedAuthor, pause_author
from niwari_leave_cafe.dates.schemes import CHILDCARE, PARTNER, REGULAR
from niwari_leave_cafe.models import Experience, Thanks
from niwari_leave_cafe.service import changing, subjects, writing
from niwari_leave_cafe.texts import Written

LIST = "/leave-cafe/experiences"
AUTHOR, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"
WORDS = Written(CHILDCARE, PARTNER, REGULAR, 2026, "夏に一か月の育休", applied="春に相談しました。")

Story = Callable[[bool], int]


def own_page(what: str, page: str) -> str:
    """Return the address where its author changes or withdraws the experience of a page."""
    return f"{LIST}/{what}?experience_id={page.rpartition('/')[2]}"


@pytest.fixture
def later(world: Any, clock: Any) -> Callable[[], None]:
    """Let the next quarter of an hour come."""

    def wait() -> None:
        clock.advance(minutes=15)
        world.work()

    return wait


@pytest.fixture
def story(ctx_for: Any, later: Callable[[], None]) -> Story:
    """Let the author have written, with a name or without; returns the id."""

    def write(is_hidden: bool) -> int:
        ctx = ctx_for(AUTHOR)
        writing.write(ctx, WORDS, audience="region", is_hidden=is_hidden, key=str(uuid4()))
        later()
        return int(Experience.get().id)

    return write


def test_without_a_name_neither_the_own_post_nor_the_experience_is_held(
    ctx_for: Any, story: Story
) -> None:
    number, ctx = story(True), ctx_for(AUTHOR)
    with counted_queries() as counted:
        changing.change(ctx, number, replace(WORDS, headline="秋の育休"), key=str(uuid4()))
        changing.withdraw(ctx, number, key=str(uuid4()))
    # The number of a transaction stands in each row that it held: in both, it would join them.
    own_row = 'SELECT "t1"."id" FROM "directory_person"'
    assert counted.statements
    assert not [
        one for one in counted.statements if one.startswith(own_row) or "FOR NO KEY UPDATE" in one
    ]


@pytest.mark.parametrize("page", ["change_experience", "change", "withdraw"])
def test_what_its_author_alone_opens_is_named_in_the_query(world: Any, page: str) -> None:
    adapter = world.app.url_map.bind("localhost")
    address = adapter.build(f"leave_cafe.{page}", {"experience_id": 4711})
    # The access log has paths beside machines, and no queries.
    assert "4711" in address.partition("?")[2]
    assert "4711" not in address.partition("?")[0]


def typed(**changes: str) -> dict[str, str]:
    """Return what somebody types who mends a word."""
    return {
        "scheme": "childcare",
        "role": "partner",
        "employment": "regular",
        "year": "2025",
        "headline": "夏に二か月の育休",
        "applied": "冬に相談しました。",
        "key": str(uuid4()),
        **changes,
    }


def main_of(client: Any, address: str) -> str:
    return str(client.get(address).get_data(as_text=True)).split("<main")[1]


def acts_on(kind: str = writing.KIND) -> list[Any]:
    return list(AuditEntry.select().where(AuditEntry.object_kind == kind).order_by(AuditEntry.id))


@pytest.mark.parametrize("is_hidden", [False, True])
def test_the_author_changes_it(
    client_for: Any, story: Story, later: Callable[[], None], is_hidden: bool
) -> None:
    page = f"{LIST}/{story(is_hidden)}"
    client = client_for(AUTHOR)
    assert "体験談を直す" in main_of(client, page)
    assert "春に相談しました。" in main_of(client, own_page("change", page))
    answer = client.submit(own_page("change", page), typed(), form_at=own_page("change", page))
    assert answer.status_code == 303
    assert ("夏に二か月の育休" in main_of(client_for(NEIGHBOUR), page)) is not is_hidden
    later()
    shown = main_of(client_for(NEIGHBOUR), page)
    assert "夏に二か月の育休" in shown
    assert "冬に相談しました。" in shown
    with connection():
        assert Experience.get().year == 2025
        written, changed = acts_on()
        assert (written.action, changed.action) == ("leave_cafe.write", "leave_cafe.change")
        assert (changed.actor_id is None) is is_hidden


@pytest.mark.parametrize("is_hidden", [False, True])
def test_the_author_withdraws_it_with_its_marks(
    client_for: Any, ctx_for: Any, story: Story, later: Callable[[], None], is_hidden: bool
) -> None:
    number = story(is_hidden)
    with connection():
        writing.thank(ctx_for(NEIGHBOUR), number, on=True)
    client, page = client_for(AUTHOR), f"{LIST}/{number}"
    for _ in range(2):
        client.submit(own_page("withdraw", page), {"key": str(uuid4())}, form_at=LIST)
    later()
    assert client_for(NEIGHBOUR).get(page).status_code == 404
    with connection():
        assert (Experience.select().count(), Thanks.select().count()) == (0, 0)
        assert [one.action for one in acts_on()] == ["leave_cafe.write", "leave_cafe.withdraw"]


@pytest.mark.parametrize("is_hidden", [False, True])
@pytest.mark.parametrize("login", [NEIGHBOUR, "head@koriyama", "hr@koriyama", "it@koriyama"])
def test_nobody_else_does(
    client_for: Any, story: Story, later: Callable[[], None], login: str, is_hidden: bool
) -> None:
    page, client = f"{LIST}/{story(is_hidden)}", client_for(login)
    assert "体験談を直す" not in main_of(client, page)
    assert client.get(own_page("change", page)).status_code == 403
    assert client.submit(own_page("change", page), typed(), form_at=LIST).status_code == 403
    answer = client.submit(own_page("withdraw", page), {"key": str(uuid4())}, form_at=LIST)
    assert answer.status_code == 403
    later()
    with connection():
        assert Experience.get().headline == "夏に一か月の育休"
        assert len(acts_on()) == 1


@pytest.mark.parametrize("is_hidden", [False, True])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"headline": " "}, "文字が入っていません。書いてください。"),
        ({"headline": "夏\u202eb"}, "使えない文字"),
        ({"applied": ""}, "四つの欄のうち、一つ以上に書いてください。"),
        ({"year": "2027"}, "西暦で入力してください。"),
        ({"scheme": "strike"}, "選択肢から選んでください。"),
        ({"key": "x"}, "画面を読み込み直してください。"),
    ],
)
def test_what_is_wrong_changes_nothing_and_is_kept(
    client_for: Any,
    story: Story,
    later: Callable[[], None],
    wrong: dict[str, str],
    sentence: str,
    is_hidden: bool,
) -> None:
    page, client = f"{LIST}/{story(is_hidden)}", client_for(AUTHOR)
    answer = client.submit(
        own_page("change", page), typed(**wrong), form_at=own_page("change", page)
    )
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert sentence in shown
    assert "夏に二か月の育休" in shown or "headline" in wrong
    later()
    with connection():
        assert Experience.get().headline == "夏に一か月の育休"


@pytest.mark.parametrize("is_hidden", [False, True])
def test_sent_twice_it_is_one_change(
    client_for: Any, story: Story, later: Callable[[], None], is_hidden: bool
) -> None:
    page, client, words = f"{LIST}/{story(is_hidden)}", client_for(AUTHOR), typed()
    for _ in range(2):
        answer = client.submit(own_page("change", page), words, form_at=own_page("change", page))
        assert answer.status_code == 303
    later()
    with connection():
        assert [one.action for one in acts_on()] == ["leave_cafe.write", "leave_cafe.change"]


def test_a_change_after_a_withdrawal_is_stopped_and_says_nothing_of_anybody(
    client_for: Any, story: Story, later: Callable[[], None]
) -> None:
    page, client = f"{LIST}/{story(True)}", client_for(AUTHOR)
    client.submit(own_page("withdraw", page), {"key": str(uuid4())}, form_at=LIST)
    client.submit(own_page("change", page), typed(), form_at=own_page("change", page))
    later()
    with connection():
        assert Experience.select().count() == 0
        assert all(one.actor_id is None for one in acts_on())


def test_a_paused_author_withdraws_what_was_written_without_a_name_and_writes_no_more(
    ctx_for: Any, story: Story, later: Callable[[], None]
) -> None:
    number, ctx = story(True), ctx_for(AUTHOR)
    row = Experience.get_by_id(number)
    with transaction(ctx):
        pause_author(ctx, "leave_cafe.experience", number, row.sealed, ctx.today)
    with pytest.raises(PausedAuthor):
        changing.change(ctx, number, replace(WORDS, headline="秋の育休"), key=str(uuid4()))
    changing.withdraw(ctx, number, key=str(uuid4()))
    later()
    with connection():
        assert Experience.select().count() == 0


def test_whoever_wrote_and_marked_much_is_erased_by_short_statements(
    ctx_for: Any, monkeypatch: pytest.MonkeyPatch, later: Callable[[], None]
) -> None:
    monkeypatch.setattr(subjects, "_AT_ONCE", 2)
    ctx, other = ctx_for(AUTHOR), ctx_for(NEIGHBOUR)
    for _ in range(5):
        writing.write(ctx, WORDS, audience="region", is_hidden=True, key=str(uuid4()))
        writing.write(other, WORDS, audience="region", is_hidden=False, key=str(uuid4()))
    later()
    for row in list(Experience.select()):
        writing.thank(other if row.is_hidden else ctx, row.id, on=True)
    with transaction(ctx), counted_queries() as counted:
        receipt = subjects.erase(Subject(person_id=ctx.person_id))
    assert receipt.erased == 15  # five of its own with a mark each, and five marks
    assert [(row.author_id, row.thanks) for row in Experience.select()] == [
        (other.acting.id, 0)
    ] * 5
    named = [
        one for one in counted.statements if '"leave_cafe_experience"' in one and " IN (" in one
    ]
    assert max(one.count("?") + one.count("%s") for one in named if "envelope" not in one) <= 4
