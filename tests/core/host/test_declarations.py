"""What plugins declare must fit in with everybody else's; a conflict names both sides."""

import pytest

from niwari.app import load_host
from niwari.host.discovery import Found
from niwari.host.registry import Stage
from niwari.testing.workshop import Workshop

PERMISSION = """
@hookimpl
def permissions():
    return [Permission("shop.read", Label("見る", "See"), ("staff",))]
"""

FOLDER = """
from pathlib import Path

@hookimpl
def migrations():
    folder = Path(__file__).parent / "history"
    folder.mkdir(exist_ok=True)
    return folder
"""

PAGES = """
blueprint = Blueprint("shop", __name__)

@hookimpl
def routes():
    return [blueprint]
"""


def told(workshop: Workshop, text: str, *others: Found) -> str:
    """What stops the plugin shop with ``text`` beside ``others``; they are not stopped by it."""
    host = load_host([*others, workshop.make("shop", text)])
    assert [host.plugins[other.name].error for other in others] == [""] * len(others)
    plugin = host.plugins["shop"]
    assert plugin.error == "" or plugin.stage is Stage.LOADED
    return plugin.error


@pytest.mark.parametrize("hook", ["permissions", "routes", "models", "activities"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("'text'", "must return a list, not str"),
        ("{'a': 1}", "must return a list, not dict"),
        ("3", "must return a list, not int"),
        ("(x for x in ())", "must return a list, not generator"),
        ("['text']", "returned 'text'; it takes "),
        ("[None]", "returned None; it takes "),
    ],
)
def test_a_hook_that_returns_something_else_is_told_what_it_takes(
    workshop: Workshop, hook: str, answer: str, said: str
) -> None:
    error = told(workshop, f"@hookimpl\ndef {hook}():\n    return {answer}\n")
    assert error.startswith(f"hook {hook!r} ")
    assert said in error


@pytest.mark.parametrize("hook", ["permissions", "routes", "models", "migrations", "activities"])
def test_a_hook_may_have_nothing_to_declare(workshop: Workshop, hook: str) -> None:
    assert told(workshop, f"@hookimpl\ndef {hook}():\n    return None\n") == ""


@pytest.mark.parametrize("answer", ["'migrations'", "Path('/no/such/folder')", "[]", "3"])
def test_migrations_are_an_existing_folder(workshop: Workshop, answer: str) -> None:
    text = f"from pathlib import Path\n@hookimpl\ndef migrations():\n    return {answer}\n"
    assert told(workshop, text).startswith("hook 'migrations' must return the Path of a folder")


# -- permissions ----------------------------------------------------------------------------------


def test_a_permission_begins_with_the_plugins_name(workshop: Workshop) -> None:
    text = PERMISSION.replace("shop.read", "shopping.read")
    assert told(workshop, text) == "Permission 'shopping.read': begin the code with 'shop.'"


def test_a_plugin_cannot_declare_a_permission_of_the_core(workshop: Workshop) -> None:
    text = PERMISSION.replace("shop.read", "ledger.decide")
    assert told(workshop, text) == "Permission 'ledger.decide': begin the code with 'shop.'"


def test_a_permission_is_declared_once(workshop: Workshop) -> None:
    text = PERMISSION.replace("[Permission", "2 * [Permission")
    assert told(workshop, text) == "Permission 'shop.read' is declared twice; keep one"


# -- notices --------------------------------------------------------------------------------------

NOTICE = """
from niwari.api import NoticeKind

@hookimpl
def notices():
    said = Label("注がれました。", "Poured.")
    return [NoticeKind("shop.poured", said, said, endpoint="shop.page")]
"""


@pytest.mark.parametrize(
    ("rule", "verb", "said"),
    [
        ("/", "get", ""),
        (
            "/",
            "post",
            "NoticeKind 'shop.poured': endpoint 'shop.page' is no page of the plugin; name a view of it",
        ),
        (
            "/<int:row_id>",
            "get",
            "NoticeKind 'shop.poured': the address '/<int:row_id>' needs a value; "
            "name a page without, as a list",
        ),
    ],
)
def test_the_page_of_a_notice_is_there_and_needs_no_value(
    workshop: Workshop, rule: str, verb: str, said: str
) -> None:
    writing = PERMISSION.replace("shop.read", "shop.write")
    text = writing + PAGES + page(rule, "permission='shop.write'", verb=verb) + NOTICE
    assert told(workshop, text) == said


# -- routes ---------------------------------------------------------------------------------------


def page(rule: str, access: str, name: str = "page", verb: str = "get") -> str:
    return f"\n@blueprint.{verb}({rule!r}, {access})\ndef {name}():\n    return 'page'\n"


READ, OPEN = "permission='shop.read'", "public='anybody may know'"


def test_pages_with_a_declared_permission_or_a_reason_are_fine(workshop: Workshop) -> None:
    pages = page("/", READ) + page("/hours", OPEN, "hours")
    assert told(workshop, PERMISSION + PAGES + pages) == ""


def test_a_route_without_access_stops_its_plugin(workshop: Workshop) -> None:
    host = load_host([workshop.make("shop", PERMISSION + PAGES + page("/", "public=None"))])
    assert host.plugins["shop"].error == (
        'shop: route \'/\': say permission="shop.…" or public="the reason", one of the two'
    )


def test_a_permission_that_nobody_declares_is_named_with_its_route(workshop: Workshop) -> None:
    error = told(workshop, PERMISSION + PAGES + page("/x", "permission='shop.buy'"))
    assert error == (
        "route '/x' asks for 'shop.buy', which nobody declares; "
        "return it from the hook 'permissions'"
    )


def test_two_pages_of_one_name_are_told(workshop: Workshop) -> None:
    pages = page("/", READ) + page("/other", READ)
    assert (
        told(workshop, PERMISSION + PAGES + pages) == "two routes have the name 'page'; rename one"
    )


def test_two_pages_at_one_address_are_told(workshop: Workshop) -> None:
    pages = page("/", READ) + page("/", READ, "other")
    assert told(workshop, PERMISSION + PAGES + pages) == "route GET '/' is there twice; keep one"


def test_one_address_may_be_read_and_written(workshop: Workshop) -> None:
    text = PERMISSION.replace(
        "return [", "return [Permission('shop.buy', Label('買う', 'Buy'), ('staff',)), "
    )
    pages = page("/", READ) + page("/", "permission='shop.buy'", "buy", "post")
    assert told(workshop, text + PAGES + pages) == ""


def test_a_blueprint_bears_the_plugins_name(workshop: Workshop) -> None:
    text = PAGES.replace('"shop"', '"store"')
    assert told(workshop, text) == "Blueprint 'store': name it 'shop', after the plugin"


def test_all_pages_are_on_one_blueprint(workshop: Workshop) -> None:
    text = PAGES.replace("[blueprint]", "[blueprint, Blueprint('shop', __name__)]")
    assert told(workshop, text) == (
        "hook 'routes' returned two Blueprints; describe all pages on one"
    )


# -- models ---------------------------------------------------------------------------------------


def models(*tables: str, base: str = "Model", meta: str = "") -> str:
    classes = "".join(
        f"class Thing{number}({base}):\n    class Meta:\n        table_name = {table!r}\n{meta}\n"
        for number, table in enumerate(tables)
    )
    names = ", ".join(f"Thing{number}" for number in range(len(tables)))
    return f"{classes}@hookimpl\ndef models():\n    return [{names}]\n"


def test_tables_that_bear_the_plugins_name_are_fine(workshop: Workshop) -> None:
    assert told(workshop, FOLDER + models("shop_thing", "shop_other")) == ""


def test_a_table_begins_with_the_plugins_name(workshop: Workshop) -> None:
    error = told(workshop, FOLDER + models("thing"))
    assert error == "table 'thing': begin the name with 'shop_' (Meta.table_name)"


@pytest.mark.parametrize("length", [48, 49])
def test_a_table_has_a_name_that_leaves_room_for_those_of_its_triggers(
    workshop: Workshop, length: int
) -> None:
    name = "shop_".ljust(length, "a")
    error = told(workshop, FOLDER + models(name))
    refused = f"table {name!r}: its name may have 48 characters; choose a shorter one"
    assert error == (refused if length > 48 else "")


def test_a_plugin_cannot_take_a_table_of_the_core(workshop: Workshop) -> None:
    assert "begin the name with 'shop_'" in told(workshop, FOLDER + models("ledger_account"))


def test_one_table_has_one_model(workshop: Workshop) -> None:
    error = told(workshop, FOLDER + models("shop_thing", "shop_thing"))
    assert error == "table 'shop_thing' is already declared by 'shop'; choose another name"


def test_a_table_of_another_plugin_is_told_with_its_owner(workshop: Workshop) -> None:
    other = workshop.make("shop_window")
    error = told(workshop, FOLDER + models("shop_window_pane"), other)
    assert error == (
        "table 'shop_window_pane': its name belongs to the plugin 'shop_window'; choose another name"
    )


def test_one_table_of_two_models_is_told(workshop: Workshop) -> None:
    text = FOLDER + models("shop_thing", "shop_thing")
    assert "is already declared by 'shop'" in told(workshop, text)


def test_a_model_of_another_base_is_told(workshop: Workshop) -> None:
    text = FOLDER + "import peewee\n" + models("shop_thing", base="peewee.Model")
    assert told(workshop, text) == "Thing0 is no Model; derive it from niwari.api.Model"


def test_a_key_that_may_be_handed_out_twice_is_refused(workshop: Workshop) -> None:
    text = FOLDER + "import peewee\n"
    text += models("shop_thing", meta="    id = peewee.AutoField()\n")
    assert told(workshop, text) == (
        "table 'shop_thing': its key is no IdField called 'id'; keep the one that "
        "niwari.api.Model has"
    )


def test_models_come_with_the_migrations_that_make_their_tables(workshop: Workshop) -> None:
    assert told(workshop, models("shop_thing")).startswith("there are models but no migrations")


def test_indexes_named_after_the_class_alone_are_refused(workshop: Workshop) -> None:
    text = FOLDER + models("shop_thing", meta="        legacy_table_names = True\n")
    assert told(workshop, text).startswith("table 'shop_thing': its indexes would be named after")


# -- activities -----------------------------------------------------------------------------------

ACTIVITY = """
@hookimpl
def activities():
    return [Activity({code!r}, Label("店", "Shop"))]
"""


def test_an_activity_of_the_core_is_told_with_its_owner(workshop: Workshop) -> None:
    assert told(workshop, ACTIVITY.format(code="planning")) == (
        "Activity 'planning' is already declared by 'ledger'; choose another code"
    )


def test_an_activity_of_another_plugin_is_told_with_its_owner(workshop: Workshop) -> None:
    other = workshop.make("farm", ACTIVITY.format(code="market"))
    assert told(workshop, ACTIVITY.format(code="market"), other) == (
        "Activity 'market' is already declared by 'farm'; choose another code"
    )


def test_an_activity_is_declared_once(workshop: Workshop) -> None:
    text = ACTIVITY.format(code="shop").replace("[Activity", "2 * [Activity")
    assert "is already declared by 'shop'" in told(workshop, text)


def test_the_code_of_a_stopped_plugin_is_free(workshop: Workshop) -> None:
    stopped = workshop.make("farm", ACTIVITY.format(code="market") + PERMISSION)
    host = load_host([stopped, workshop.make("shop", ACTIVITY.format(code="market"))])
    assert "begin the code with 'farm.'" in host.plugins["farm"].error
    assert host.plugins["shop"].error == ""
