"""Dispatch: every answer with its plugin; a failing one takes nothing with it."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from peewee import IntegerField, IntegrityError

from niwari.context import Context
from niwari.db import Model, connection, open_database, transaction
from niwari.directory.people import municipality_by_code
from niwari.host.dispatch import Dispatcher, Outcome
from niwari.host.enablement import enablements, set_state
from niwari.host.registry import Host
from niwari.host.town_state import OFF, ON
from niwari.specs.contributions import BadContribution
from niwari.testing.workshop import Workshop

MENU = """
@hookimpl
def navigation(ctx):
    return [MenuItem(Label("{name}", "{name}"), "{name}.page", Verb.HELP)]
"""

Menus = Callable[..., list[Outcome]]

NOW = datetime(2026, 11, 10, tzinfo=UTC)


@pytest.fixture
def ctx(database_url: str) -> Iterator[Context]:
    """What a system actor in 郡山市 acts in, where nothing is on."""
    open_database(database_url)
    with connection():
        yield Context(municipality_by_code("072036", NOW.date()), None, NOW, actor="test")


def dispatcher_of(host: Host) -> Dispatcher:
    """A dispatcher for which every plugin of ``host`` is migrated."""
    host.check_migrations()
    return Dispatcher(host, lambda: NOW)


def switched(ctx: Context, *names: str) -> Context:
    """The context after exactly ``names`` were switched on in its municipality."""
    for name in (*enablements(ctx.municipality.id), *names):
        set_state(ctx, ctx.municipality.id, name, ON if name in names else OFF, "")
    return replace(ctx, municipality=municipality_by_code("072036", NOW.date()))


@pytest.fixture
def menus(workshop: Workshop, ctx: Context) -> Menus:
    """Call ``navigation`` of plugins given by their texts, all of them active."""

    def call(active: str | None = None, **texts: str) -> list[Outcome]:
        host = Host({}, [workshop.make(name, text) for name, text in texts.items()])
        names = texts if active is None else active.split()
        return list(dispatcher_of(host).call("navigation", switched(ctx, *names)))

    return call


def menu(name: str) -> str:
    return MENU.format(name=name)


def failing(how: str) -> str:
    return f"@hookimpl\ndef navigation(ctx):\n    {how}\n"


def test_answers_come_in_order_of_names_each_with_its_plugin(menus: Menus) -> None:
    outcomes = menus(zoo=menu("zoo"), apples=menu("apples"), mill=menu("mill"))
    assert [outcome.plugin for outcome in outcomes] == ["apples", "mill", "zoo"]
    assert [outcome.value[0].endpoint for outcome in outcomes] == [
        "apples.page",
        "mill.page",
        "zoo.page",
    ]
    assert [outcome.error for outcome in outcomes] == [None] * 3


def test_the_core_comes_first_and_is_always_active(workshop: Workshop, ctx: Context) -> None:
    from niwari.app import load_host

    host = load_host([workshop.make("aa", menu("aa"))])
    here = switched(ctx, "aa")
    outcomes = list(dispatcher_of(host).call("navigation", here))
    assert outcomes[-1].plugin == "aa"
    assert {"ledger", "web"} <= {outcome.plugin for outcome in outcomes[:-1]}


def test_only_active_plugins_are_asked(menus: Menus) -> None:
    outcomes = menus("mill", apples=failing("raise LookupError"), mill=menu("mill"))
    assert [outcome.plugin for outcome in outcomes] == ["mill"]


def test_whom_to_call_is_remembered_for_each_set_of_active_plugins(
    workshop: Workshop, ctx: Context
) -> None:
    found = [workshop.make(name, menu(name)) for name in ("aa", "bb")]
    dispatcher = dispatcher_of(Host({}, found))

    def asked(*active: str) -> list[str]:
        here = switched(ctx, *active)
        return [outcome.plugin for outcome in dispatcher.call("navigation", here)]

    assert [asked("aa", "bb"), asked("bb"), asked(), asked("bb", "aa")] == [
        ["aa", "bb"],
        ["bb"],
        [],
        ["aa", "bb"],
    ]


def test_the_time_of_each_call_is_taken(menus: Menus) -> None:
    slow = failing("return [None for _ in range(200_000) if _ < 0]")
    quick, long = menus(aa=menu("aa"), bb=slow)
    assert quick.micros >= 0
    assert long.micros > 1000


FAILURES = [
    ("raise LookupError('why')", LookupError),
    ("raise SystemExit('bye')", SystemExit),
    ("import sys; sys.exit()", SystemExit),
    ("assert False", AssertionError),
    ("return 1 / 0", ZeroDivisionError),
    ("navigation(ctx)", RecursionError),
    ("from werkzeug.exceptions import abort; abort(404)", Exception),
    ("raise NotFound", Exception),
    ("return 3", TypeError),
    ("return [None]", BadContribution),
    ("return 'text'", BadContribution),
    ("return ['text']", BadContribution),
    ("return MenuItem", TypeError),
    ("return [Card('x', Label('x', 'x'), 'x.html')]", BadContribution),
    ("return [MenuItem('text', 'x.page', Verb.HELP)]", BadContribution),
    ("yield MenuItem(Label('x', 'x'), 'x', 'help'); raise LookupError", LookupError),
]


@pytest.mark.parametrize(("how", "kind"), FAILURES)
def test_whatever_goes_wrong_belongs_to_its_plugin_and_the_others_answer(
    menus: Menus, how: str, kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "niwari.host.failing"):
        before, bad, after = menus(aa=menu("aa"), bb=failing(how), cc=menu("cc"))
    assert isinstance(bad.error, kind)
    assert (bad.plugin, bad.value) == ("bb", None)
    assert [before.error, after.error] == [None, None]
    assert ("bb failed in navigation" in caplog.text) == (kind is not Exception)


def test_a_hook_may_be_a_generator_and_may_return_nothing(menus: Menus) -> None:
    one, nothing = menus(
        aa=failing("yield MenuItem(Label('x', 'x'), 'aa.page', 'help')"), bb=failing("return None")
    )
    assert [item.endpoint for item in one.value] == ["aa.page"]
    assert (nothing.value, nothing.error) == ((), None)


def test_a_keyboard_interrupt_is_not_contained(menus: Menus) -> None:
    with pytest.raises(KeyboardInterrupt):
        menus(aa=failing("raise KeyboardInterrupt"))


# -- inside a transaction -------------------------------------------------------------------------


class Mark(Model):
    """A row that a hook leaves."""

    number: Any = IntegerField(unique=True)

    class Meta:
        table_name = "test_mark"


@pytest.fixture
def dispatcher(workshop: Workshop, ctx: Context) -> Dispatcher:
    """A dispatcher with the plugin aa."""
    Mark.create_table()
    return dispatcher_of(Host({}, [workshop.make("aa")]))


def marks() -> list[int]:
    return sorted(mark.number for mark in Mark.select())


def test_what_a_failing_call_wrote_is_undone_and_the_outer_commit_is_fine(
    dispatcher: Dispatcher, ctx: Context
) -> None:
    def half() -> None:
        Mark.create(number=2)
        raise LookupError

    with transaction(ctx):
        Mark.create(number=1)
        assert isinstance(dispatcher.guarded(ctx, "aa", "event", half).error, LookupError)
        Mark.create(number=3)
    assert marks() == [1, 3]


def test_a_refused_statement_in_a_call_leaves_the_transaction_usable(
    dispatcher: Dispatcher, ctx: Context
) -> None:
    with transaction(ctx):
        Mark.create(number=1)
        outcome = dispatcher.guarded(ctx, "aa", "event", lambda: Mark.create(number=1))
        assert isinstance(outcome.error, IntegrityError)
        Mark.create(number=2)
    assert marks() == [1, 2]


def test_what_a_call_that_went_well_wrote_stands_and_falls_with_the_transaction(
    dispatcher: Dispatcher, ctx: Context
) -> None:
    with pytest.raises(LookupError), transaction(ctx):
        assert dispatcher.guarded(ctx, "aa", "event", lambda: Mark.create(number=1)).error is None
        raise LookupError
    with transaction(ctx):
        assert dispatcher.guarded(ctx, "aa", "event", lambda: Mark.create(number=2)).error is None
    assert marks() == [2]


def test_a_transaction_of_a_failing_call_itself_is_rolled_back(
    dispatcher: Dispatcher, ctx: Context
) -> None:
    def half() -> None:
        with transaction(ctx):
            Mark.create(number=1)
            raise LookupError

    assert isinstance(dispatcher.guarded(ctx, "aa", "card", half).error, LookupError)
    assert marks() == []
