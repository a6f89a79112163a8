"""Groups of sections (部・局): what stands at the top, with all below it."""

from dataclasses import dataclass

from niwari.context import Context
from niwari.directory.sections import sections_on
from niwari.specs.contributions import Label

ELSEWHERE = Label("今はない所属", "Sections that are no more")


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a municipality today: their names in order, and the group of each section."""

    names: tuple[str, ...]
    numbers: tuple[tuple[int, int], ...]

    @property
    def values(self) -> str:
        """The rows (section, group) for a query that begins WITH grouped(section_id, grp) AS (…)."""
        rows = ", ".join(f"({section}, {number})" for section, number in self.numbers)
        return f"VALUES {rows or '(0, 0)'}"

    def labelled(self) -> list[tuple[str, str | Label]]:
        """The keys of the groups in a query's rows, with what they are called; 0 is none of today's."""
        return [
            *((str(place), name) for place, name in enumerate(self.names, start=1)),
            ("0", ELSEWHERE),
        ]


def groups_of(ctx: Context) -> Groups:
    """Return the groups of the acting municipality as it is organised today, in one query."""
    found = sections_on(ctx.municipality.id, ctx.today)
    names = list(dict.fromkeys(one.path.split("/")[0] for one in found.values()))
    places = {name: place for place, name in enumerate(names, start=1)}
    return Groups(
        tuple(names),
        tuple((section, places[one.path.split("/")[0]]) for section, one in found.items()),
    )
