"""What there is to choose from: kinds of spots, licences of photos, and who agreed to a photo."""

from collections.abc import Mapping
from typing import Final

from niwari.api import Label

SPOT_KINDS: Final[Mapping[str, Label]] = {
    "nature": Label("自然・景色", "Nature and views"),
    "flowers": Label("花・紅葉", "Blossom and leaves"),
    "history": Label("歴史・文化", "History and culture"),
    "food": Label("食・特産", "Food and local products"),
    "onsen": Label("温泉・宿", "Hot springs and inns"),
    "event": Label("祭り・行事", "Festivals and events"),
    "activity": Label("体験・遊び", "Things to do"),
}
LICENCES: Final[Mapping[str, Label]] = {
    "own": Label("市町村が撮影・作成（自由に使える）", "Made by the municipality (free to use)"),
    "permitted": Label("提供（許可を得た範囲で使う）", "Given by its owner (as permitted)"),
    "cc0": Label("CC0（権利放棄）", "CC0 (no rights reserved)"),
    "cc_by": Label("CC BY（作者名を示す）", "CC BY (name the author)"),
    "cc_by_sa": Label(
        "CC BY-SA（作者名を示し、同じ条件で）", "CC BY-SA (name the author, share alike)"
    ),
}
NEEDS_CREDIT: Final = frozenset({"permitted", "cc_by", "cc_by_sa"})
CONSENTS: Final[Mapping[str, Label]] = {
    "nobody": Label("人は写っていない", "Nobody can be recognised"),
    "agreed": Label("写っている人の承諾がある", "Everybody in it has agreed"),
}
NEEDS_RECORD: Final = frozenset({"agreed"})
"""Where the record of the consent is kept must be said."""
