"""Whether nobody may see where a row comes from: asked here by everything that names a town or a section."""

from typing import Any

from niwari.specs.contributions.data import Part, Resource


def has_hidden_author(declared: Resource | Part, row: Any) -> bool:
    """Tell whether the author of ``row`` is hidden: whether it has an envelope."""
    return declared.envelope is not None and declared.envelope(row) is not None


def hides_place(resource: Resource, row: Any) -> bool:
    """Tell whether nobody may see the municipality and the section of ``row``.

    A hidden author's place is hidden whatever the plugin says of it: in a small town it is a name.
    Raises whatever the plugin's functions do.
    """
    if has_hidden_author(resource, row):
        return True
    return resource.hidden_place is not None and bool(resource.hidden_place(row))
