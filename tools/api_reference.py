"""What ``niwari.api`` offers: the page of it, and the text against which a test pins it."""

import inspect
import re
from collections.abc import Iterator
from types import UnionType

from source_reading import Described, described, first_sentence, one_line, plain, signature

from niwari import api
from niwari.specs import FAMILIES

_RETURNED = "What hooks return and are given"
_ACTING = "Who acts, where and when"
_ROWS = "Rows and transactions"
_DOING = "What a service calls"
_PAGES = "Pages"
_FILES = "Tables in files"
_REFUSING = "Refusing"
_ELSE = "Everything else"

# By the beginning of the module's name that a name comes from; the first that fits.
_GROUPS = (
    (_RETURNED, ("niwari.specs", "niwari.host.blueprint")),
    (_ACTING, ("niwari.context", "niwari.clock")),
    (_ROWS, ("niwari.db", "niwari.directory")),
    (
        _DOING,
        (
            "niwari.audit",
            "niwari.events",
            "niwari.files",
            "niwari.host",
            "niwari.texts",
            "niwari.vault",
        ),
    ),
    (_FILES, ("niwari.tabular",)),
    (_PAGES, ("niwari.pages", "flask_babel")),
    (_REFUSING, ("niwari.errors", "niwari.keyring")),
    (_ELSE, ("",)),
)

# What has no docstring of its own: its group and its line.
VALUES = {
    "API_VERSION": (_ELSE, "The version of the host API, as (major, minor)."),
    "AUDIENCES": (_ROWS, "The three audiences of a shared row, the narrowest first."),
    "PEOPLE": (
        _ROWS,
        "The audience of a row that the people see whom `name_readers` names, and nobody else.",
    ),
    "PEOPLE_OF_REGION": (
        _ROWS,
        "The audience of a row that the people see whom `name_readers` names, in any town of the region.",
    ),
    "SECTION": (_ROWS, "The audience of a row that the owner's section sees."),
    "MUNICIPALITY": (_ROWS, "The audience of a row that the owner municipality sees."),
    "REGION": (_ROWS, "The audience of a row that every municipality of the region sees."),
    "TOKYO": (_ACTING, "The time zone in which days and wall times are meant."),
    "LIMITS": (_FILES, "The `Limits` that hold where none are given."),
    "Value": (_FILES, "What a cell of a table can hold."),
    "SelectChoice": (
        _PAGES,
        "What can be chosen in a field of choices: `SelectChoice(value, label)`, with `optgroup=` below a "
        "heading. It is WTForms' own, which its type stubs do not know yet.",
    ),
    "hookimpl": (_RETURNED, "The decorator that makes a function of `plugin.py` a hook."),
}
_FOREIGN = {
    "lazy_gettext": "Like `gettext`, translated when it is shown: for texts in class bodies, such as "
    "the labels of form fields.",
}

_HEAD = """\
# The host API: `niwari.api`

<!-- Written by tools/hook_reference.py from niwari.api. Change the docstrings there. -->

Version {version}. Everything that a plugin imports of Niwari; [compatibility.md](compatibility.md) says
what the version promises. Signatures are those of the source. Beside it a plugin imports flask, peewee,
wtforms and click, as far as [the import lint](containment.md#the-import-lint) lets it. Classes that hooks
return are described field by field in [hooks.md](hooks.md#what-hooks-return-and-are-given).
"""


def api_page() -> str:
    """Return the text of api.md."""
    parts = [_HEAD.format(version=_version())]
    for group in dict.fromkeys(name for name, _ in _GROUPS):
        names = [name for name in api.__all__ if group_of(name) == group]
        if names:
            parts.append(f"## {group}\n")
            parts += [_entry(name) for name in sorted(names, key=str.lower)]
    return "\n".join(parts).rstrip() + "\n"


def group_of(name: str) -> str:
    """Return the heading under which a name of ``niwari.api`` stands."""
    if name in VALUES:
        return VALUES[name][0]
    module = getattr(api, name).__module__
    return next(group for group, beginnings in _GROUPS if module.startswith(beginnings))


def line_of(name: str) -> str:
    """Return what a name promises, in one line; empty where nothing says it."""
    if name in VALUES:
        return VALUES[name][1]
    return _FOREIGN.get(name) or plain(one_line(getattr(api, name)))


def _entry(name: str) -> str:
    thing, line = getattr(api, name), line_of(name)
    if isinstance(thing, str | tuple | UnionType):
        return f"### {name}\n\n`{_value(thing)}`. {line}\n"
    if name in VALUES:
        return f"### {name}\n\n{line}\n"
    if not isinstance(thing, type):
        call = f"def {name}(…)" if name in _FOREIGN else _renamed(name, signature(thing, name))
        return (
            f"### {name}\n\n```python\n{call}\n```\n\n{line}{_more(inspect.getdoc(thing), name)}\n"
        )
    item = described(thing)
    members = "".join(
        f"\n- `{_renamed(name, text)}`{f': {plain(doc)}' if doc else ''}"
        for text, doc in _shown(item)
    )
    head = f"### {name}\n\n{line}{_more(item.doc, name)}\n"
    return head + (f"{members}\n" if members else "")


def _value(thing: str | tuple[object, ...] | UnionType) -> str:
    """Return a value as the source says it; of a union of types each type's own name."""
    if isinstance(thing, UnionType):
        return " | ".join("None" if t is type(None) else t.__name__ for t in thing.__args__)
    return repr(thing)


def _renamed(name: str, text: str) -> str:
    """Return a signature of ``name`` with the names that ``niwari.api`` gives to classes."""
    here = {
        kind.__name__: other
        for other in api.__all__
        if isinstance(kind := vars(api)[other], type)
        # A table's Record is another than the one that is handed out.
        and (kind.__name__ not in api.__all__ or group_of(other) == group_of(name) == _FILES)
    }
    return re.sub(r"\b[A-Z]\w+", lambda found: here.get(found[0], found[0]), text)


def _more(doc: str | None, name: str) -> str:
    """Return what a docstring says after its first paragraph."""
    rest = "" if name in _FOREIGN else plain((doc or "").partition("\n\n")[2].strip())
    return f"\n\n{rest}" if rest else ""


def _shown(item: Described) -> Iterator[tuple[str, str]]:
    for field in item.fields:
        # A model's column is annotated with Any for the type checker; what it is, is its value.
        kind = "" if field.kind == "Any" else f": {field.kind}"
        yield f"{field.name}{kind}{f' = {field.default}' if field.default else ''}", field.doc
    yield from ((text, "") for text in item.constants)
    yield from ((method.signature, method.doc) for method in item.methods)


def pinned() -> str:
    """Return the host API, a name or signature in a line, as tests/architecture/api.txt keeps it."""
    lines = [f"host API {_version()}", ""]
    for name in sorted(api.__all__):
        if name != "API_VERSION":
            lines += _pinned(name)
    lines.append("")
    for family in FAMILIES:
        for function in vars(family).values():
            if hasattr(function, "niwari_spec"):
                lines.append(f"hook {signature(function).removeprefix('def ')}")
    return "\n".join(lines) + "\n"


def _pinned(name: str) -> Iterator[str]:
    thing = getattr(api, name)
    if isinstance(thing, str | tuple | UnionType):
        yield f"{name} = {_value(thing)}"
    elif name in VALUES or name in _FOREIGN:
        yield name
    elif not isinstance(thing, type):
        yield _renamed(name, signature(thing, name)).replace("\n", " ")
    else:
        item = described(thing)
        yield f"class {name}({_renamed(name, ', '.join(item.bases))})"
        yield from (f"{name}.{_renamed(name, text)}" for text, _ in _shown(item))


def _version() -> str:
    return ".".join(map(str, api.API_VERSION))


def silent_names() -> list[str]:
    """Return the names of ``niwari.api`` that nothing says a word of."""
    return [name for name in api.__all__ if not first_sentence(line_of(name))]
