"""``Blueprint``: how an area or a plugin describes its pages.

It offers the part of Flask's Blueprint that concerns the plugin's own pages and nothing that
reaches the application. It only collects; the host makes the real Flask blueprint out of it, so
that each route has an owner, a permission and a guard.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from niwari.specs.contributions import BadContribution

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

LARGEST_BODY = 512 * 1024
"""Bytes of a request, unless its route says more: of forms, some ten thousand characters at the most."""

MOST_BYTES = 64 * 2**20
"""Bytes that a route may take in memory at the most."""


@dataclass(frozen=True, slots=True)
class Route:
    """One route: exactly one of ``permission`` and ``public`` (the reason) is set.

    ``recent`` asks for a person who has shown within ten minutes who they are. ``attachments`` and
    ``largest_body`` say how much may be sent to it: see ``Blueprint.route``.
    """

    rule: str
    endpoint: str
    view: Callable[..., Any]
    methods: tuple[str, ...]
    permission: str | None
    public: str | None
    recent: bool = False
    attachments: bool = False
    largest_body: int = LARGEST_BODY


class Blueprint:
    """The pages of an area or plugin; ``name`` is the plugin's name.

    ``templates`` and ``static`` are taken from the package ``import_name``.
    """

    def __init__(self, name: str, import_name: str) -> None:
        """Begin an empty description."""
        self.name = name
        self.import_name = import_name
        self.routes: list[Route] = []

    def route(
        self,
        rule: str,
        *,
        permission: str | None = None,
        public: str | None = None,
        methods: Sequence[str] = ("GET",),
        endpoint: str | None = None,
        recent: bool = False,
        attachments: bool = False,
        largest_body: int | None = None,
    ) -> Callable[[View], View]:
        """Describe a page: its address below the plugin's prefix and who may open it.

        Give ``permission=`` or ``public="the reason"``. With ``recent=True``, for what is sensitive,
        the person is sent to sign in again unless they did so within ten minutes; give it to the
        page with the form too, because what was typed is not carried over. Raises
        ``BadContribution`` for neither, both, a permission ending in ``.read`` on an unsafe method,
        and ``recent`` on a public page.

        ``attachments=True`` for what a form with an ``AttachmentsField`` is sent to: it takes as many
        bytes as a row may have of files. Another route takes ``largest_body`` bytes, up to 64 MB: its
        files lie in memory and never on the disk. Both want an unsafe method and a permission.
        """
        where = f"{self.name}: route {rule!r}"
        if not rule.startswith("/"):
            raise BadContribution(f"{where}: begin the address with /")
        if isinstance(methods, str) or not methods:
            raise BadContribution(f'{where}: write its methods as a list, like ("GET", "POST")')
        if bool(permission and permission.strip()) == bool(public and public.strip()):
            raise BadContribution(
                f'{where}: say permission="{self.name}.…" or public="the reason", one of the two'
            )
        if recent and permission is None:
            raise BadContribution(
                f"{where}: recent=True asks who the person is, and a public page has none; "
                "give it a permission"
            )
        unsafe = {method.upper() for method in methods} - SAFE_METHODS
        if unsafe and permission is not None and permission.endswith(".read"):
            raise BadContribution(
                f"{where}: {sorted(unsafe)[0]} changes something and cannot be opened by "
                f"{permission!r}; declare a permission that does not end in .read"
            )
        if attachments or largest_body is not None:
            _check_size(where, bool(unsafe) and permission is not None, largest_body)

        def describe(view: View) -> View:
            if not callable(view):
                raise BadContribution(f"{where}: {view!r} is no function")
            name = endpoint or view.__name__
            if name.endswith("static"):
                # Addresses of files are known by that ending, and are served without a session.
                raise BadContribution(
                    f"{where}: {name!r} is a name of static files; choose another"
                )
            self.routes.append(
                Route(
                    rule,
                    name,
                    view,
                    tuple(method.upper() for method in methods),
                    permission,
                    public,
                    recent,
                    attachments,
                    LARGEST_BODY if largest_body is None else largest_body,
                )
            )
            return view

        return describe

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Describe a page that only reads."""
        return self.route(rule, methods=("GET",), **options)

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Describe an address that changes something."""
        return self.route(rule, methods=("POST",), **options)

    def __getattr__(self, name: str) -> Any:
        # record*, app_*, before_app_*, register_blueprint and error handlers reach the application.
        raise AttributeError(
            f"{self.name}: a Niwari Blueprint has no {name!r}: a plugin describes its own pages, "
            "the host does the rest (see the hook reference)"
        )


def _check_size(where: str, is_protected: bool, largest_body: int | None) -> None:
    if not is_protected:
        raise BadContribution(
            f"{where}: much may be sent only to an unsafe method that takes a permission; "
            "else anybody could make the server read it"
        )
    if largest_body is not None and not 0 < largest_body <= MOST_BYTES:
        raise BadContribution(f"{where}: largest_body is 1 to {MOST_BYTES} bytes")
