"""Rules about pages: they open, cost little, only read, and take bad input with a sentence."""

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import TemplateSyntaxError

from niwari.db.counting import QueryLog, counted_queries
from niwari.testing.conformance.bench import EVERYBODY, OWNER, Address, Bench, Stand, text_of
from niwari.testing.conformance.rule import rule
from niwari.testing.world import Browser

SHELL, OWN, MANY = 3, 5, 12
"""Queries of the frame around a page, of a page's own part, and rows with which it is tried."""
_WRITES = ("INSERT", "UPDATE", "DELETE")
_BOOKKEEPING = ("identity_session", "host_cost", "host_failure")
_OUTSIDE = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio|object|embed|form)\b[^>]*?"""
    r"""\s(?:src|href|data|action|srcset)\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)""",
    re.IGNORECASE,
)
_REFUSAL = re.compile(r'class="error-summary".*?<li>(.*?)</li>', re.S)
_TAG = re.compile(r"<[^>]*>")
_INLINE = re.compile(r"<[a-z][^>]*\s(on[a-z]+|style)\s*=|<script(?![^>]*\ssrc=)[^>]*>", re.I)


@rule("Every template compiles and lies in templates/<name>/.")
def templates(bench: Bench) -> Iterator[str]:
    """All files below templates/, also those that no page showed."""
    folder = bench.package / "templates"
    with bench.stand(sampled=False) as stand:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            inner = path.relative_to(folder).as_posix()
            if not inner.startswith(f"{bench.name}/"):
                yield f"templates/{inner}: move it into templates/{bench.name}/"
            try:
                stand.world.app.jinja_env.parse(path.read_text(encoding="utf-8"))
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                yield f"templates/{inner}: {error}"


@rule("Every page opens on its sample rows for whoever may open it.")
def opens(bench: Bench) -> Iterator[str]:
    """Each page by somebody who holds its permission; 200, or a redirect of its own."""
    with bench.stand() as stand:
        if not stand.plugin.contributions.resources and any(
            address.resource is None and address.takes_values for address in stand.addresses
        ):
            yield "its pages show rows but it declares no Resource; return one with a sample"
        for address in reading(stand):
            login = holder(stand, address)
            if login is None:
                yield f"{address.name}: nobody holds {address.access.permission} by default"
                continue
            status = stand.open(stand.world.client_for(login), address).status_code
            wanted = (200, 302, 303) if address.resource or not address.takes_values else (200, 404)
            if status not in wanted:
                yield f"{address.name} answers {status} to {login} at {address.path}"


@rule("Every menu item and card leads to a page that opens.")
def menu(bench: Bench) -> Iterator[str]:
    """What navigation and cards return, for each role, with one of their rows there and without."""
    for sampled in (False, True):
        with bench.stand(sampled=sampled) as stand:
            app = stand.world.app
            adapter = app.url_map.bind("localhost")
            for login in EVERYBODY:
                ctx = stand.world.ctx_for(login)
                client = stand.world.client_for(login)
                for hook in ("navigation", "cards"):
                    outcome = stand.world.dispatcher.call_one(hook, ctx, stand.plugin.name)
                    if outcome is None:
                        continue
                    if outcome.error is not None:
                        yield f"hook {hook} failed for {login}: {outcome.error!r}"
                        continue
                    for item in outcome.value:
                        if not item.endpoint:
                            continue
                        found = app.extensions["niwari"].access.of(item.endpoint)
                        if found is None:
                            yield f"{hook}: {item.endpoint!r} is no route"
                        elif found.permission is None or ctx.may(found.permission):
                            status = stand.request(client, adapter.build(item.endpoint))
                            if status.status_code >= 400:
                                yield (
                                    f"{hook}: {item.endpoint!r} answers {status.status_code} "
                                    f"to {login}"
                                )
                if stand.request(client, "/").status_code != 200:
                    yield f"home fails for {login}"


@rule("A page costs at most 8 queries, a card 1, however many rows there are.")
def budgets(bench: Bench) -> Iterator[str]:
    """Each page with one row of each resource, then with a dozen."""
    with bench.stand() as stand:
        few = {a.name: len(_counted(stand, a)) for a in _counted_pages(stand)}
        for _ in range(MANY - 1):
            stand.sample()
        for address in _counted_pages(stand):
            log = _counted(stand, address)
            if len(log) > SHELL + OWN:
                yield f"{address.name} costs {len(log)} queries; {SHELL + OWN} is the most"
            if len(log) > few[address.name]:
                yield (
                    f"{address.name} costs {few[address.name]} queries with one row and {len(log)} "
                    f"with {MANY}; read them in one query"
                )
        yield from _cost_of_cards(stand)


@rule("Opening a page writes nothing.")
def reads_only(bench: Bench) -> Iterator[str]:
    """The statements of each page that is opened with GET."""
    with bench.stand() as stand:
        for address in _counted_pages(stand):
            for statement in _counted(stand, address).statements:
                if statement.lstrip().upper().startswith(_WRITES) and not any(
                    table in statement for table in _BOOKKEEPING
                ):
                    yield f"{address.name} writes when it is opened: {statement[:80]}"


@rule("Empty forms and numbers that no row has are answered, never a failure.")
def bad_input(bench: Bench) -> Iterator[str]:
    """Every route with an empty form; each number in an address replaced by impossible ones."""
    with bench.stand() as stand:
        for address in stand.addresses:
            login = holder(stand, address) or OWNER
            client = stand.world.client_for(login)
            status = stand.open(client, address).status_code
            if status >= 500:
                yield f"{address.name} fails ({status}) on an empty form"
            yield from _impossible_numbers(stand, client, address)
            if address.is_safe:
                path = f"{address.path}?after=%00x&page=-1&q=%27%22%25&topic=%F0%9F%98%80"
                if stand.open(client, address, path).status_code >= 500:
                    yield f"{address.name} fails on a query that nobody sends by hand: {path}"


def _impossible_numbers(stand: Stand, client: Browser, address: Address) -> Iterator[str]:
    """Try each number; one that is no row's, as a month's, may be answered as the plugin likes."""
    keys = {resource.key for resource in stand.plugin.contributions.resources}
    for name in (name for name, value in address.values.items() if isinstance(value, int)):
        for number in (0, 2**31, 10**20 - 1):
            path = stand.with_number(address, name, number)
            status = stand.open(client, address, path).status_code
            if status == 200 and name in keys:
                yield f"{address.method} {path} answers 200; no row has this number"
            elif status >= 500:
                yield f"{address.method} {path} fails ({status}); answer such a number with 404"


@rule("A form that is sent twice does its work once.")
def double_submit(bench: Bench) -> Iterator[str]:
    """Each form of the plugin's pages, as it opens and with the least typed, is taken once and sent twice."""
    with bench.stand() as stand:
        taken: set[str] = set()
        refused: dict[str, str] = {}
        for login in ("staff@koriyama", "head@koriyama", "it@koriyama"):
            client = stand.world.client_for(login)
            posts = {a.path: a for a in stand.addresses if not a.is_safe}
            for path, data in stand.filled(client).items():
                if path not in posts or not _may_open(stand, posts[path], login):
                    continue
                answer = stand.request(client, path, "POST", data)
                if answer.status_code in (403, 404):
                    continue
                if answer.status_code >= 400:
                    refused.setdefault(path, f"{answer.status_code}{_sentence(answer)}")
                    continue
                taken.add(path)
                once = rows_kept(stand)
                stand.request(client, path, "POST", data)
                if more := [t for t, n in rows_kept(stand).items() if n > once[t]]:
                    yield (
                        f"{posts[path].name}: the same form sent twice adds to {', '.join(more)} twice; "
                        "keep a key from the form with the row, unique"
                    )
        for path in refused.keys() - taken:
            yield (
                f"{posts[path].name}: its form could not be tried, it answers {refused[path]}; "
                "let it open with values that can be sent, or name one in data-sample of the field"
            )


def _sentence(answer: Any) -> str:
    found = _REFUSAL.search(text_of(answer))
    return f" ({_TAG.sub('', found[1]).strip()})" if found else ""


def _may_open(stand: Stand, address: Address, login: str) -> bool:
    permission = address.access.permission
    return permission is None or stand.world.ctx_for(login).may(permission)


def rows_kept(stand: Stand) -> dict[str, int]:
    """Return how many rows the plugin's tables have."""
    models = stand.plugin.contributions.models
    return {model._meta.table_name: model.select().count() for model in models}


@rule("Pages ask nothing of other servers and hold no inline code or style.")
def self_contained(bench: Bench) -> Iterator[str]:
    """The HTML of every page, and of home with the plugin's cards, for each role."""
    with bench.stand() as stand:
        for address in reading(stand):
            login = holder(stand, address) or OWNER
            answer = stand.open(stand.world.client_for(login), address)
            if answer.mimetype == "text/html":
                yield from _reaching_out(bench, address.name, answer.get_data(as_text=True))
        homes = [stand.request(stand.world.client_for(login), "/") for login in EVERYBODY]
        at_home = [list(_reaching_out(bench, "home", text_of(answer))) for answer in homes]
        yield from dict.fromkeys(problem for problems in at_home for problem in problems)


def _reaching_out(bench: Bench, page: str, text: str) -> Iterator[str]:
    for found in _OUTSIDE.finditer(text):
        if not found[1].startswith("//localhost"):
            yield f"{page} asks {found[1]}; ship the file in static/{bench.name}/"
    for found in _INLINE.finditer(text):
        yield f"{page} has inline code or style, which the policy blocks: {found[0][:60]}"


def reading(stand: Stand) -> Iterator[Address]:
    """Yield the plugin's pages for people who are signed in."""
    return (a for a in stand.addresses if a.method == "GET" and a.access.permission is not None)


def _counted_pages(stand: Stand) -> list[Address]:
    return [a for a in reading(stand) if holder(stand, a) is not None]


def holder(stand: Stand, address: Address) -> str | None:
    """Return somebody who may open the route, the rows' owner first."""
    permission = address.access.permission
    if permission is None:
        return OWNER
    return next((who for who in EVERYBODY if stand.world.ctx_for(who).may(permission)), None)


def _counted(stand: Stand, address: Address) -> QueryLog:
    client = stand.world.client_for(holder(stand, address) or OWNER)
    stand.open(client, address)  # what is kept in memory is there from now on
    with counted_queries() as log:
        stand.open(client, address)
    return log


def _cost_of_cards(stand: Stand) -> Iterator[str]:
    ctx = stand.world.ctx_for(OWNER)
    for hook, most in (("cards", None), ("navigation", 0)):
        # Once before, as with pages: a municipality's settings are kept in memory from then on.
        stand.world.dispatcher.call_one(hook, ctx, stand.plugin.name)
        with counted_queries() as log:
            outcome = stand.world.dispatcher.call_one(hook, ctx, stand.plugin.name)
        allowed = len(outcome.value or ()) if outcome and most is None else most or 0
        if len(log) > max(allowed, 1 if most is None else 0):
            yield f"hook {hook} costs {len(log)} queries; {allowed} is the most"
