"""The installation that is measured: the demo region, with a longer list of questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bench.floor import HEADING as FLOOR_HEADING
from niwari.app import load_host, migrate_all
from niwari.config import load_settings
from niwari.db import connection, database, open_database, transaction
from niwari.demo.content import ContextFor, context_maker
from niwari.demo.loading import load_demo
from niwari.demo.story import BEGINNING
from niwari.directory.system import system_context
from niwari.files.storage import open_files
from niwari.host.keys import prepare_keys
from niwari.identity.sessions.stored import open_session
from niwari.keyring import open_keyring
from niwari_consult.models import Question
from niwari_consult.service import posting
from niwari_consult.texts import Plain

QUESTIONS = 300
COOKIE = "niwari_session"
# Has requests and records in the month that is shown; is no head and holds no special role.
LOGIN = "staff2@koriyama"
_ASKERS = ("staff@koriyama", "staff2@koriyama", "staff@sukagawa", "staff@miharu")
_TOPICS = ("documents", "register", "welfare", "disaster", "systems", "other")


@dataclass(frozen=True, slots=True)
class Page:
    """A page to measure; the words of its h1 and the ``marks`` in it prove that it is whole."""

    name: str
    address: str
    heading: str
    marks: tuple[str, ...] = ()


FLOOR_PAGE = Page("floor", "/", FLOOR_HEADING)
# A page without its menu would be a faster one.
_MENU = tuple(f'class="shell-link" href="{address}"' for address in ("/", "/ledger/", "/consult/"))


@dataclass(frozen=True, slots=True)
class Installation:
    """A filled installation, the pages to measure in it, and the cookie of somebody signed in."""

    home: Path
    pages: tuple[Page, ...]
    cookie: str


def prepare(home: Path, port: int) -> Installation:
    """Fill a new installation in the empty folder ``home`` through the services, and sign in.

    It answers at 127.0.0.1:``port``. Its clock starts with the demo's story.
    """
    home.mkdir(parents=True)
    home.joinpath("niwari.toml").write_text(
        f'environment = "test"\nbase_url = "http://127.0.0.1:{port}"\n'
        f'clock_start = "{BEGINNING.isoformat()}"\n',
        encoding="utf-8",
    )
    settings = load_settings(home, environ={})
    open_database(settings.database_url)
    open_files(settings)
    with connection():
        host = load_host()
        migrate_all(host)
        prepare_keys(open_keyring(settings))
        host.check_migrations()
        if not load_demo(host):
            raise RuntimeError("the demo region was not loaded; give an empty folder")
        ctx_for = context_maker(host)
        _ask_more(ctx_for)
        ctx = ctx_for(LOGIN)
        thread = Question.select().order_by(Question.answer_count.desc(), Question.id).first()
        token = open_session(settings, BEGINNING, appointment_id=ctx.acting.id)
    pages = (
        Page("home", "/", f"{BEGINNING.month}月の20%", (*_MENU, "答えを待っている相談")),
        Page("consult list", "/consult/", "相談", _MENU),
        Page("consult thread", f"/consult/{thread.id}", thread.title, _MENU),
        Page("ledger month", "/ledger/", "わたしの20%", _MENU),
    )
    return Installation(home, pages, f"{COOKIE}={token}")


def _ask_more(ctx_for: ContextFor) -> None:
    """Post questions, so that the list is a full page of many; every second is answered."""
    with transaction(system_context(BEGINNING, "niwari bench")):
        askers = [ctx_for(login) for login in _ASKERS]
        for n in range(QUESTIONS):
            asked_at = BEGINNING - timedelta(minutes=37 * (n + 1))
            asked = posting.ask(
                askers[n % len(askers)].at(asked_at),
                topic=_TOPICS[n % len(_TOPICS)],
                title=f"計測のための相談 {n}：ほかの町では、どのように進めていますか",
                text=Plain("同じ仕事をしている方に、進め方を教えていただきたいです。"),
                audience="region",
                form_key=str(uuid5(NAMESPACE_URL, f"bench:question:{n}")),
            )
            if n % 2:
                posting.answer(
                    askers[(n + 1) % len(askers)].at(asked_at + timedelta(minutes=9)),
                    asked.id,
                    body="こちらでは、係で手順書を作って、毎年見直しています。",
                    form_key=str(uuid5(NAMESPACE_URL, f"bench:answer:{n}")),
                )


def differing_settings(floor_engine: Any) -> Mapping[str, tuple[Any, Any]]:
    """Return the SQLite settings in which the floor and the installation differ: (floor, Niwari)."""
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "cache_size")
    with floor_engine.connection_context(), connection():
        both = {
            name: tuple(
                engine.execute_sql(f"PRAGMA {name}").fetchone()[0]
                for engine in (floor_engine, database)
            )
            for name in names
        }
    return {name: (pair[0], pair[1]) for name, pair in both.items() if pair[0] != pair[1]}
