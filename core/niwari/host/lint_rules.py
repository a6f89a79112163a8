"""What a plugin's sources may not name or call, and the mend for each.

Names are dotted and absolute (``flask.g``, ``os.fork``), however the source came by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple


class Refusal(NamedTuple):
    """What is refused, by its dotted name, and what to do instead."""

    name: str
    mend: str


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The names of a module that a plugin may use, and the mends for others that people reach for."""

    names: frozenset[str]
    otherwise: str
    mends: Mapping[str, str] = field(default_factory=dict)


FROM_API = "import it from niwari.api instead"
OUTSIDE = "only tests use it, and they lie outside of the package"
STAR = "import each name that you need"
ROW = "keep it in a row or pass it on"
TEMPLATE = "put it into a template file; as a string, text that people wrote would be a template"
LATER = "publish an event and do it in a subscription"
ENDING = "the host decides how its processes end"
TRANSACTION = "use transaction(ctx)"
TABLES = "make and drop tables in migrations/"
MARKUP = "write the markup into a template, which escapes what people wrote"
SELECT = "write it with select() of the Model"
DATABASE = "the host owns the database; use Model and transaction(ctx) of niwari.api"

_FLASK = frozenset(
    [
        "Response",
        "abort",
        "flash",
        "jsonify",
        "make_response",
        "redirect",
        "render_template",
        "request",
        "send_file",
        "stream_with_context",
        "url_for",
    ]
)
_FORMATS = frozenset(
    f"format_{kind}"
    for kind in (
        "currency",
        "date",
        "datetime",
        "decimal",
        "number",
        "percent",
        "scientific",
        "time",
        "timedelta",
    )
)

_ALLOW_LISTS: Mapping[str, _Allowed] = MappingProxyType(
    {
        "flask": _Allowed(
            _FLASK,
            f"of flask a plugin uses only {', '.join(sorted(_FLASK))}",
            {
                "Blueprint": "use niwari.api.Blueprint",
                "Flask": "the host makes the application",
                "Markup": MARKUP,
                "current_app": "the host owns the application",
                "g": ROW,
                "json": "use jsonify, or Python's own json",
                "render_template_string": TEMPLATE,
                "send_from_directory": "use send_file",
                "session": ROW,
                "stream_template_string": TEMPLATE,
            },
        ),
        # Texts and forms of the host's own know the request's catalogue and refuse what is illegible.
        "flask_babel": _Allowed(
            _FORMATS,
            "of flask_babel a plugin uses only its format_… functions",
            {
                "get_locale": "use ctx.locale",
                "gettext": FROM_API,
                "lazy_gettext": FROM_API,
                "ngettext": FROM_API,
            },
        ),
        "flask_wtf": _Allowed(
            frozenset(["file"]),
            "of flask_wtf a plugin uses only flask_wtf.file",
            {
                "CSRFProtect": "the host checks every form",
                "FlaskForm": "use niwari.api.Form",
                "Form": "use niwari.api.Form",
                "csrf": "the host checks every form",
            },
        ),
    }
)

_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "_thread": LATER,
        "concurrent.futures": LATER,
        "jinja2": TEMPLATE,
        "markupsafe.Markup": MARKUP,
        "multiprocessing": LATER,
        "os._exit": f"raise an error; {ENDING}",
        "os.abort": f"raise an error; {ENDING}",
        "os.fork": LATER,
        "os.forkpty": LATER,
        "signal.alarm": ENDING,
        "signal.setitimer": ENDING,
        "signal.signal": ENDING,
        "threading.Thread": LATER,
        "threading.Timer": LATER,
    }
)

_STARS = frozenset(["markupsafe", "os", "peewee", "signal", "threading", *_ALLOW_LISTS])

FOLLOWED = frozenset(
    ["importlib", "niwari", "playhouse", *_STARS, *(name.split(".")[0] for name in _REFUSED)]
)
"""The top-level modules whose names are followed through a source."""

_CALLS: Mapping[str, str] = MappingProxyType(
    {
        "atomic": TRANSACTION,
        "bind": DATABASE,
        "bind_ctx": DATABASE,
        "create_table": TABLES,
        "create_tables": TABLES,
        "drop_table": TABLES,
        "drop_tables": TABLES,
        "execute_sql": f"write it with Model, and where it writes {TRANSACTION}",
        "manual_commit": TRANSACTION,
        "savepoint": TRANSACTION,
    }
)
# Other things have these names too, so here the object must be called db or database.
_CALLS_OF_A_DATABASE: Mapping[str, str] = MappingProxyType(
    {
        "begin": TRANSACTION,
        "commit": TRANSACTION,
        "connect": DATABASE,
        "connection": DATABASE,
        "connection_context": DATABASE,
        "rollback": TRANSACTION,
        "transaction": TRANSACTION,
    }
)
CALLED = frozenset([*_CALLS, *_CALLS_OF_A_DATABASE, "raw"])
"""The names of methods that ``call_refused`` may refuse."""


def name_refused(dotted: str, *, in_migrations: bool) -> Refusal | None:
    """Tell whether a plugin may import or use ``dotted``; ``*`` as its last part is everything.

    ``in_migrations`` is for files below ``migrations/``, which may work on the database itself.
    """
    parts = dotted.split(".")
    top = parts[0]
    if top == "niwari":
        return _of_niwari(parts)
    if len(parts) > 1 and parts[1] == "*" and top in _STARS:
        return None if top == "peewee" and in_migrations else Refusal(dotted, STAR)
    if top in ("peewee", "playhouse"):
        return None if in_migrations else _of_peewee(parts)
    if top in _ALLOW_LISTS:
        return _beyond(_ALLOW_LISTS[top], parts)
    for length in (1, 2):
        name = ".".join(parts[:length])
        if name in _REFUSED:
            return Refusal(name, _REFUSED[name])
    return None


def call_refused(method: str, receiver: str, shape_of_bind: bool) -> Refusal | None:
    """Tell whether a plugin may call ``method`` on what ends in the name ``receiver``.

    ``shape_of_bind`` tells whether the arguments are such as Peewee's ``bind`` takes.
    """
    if method == "bind" and not shape_of_bind:
        return None
    if method == "raw":
        # A class; other things have methods of that name too.
        return Refusal(".raw()", SELECT) if receiver[:1].isupper() else None
    mend = _CALLS.get(method, "")
    if not mend and receiver in ("db", "database"):
        mend = _CALLS_OF_A_DATABASE.get(method, "")
    return Refusal(f".{method}()", mend) if mend else None


def reach_refused(link: str, beyond: str) -> Refusal | None:
    """Tell whether a plugin may use ``beyond`` of an object's ``link``, as in ``Tea._meta.name``."""
    if link == "_meta" and beyond in ("database", "set_database"):
        return Refusal(f"._meta.{beyond}", DATABASE)
    return None


def other_refused(dotted: str, *, typing_only: bool) -> Refusal | None:
    """Tell whether a plugin may import ``dotted`` of another plugin's package.

    ``typing_only`` is for imports below ``if TYPE_CHECKING:``.
    """
    parts = dotted.split(".")
    contract = len(parts) > 1 and parts[1] == "contract"
    if contract and typing_only:
        return None
    mend = (
        'put it below "if TYPE_CHECKING:" and take the object from ctx.service(…)'
        if contract
        else "ask ctx.service(…) for what that plugin does for others; "
        'only its contract may be imported, below "if TYPE_CHECKING:"'
    )
    return Refusal(".".join(parts[:2]), mend)


def _of_niwari(parts: list[str]) -> Refusal | None:
    inner = parts[1] if len(parts) > 1 else ""
    if inner == "api":
        return None
    mends = {"": "import what you need from niwari.api", "*": STAR, "testing": OUTSIDE}
    return Refusal(".".join(parts[:2]), mends.get(inner, FROM_API))


def _of_peewee(parts: list[str]) -> Refusal | None:
    if parts[0] == "playhouse":
        return Refusal(".".join(parts[:2]), DATABASE)
    name = parts[1] if len(parts) > 1 else ""
    if name == "DatabaseProxy" or name.endswith("Database"):
        return Refusal(f"peewee.{name}", DATABASE)
    return None


def _beyond(allowed: _Allowed, parts: list[str]) -> Refusal | None:
    if len(parts) == 1 or parts[1] in allowed.names:
        return None
    # "from flask.globals import g" is told as what it is about: g.
    mend = allowed.mends.get(parts[1]) or allowed.mends.get(parts[-1], allowed.otherwise)
    return Refusal(".".join(parts[:2]), mend)
