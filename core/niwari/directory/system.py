"""The circumstances of commands and of the installation itself: nobody in person acts."""

from datetime import datetime

from niwari.context import Context, MunicipalityRef

INSTALLATION = MunicipalityRef(id=0, code="", name="", revision=0)
"""Stands where an act concerns no municipality alone; there is no such row.

An audit row under it must name its municipality, else the database refuses it.
"""


def system_context(
    now: datetime, actor: str, municipality: MunicipalityRef = INSTALLATION
) -> Context:
    """Return the context in which the system actor ``actor`` acts at the aware instant ``now``.

    Without ``municipality`` the act may concern several, as the import of a region's file does.
    """
    return Context(municipality, None, now, actor=actor)
