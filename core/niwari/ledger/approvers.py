"""Who answers for whom: the one place that knows (rule L9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from niwari.context import Context
from niwari.directory.people import answering_person, section_heads
from niwari.ledger.models import Request


@dataclass(frozen=True, slots=True)
class Charge:
    """The sections that the acting person answers for today.

    ``sections``: every member's requests, but never the own. ``heads``: of these sections only the
    requests of the head, given by person; a head's own request goes to the next superior.
    """

    person_id: int
    sections: frozenset[int] = frozenset()
    heads: Mapping[int, int] = field(default_factory=dict)

    def covers(self, request: Request) -> bool:
        """Tell whether the acting person answers this request."""
        if request.person_id == self.person_id:
            return False
        if request.section_id in self.sections:
            return True
        return self.heads.get(request.section_id) == request.person_id

    def condition(self) -> object:
        """Return the same rule as a condition over ``Request``."""
        covered = Request.section.in_(self.sections or {0})
        for section, head in self.heads.items():
            covered |= (Request.section == section) & (Request.person == head)
        return covered & (Request.person != self.person_id)


def charge_of(ctx: Context) -> Charge:
    """Return what the acting person answers for, in one query over the municipality's sections."""
    tree = section_heads(ctx.municipality.id, ctx.today)
    person = ctx.person_id
    sections, heads = set(), {}
    for section_id, section in tree.items():
        if answering_person(tree, section_id, None) == person:
            sections.add(section_id)
        head = section.head_person_id
        if head and head != person and answering_person(tree, section_id, head) == person:
            heads[section_id] = head
    return Charge(person, frozenset(sections), heads)
