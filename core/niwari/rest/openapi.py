"""The OpenAPI 3.1 document, written out of the operations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any

import msgspec

from niwari.rest.operations import IDEMPOTENCY_KEY, PREFIX, IdempotencyKey, Operation
from niwari.rest.problems import MEDIA_TYPE
from niwari.rest.reading import expected, types_of
from niwari.rest.shapes import Problem

_PART = re.compile(r"<(?:(int):)?(\w+)>")
_REF = "#/components/schemas/{name}"

_DESCRIPTION = """\
Programs act with a token (`Authorization: Bearer niw_…`), never with a cookie. A token can at most
what its owner can at that moment. Amounts are whole minutes, days are Tokyo days, instants are
RFC 3339 in UTC. Errors are problem+json (RFC 9457). See docs/api.md.
"""

# What may be answered beside the answer, by status; to each operation, and to those that write.
_ALWAYS = {
    400: "A parameter cannot be read; `errors` names it.",
    401: "No token, or one that has expired or was revoked.",
    403: "The token's scopes, or its owner's permissions today, do not suffice.",
    404: "Not there, or not for this token.",
    429: "Too many requests.",
    500: "A failure; `request_id` finds it in the log.",
    503: "Switched off by the host for a while.",
}
_WRITING = {409: "A rule says no; `rule` names it."}
_WITH_BODY = {
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "What was sent can be read but not be accepted; `field` names it.",
}


@lru_cache(8)
def document(operations: Sequence[Operation], base_url: str, version: str) -> bytes:
    """Return the document as JSON."""
    answers = [one.answer for one in operations]
    bodies = [one.body for one in operations if one.body is not None]
    schemas, components = msgspec.json.schema_components(
        [*answers, *bodies, Problem], ref_template=_REF
    )
    for body in schemas[len(answers) : -1]:
        # Reading refuses what it does not know.
        components[body["$ref"].rpartition("/")[2]]["additionalProperties"] = False
    paths: dict[str, Any] = {}
    for operation, answer in zip(operations, schemas, strict=False):
        path = PREFIX + _PART.sub(r"{\2}", operation.rule)
        paths.setdefault(path, {})[operation.method.lower()] = _described(operation, answer)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "Niwari", "version": version, "description": _DESCRIPTION},
            "servers": [{"url": base_url.rstrip("/")}],
            "security": [{"token": []}],
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _described(operation: Operation, answer: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.endpoint,
        "summary": operation.summary,
        "description": f"Scope: `{operation.permission}`."
        + (" Tokens of people only." if operation.personal else ""),
        "parameters": list(_parameters(operation)),
        "responses": {str(operation.status): _answered(operation, answer), **_problems(operation)},
    }
    if operation.body is not None:
        schema = {"$ref": _REF.format(name=operation.body.__name__)}
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for number, name in _PART.findall(operation.rule):
        schema = {"type": "integer", "minimum": 0} if number else {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    types = types_of(operation.query)
    for field in fields(operation.query):
        needed = field.default is MISSING
        default = {} if needed or field.default is None else {"default": field.default}
        schema = {**expected(types[field.name]), **default}
        yield {"name": field.name, "in": "query", "required": needed, "schema": schema}
    if operation.idempotent:
        schema = expected(IdempotencyKey)
        yield {"name": IDEMPOTENCY_KEY, "in": "header", "required": True, "schema": schema}


def _answered(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    answered: dict[str, Any] = {
        "description": "Made, or made before." if operation.location else "The answer.",
        "content": {"application/json": {"schema": schema}},
    }
    headers = {}
    if operation.is_list:
        headers["Link"] = "The next page, as `rel=next`; absent on the last one."
    if operation.location:
        headers["Location"] = "Where it is found."
    if headers:
        answered["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return answered


def _problems(operation: Operation) -> dict[str, Any]:
    found = dict(_ALWAYS)
    if operation.method != "GET":
        found |= _WRITING
    if operation.body is not None:
        found |= _WITH_BODY
    content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {
        str(status): {"description": text, "content": content}
        for status, text in sorted(found.items())
    }
