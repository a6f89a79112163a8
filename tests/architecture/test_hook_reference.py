"""The reference of hooks says what the specifications say, leaves nothing out, and its examples run."""

import importlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from niwari.app import load_host, migrate_all
from niwari.clock import FrozenClock
from niwari.db import connection, open_database, transaction
from niwari.events.service import deliver_due
from niwari.specs import FAMILIES
from niwari.specs.contributions import Receipt, Subject
from niwari.testing.workshop import MANIFEST, Workshop, forgotten_imports
from niwari.testing.world import World

TOOLS = Path(__file__).parents[2] / "tools"
HOOKS = [n for family in FAMILIES for n, f in vars(family).items() if hasattr(f, "niwari_spec")]

# What the examples lean on: the other modules of the plugin tea.
TEA = {
    "models.py": """
        from typing import Any

        from peewee import CharField, ForeignKeyField, TextField

        from niwari.api import Appointment, InstantField, Shared


        class Cup(Shared):
            author: Any = ForeignKeyField(Appointment, backref="+")
            name: Any = CharField(max_length=50)
            note: Any = TextField(default="")
            poured_at: Any = InstantField()

            class Meta:
                table_name = "tea_cup"
    """,
    "migrations/0001_initial.py": """
        from niwari_tea.models import Cup


        def up(migrator, db):
            db.create_tables([Cup])
    """,
    "service.py": """
        from datetime import datetime, time

        from niwari.api import REGION, TOKYO, Appointment, publish, transaction, visible
        from niwari_tea.models import Cup


        def newest_cups(ctx, most):
            return list(Cup.select().where(visible(ctx, Cup)).order_by(Cup.id.desc()).limit(most))


        def sample_cup(ctx):
            from niwari_tea.plugin import CupPoured

            with transaction(ctx):
                cup = Cup.create(
                    **Cup.owned_by(ctx), audience=REGION, author=ctx.acting.id, name="煎茶",
                    note="渋め", poured_at=ctx.now,
                )
                publish(ctx, CupPoured(cup.id))
            return cup.id


        def cups_of(subject):
            return Cup.select().join(Appointment).where(Appointment.person == subject.person_id)


        def forget(ctx, subject):
            return Cup.update(name="", note="").where(Cup.id.in_(cups_of(subject))).execute()


        def pour_away(municipality_id, before, most):
            until = datetime.combine(before, time(), TOKYO)
            old = (Cup.municipality == municipality_id) & (Cup.poured_at < until)
            ids = [cup.id for cup in Cup.select(Cup.id).where(old).order_by(Cup.id).limit(most)]
            return Cup.delete().where(Cup.id.in_(ids)).execute()


        class Table:
            def __init__(self, ctx):
                self.ctx = ctx

            def cups(self):
                return len(newest_cups(self.ctx, 100))
    """,
    "contract.py": """
        from typing import Protocol


        class TeaTable(Protocol):
            def cups(self) -> int: ...
    """,
    "views.py": """
        from niwari.api import Blueprint, NotFound, current_context, visible
        from niwari_tea.models import Cup

        blueprint = Blueprint("tea", __name__)


        @blueprint.get("/", permission="tea.read")
        def table():
            return "お茶をどうぞ。"


        @blueprint.get("/<int:cup_id>", permission="tea.read")
        def cup(cup_id):
            ctx = current_context()
            found = Cup.get_or_none((Cup.id == cup_id) & visible(ctx, Cup))
            if found is None:
                raise NotFound
            return found.name
    """,
    "templates/tea/card_newest.html": "{% for cup in cups %}<p>{{ cup.name }}</p>{% endfor %}",
}


PERSONAL = """
[[personal_data]]
key = "cups"
category = { ja = "お茶", en = "Tea" }
retention = { ja = "消すまで残ります。", en = "Kept until removed." }
"""


@pytest.fixture(scope="module")
def reference() -> Iterator[Any]:
    """tools/hook_reference.py as a module; tools/ is no package."""
    with forgotten_imports((TOOLS,)):
        yield importlib.import_module("hook_reference")


@pytest.fixture(scope="module")
def hooks(reference: Any) -> dict[str, Any]:
    """Every hook of the reference by name."""
    return {hook.name: hook for family in FAMILIES for hook in reference.hooks(family)}


@pytest.fixture
def tea(
    hooks: dict[str, Any], database_url: str, clock: FrozenClock, tmp_path: Path
) -> Iterator[World]:
    """A world in which the examples of all hooks are one plugin, on in every town."""
    folder = tmp_path / "site"
    folder.mkdir()
    with forgotten_imports((folder,)):
        found = Workshop(folder).make(
            "tea",
            manifest=MANIFEST.format(name="tea") + PERSONAL,
            files={**TEA, "plugin.py": "\n\n".join(hook.example for hook in hooks.values())},
        )
        open_database(database_url)
        with connection():
            migrate_all(load_host([found]))
        with World.open(database_url, clock, tmp_path / "home", [found], enabled=[]) as world:
            yield world


def test_the_examples_dispose_of_what_is_old(tea: World) -> None:
    assert switched(tea, "on")
    sample = tea.host.plugins["tea"].contributions.resources[0].sample
    ctx = tea.ctx_for("staff@koriyama")
    sample(ctx)
    found = []
    for before in (ctx.today, ctx.today + timedelta(days=1)):
        with transaction(ctx):
            outcome = tea.dispatcher.call_one(
                "dispose_data", ctx, "tea", category="cups", before=before
            )
        assert outcome is not None
        found.append(outcome.value)
    assert found == [Receipt(), Receipt(erased=1)]


def switched(world: World, state: str) -> bool:
    from niwari.admin import switching

    dispatcher = world.app.extensions["niwari"].dispatcher
    return switching.switch(world.ctx_for("it@koriyama"), dispatcher, "tea", state)


def test_the_pages_are_what_the_tool_writes(reference: Any) -> None:
    assert reference.stale() == [], "run tools/hook_reference.py and commit what it writes"


def test_every_hook_and_every_field_is_documented(reference: Any) -> None:
    assert reference.silent() == []


def test_every_name_of_the_host_api_has_its_line() -> None:
    with forgotten_imports((TOOLS,)):
        assert importlib.import_module("api_reference").silent_names() == []


@pytest.mark.parametrize("hook", HOOKS)
def test_an_example_implements_the_hook_under_which_it_stands(
    hook: str, hooks: dict[str, Any]
) -> None:
    assert f"@hookimpl\ndef {hook}(" in hooks[hook].example


def test_a_hook_without_an_example_is_told(reference: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FAMILIES[0].permissions, "__doc__", "Declare permissions.")
    assert reference.silent() == [
        "hook permissions: its docstring has no Returns",
        "hook permissions: its docstring has no example",
    ]


def test_the_examples_together_are_a_plugin_that_is_ready(tea: World) -> None:
    plugin = tea.host.plugins["tea"]
    assert plugin.problem == ""
    brought = plugin.contributions
    assert [p.code for p in brought.permissions] == ["tea.read", "tea.pour"]
    for what in ("blueprints", "models", "resources", "activities", "commands", "settings"):
        assert getattr(brought, what), what
    for what in ("services", "events", "subscriptions"):
        assert getattr(brought, what), what


def test_the_examples_show_menu_and_card_and_answer(tea: World) -> None:
    assert switched(tea, "on")
    sample = tea.host.plugins["tea"].contributions.resources[0].sample
    cup_id = sample(tea.ctx_for("staff@koriyama"))
    client = tea.client_for("staff@koriyama")
    home = client.get("/").get_data(as_text=True)
    assert 'href="/tea/"' in home
    assert "いれたてのお茶" in home
    assert "煎茶" in home
    assert client.get(f"/tea/{cup_id}").get_data(as_text=True) == "煎茶"


def test_the_examples_serve_others_and_hear_their_own_event(tea: World) -> None:
    from niwari.audit.models import AuditEntry

    assert switched(tea, "on")
    ctx = tea.ctx_for("staff@koriyama")
    tea.host.plugins["tea"].contributions.resources[0].sample(ctx)
    assert ctx.service("tea", 1).cups() == 1
    assert deliver_due(tea.clock()) == 1
    assert AuditEntry.select().where(AuditEntry.action == "tea.heard").count() == 1


def test_the_examples_export_and_forget(tea: World) -> None:
    assert switched(tea, "on")
    ctx = tea.ctx_for("staff@koriyama")
    tea.host.plugins["tea"].contributions.resources[0].sample(ctx)
    subject = Subject(person_id=ctx.person_id)
    dispatcher = tea.app.extensions["niwari"].dispatcher
    exported = dispatcher.call_one("export_data", ctx, "tea", subject=subject)
    assert [record.data["name"] for record in exported.value] == ["煎茶"]
    with transaction(ctx):
        receipt = dispatcher.call_one("erase_data", ctx, "tea", subject=subject)
    assert receipt.value.redacted == 1


def test_the_examples_live_from_enabling_to_upgrading(tea: World) -> None:
    from niwari.audit.models import AuditEntry

    assert switched(tea, "on")
    assert switched(tea, "off")
    ctx = tea.ctx_for("it@koriyama")
    with transaction(ctx):
        outcome = tea.app.extensions["niwari"].dispatcher.call_one(
            "upgraded", ctx, "tea", previous="0.1.0"
        )
    assert outcome.error is None
    acts = {row.action for row in AuditEntry.select()}
    assert {"tea.prepared", "tea.put_away", "tea.upgraded"} <= acts
