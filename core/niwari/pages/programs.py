"""Addresses that programs ask and no people: their answers are JSON, their errors too."""

from flask import has_request_context, request

API_PREFIX = "/api/"


def of_a_program() -> bool:
    """Tell whether the present request asks the API, be it for an address that is not there."""
    return has_request_context() and request.path.startswith(API_PREFIX)
