"""定期処理と動作状況: what the worker did and will do, of the own town and of the installation."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from niwari.admin import job_acts
from niwari.audit.models import AuditEntry
from niwari.db import connection, transaction
from niwari.db.counting import QueryLog
from niwari.host.discovery import Found
from niwari.jobs.labels import CORE_JOBS
from niwari.jobs.later import later
from niwari.jobs.models import JobRun, TaskRow
from niwari.jobs.service import ScheduledJob, run_once
from niwari.jobs.signs import leave_sign
from niwari.notices.models import Delivery
from niwari.testing.world import World

IT, NEXT_DOOR = "it@koriyama", "it@sukagawa"
PAGE, RUNS = "/admin/jobs", "/admin/jobs/runs"


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """Three towns with the dummy on, on the next morning."""
    world = open_world([trial_plugins["dummy"]])
    world.clock.advance(days=1)
    return world


def text(world: World, address: str = PAGE, login: str = IT) -> str:
    answer = world.client_for(login).get(address)
    assert answer.status_code == 200
    (main,) = re.findall(r"<main.*?</main>", answer.get_data(as_text=True), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def press(world: World, address: str, login: str = IT) -> Any:
    return world.client_for(login).submit(address, {}, form_at=PAGE)


def dead(world: World, login: str = IT) -> int:
    ctx = world.ctx_for(login)
    with transaction(ctx):
        later(ctx, "dummy.recount", key="tally", extra=0)
    TaskRow.update(
        state="dead", open_key=None, attempts=12, what="ValueError niwari_dummy/work.py:3"
    ).execute()
    return int(TaskRow.get().id)


# -- what it says ---------------------------------------------------------------------------------


def test_before_any_worker_ran_it_says_what_to_do(world: World) -> None:
    page = text(world)
    assert "まだ一度も動いていません。" in page
    assert "伝言を数える （伝言板） なし まだ動いていません なし 11月12日（木）7:30" in page


def test_a_worker_that_is_gone_is_told(world: World) -> None:
    leave_sign(world.clock())
    assert "動いています。" in text(world)
    world.clock.advance(minutes=4)
    assert "から動いていません。" in text(world)


def test_a_run_is_shown_with_its_result(world: World) -> None:
    world.work()
    assert "伝言を数える （伝言板） 11月11日（水）9:00 完了 1秒未満" in text(world)


def test_a_failure_is_shown_by_kind_and_place(world: World) -> None:
    world.work()
    JobRun.update(
        state="failed", finished_at=None, error="ValueError niwari_dummy/x.py:1"
    ).execute()
    page = text(world)
    assert "失敗" in page
    assert "ValueError niwari_dummy/x.py:1" in page


def test_what_is_off_here_is_not_shown(world: World) -> None:
    world.switch("072036", "dummy", on=False)
    page = text(world)
    assert "伝言を数える" not in page
    assert "使っている機能に、定期処理はありません。" in page


def test_the_installations_own_jobs_have_words(world: World) -> None:
    jobs = world.app.extensions["niwari"].jobs
    assert sorted(job.name for job in jobs if job.name not in CORE_JOBS) == [], (
        "say in core/niwari/jobs/labels.py what municipal IT reads of them"
    )
    assert all(label.ja in text(world) for label in CORE_JOBS.values())


def test_another_towns_runs_and_tasks_are_not_shown(world: World) -> None:
    dead(world, NEXT_DOOR)
    JobRun.create(
        job="dummy.count",
        municipality_id=world.ctx_for(NEXT_DOOR).municipality.id,
        due_at=world.clock(),
        started_at=world.clock(),
        state="failed",
        error="ValueError elsewhere.py:1",
    )
    for page in (text(world), text(world, RUNS)):
        assert "ValueError" not in page
    assert "ValueError elsewhere.py:1" in text(world, RUNS, NEXT_DOOR)


def test_it_costs_the_same_however_much_there_is(world: World, queries: Callable[[], Any]) -> None:
    client = world.client_for(IT)
    client.get(PAGE)
    with queries() as few:
        client.get(PAGE)
    world.work()
    for number in range(30):
        JobRun.create(
            job="audit.seal",
            due_at=world.clock() - timedelta(minutes=number),
            started_at=world.clock(),
        )
    with queries() as many:
        client.get(PAGE)
    assert len(many) == len(few) <= 8, _told(many)


def _told(log: QueryLog) -> str:
    return "\n".join(str(statement) for statement in log.statements)


def test_mail_that_waits_is_counted_for_the_whole_installation(world: World) -> None:
    Delivery.create(channel="mail", since=world.clock(), due_at=world.clock())
    page = text(world, f"{PAGE}/sending")
    assert "順番待ち 1件 最も古いもの 11月11日（水）9:00" in page


# -- run now --------------------------------------------------------------------------------------


def test_a_job_runs_at_once_in_the_own_town_alone(world: World) -> None:
    world.work()
    world.clock.advance(minutes=5)
    answer = press(world, f"{PAGE}/dummy.count/run")
    assert answer.status_code == 303
    assert "順番待ち" in text(world)
    assert world.work() == 1
    run = JobRun.select().order_by(JobRun.id.desc()).get()
    assert (run.state, run.municipality_id) == ("done", world.ctx_for(IT).municipality.id)
    assert AuditEntry.select().where(AuditEntry.action == "jobs.run_now").count() == 1


def test_pressed_twice_it_runs_once(world: World) -> None:
    for _ in range(2):
        press(world, f"{PAGE}/dummy.count/run")
    world.work()
    press(world, f"{PAGE}/dummy.count/run")
    asked = AuditEntry.select().where(AuditEntry.action == "jobs.run_now").count()
    here = world.ctx_for(IT).municipality.id
    runs = JobRun.select().where(
        (JobRun.municipality_id == here) & (JobRun.due_at == world.clock())
    )
    assert (asked, runs.count()) == (1, 1)


def test_pressed_by_two_at_once_it_runs_once(world: World) -> None:
    ctx, start, told = world.ctx_for(IT), Barrier(2), list[bool]()

    def ask(seconds: int) -> None:
        with connection():
            start.wait(timeout=20)
            later_ctx = ctx.at(ctx.now + timedelta(minutes=seconds))
            told.append(job_acts.run_now(later_ctx, world.dispatcher, "dummy.count"))

    threads = [Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(told) == [False, True]


@pytest.mark.parametrize("job", ["dummy.unknown", "audit.seal", "x"])
def test_what_is_no_job_here_cannot_be_run(world: World, job: str) -> None:
    assert press(world, f"{PAGE}/{job}/run").status_code == 404


def test_a_job_of_a_plugin_that_is_off_cannot_be_run(world: World) -> None:
    world.switch("072036", "dummy", on=False)
    assert (
        world.client_for(IT).submit(f"{PAGE}/dummy.count/run", {}, form_at="/admin/features")
    ).status_code == 404


# -- tasks ----------------------------------------------------------------------------------------


def test_a_dead_task_is_tried_again_once(world: World) -> None:
    task = dead(world)
    assert "ValueError niwari_dummy/work.py:3" in text(world)
    for _ in range(2):
        assert press(world, f"{PAGE}/tasks/{task}/again").status_code == 303
    assert (TaskRow.get().state, TaskRow.get().attempts) == ("waiting", 0)
    assert AuditEntry.select().where(AuditEntry.action == "jobs.try_again").count() == 1
    world.work()
    assert TaskRow.get().state == "done"
    assert press(world, f"{PAGE}/tasks/{task}/again").status_code == 303
    assert TaskRow.get().state == "done"


def test_one_that_was_asked_for_again_meanwhile_is_not_doubled(world: World) -> None:
    task, ctx = dead(world), world.ctx_for(IT)
    with transaction(ctx):
        later(ctx, "dummy.recount", key="tally", extra=0)
    press(world, f"{PAGE}/tasks/{task}/again")
    assert [row.state for row in TaskRow.select().order_by(TaskRow.id)] == ["dead", "waiting"]


def test_a_dead_task_is_given_up(world: World) -> None:
    task = dead(world)
    press(world, f"{PAGE}/tasks/{task}/give-up")
    assert TaskRow.get().state == "dropped"
    assert "何度試しても失敗した処理" not in text(world)


def test_another_towns_task_is_not_there(world: World) -> None:
    task = dead(world)
    for act in ("again", "give-up"):
        assert press(world, f"{PAGE}/tasks/{task}/{act}", NEXT_DOOR).status_code == 404
    assert TaskRow.get().state == "dead"


# -- the record -----------------------------------------------------------------------------------


def test_runs_are_listed_page_by_page_each_once(world: World) -> None:
    here = world.ctx_for(IT).municipality.id
    for number in range(120):
        JobRun.create(
            job=f"dummy.{'count' if number % 2 else 'gone'}",
            municipality_id=here,
            due_at=world.clock() - timedelta(hours=number // 2),
            started_at=world.clock() - timedelta(minutes=number),
            state="failed",
            error=f"ValueError x.py:{number}",
        )
    client, address, seen = world.client_for(IT), RUNS, list[str]()
    while address:
        page = client.get(address).get_data(as_text=True)
        seen += re.findall(r"x\.py:(\d+)", page)
        found = re.search(r'href="(/admin/jobs/runs\?before=[^"]+)"', page)
        address = found[1] if found else ""
    assert sorted(map(int, seen)) == list(range(120))


def test_runs_are_filtered(world: World) -> None:
    world.work()
    run_once(ScheduledJob("audit.seal", 1, print), world.clock)
    assert "伝言を数える" in text(world, f"{RUNS}?job=dummy.count&state=done")
    assert "実行の記録はありません" in text(world, f"{RUNS}?state=failed")
    core = text(world, f"{RUNS}?whose=core")
    assert "監査の記録への封" in core.partition("開始")[2]
    assert "伝言を数える" not in core


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=99999999999999999999-1",
        "before=1-99999999999",
        "before=-",
        "before=９-９",
        "job=%27%3B",
        "state=nothing",
        "whose=all",
        "job=" + "x" * 5000,
    ],
)
def test_what_makes_no_sense_is_left_out(world: World, query: str) -> None:
    assert world.client_for(IT).get(f"{RUNS}?{query}").status_code == 200
