"""Experiences: who sees them, by name or without, what is refused, and who was helped."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import NotFound, StaleForm, Subject, transaction
from niwari.audit.models import AuditEntry
from niwari.db import connection, database, is_postgresql
from niwari.db.counting import counted_queries
from niwari_leave_cafe import plugin
from niwari_leave_cafe.dates.schemes import BEARING, CHILDCARE, PARTNER, REGULAR
from niwari_leave_cafe.models import Experience, Thanks
from niwari_leave_cafe.service import reading, writing
from niwari_leave_cafe.service.reading import Filters
from niwari_leave_cafe.texts import Paused, Written

LIST = "/leave-cafe/experiences"
AUTHOR, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"
WORDS = Written(CHILDCARE, PARTNER, REGULAR, 2026, "夏に一か月の育休", applied="春に相談しました。")

Post = Callable[..., int | None]


@pytest.fixture
def post(ctx_for: Any) -> Post:
    """Post an experience by login; returns its id."""

    def write(
        login: str = AUTHOR,
        written: Written = WORDS,
        *,
        audience: str = "region",
        is_hidden: bool = False,
        key: str = "",
    ) -> int | None:
        return writing.write(
            ctx_for(login),
            written,
            audience=audience,
            is_hidden=is_hidden,
            key=key or str(uuid4()),
        ).id

    return write


@pytest.fixture
def form() -> dict[str, str]:
    """What somebody types into the form."""
    return {
        "scheme": "childcare",
        "role": "partner",
        "employment": "regular",
        "year": "2026",
        "headline": "夏に一か月の育休",
        "applied": "春に相談しました。",
        "audience": "region",
        "key": str(uuid4()),
    }


def page_of(client: Any, address: str) -> str:
    return str(client.get(address).get_data(as_text=True))


def test_the_region_reads_it_with_the_name(client_for: Any, form: dict[str, str]) -> None:
    answer = client_for(AUTHOR).submit(f"{LIST}/new", form)
    assert answer.status_code == 303
    neighbour = client_for(NEIGHBOUR)
    assert "夏に一か月の育休" in page_of(neighbour, LIST)
    page = page_of(neighbour, answer.location)
    assert "春に相談しました。" in page
    assert "郡山市" in page
    assert "夏に一か月の育休" in page_of(neighbour, "/")


def test_what_is_for_the_town_is_not_there_next_door(client_for: Any, post: Post) -> None:
    own = post(audience="municipality")
    assert client_for(NEIGHBOUR).get(f"{LIST}/{own}").status_code == 404
    assert "夏に一か月の育休" not in page_of(client_for(NEIGHBOUR), LIST)
    assert client_for("head@koriyama").get(f"{LIST}/{own}").status_code == 200


def test_a_hidden_author_is_on_no_page_and_in_no_row(
    client_for: Any, post: Post, world: Any, clock: Any
) -> None:
    assert post(is_hidden=True) is None
    assert "夏に一か月の育休" not in page_of(client_for(NEIGHBOUR), LIST)
    clock.advance(minutes=15)
    world.work()
    with connection():
        row = Experience.get()
        assert (row.author_id, row.hidden_on) == (None, date(2026, 11, 10))
        assert AuditEntry.select().where(AuditEntry.object_kind == writing.KIND).count() == 1
        (entry,) = AuditEntry.select().where(AuditEntry.object_kind == writing.KIND)
        assert entry.actor_id is None
    for login in (AUTHOR, NEIGHBOUR, "it@koriyama", "hr@koriyama"):
        client = client_for(login)
        for address in (LIST, f"{LIST}/{row.id}"):
            main = page_of(client, address).split("<main")[1]
            assert "匿名の職員A" in main
            assert "職員一" not in main
            assert "市民課" not in main


def test_what_waits_without_a_name_is_written_without_touching_the_authors_post(
    ctx_for: Any,
) -> None:
    author = ctx_for(AUTHOR)
    with counted_queries() as counted:
        writing.write(author, WORDS, audience="region", is_hidden=True, key=str(uuid4()))
    assert not [one for one in counted.statements if "directory_appointment" in one]
    assert not [one for one in counted.statements if 'FROM "directory_person"' in one]
    if is_postgresql():
        with connection():
            # The number of the transaction that locked a row stands in it, until it is written anew.
            post_and_act = (
                "SELECT p.xmax = a.xmin FROM directory_appointment p, vault_hidden_act a"
                f" WHERE p.id = {author.acting.id}"
            )
            assert database.execute_sql(post_and_act).fetchall() == [(False,)]


@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_form_sent_twice_is_one_experience(
    client_for: Any, form: dict[str, str], world: Any, clock: Any, is_hidden: bool
) -> None:
    client = client_for(AUTHOR)
    typed = {**form, "hide_name": "y"} if is_hidden else form
    for _ in range(2):
        assert client.submit(f"{LIST}/new", typed).status_code == 303
    assert "もう届いています。" in page_of(client, LIST)
    clock.advance(minutes=15)
    world.work()
    with connection():
        assert Experience.select().count() == 1


def test_somebody_elses_key_leads_nowhere(post: Post) -> None:
    key = str(uuid4())
    post(key=key)
    with pytest.raises(StaleForm):
        post(NEIGHBOUR, key=key)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"scheme": ""}, "scheme", "選択肢から選んでください。"),
        ({"scheme": "strike"}, "scheme", "選択肢から選んでください。"),
        ({"role": "uncle"}, "role", "選択肢から選んでください。"),
        ({"employment": "x"}, "employment", "選択肢から選んでください。"),
        ({"audience": "section"}, "audience", "選択肢から選んでください。"),
        ({"year": "2027"}, "year", "1990から2026までの西暦"),
        ({"year": ""}, "year", "1990から2026までの西暦"),
        ({"year": "x"}, "year", "整数を入力してください。"),
        ({"headline": "　"}, "headline", "文字が入っていません。"),
        ({"headline": "あ" * 81}, "headline", "80文字以内"),
        ({"applied": " "}, "applied", "一つ以上に書いてください。"),
        ({"returned": "あ" * 5001}, "returned", "5000文字以内"),
        ({"helped": "a\u202eb"}, "helped", "使えない文字"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client_for: Any, form: dict[str, str], changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = client_for(AUTHOR).submit(f"{LIST}/new", {**form, **changes})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page.split(f'id="{field}-error"')[1].split("</p>")[0]
    with connection():
        assert Experience.select().count() == 0


@pytest.mark.parametrize("key", ["", "1"])
def test_a_form_without_its_key_is_refused(client_for: Any, form: dict[str, str], key: str) -> None:
    answer = client_for(AUTHOR).submit(f"{LIST}/new", {**form, "key": key})
    assert answer.status_code == 422
    assert "画面を読み込み直してください。" in answer.get_data(as_text=True)


def test_filters_narrow_and_pages_follow_each_other(ctx_for: Any, post: Post) -> None:
    for number in range(25):
        post(written=replace(WORDS, headline=f"体験 {number}", year=2020 + number % 2))
    post(written=replace(WORDS, role=BEARING, scheme="after_birth", employment="fixed_term"))
    ctx = ctx_for(NEIGHBOUR)
    first, following = reading.found(ctx, Filters())
    assert following is not None
    second, end = reading.found(ctx, Filters(), before=following)
    assert (len(first), len(second), end) == (20, 6, None)
    assert len({one.id for one in [*first, *second]}) == 26
    counts = {
        "year": len(reading.found(ctx, Filters(year=2020))[0]),
        "role": len(reading.found(ctx, Filters(role=BEARING))[0]),
        "scheme": len(reading.found(ctx, Filters(scheme="after_birth"))[0]),
        "employment": len(reading.found(ctx, Filters(employment="fixed_term"))[0]),
        "all": len(reading.found(ctx, Filters("childcare", PARTNER, REGULAR, 2021))[0]),
    }
    assert counts == {"year": 13, "role": 1, "scheme": 1, "employment": 1, "all": 12}


def test_a_mark_is_counted_once_and_can_be_taken_back(client_for: Any, post: Post) -> None:
    address = f"{LIST}/{post()}"
    client = client_for(NEIGHBOUR)
    for on, count in (("y", 1), ("y", 1), ("", 0), ("", 0), ("y", 1)):
        answer = client.submit(f"{address}/thanks", {"on": on}, form_at=address)
        assert answer.status_code == 303
        assert f"助かりました {count}" in page_of(client, address)
    assert "「助かりました」を取り消す" in page_of(client, address)
    assert "「助かりました」を取り消す" not in page_of(client_for(AUTHOR), address)
    assert "助かりました 1" in page_of(client_for(AUTHOR), address)


def test_who_marked_is_on_no_page_and_in_no_audit(
    client_for: Any, ctx_for: Any, post: Post
) -> None:
    own = post()
    writing.thank(ctx_for(NEIGHBOUR), int(own or 0), on=True)
    for login in (AUTHOR, "staff@miharu", "it@koriyama"):
        main = page_of(client_for(login), f"{LIST}/{own}").split("<main")[1]
        assert "職員三" not in main
        assert "須賀川市" not in main
    with connection():
        acts = [row.action for row in AuditEntry.select() if "leave_cafe" in row.action]
    assert acts == ["leave_cafe.write"]


def test_marks_at_the_same_moment_are_all_counted(ctx_for: Any, post: Post) -> None:
    own = int(post() or 0)
    people = [
        ctx_for(login) for login in ("it@koriyama", NEIGHBOUR, "staff@miharu", "head@koriyama")
    ]

    def mark(ctx: Any) -> None:
        with connection():
            writing.thank(ctx, own, on=True)

    with ThreadPoolExecutor(4) as clicks:
        list(clicks.map(mark, people * 2))
    with connection():
        assert (Experience.get().thanks, Thanks.select().count()) == (4, 4)


def test_no_mark_where_it_is_off_or_not_to_be_seen(ctx_for: Any, world: Any, post: Post) -> None:
    shared, own = int(post() or 0), int(post(audience="municipality") or 0)
    with pytest.raises(NotFound):
        writing.thank(ctx_for(NEIGHBOUR), own, on=True)
    world.switch("072036", "leave_cafe", on=False)
    with pytest.raises(Paused, match="郡山市"):
        writing.thank(ctx_for(NEIGHBOUR), shared, on=True)
    with pytest.raises(NotFound):
        writing.thank(ctx_for(AUTHOR), shared, on=True)


def test_what_somebody_wrote_and_marked_is_handed_out_and_erased(
    ctx_for: Any, post: Post, world: Any, clock: Any
) -> None:
    own, others = int(post() or 0), int(post(NEIGHBOUR) or 0)
    post(is_hidden=True, written=replace(WORDS, headline="名前なし"))
    clock.advance(minutes=15)
    world.work()
    ctx = ctx_for(AUTHOR)
    writing.thank(ctx, others, on=True)
    writing.thank(ctx_for(NEIGHBOUR), own, on=True)
    subject = Subject(ctx.person_id)
    kinds = [record.kind for record in plugin.export_data(ctx, subject)]
    assert kinds == ["leave_cafe.experience", "leave_cafe.thanks"]
    with transaction(ctx):
        receipt = plugin.erase_data(ctx, subject)
    assert receipt.erased == 4
    assert list(plugin.export_data(ctx, subject)) == []
    assert [(row.id, row.thanks) for row in Experience.select()] == [(others, 0)]


def test_a_list_and_a_page_cost_the_same_however_many_there_are(
    client_for: Any, queries: Any, post: Post
) -> None:
    own = post()
    client = client_for("staff2@koriyama")

    def cost(address: str) -> int:
        client.get(address)
        with queries() as log:
            assert client.get(address).status_code == 200
        return len(log)

    few = [cost(address) for address in (LIST, f"{LIST}/{own}")]
    for number in range(18):
        post([AUTHOR, NEIGHBOUR, "staff@miharu"][number % 3])
    assert [cost(address) for address in (LIST, f"{LIST}/{own}")] == few
    assert max(few) <= 8
