"""The hook specifications, a file per domain, and the plain values that hooks return."""

from niwari.specs import access, data, surface, work
from niwari.specs.marker import hookimpl

FAMILIES = (access, data, surface, work)

__all__ = ["FAMILIES", "hookimpl"]
