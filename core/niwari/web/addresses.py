"""Addresses of pages, of which every page shows dozens."""

from typing import Any

from flask import Flask, has_request_context, request


class Pages(Flask):
    """An application that builds the address of a page without values once, and then knows it."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self._known: dict[tuple[str, str], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return the address of ``endpoint``, as Flask does."""
        # What else an address can depend on: values, the blueprint, the host, functions for defaults.
        if values or endpoint.startswith(".") or self.url_default_functions:
            return super().url_for(endpoint, **values)
        if not has_request_context():
            return super().url_for(endpoint)
        place = (request.script_root, endpoint)
        found = self._known.get(place)
        if found is None:
            found = self._known[place] = super().url_for(endpoint)
        return found
