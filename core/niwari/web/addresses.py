"""Addresses of pages, of which every page shows dozens."""

from functools import lru_cache
from typing import Any, cast

from flask import Flask, Request, request
from werkzeug.local import LocalProxy

from niwari.web.templating import Templates

_KEPT = 4096
# What flask.url_for passes on where nothing but the endpoint was said.
_UNSAID: dict[str, Any] = {"_anchor": None, "_method": None, "_scheme": None, "_external": None}
# What stands behind it is asked for once an address: each step through it takes as long as a look-up.
_request = cast("LocalProxy[Request]", request)
# Any visitor can invent a method; what is kept must not grow with that.
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Pages(Flask):
    """An application that builds the address of a page without values once, and then knows it."""

    jinja_environment = Templates

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self._address = lru_cache(_KEPT)(self._built)

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return the address of ``endpoint``, as Flask does."""
        # What else an address can depend on: values, the blueprint, functions for defaults and errors.
        said = values and values != _UNSAID
        others = said or self.url_default_functions or self.url_build_error_handlers
        if others or endpoint.startswith("."):
            return super().url_for(endpoint, **values)
        try:
            asked = _request._get_current_object()
        except RuntimeError:  # outside of a request
            return super().url_for(endpoint, **values)
        # An endpoint with several routes is led to by the one that takes the request's method.
        address = self._address if asked.method in _METHODS else self._built
        return address(endpoint, asked.script_root, asked.method)

    def _built(self, endpoint: str, _script_root: str, _method: str) -> str:
        return super().url_for(endpoint)
