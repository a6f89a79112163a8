"""The hook specifications, a file per domain, and the plain values that hooks return."""

from niwari.specs import access, choosing, data, life, notices, surface, together, work
from niwari.specs.marker import hookimpl

FAMILIES = (access, data, surface, work, choosing, together, notices, life)

__all__ = ["FAMILIES", "hookimpl"]
