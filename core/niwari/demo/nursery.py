"""The demo's nursery: people without a computer or a mailbox of their own, who work by a roster."""

from importlib.resources import files

from niwari.demo.story import BEGINNING
from niwari.directory.importing import import_people
from niwari.directory.system import system_context
from niwari.ledger.importing import import_roster


def load_nursery() -> None:
    """Load 鶴見坦保育所 of 郡山市 and its early and late shifts of a week; again changes nothing.

    On Saturday 21 November 2026 ``staff8`` works, with the Thursday before off.
    """
    ctx = system_context(BEGINNING, "niwari demo")
    data = files("niwari.demo").joinpath("data")
    import_people(ctx, data.joinpath("nursery.csv").read_bytes())
    import_roster(ctx, data.joinpath("nursery_roster.csv").read_bytes())
