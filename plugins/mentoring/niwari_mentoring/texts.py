"""The rules for what people write, and the lists from which they choose. Forms and services ask them."""

from datetime import date
from typing import Final

from niwari.api import Label

PLUGIN: Final = "mentoring"
"""Under this name towns switch it on."""

ACTIVITY: Final = "mentoring"
"""The ledger class of the time for all that is learned here."""

LINE_LIMIT, TIMES_LIMIT = 80, 120
TEXT_LIMIT = 5_000
MESSAGE_LIMIT = 2_000

FIELDS: Final = {
    "general": Label("総務・庶務", "General affairs"),
    "finance": Label("財政・契約", "Finance and contracts"),
    "tax": Label("税", "Taxes"),
    "counter": Label("窓口・住民記録", "Counters and registers"),
    "welfare": Label("福祉・保険", "Welfare and insurance"),
    "children": Label("子育て・教育", "Children and education"),
    "health": Label("保健・医療", "Health"),
    "building": Label("土木・建築・上下水道", "Building, roads and water"),
    "farming": Label("農林・商工・観光", "Farming, trade and tourism"),
    "disaster": Label("防災・環境", "Disasters and environment"),
    "digital": Label("情報・デジタル", "Digital"),
    "planning": Label("企画・広報", "Planning and public relations"),
    "career": Label("働き方・キャリア", "Work and career"),
}
"""What pairs are about, by code."""

_APRIL, _MARCH = 4, 3


def fiscal_year_end(day: date) -> date:
    """Return the 31 March with which the fiscal year of ``day`` ends."""
    return date(day.year + (day.month >= _APRIL), _MARCH, 31)
