"""Write the migration that makes a set's tables: frozen copies of its models.

Peewee's own generator leaves out CHECK constraints and plain-column references, so this writes
every table whole. Use it for a set's first migration; later ones are written by hand.

    .venv/bin/python tools/make_migration.py core
    .venv/bin/python tools/make_migration.py consult
"""

import sys
from pathlib import Path
from typing import Any

from peewee import CompositeKey, Field, ForeignKeyField
from playhouse.migrations import _build_field_args

from niwari.app import CORE_AREAS, core_migrations, load_host
from niwari.db import open_database

_OWN_FIELDS = {"IdField", "InstantField"}

HEAD = '''"""{title}"""

{imports}


def up(migrator, db):
{models}
    for model in ({names}):
        model.create_table(safe=False)
'''


def main(name: str) -> Path:
    """Write ``0001_initial.py`` of the set ``name`` and return its path."""
    open_database("sqlite:///:memory:")
    host = load_host()
    if name == "core":
        models = [m for area in CORE_AREAS for m in host.plugins[area].contributions.models]
        directory, base = core_migrations().directory, "niwari.db"
    else:
        contributions = host.plugins[name].contributions
        models, directory = list(contributions.models), contributions.migrations
        base = "niwari.api"
    if directory is None:
        raise SystemExit(f"{name} declares no folder for migrations")
    path = directory / "0001_initial.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(name, models, base), encoding="utf-8")
    return path


def render(name: str, models: list[Any], base: str) -> str:
    """Return the text of the migration."""
    own = {model: model.__name__ for model in models}
    foreign: dict[Any, str] = {}
    used: set[str] = set()
    parts = []
    for model in models:
        parts.append(_model(model, own, foreign, used))
    stubs = [
        f"    class {stub}(MigrationModel):\n        class Meta:\n"
        f"            table_name = {target._meta.table_name!r}\n"
        for target, stub in foreign.items()
    ]
    niwari = {"MigrationModel"} | (used & _OWN_FIELDS)
    peewee = sorted(used - _OWN_FIELDS)
    imports = (
        f"from peewee import {', '.join(peewee)}\n\nfrom {base} import {', '.join(sorted(niwari))}"
    )
    names = ", ".join(own.values()) + ("," if len(own) == 1 else "")
    title = f"The first tables of {name}."
    return HEAD.format(
        title=title, imports=imports, models="\n".join([*stubs, *parts]), names=names
    )


def _model(model: Any, own: dict[Any, str], foreign: dict[Any, str], used: set[str]) -> str:
    meta = model._meta
    lines = [f"    class {model.__name__}(MigrationModel):"]
    for field in meta.sorted_fields:
        lines.append(f"        {field.name} = {_field(field, own, foreign, used)}")
    lines += ["", "        class Meta:", f"            table_name = {meta.table_name!r}"]
    if isinstance(meta.primary_key, CompositeKey):
        used.add("CompositeKey")
        keys = ", ".join(repr(name) for name in meta.primary_key.field_names)
        lines.append(f"            primary_key = CompositeKey({keys})")
    if meta.indexes:
        indexes = ", ".join(repr((tuple(columns), unique)) for columns, unique in meta.indexes)
        lines.append(f"            indexes = ({indexes},)")
    if meta.constraints:
        used.add("Check")
        lines.append("            constraints = [")
        for check in meta.constraints:
            _, name, body = check.nodes
            text = body.sql.removeprefix("CHECK (").removesuffix(")")
            lines.append(f"                Check({text!r}, name={name._path[0]!r}),")
        lines.append("            ]")
    return "\n".join(lines) + "\n"


def _field(field: Field, own: dict[Any, str], foreign: dict[Any, str], used: set[str]) -> str:
    kind = type(field)
    while kind.__module__ not in ("peewee", "niwari.db.fields"):
        kind = kind.__mro__[1]
    used.add(kind.__name__)
    targets = dict(own)
    if isinstance(field, ForeignKeyField) and field.rel_model not in own:
        targets[field.rel_model] = foreign.setdefault(field.rel_model, field.rel_model.__name__)
    todos: list[str] = []
    args = _build_field_args(field, set(), todos, targets)
    if todos:
        raise SystemExit(f"{field.model.__name__}: {todos[0]}")
    if isinstance(field, ForeignKeyField) and not field.index:
        args.append("index=False")
    if field.constraints:
        used.add("SQL")
        args.append(f"constraints=[{', '.join(f'SQL({c.sql!r})' for c in field.constraints)}]")
    if kind.__name__ == "TimestampField":
        args.append(f"resolution={field.resolution}")
        args = [a for a in args if not a.startswith("default=")]
    return f"{kind.__name__}({', '.join(args)})"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: make_migration.py core|PLUGIN")
    print(main(sys.argv[1]))
