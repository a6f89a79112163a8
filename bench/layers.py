"""What a page costs, layer by layer: real requests through the WSGI application, in this process.

The layers are cut at seams that are there anyway: Flask's lists of functions and its signals,
the methods of Peewee's database, the host's dispatcher. Nothing in the product is changed for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from time import thread_time
from typing import Any

from flask import Flask, before_render_template, template_rendered
from werkzeug.test import create_environ

from bench.stopwatch import Stopwatch
from niwari.db.counting import QueryLog

SESSION, GATE, DISPATCH = "session", "gate", "dispatch"
CONNECTION, TEXT, DATABASE = "connection", "query text", "database"
SERVICE, TEMPLATE, REST = "view, service", "template", "rest"
LAYERS = {
    SESSION: "reading and saving the session, making the context (without its query)",
    GATE: "is the plugin on, may the person open the page",
    DISPATCH: "menu and cards: the host's calls and the plugins' own code",
    SERVICE: "the view, its service, Peewee's rows",
    TEXT: "Peewee putting the SQL together",
    DATABASE: "SQLite executing the statements",
    CONNECTION: "opening and closing the connection",
    TEMPLATE: "Jinja, with filters, gettext and url_for called from templates",
    REST: "Flask, Werkzeug, WhiteNoise, CSRF, headers",
}
# Functions that run before each request or make something for templates, by their module.
_BY_MODULE = {
    "niwari.identity.sessions.web": SESSION,
    "niwari.host.gate": GATE,
    "niwari.web.shell": DISPATCH,
}
_WARM_UP = 30


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request to a page costs: processor milliseconds by layer, and its queries."""

    page: str
    milliseconds: dict[str, float]
    total: float
    queries: int


class Probe:
    """An application with timers around its layers."""

    def __init__(self, app: Flask, engine: Any) -> None:
        """Put timers around ``app``, which reads from the Peewee database ``engine``."""
        self._app = app
        self._engine = engine
        self._watch = Stopwatch()
        timed = self._watch.timed
        engine.connect = timed(CONNECTION, engine.connect)
        engine.close = timed(CONNECTION, engine.close)
        engine.execute = timed(TEXT, engine.execute)
        engine.execute_sql = timed(DATABASE, engine.execute_sql)
        for functions in (
            app.before_request_funcs.get(None, []),
            app.template_context_processors[None],
        ):
            functions[:] = [self._by_module(function) for function in functions]
        sessions = app.session_interface
        for name in ("open_session", "save_session"):
            setattr(sessions, name, timed(SESSION, getattr(sessions, name)))
        if "niwari" in app.extensions:
            dispatcher = app.extensions["niwari"].dispatcher
            dispatcher.guarded = timed(DISPATCH, dispatcher.guarded)
        for endpoint, view in app.view_functions.items():
            app.view_functions[endpoint] = timed(SERVICE, view)
        before_render_template.connect(self._begin_template, app)
        template_rendered.connect(self._end_template, app)

    def _by_module(self, function: Callable[..., Any]) -> Callable[..., Any]:
        layer = _BY_MODULE.get(function.__module__)
        return function if layer is None else self._watch.timed(layer, function)

    def _begin_template(self, _app: Flask, **_more: Any) -> None:
        self._watch.enter(TEMPLATE)

    def _end_template(self, _app: Flask, **_more: Any) -> None:
        self._watch.leave()

    def cost(self, page: str, address: str, port: int, cookie: str, requests: int) -> Cost:
        """Return what a request to ``address`` costs, the lower quartile of ``requests`` of them.

        Not the median, because whatever else the machine does can only add. Raises
        ``RuntimeError`` where one is not answered with 200.
        """
        environ = create_environ(address, f"http://127.0.0.1:{port}", headers={"Cookie": cookie})
        for _ in range(_WARM_UP):
            self._request(environ)
        log = QueryLog()
        self._engine.query_hooks.append(log.notice)
        self._request(environ)
        self._engine.query_hooks.remove(log.notice)
        runs = [self._request(environ) for _ in range(requests)]
        return Cost(
            page,
            {layer: _quartile([run[layer] for run in runs]) for layer in LAYERS},
            _quartile([sum(run.values()) for run in runs]),
            len(log),
        )

    def _request(self, environ: dict[str, Any]) -> dict[str, float]:
        status: list[str] = []
        self._watch.reset()
        begun = thread_time()
        answer = self._app(dict(environ), lambda code, *_more: status.append(code))  # type: ignore[arg-type]
        for _part in answer:
            pass
        if hasattr(answer, "close"):
            answer.close()
        passed = thread_time() - begun
        if status != ["200 OK"]:
            raise RuntimeError(f"{environ['PATH_INFO']} answered {status} in the process")
        found = {layer: self._watch.seconds.get(layer, 0.0) for layer in LAYERS}
        found[REST] = passed - sum(found.values())
        return found


def _quartile(seconds: list[float]) -> float:
    """Return the lower quartile in milliseconds."""
    return 1000 * (quantiles(seconds, n=4)[0] if len(seconds) > 1 else seconds[0])
