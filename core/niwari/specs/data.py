"""Hooks about what a plugin keeps."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.context import Context
    from niwari.db.model import Model
    from niwari.specs.contributions import Receipt, Record, Resource, Subject


@hookspec
def models() -> "Sequence[type[Model]]":  # type: ignore[empty-body]
    """Declare the models of the plugin, in an order in which their tables can be created.

    Table names begin with the plugin's name and an underscore. Foreign keys point to the plugin's
    own tables and to the directory's, never to another plugin's. Where there are models there must
    be migrations too.

    Returns: a list of classes derived from ``Model`` or ``Shared``.

    Example::

        from niwari.api import hookimpl
        from niwari_tea.models import Cup


        @hookimpl
        def models():
            return [Cup]
    """


@hookspec
def migrations() -> Path:  # type: ignore[empty-body]
    """Declare the folder with the plugin's migration files, named ``0001_initial.py`` and so on.

    ``niwari migrate`` applies them after the core's, each in a transaction; a web process never
    does, and answers 503 for the plugin until they have run.

    Returns: the ``Path`` of a folder that is there.

    Example::

        from pathlib import Path

        from niwari.api import hookimpl


        @hookimpl
        def migrations():
            return Path(__file__).parent / "migrations"
    """


@hookspec
def resources() -> "Sequence[Resource]":  # type: ignore[empty-body]
    """Declare the kinds of rows that people share, link to and find.

    Their models are ``Shared`` models that the hook ``models`` returns. Who sees a row is its owner
    and audience, never code of the plugin.

    Returns: a list of ``Resource``; a kind stands in it once.

    Example::

        from niwari.api import Label, Resource, hookimpl
        from niwari_tea.models import Cup
        from niwari_tea.service import sample_cup


        @hookimpl
        def resources():
            return [
                Resource(
                    kind="tea.cup",
                    model=Cup,
                    label=Label("お茶", "Cup of tea"),
                    endpoint="tea.cup",
                    key="cup_id",
                    title=lambda cup: cup.name,
                    text=lambda cup: cup.note,
                    sample=sample_cup,
                    dated=lambda cup: cup.poured_at,
                )
            ]
    """


@hookspec
def export_data(ctx: "Context", subject: "Subject") -> "Iterable[Record]":  # type: ignore[empty-body]
    """Return every record that the plugin keeps of ``subject``, as plain values.

    Who may read the result is the host's business; the plugin leaves nothing out. It asks neither
    ``visible`` nor for permissions, and works where the plugin is off too.

    Called: by ``niwari plugins export`` with ``--person`` or ``--municipality``. ``ctx`` acts as a
        system actor, in that municipality or the person's last.
    Returns: ``Record`` objects, best yielded one by one, so that many of them fit into memory.
    Transaction: none; it only reads.
    Raising: the file is not written, and the command says which plugin failed.

    Example::

        from niwari.api import Record, hookimpl
        from niwari_tea.service import cups_of


        @hookimpl
        def export_data(ctx, subject):
            for cup in cups_of(subject):
                yield Record("tea.cup", cup.id, {"name": cup.name, "note": cup.note})
    """


@hookspec
def erase_data(ctx: "Context", subject: "Subject") -> "Receipt":  # type: ignore[empty-body]
    """Erase or redact what the plugin keeps of ``subject``; say what remains and why.

    Afterwards ``export_data`` hands out nothing personal of the subject any more. People and
    municipalities themselves stay, pseudonymised, so a foreign key to them never stands in the way.

    Called: by ``niwari plugins erase``, also where the plugin is off. ``ctx`` acts as a system
        actor, in that municipality or the person's last.
    Returns: one ``Receipt``; what it counts as kept needs a reason.
    Transaction: inside the caller's, with the audit row of the act.
    Raising: everything is rolled back, and the command says which plugin failed.

    Example::

        from niwari.api import Receipt, hookimpl
        from niwari_tea.service import forget


        @hookimpl
        def erase_data(ctx, subject):
            return Receipt(redacted=forget(ctx, subject))
    """


@hookspec
def dispose_data(ctx: "Context", category: str, before: date) -> "Receipt":  # type: ignore[empty-body]
    """Remove or redact rows of ``ctx.municipality`` that were last of use before the day ``before``.

    ``category`` is the ``key`` of a ``[[personal_data]]`` of ``plugin.toml``; ``before`` is a Tokyo
    day, the first that is kept. Do as many as one transaction should hold and say how many: the hook
    is called again until it answers that there was nothing left to do. What must stay longer is
    simply left; it is asked for again on the next day.

    Called: once a day by the worker where HR of the municipality chose a number of years for the
        category; where the plugin is paused too, not where it is off.
    Returns: one ``Receipt``; ``erased`` and ``redacted`` go into the municipality's disposal record.
    Transaction: inside the caller's, with the disposal record and its audit row.
    Raising: the portion is undone; the rest of the category waits for the next day. It counts
        against the part ``dispose_data``.

    Example::

        from niwari.api import Receipt, hookimpl
        from niwari_tea.service import pour_away


        @hookimpl
        def dispose_data(ctx, category, before):
            return Receipt(erased=pour_away(ctx.municipality.id, before, most=500))
    """
