"""The lint of plugins: what each rule refuses, and what stands beside it and is allowed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from niwari.host.lint import Finding, lint_package
from niwari.host.lint_rules import MARKUP, OUTSIDE, SELECT, TEMPLATE
from niwari.host.manifest import read_manifest

ROOT = Path(__file__).parents[3]

FROM_API = "import it from niwari.api instead"
ROW = "keep it in a row or pass it on"
ENDING = "the host decides how its processes end"
LATER = "publish an event and do it in a subscription"
TRANSACTION = "use transaction(ctx)"
TABLES = "make and drop tables in migrations/"
DATABASE = "the host owns the database; use Model and transaction(ctx) of niwari.api"
TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "

Lint = Callable[..., list[Finding]]


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """Lints one source as a file of the plugin tea, beside which the plugin cake is installed."""

    folder = tmp_path / "niwari_tea"

    def run(source: str, name: str = "views.py") -> list[Finding]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        return lint_package(
            folder,
            "niwari_tea",
            "tea",
            known_packages=("niwari_cake", "niwari_tea"),
            allowed_services=("cake",),
        )

    return run


def told(findings: list[Finding]) -> list[tuple[int, str]]:
    return [(finding.line, finding.problem) for finding in findings]


def test_a_finding_is_one_sentence_with_its_place_and_the_mend(lint: Lint) -> None:
    [found] = lint("import os\n\nfrom niwari.db import Model\n")
    assert found == Finding("niwari_tea/views.py", 3, "imports niwari.db", FROM_API)
    assert found.sentence == (
        "niwari_tea/views.py:3: imports niwari.db; import it from niwari.api instead"
    )


REFUSED_IMPORTS = [
    ("import niwari.db", "niwari.db", FROM_API),
    ("import niwari.db.engine as engine", "niwari.db", FROM_API),
    ("import niwari", "niwari", "import what you need from niwari.api"),
    ("from niwari import db", "niwari.db", FROM_API),
    ("from niwari import *", "niwari.*", "import each name that you need"),
    ("from niwari.db.model import Model", "niwari.db", FROM_API),
    ("from niwari.testing import World", "niwari.testing", OUTSIDE),
    ("def late():\n    from niwari.ledger import requests", "niwari.ledger", FROM_API),
    (f"{TYPING}from niwari.db import Model", "niwari.db", FROM_API),
    ("import importlib\nimportlib.import_module('niwari.db')", "niwari.db", FROM_API),
    ("from importlib import import_module as i\ni('niwari.db')", "niwari.db", FROM_API),
    ("import importlib\nimportlib.import_module(name='niwari.db')", "niwari.db", FROM_API),
    ("__import__('niwari.db')", "niwari.db", FROM_API),
    ("from flask import g", "flask.g", ROW),
    ("from flask import session as s", "flask.session", ROW),
    ("from flask.globals import g", "flask.globals", ROW),
    ("from flask import current_app", "flask.current_app", "the host owns the application"),
    ("from flask import Flask", "flask.Flask", "the host makes the application"),
    ("from flask import Blueprint", "flask.Blueprint", "use niwari.api.Blueprint"),
    ("from flask import render_template_string", "flask.render_template_string", TEMPLATE),
    ("from flask import json", "flask.json", "use jsonify, or Python's own json"),
    ("from flask import send_from_directory", "flask.send_from_directory", "use send_file"),
    ("from flask import stream_template_string", "flask.stream_template_string", TEMPLATE),
    ("from flask import *", "flask.*", "import each name that you need"),
    ("from flask import Markup", "flask.Markup", MARKUP),
    ("from markupsafe import Markup", "markupsafe.Markup", MARKUP),
    ("from markupsafe import *", "markupsafe.*", "import each name that you need"),
    ("from jinja2 import Template", "jinja2", TEMPLATE),
    ("import jinja2", "jinja2", TEMPLATE),
    ("from jinja2.sandbox import SandboxedEnvironment", "jinja2", TEMPLATE),
    ("from flask_babel import lazy_gettext", "flask_babel.lazy_gettext", FROM_API),
    ("from flask_babel import gettext as _", "flask_babel.gettext", FROM_API),
    ("from flask_babel import ngettext", "flask_babel.ngettext", FROM_API),
    (
        "from flask_babel import Babel",
        "flask_babel.Babel",
        "of flask_babel a plugin uses only its format_… functions",
    ),
    ("from flask_babel import get_locale", "flask_babel.get_locale", "use ctx.locale"),
    ("from flask_wtf import FlaskForm", "flask_wtf.FlaskForm", "use niwari.api.Form"),
    ("from flask_wtf import Form", "flask_wtf.Form", "use niwari.api.Form"),
    ("from flask_wtf import CSRFProtect", "flask_wtf.CSRFProtect", "the host checks every form"),
    (
        "from flask_wtf.i18n import translations",
        "flask_wtf.i18n",
        "of flask_wtf a plugin uses only flask_wtf.file",
    ),
    ("from flask_wtf.csrf import generate_csrf", "flask_wtf.csrf", "the host checks every form"),
    ("from peewee import SqliteDatabase", "peewee.SqliteDatabase", DATABASE),
    ("from peewee import Database", "peewee.Database", DATABASE),
    ("from peewee import DatabaseProxy", "peewee.DatabaseProxy", DATABASE),
    ("from peewee import *", "peewee.*", "import each name that you need"),
    ("import playhouse", "playhouse", DATABASE),
    ("from playhouse.shortcuts import model_to_dict", "playhouse.shortcuts", DATABASE),
    ("from os import fork", "os.fork", LATER),
    ("from os import forkpty", "os.forkpty", LATER),
    ("from os import _exit", "os._exit", f"raise an error; {ENDING}"),
    ("from os import abort", "os.abort", f"raise an error; {ENDING}"),
    ("from os import *", "os.*", "import each name that you need"),
    ("from signal import signal", "signal.signal", ENDING),
    ("from signal import alarm", "signal.alarm", ENDING),
    ("from signal import setitimer", "signal.setitimer", ENDING),
    ("import multiprocessing.pool", "multiprocessing", LATER),
    ("from multiprocessing import Process", "multiprocessing", LATER),
    ("from threading import Thread", "threading.Thread", LATER),
    ("from threading import Timer", "threading.Timer", LATER),
    ("import _thread", "_thread", LATER),
    ("from concurrent.futures import ThreadPoolExecutor", "concurrent.futures", LATER),
]


@pytest.mark.parametrize(("source", "name", "mend"), REFUSED_IMPORTS)
def test_an_import_beyond_the_rules_is_refused(
    lint: Lint, source: str, name: str, mend: str
) -> None:
    line = source.count("\n") + 1
    assert lint(source) == [Finding("niwari_tea/views.py", line, f"imports {name}", mend)]


USED = [
    ("import flask\nflask.g.seen = 1", "flask.g", ROW),
    (
        "import flask as f\nf.current_app.logger",
        "flask.current_app",
        "the host owns the application",
    ),
    (
        "import flask\nflask.request_started.connect(print)",
        "flask.request_started",
        "of flask a plugin uses only Response, abort, flash, jsonify, make_response, redirect, "
        "render_template, request, send_file, stream_with_context, url_for",
    ),
    ("import niwari.api\nniwari.db.transaction", "niwari.db", FROM_API),
    ("import flask_babel\nflask_babel.gettext('店')", "flask_babel.gettext", FROM_API),
    ("import peewee\nown = peewee.SqliteDatabase('x')", "peewee.SqliteDatabase", DATABASE),
    (
        "import os\nos._exit(1)",
        "os._exit",
        f"raise an error; {ENDING}",
    ),
    ("import os.path\nos.fork()", "os.fork", LATER),
    ("import threading\nclass W(threading.Thread): pass", "threading.Thread", LATER),
]


@pytest.mark.parametrize(("source", "name", "mend"), USED)
def test_using_it_by_way_of_its_module_is_refused_too(
    lint: Lint, source: str, name: str, mend: str
) -> None:
    assert lint(source) == [Finding("niwari_tea/views.py", 2, f"uses {name}", mend)]


def test_what_is_used_above_its_import_is_found(lint: Lint) -> None:
    assert told(lint("def end():\n    os._exit(1)\n\nimport os\n")) == [(2, "uses os._exit")]


def test_each_name_of_one_import_is_told_on_its_line_and_the_module_once(lint: Lint) -> None:
    source = "from flask import (\n    g,\n    request,\n    session,\n)\nfrom niwari.db import (\n a,\n b)\n"
    assert told(lint(source)) == [
        (2, "imports flask.g"),
        (4, "imports flask.session"),
        (6, "imports niwari.db"),
    ]


ALLOWED = [
    "from niwari.api import Model, transaction",
    "import niwari.api\nniwari.api.transaction",
    "from niwari import api\napi.Model",
    "import niwari_tea.service",
    "import niwarimore.db",
    f"{TYPING}from niwari.api import Context",
    "import importlib\nimportlib.import_module('niwari.api')",
    "import importlib\nimportlib.import_module('json')",
    "def load(name):\n    return __import__(name)",
    "load('niwari.db')",
    "from . import db\nfrom .db import Flask\nfrom ..flask import g",
    "from flask import Response, abort, flash, jsonify, make_response, redirect, render_template",
    "from flask import request, send_file, stream_with_context, url_for",
    "import flask\nflask.request.args\nflask.url_for('tea.table')",
    "def page(ctx, flask):\n    return ctx.g, ctx.session",
    "from flask_babel import format_date, format_datetime, format_time, format_timedelta",
    "from flask_babel import format_currency, format_decimal, format_number, format_percent",
    "from flask_babel import format_scientific",
    "from flask_wtf.file import FileAllowed",
    "from werkzeug.wrappers import Response\nfrom werkzeug.exceptions import NotFound",
    "from wtforms import StringField\nimport click",
    "from peewee import CharField, DatabaseError, IntegrityError, fn",
    "import os\nos.environ.get('HOME')",
    "from signal import SIGTERM",
    "import threading\nguard = threading.Lock()",
    "import sys\nsys.exit('said why')",
    "class Thread: pass\nThread()",
    "cursor.execute('SELECT * FROM consult_question')\neval('1')\nexec('')",
    "x = '\\d'",
]


@pytest.mark.parametrize("source", ALLOWED)
def test_what_stands_beside_it_is_allowed(lint: Lint, source: str) -> None:
    assert lint(source) == []


def test_the_api_lets_plugins_have_what_the_mends_promise() -> None:
    import niwari.api

    for name in (
        "Blueprint",
        "Form",
        "Model",
        "gettext",
        "lazy_gettext",
        "ngettext",
        "transaction",
    ):
        assert name in niwari.api.__all__


# Other plugins

BELOW_TYPING = 'put it below "if TYPE_CHECKING:" and take the object from ctx.service(…)'
BY_SERVICE = (
    "ask ctx.service(…) for what that plugin does for others; "
    'only its contract may be imported, below "if TYPE_CHECKING:"'
)


@pytest.mark.parametrize(
    ("source", "name", "mend"),
    [
        ("import niwari_cake", "niwari_cake", BY_SERVICE),
        ("from niwari_cake.service import bake", "niwari_cake.service", BY_SERVICE),
        ("from niwari_cake.contract import Cakes", "niwari_cake.contract", BELOW_TYPING),
        (f"{TYPING}from niwari_cake import models", "niwari_cake.models", BY_SERVICE),
        (
            f"{TYPING}pass\nelse:\n    from niwari_cake import contract",
            "niwari_cake.contract",
            BELOW_TYPING,
        ),
        ("__import__('niwari_cake.contract')", "niwari_cake.contract", BELOW_TYPING),
    ],
)
def test_another_plugin_is_no_library(lint: Lint, source: str, name: str, mend: str) -> None:
    [found] = lint(source)
    assert (found.problem, found.mend) == (f"imports {name}, which is another plugin's", mend)
    assert found.line == source.count("\n") + 1


@pytest.mark.parametrize(
    "source",
    [
        f"{TYPING}from niwari_cake.contract import Cakes",
        f"{TYPING}from niwari_cake import contract",
        "import typing as t\nif t.TYPE_CHECKING:\n    import niwari_cake.contract\n"
        "def eat(cakes: 'niwari_cake.contract.Cakes'): pass",
        "from niwari_tea.service import pour",
        "import niwari_cakes",
    ],
)
def test_its_contract_is_there_for_the_type_checker(lint: Lint, source: str) -> None:
    assert lint(source) == []


def test_a_service_that_the_manifest_does_not_name_is_refused(lint: Lint) -> None:
    [found] = lint("def page(ctx):\n    return ctx.service('gatherings', 1)\n")
    assert found.sentence == (
        'niwari_tea/views.py:2: asks for the service "gatherings"; '
        "add it to uses or requires in plugin.toml"
    )


@pytest.mark.parametrize(
    "call", ["ctx.service(name='lost', version=1)", "get().service('lost', 1)"]
)
def test_however_it_is_asked_for(lint: Lint, call: str) -> None:
    assert told(lint(call)) == [(1, 'asks for the service "lost"')]


@pytest.mark.parametrize(
    "call",
    ["ctx.service('cake', 1)", "ctx.service('tea', 1)", "ctx.service(name, 1)", "service('x')"],
)
def test_a_service_that_it_names_is_allowed_and_so_is_its_own(lint: Lint, call: str) -> None:
    assert lint(call) == []


# The database

CALLS = [
    ("db.atomic()", TRANSACTION),
    ("Model._meta.database.savepoint()", TRANSACTION),
    ("get().manual_commit()", TRANSACTION),
    ("anything.execute_sql('SELECT 1')", f"write it with Model, and where it writes {TRANSACTION}"),
    ("Tea.bind(other)", DATABASE),
    ("db.bind_ctx([Tea])", DATABASE),
    ("db.create_tables([Tea])", TABLES),
    ("db.drop_tables([Tea])", TABLES),
    ("Tea.create_table()", TABLES),
    ("Tea.drop_table()", TABLES),
    ("Tea._meta.database.transaction()", TRANSACTION),
    ("db.begin()", TRANSACTION),
    ("db.commit()", TRANSACTION),
    ("db.rollback()", TRANSACTION),
    ("Tea.raw('SELECT * FROM person')", SELECT),
    ("models.Tea.raw('SELECT 1')", SELECT),
    ("db.connection()", DATABASE),
    ("db.connection_context()", DATABASE),
    ("db.connect()", DATABASE),
]


@pytest.mark.parametrize(("call", "mend"), CALLS)
def test_transactions_and_tables_of_ones_own_are_refused(lint: Lint, call: str, mend: str) -> None:
    method = call.rpartition("(")[0].rpartition(".")[2]
    assert lint(f"with {call}:\n    pass") == [
        Finding("niwari_tea/views.py", 1, f"calls .{method}()", mend)
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("db = Tea._meta.database", "._meta.database"),
        ("get()._meta.database.x[0]", "._meta.database"),
        ("with a.Tea._meta.database as db: pass", "._meta.database"),
        ("Tea._meta.set_database(other)", "._meta.set_database"),
    ],
)
def test_the_database_behind_a_model_is_the_hosts(lint: Lint, source: str, name: str) -> None:
    assert lint(source) == [Finding("niwari_tea/views.py", 1, f"uses {name}", DATABASE)]


@pytest.mark.parametrize("call", [call for call, _ in CALLS])
def test_migrations_work_on_the_database_itself(lint: Lint, call: str) -> None:
    assert (
        lint(
            f"from peewee import *\nimport playhouse.migrate\n{call}", "migrations/0001_initial.py"
        )
        == []
    )


def test_migrations_reach_the_database_of_a_model(lint: Lint) -> None:
    assert lint("db = Tea._meta.database", "migrations/0001_initial.py") == []


@pytest.mark.parametrize("name", ["migrations.py", "service/migrations/0001.py"])
def test_but_only_those_in_the_place_of_migrations(lint: Lint, name: str) -> None:
    assert told(lint("db.atomic()", name)) == [(1, "calls .atomic()")]


def test_migrations_import_no_more_of_niwari_than_others(lint: Lint) -> None:
    assert told(lint("from niwari.db import Model", "migrations/0001_initial.py")) == [
        (1, "imports niwari.db")
    ]


@pytest.mark.parametrize(
    "source",
    [
        "with transaction(ctx):\n    pass",
        "import niwari.api\nwith niwari.api.transaction(ctx):\n    pass",
        "atomic()",
        "mail.connect()\nmailbox.commit()\nbegin()",
        "signature.bind(*args)\nlogger.bind(user=1)\nsocket.bind(('', 80))",
        "Tea.select().where(Tea.id == 1).execute()",
        "response.raw()\nTea._meta.fields\nTea._meta.table_name\nself.database\nmeta.database",
        "from markupsafe import escape",
    ],
)
def test_other_things_may_bear_the_same_names(lint: Lint, source: str) -> None:
    assert lint(source) == []


# Ours

OWN = sorted(ROOT.glob("plugins/*/niwari_*/plugin.toml"))
BEHAVING = [ROOT / f"tests/plugins/niwari_{name}/plugin.toml" for name in ("neighbour", "crasher")]


@pytest.mark.parametrize("path", [*OWN, *BEHAVING], ids=lambda path: path.parent.name)
def test_the_plugins_of_this_repository_come_out_clean(path: Path) -> None:
    manifest = read_manifest(path)
    found = lint_package(
        path.parent,
        path.parent.name,
        manifest.name,
        known_packages=[other.parent.name for other in (*OWN, *BEHAVING)],
        allowed_services=(*manifest.requires, *manifest.uses),
    )
    assert [finding.sentence for finding in found] == []


def test_consult_is_among_them() -> None:
    assert "niwari_consult" in [path.parent.name for path in OWN]
