"""Addresses of pages, of which every page shows dozens."""

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request

_KEPT = 4096
# What flask.url_for passes on where nothing but the endpoint was said.
_UNSAID: dict[str, Any] = {"_anchor": None, "_method": None, "_scheme": None, "_external": None}
# Any visitor can invent a method; what is kept must not grow with that.
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Pages(Flask):
    """An application that builds the address of a page without values once, and then knows it."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self._address = lru_cache(_KEPT)(self._built)

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return the address of ``endpoint``, as Flask does."""
        # What else an address can depend on: values, the blueprint, functions for defaults and errors.
        said = values and values != _UNSAID
        others = said or self.url_default_functions or self.url_build_error_handlers
        if others or endpoint.startswith(".") or not has_request_context():
            return super().url_for(endpoint, **values)
        # An endpoint with several routes is led to by the one that takes the request's method.
        if request.method in _METHODS:
            return self._address(endpoint, request.script_root, request.method)
        return self._built(endpoint, request.script_root, request.method)

    def _built(self, endpoint: str, _script_root: str, _method: str) -> str:
        return super().url_for(endpoint)
