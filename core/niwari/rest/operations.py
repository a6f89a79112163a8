"""Operations of the API: an address, what it takes and what it answers, declared once.

Out of a declaration come the route, the reading of parameters, the answer's JSON and the part of
the OpenAPI document.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, get_type_hints

import msgspec
from flask import Response, g, request, url_for

from niwari.host.blueprint import Blueprint
from niwari.pages.forms import current_context
from niwari.rest.problems import NeedsPerson
from niwari.rest.reading import read_body, read_header, read_query
from niwari.rest.shapes import NoParameters, Page

PREFIX = "/api/v1"

IDEMPOTENCY_KEY = "Idempotency-Key"
IdempotencyKey = Annotated[
    str,
    msgspec.Meta(
        pattern="^[A-Za-z0-9._~-]{8,36}$",
        description="Chosen by the program, a UUID for one: the same key again makes nothing twice.",
    ),
]

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. ``personal`` ones need a token of a person.

    ``location`` names the endpoint and its parameter under which what was made is found.
    """

    method: str
    rule: str
    endpoint: str
    permission: str
    summary: str
    query: Any
    body: type[Any] | None
    answer: Any
    personal: bool
    idempotent: bool
    location: tuple[str, str] | None

    @property
    def status(self) -> int:
        """The status of an answer that is no error."""
        return 201 if self.location else 200

    @property
    def is_list(self) -> bool:
        """Whether it answers with pages."""
        return getattr(self.answer, "__origin__", None) is Page


class Operations:
    """The operations of a blueprint, by the name of their view."""

    def __init__(self, blueprint: Blueprint) -> None:
        """Describe them as routes of ``blueprint``."""
        self._blueprint = blueprint
        self.all: dict[str, Operation] = {}

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Declare an operation that only reads; the first line of its docstring is its summary.

        ``permission`` is the scope that it takes. The view is called with ``ctx``, the parts of the
        address, and ``query``, where its dataclass is given. What it returns is its answer's JSON.
        """
        return self._declare("GET", rule, **options)

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Declare an operation that writes: also with ``body``, and ``key`` if ``idempotent``."""
        return self._declare("POST", rule, **options)

    def _declare(
        self,
        method: str,
        rule: str,
        *,
        permission: str,
        query: type[Any] = NoParameters,
        body: type[Any] | None = None,
        personal: bool = False,
        idempotent: bool = False,
        location: tuple[str, str] | None = None,
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            operation = Operation(
                method,
                rule,
                view.__name__,
                permission,
                (view.__doc__ or "").strip().splitlines()[0],
                query,
                body,
                get_type_hints(view, include_extras=True)["return"],
                personal,
                idempotent,
                location,
            )
            self.all[operation.endpoint] = operation
            route = self._blueprint.route(
                PREFIX + rule,
                methods=(method,),
                permission=permission,
                endpoint=operation.endpoint,
            )
            route(_answering(operation, view))
            return view

        return declare


def _answering(operation: Operation, view: View) -> Callable[..., Response]:
    @wraps(view)
    def answer(**address: Any) -> Response:
        ctx = current_context()
        if operation.personal and ctx.appointment is None:
            raise NeedsPerson
        query = read_query(request, operation.query)
        if operation.query is not NoParameters:
            address["query"] = query
        if operation.idempotent:
            address["key"] = read_header(request, IDEMPOTENCY_KEY, IdempotencyKey)
        if operation.body is not None:
            g.rest_body = operation.body  # refusals name its fields
            address["body"] = read_body(request, operation.body)
        said = view(ctx, **address)
        response = Response(
            msgspec.json.encode(said), status=operation.status, content_type="application/json"
        )
        if isinstance(said, Page) and said.next_cursor is not None:
            here = {**(request.view_args or {}), **request.args.to_dict()}
            onward = url_for(f"rest.{operation.endpoint}", **{**here, "after": said.next_cursor})
            response.headers["Link"] = f'<{onward}>; rel="next"'
        if operation.location is not None:
            endpoint, key = operation.location
            response.headers["Location"] = url_for(endpoint, **{key: said.id})
        return response

    return answer
