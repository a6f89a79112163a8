"""Reading a cell of duties."""

import re

from niwari.directory.duties.standard import duty_named
from niwari.errors import N_
from niwari.tabular import BadCell, normalised, shown

_BETWEEN = re.compile(r"[;・、,]")


def duties_of(cell: str) -> frozenset[str]:
    """Read codes or Japanese names of duties with ； ・ or 、 between them; an empty cell has none.

    Raises ``BadCell`` where one is no standard duty.
    """
    found = set()
    for name in filter(None, (part.strip() for part in _BETWEEN.split(normalised(cell)))):
        duty = duty_named(name)
        if duty is None:
            raise BadCell(
                N_(
                    "「%(given)s」という業務はありません。「戸籍」「給与」のような標準の業務の名前か、"
                    "そのコードを「・」で区切って書いてください。"
                ),
                given=shown(name),
            )
        found.add(duty.code)
    return frozenset(found)
