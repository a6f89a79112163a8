"""記録（監査）: what an auditor finds, filters and takes away, and who else may not."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.admin import auditing
from niwari.audit import service as audit
from niwari.audit.models import AuditEntry
from niwari.audit.sealing import seal
from niwari.audit.values import erase_values
from niwari.context import Context
from niwari.db import database, is_postgresql, transaction
from niwari.testing.world import World
from tests.core.audit.conftest import STAFF, Write

AUDITOR = "director-seisaku@koriyama"
PAGE = "/admin/audit"


def text(world: World, address: str = PAGE, status: int = 200) -> str:
    """The page at ``address`` as the auditor reads it."""
    answer = world.client_for(AUDITOR).get(address)
    assert answer.status_code == status
    return str(answer.get_data(as_text=True))


def acts_on(page: str) -> list[str]:
    """The objects of the listed acts that the tests wrote, in the order of the page."""
    return re.findall(r"<code class=\"breakable\">thing (\d+)</code>", page)


def record(ctx: Context, action: str, number: int, **details: str) -> None:
    with transaction(ctx):
        audit.record(ctx, action, "thing", number, **details)


def test_the_newest_act_stands_first_with_the_name_of_who_did_it(
    world: World, write: Write
) -> None:
    write(2)
    page = text(world)
    assert acts_on(page) == ["1", "0"]
    assert "職員一" in page
    assert "2026年11月10日（火）</time></span> 9:00" in page


def test_acts_of_a_neighbour_are_not_there(world: World) -> None:
    record(world.ctx_for("staff@miharu"), "test.act", 7)
    assert acts_on(text(world)) == []


def test_each_filter_leaves_what_it_names(world: World) -> None:
    record(world.ctx_for(STAFF), "test.one", 1)
    world.clock.advance(days=1)
    record(world.ctx_for("head@koriyama"), "test.two", 2)
    post = world.ctx_for("head@koriyama").acting.id
    assert acts_on(text(world, f"{PAGE}?action=test.one")) == ["1"]
    assert acts_on(text(world, f"{PAGE}?object_kind=thing")) == ["2", "1"]
    assert acts_on(text(world, f"{PAGE}?actor=head@koriyama")) == ["2"]
    assert acts_on(text(world, f"{PAGE}?actor={post}")) == ["2"]
    assert acts_on(text(world, f"{PAGE}?last=2026-11-10")) == ["1"]
    assert acts_on(text(world, f"{PAGE}?first=2026-11-11&last=2026-11-11")) == ["2"]
    assert "条件に合う記録はありません" in text(world, f"{PAGE}?first=2026-11-12")


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        ("actor=staff@miharu", "「staff@miharu」に当たる職員は、この市町村に見つかりません。"),
        (
            "actor=99999999999999",
            "「99999999999999」に当たる職員は、この市町村に見つかりません。",
        ),
        ("first=soon", "日にちを 2026-11-18 の形で入力してください。"),
        ("first=0001-01-01", "2000年から2100年までの日にちにしてください。"),
        ("last=9999-12-31", "2000年から2100年までの日にちにしてください。"),
        (
            "first=2026-11-10&last=2026-11-09",
            "「この日から」の日にちと同じか、それより後の日にちにしてください。",
        ),
    ],
)
def test_what_cannot_be_searched_is_said_beside_its_field_and_stays_there(
    world: World, search: str, sentence: str
) -> None:
    page = text(world, f"{PAGE}?{search}", 422)
    assert sentence in page
    assert f'value="{search.rpartition("=")[2]}"' in page


def test_pages_follow_each_other_without_gap_or_repetition(world: World, write: Write) -> None:
    write(60)
    address, seen = f"{PAGE}?action=test.act", []
    for _ in range(2):
        page = text(world, address)
        seen += acts_on(page)
        onward = re.search(r'href="(/admin/audit\?after=[^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert seen == [str(number) for number in reversed(range(60))]
    assert address == ""


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "1-",
        "9" * 30 + "-1",
        "-",
        "1-0",
        pytest.param(f"1-{'9' * 5_000}", id="thousands of digits"),
        pytest.param(f"{'9' * 5_000}-1", id="thousands of microseconds"),
        "9" * 19 + "-1",
    ],
)
def test_a_mangled_place_in_the_list_is_its_beginning(
    world: World, write: Write, after: str
) -> None:
    write(1)
    assert acts_on(text(world, f"{PAGE}?action=test.act&after={after}")) == ["0"]


def test_the_page_takes_eight_queries_at_the_most_whatever_the_rows(
    world: World, write: Write, town: int, queries: Callable[[], Any]
) -> None:
    write(60)
    seal(town, world.clock())
    client = world.client_for(AUDITOR)
    client.get(PAGE)
    with queries() as log:
        assert client.get(f"{PAGE}?actor={STAFF}&first=2026-11-01").status_code == 200
    assert len(log) <= 8, log.statements


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "audit_entry_municipality_id_at_id"),
        ({"action": "x"}, "audit_entry_municipality_id_action_at_id"),
        ({"object_kind": "x"}, "audit_entry_municipality_id_object_kind_at_id"),
        ({"actor": STAFF}, "audit_entry_municipality_id_actor_id_at_id"),
    ],
)
def test_each_filter_has_an_index_in_the_order_of_the_list(
    world: World, wanted: dict[str, str], index: str
) -> None:
    if is_postgresql():  # of so few rows it would read all
        database.execute_sql("SET enable_seqscan = off")
        database.execute_sql("SET enable_sort = off")
    explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
    plans: list[str] = []

    def notice(event: Any) -> None:
        if 'FROM "audit_entry"' in event.sql and not event.sql.startswith("EXPLAIN"):
            found = database.execute_sql(f"{explain} {event.sql}", event.params).fetchall()
            plans.append("\n".join(str(row[-1]) for row in found))

    ctx = world.ctx_for(AUDITOR)
    after = auditing.Position(world.clock(), 1)
    database.query_hooks.append(notice)
    try:
        auditing.acts(ctx, auditing.Wanted(**wanted), after)
    finally:
        database.query_hooks.remove(notice)
    (plan,) = plans
    # PostgreSQL chooses among them by what it knows of the rows; here it knows nothing.
    assert ("audit_entry_municipality_id" if is_postgresql() else index) in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def file_of(world: World, **wanted: str) -> bytes:
    return b"".join(auditing.download(world.ctx_for(AUDITOR), auditing.Wanted(**wanted)))  # type: ignore[arg-type]


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_file_has_what_the_filter_finds_without_names_and_is_itself_an_act(
    world: World, write: Write
) -> None:
    write(3)
    client = world.client_for(AUDITOR)
    answer = client.submit(f"{PAGE}/csv", {"action": "test.act"}, form_at=PAGE)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="audit-072036-2026-11-10.csv"'
    )
    found = table(answer.data)
    assert [line["object_id"] for line in found] == ["2", "1", "0"]
    assert {line["actor_appointment"] for line in found} == {str(world.ctx_for(STAFF).acting.id)}
    assert "職員一" not in answer.get_data(as_text=True)
    act = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (act.action, act.actor_id) == ("audit.download", world.ctx_for(AUDITOR).acting.id)


def test_no_cell_of_the_file_is_a_formula(world: World) -> None:
    record(world.ctx_for(STAFF), "=1+1", 1)
    content = file_of(world, object_kind="thing")
    assert [line["action"] for line in table(content)] == ["'=1+1"]


def test_the_file_ends_at_its_limit_over_several_portions(
    world: World, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "_PORTION", 2)
    monkeypatch.setattr(auditing, "MOST_DOWNLOADED", 5)
    write(7)
    content = file_of(world, action="test.act")
    assert [line["object_id"] for line in table(content)] == ["6", "5", "4", "3", "2"]


def test_the_act_is_noted_before_the_first_byte_and_rows_are_read_as_they_are_taken(
    world: World, write: Write, queries: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "_PORTION", 2)
    write(7)
    ctx = world.ctx_for(AUDITOR)
    pieces = auditing.download(ctx, auditing.Wanted(action="test.act"))
    act = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert act.action == "audit.download"
    with queries() as log:
        head, first = next(pieces), next(pieces)
    assert len(log) == 1
    assert [line["object_id"] for line in table(head + first)] == ["6", "5"]


def test_the_pages_file_is_streamed(world: World, write: Write) -> None:
    write(3)
    client = world.client_for(AUDITOR)
    answer = client.submit(f"{PAGE}/csv", {"action": "test.act"}, form_at=PAGE)
    assert answer.is_streamed
    assert "Content-Length" not in answer.headers
    assert len(table(answer.data)) == 3


def test_a_reader_who_hangs_up_leaves_nothing_open(world: World, write: Write) -> None:
    write(3)
    client = world.client_for(AUDITOR)
    client.submit(f"{PAGE}/csv", {"action": "test.act"}, form_at=PAGE).close()
    assert database.is_closed() or not database.in_transaction()
    assert acts_on(text(world, f"{PAGE}?action=test.act")) == ["2", "1", "0"]


def test_an_act_stands_there_in_words_beside_its_code_and_is_found_by_either(world: World) -> None:
    record(world.ctx_for(STAFF), "identity.act", 1)
    record(world.ctx_for(STAFF), "identity.bound", 2)
    record(world.ctx_for(STAFF), "consult.ask", 3)
    record(world.ctx_for(STAFF), "gone.act", 4)
    page = text(world)
    assert '所属を切り替えた<br><code class="breakable">identity.act</code>' in page
    assert '「相談」での操作<br><code class="breakable">consult.ask</code>' in page
    assert '<span><code class="breakable">gone.act</code></span>' in page
    assert acts_on(text(world, f"{PAGE}?action=所属を切り替えた")) == ["1"]
    assert acts_on(text(world, f"{PAGE}?action=Switched to another post")) == ["1"]


def test_what_an_act_changed_is_shown_until_it_is_erased(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    with transaction(ctx):
        audit.record(
            ctx,
            "test.rename",
            "thing",
            1,
            before={"name": "草野", "open": True},
            after={"name": "<b>佐藤", "note": ""},
            person_id=ctx.person_id,
        )
    page = text(world)
    assert "name：変更前「草野」、変更後「&lt;b&gt;佐藤」" in page
    assert "note：変更前「（空欄）」、変更後「（空欄）」" in page
    assert "open：変更前「はい」、変更後「（空欄）」" in page
    assert "草野" not in file_of(world).decode()
    with transaction(ctx):
        erase_values(ctx.person_id, "test")
    page = text(world)
    assert "変更前後の値は消去済みです。" in page
    assert "草野" not in page


def test_a_file_that_cannot_be_made_shows_the_form_again(world: World) -> None:
    client = world.client_for(AUDITOR)
    record(world.ctx_for(STAFF), "test.act", 1)
    answer = client.submit(f"{PAGE}/csv", {"actor": "nobody"}, form_at=PAGE)
    assert answer.status_code == 422
    assert "「nobody」に当たる職員は" in answer.get_data(as_text=True)


@pytest.mark.parametrize("login", [STAFF, "it@koriyama", "hr@koriyama", "secretariat"])
def test_nobody_else_reads_the_audit(world: World, login: str) -> None:
    client = world.client_for(login)
    assert [client.get(f"{PAGE}{part}").status_code for part in ("", "/head")] == [403, 403]
    assert client.submit(f"{PAGE}/csv", {}, form_at="/ledger/").status_code == 403
