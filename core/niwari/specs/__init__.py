"""The hook specifications, a file per domain, and the plain values that hooks return."""

from niwari.specs import access, choosing, data, life, surface, together, work
from niwari.specs.marker import hookimpl

FAMILIES = (access, data, surface, work, choosing, together, life)

__all__ = ["FAMILIES", "hookimpl"]
