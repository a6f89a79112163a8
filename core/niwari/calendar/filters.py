"""What a calendar page can be narrowed to: one's own plans, a verb, a feature, a municipality."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from niwari.calendar.reading import Wanted
from niwari.calendar.rows import dated_kinds
from niwari.context import Context
from niwari.pages.addresses import whole_number
from niwari.pages.parts import parts
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import VERB_LABELS, Verb

OWN = "own"


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a filter: what stands for it in an address, and its words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What can be chosen on a page, and what is."""

    things: tuple[Choice, ...]
    towns: tuple[Choice, ...]
    thing: str
    town: str

    @property
    def chosen(self) -> dict[str, str]:
        """The parts of an address that keep the choice; empty where nothing is chosen."""
        return {name: value for name, value in (("of", self.thing), ("town", self.town)) if value}


def filters_of(
    ctx: Context, sent: Mapping[str, str], towns: Mapping[int, str]
) -> tuple[Wanted, Filters]:
    """Read the choice from the parts of an address; what nobody offers is taken as no choice.

    ``towns`` are the names of those that can be chosen, by id.
    """
    things = dict(_things(ctx))
    thing = sent.get("of", "")
    plugins = next((some for choice, some in things.items() if choice.value == thing), frozenset())
    if thing != OWN and not plugins:
        thing = ""
    town = whole_number(sent.get("town")) or 0
    town_id = town if town in towns else None
    wanted = Wanted(plugins, towns.get(town, ""), thing == OWN, town_id)
    filters = Filters(
        (Choice("", _("すべて")), Choice(OWN, _("自分の予定だけ")), *things),
        (Choice("", _("すべて")), *(Choice(str(id_), name) for id_, name in towns.items())),
        thing,
        str(town_id or ""),
    )
    return wanted, filters


def _things(ctx: Context) -> Iterator[tuple[Choice, frozenset[str]]]:
    """Yield each verb with its features that have dates, and below it each of them."""
    plugins = parts().host.plugins
    names = sorted({kind.plugin for kind in dated_kinds(ctx).values()})
    manifests = {name: manifest for name in names if (manifest := plugins[name].manifest)}
    for verb in Verb:
        of_verb = [name for name, manifest in manifests.items() if manifest.verb == verb]
        if of_verb:
            yield Choice(verb.value, VERB_LABELS[verb].text(ctx.locale)), frozenset(of_verb)
        for name in of_verb:
            label = _("機能：%(name)s", name=manifests[name].label.text(ctx.locale))
            yield Choice(name, label), frozenset([name])
