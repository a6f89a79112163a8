"""Reading what a program sent: each parameter by the type that its dataclass declares."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.wrappers import Request

from niwari.errors import N_, DomainError
from niwari.rest.shapes import WrongParameter
from niwari.texts import is_illegible

Asked = TypeVar("Asked")


class WrongParameters(DomainError):
    """What was sent does not have the form that the document describes; ``wrong`` says where."""

    status = 400
    text = N_("パラメーター %(names)s を読み取れません。")

    def __init__(self, wrong: tuple[WrongParameter, ...]) -> None:
        """Say which parameters, and what each has to be."""
        super().__init__(names=", ".join(one.name for one in wrong))
        self.wrong = wrong


def read_query(request: Request, kind: type[Asked]) -> Asked:
    """Return the parameters of the address as a ``kind``; raises ``WrongParameters``."""
    given: dict[str, Any] = request.args.to_dict()
    repeated = {name: "given twice" for name in given if len(request.args.getlist(name)) > 1}
    asked: Asked = _read(kind, given, "query", repeated, strict=False)
    return asked


def read_body(request: Request, kind: type[Asked]) -> Asked:
    """Return the JSON object of the body as a ``kind``.

    Raises ``WrongParameters``, and ``UnsupportedMediaType`` for anything but ``application/json``.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        given = msgspec.json.decode(request.get_data())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WrongParameters((WrongParameter("body", "body", f"no JSON: {error}"),)) from error
    if not isinstance(given, dict):
        raise WrongParameters((WrongParameter("body", "body", "not a JSON object"),))
    asked: Asked = _read(kind, given, "body", {}, strict=True)
    return asked


def read_header(request: Request, name: str, kind: Any) -> str:
    """Return a header that must be there; raises ``WrongParameters``."""
    try:
        text: str = msgspec.convert(request.headers.get(name), kind)
    except msgspec.ValidationError as error:
        wrong = WrongParameter("header", name, _reason(error), expected(kind))
        raise WrongParameters((wrong,)) from error
    return text


@cache
def types_of(kind: Any) -> Mapping[str, Any]:
    """Return the types of the fields of a dataclass, with their limits."""
    return get_type_hints(kind, include_extras=True)


@cache
def expected(kind: Any) -> dict[str, Any]:
    """Return the JSON schema of one parameter, without what is only for JSON (null)."""
    (schema,), _components = msgspec.json.schema_components((kind,), ref_template="{name}")
    options = schema.pop("anyOf", None)
    if options is not None:
        (one,) = (option for option in options if option != {"type": "null"})
        schema = {**one, **schema}
        schema.pop("default", None)
    return schema


def _read(
    kind: Any,
    given: Mapping[str, Any],
    source: Any,
    reasons: dict[str, str],
    *,
    strict: bool,
) -> Any:
    types = types_of(kind)
    reasons |= {name: "unknown" for name in given if name not in types}
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in reasons:
            continue
        if field.name not in given:
            if field.default is MISSING:
                reasons[field.name] = "missing"
            continue
        try:
            value = msgspec.convert(given[field.name], types[field.name], strict=strict)
        except msgspec.ValidationError as error:
            reasons[field.name] = _reason(error)
            continue
        if isinstance(value, str) and is_illegible(value):
            reasons[field.name] = "has control characters"
        values[field.name] = value
    if reasons:
        raise WrongParameters(
            tuple(
                WrongParameter(
                    source, name, reason, expected(types[name]) if name in types else None
                )
                for name, reason in reasons.items()
            )
        )
    return kind(**values)


def _reason(error: msgspec.ValidationError) -> str:
    return str(error).replace("`", "")
