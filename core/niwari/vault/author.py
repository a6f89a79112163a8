"""The hidden author of one act, as the job has them that publishes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, product
from string import ascii_uppercase
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context, MunicipalityRef
from niwari.db import rows
from niwari.directory.audience import REGION, Shared
from niwari.directory.models import Municipality, Section
from niwari.directory.regions import region_towns
from niwari.host.municipality import find_municipality
from niwari.keyring import SealError
from niwari.vault.hiding import hidden_name, kind_of
from niwari.vault.service import addressee, alias_context, remember_for, seal_for


@dataclass(frozen=True, slots=True)
class HiddenAuthor:
    """Who does the act: known to the vault alone. A plugin gets columns, a letter, yes or no.

    Neither the person nor their town can be asked of it, and its ``repr`` shows neither.
    """

    key: str
    """The key of the form: the ``key`` of the row that is written."""
    _person_id: int = field(repr=False)
    _town: MunicipalityRef = field(repr=False)

    def columns(self, ctx: Context, model: Any, *, thread: Iterable[Any] = ()) -> dict[str, Any]:
        """Return the columns of a new row of ``model``, a ``HidesAuthor``; add what it says.

        ``thread`` are the rows of ``HidesAuthor`` that are there in the thread: the author keeps the
        letter that they have there, or gets the first free one. An owner, where the model has one, is
        the author's town, which nobody is shown, and its first section, whichever the author's is.
        """
        kind = kind_of(model)
        return {
            **self._owner(model),
            "author": None,
            "key": self.key,
            "envelope": seal_for(self._person_id, kind, self.key),
            "alias_letter": self._letter(thread),
            "hidden_on": ctx.today,
        }

    def wrote(self, row: Any) -> bool:
        """Tell whether this person wrote ``row``, a row of ``HidesAuthor`` without a name."""
        try:
            return row.hidden_on is not None and self._person_id == addressee(
                row.envelope, kind_of(type(row)), row.key
            )
        except SealError:
            return False

    def keep(self, ctx: Context, action: str, row: Any, above: Any = None, **details: Any) -> None:
        """Audit ``action`` under the alias of the new ``row``, and let its author find it as theirs.

        ``above`` is the shared row that it stands below, where it is a part. In the transaction in
        which it is written, as its last act.
        """
        self.audit(ctx, action, row, above, **details)
        remember_for(self._person_id, self._town.id, kind_of(type(row)), row.id)

    def audit(self, ctx: Context, action: str, row: Any, above: Any = None, **details: Any) -> None:
        """Audit an act on ``row`` under its alias, as accepting an answer; see ``keep``.

        In the town of the row where it is for that town alone. What more can read is audited in one
        town of the region, the same for all.
        """
        owner = above if above is not None else row
        town = place_of(ctx) if owner.audience == REGION else self._town
        quiet = alias_context(ctx, hidden_name(row.alias_letter), town)
        audit.record(quiet, action, kind_of(type(row)), row.id, **details)

    def _owner(self, model: Any) -> dict[str, Any]:
        fields = model._meta.fields
        owner: dict[str, Any] = {}
        if "municipality" in fields:
            owner["municipality"] = self._town.id
        if "section" in fields:
            own = Section.select(fn.MIN(Section.id)).where(Section.municipality == self._town.id)
            owner["section"] = own.scalar()
        if issubclass(model, Shared):
            owner["region_id"] = self._town.region_id
        return owner

    def _letter(self, thread: Iterable[Any]) -> str:
        taken: set[str] = set()
        for row in thread:
            if row.hidden_on is not None and row.alias_letter:
                if self.wrote(row):
                    return str(row.alias_letter)
                taken.add(row.alias_letter)
        return next(letter for letter in _letters() if letter not in taken)


def place_of(ctx: Context) -> MunicipalityRef:
    """Return the town in which acts of hidden authors are audited that a region can read.

    It is the first one of the region, whichever the author's: else its audit would tell that somebody
    there has written.
    """
    first = rows(region_towns(ctx).order_by(Municipality.id).limit(1))
    found = find_municipality(first[0][0], ctx.today) if first else None
    return found or ctx.municipality


def _letters() -> Iterator[str]:
    for length in count(1):
        for letters in product(ascii_uppercase, repeat=length):
            yield "".join(letters)
