"""Who visits every route, and the rows of Koriyama that stand in its address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from niwari.audit.sealing import seal_all
from niwari.context import Context
from niwari.directory import standing_in
from niwari.directory.clerks import name_clerk
from niwari.directory.drafts import keep_draft
from niwari.directory.every import municipality_ids
from niwari.directory.models import Appointment
from niwari.directory.system import system_context
from niwari.directory.transfers import keeping, towns
from niwari.identity.models import GRANTED_ROLES, ApiToken, RoleGrant, Session
from niwari.identity.providers import changes as provider_changes
from niwari.identity.providers.drafts import Draft
from niwari.identity.sessions.stored import open_session
from niwari.identity.tokens.service import NewToken, create_token
from niwari.ledger import requests
from niwari.ledger.plugin import activities
from niwari.ledger.requests import Wish
from niwari.testing.world import World
from niwari_consult.service import posting
from niwari_consult.texts import Plain

ROLES = ("staff", "head", "hr", "it", "secretariat", "auditor")

_LOGINS = {
    "staff": "staff@koriyama",
    "head": "head@koriyama",
    "hr": "hr@koriyama",
    "it": "it@koriyama",
    "secretariat": "secretariat",
    "auditor": "staff4@koriyama",
    # In the town beside it, with every role: nothing but the town keeps this one out.
    "neighbour": "head@sukagawa",
}
_PEOPLE = b"municipality,login,name,kana,email,section,head,employment,start,end\n"
_LEFT = "staff6@koriyama"

PAGE = {"Accept": "text/html"}


@dataclass
class Visits:
    """A world with one row of each kind in Koriyama; ``addresses`` name them, by endpoint.

    ``cookies`` are the sessions of the visitors; who is anonymous has none.
    """

    world: World
    addresses: Mapping[str, str]
    cookies: Mapping[str, str]

    def answer(self, visitor: str, name: str, *, with_token: bool = False) -> int:
        """Return the status that ``visitor`` is answered at a route like "GET web.home".

        A form is sent empty, and without its token unless that is asked for.
        """
        method, endpoint = name.split()
        # Each time a new one, because some routes open a session.
        client = self.world.anonymous()
        if visitor in self.cookies:
            client.set_cookie("niwari_session", self.cookies[visitor])
        data = {"csrf_token": client.token_at("/my/sessions")} if with_token else {}
        address = self.addresses[endpoint]
        status: int = client.open(address, method=method, headers=PAGE, data=data).status_code
        return status


def prepared(world: World) -> Visits:
    """Let there be somebody for each role, and a row for each part of an address."""
    for role in GRANTED_ROLES:
        _grant(world, _LOGINS["neighbour"], role)
    _grant(world, _LOGINS["auditor"], "auditor")
    staff = world.ctx_for(_LOGINS["staff"])
    _session(world, _LOGINS["staff"])
    wish = Wish("general", "視察", "head_office", date(2026, 11, 18), 60, None, None, "a-key")
    asked = requests.ask(staff, wish, {activity.code: activity for activity in activities()})
    question = posting.ask(
        staff,
        topic="pay",
        title="通勤手当",
        text=Plain("どうしていますか。"),
        audience="municipality",
        form_key="6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a0001",
    )
    answer = posting.answer(
        world.ctx_for(_LOGINS["head"]),
        question.id,
        body="こうしています。",
        form_key="6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a0002",
    )
    seal_all(municipality_ids(), world.clock())
    values = {
        "session_id": Session.get(Session.appointment == staff.acting.id).id,
        "appointment_id": staff.acting.id,
        "request_id": asked.id,
        "question_id": question.id,
        "answer_id": answer.id,
        "provider_id": _provider(world),
        "token_id": _token(staff),
        "opening_id": 1,
        "kind": "consult.question",
        "id": question.id,
        "section_id": staff.acting.section_id,
        "delegation_id": _delegation(world),
        "clerk_id": _clerk(world),
        "draft_id": keep_draft(world.ctx_for(_LOGINS["hr"]), "people", "people.csv", _PEOPLE),
        "transfer_id": _transfer(world),
        "code": "payroll",
        "plugin": "consult",
        "area": "consult",
        "role": "hr",
        "locale": "en",
        "filename": "niwari/tokens.css",
    }
    adapter = world.app.url_map.bind("localhost")
    addresses = {
        rule.endpoint: adapter.build(
            rule.endpoint,
            {part: values[part] for part in rule.arguments},
        )
        for rule in world.app.url_map.iter_rules()
    }
    return Visits(world, addresses, sessions(world) | {"left": _let_go(world)})


def sessions(world: World) -> dict[str, str]:
    """Let all visitors but the one who has left sign in; returns their cookies."""
    return {visitor: _session(world, login) for visitor, login in _LOGINS.items()}


@contextmanager
def switched_off(world: World, plugin: str) -> Iterator[None]:
    """Let ``plugin`` be off in the visitors' towns."""
    towns = {world.ctx_for(login).municipality.code for login in _LOGINS.values()}
    for code in towns:
        world.switch(code, plugin, on=False)
    yield
    for code in towns:
        world.switch(code, plugin, on=True)


def _provider(world: World) -> int:
    """Set up a provider of Koriyama alone that nobody is sent to; returns its id."""
    town = world.ctx_for(_LOGINS["it"]).municipality.id
    draft = Draft(
        "郡山市", "https://idp.example.jp", "niwari", "preferred_username", (), (town,), "secret"
    )
    ctx = system_context(world.clock(), "test")
    provider_id = provider_changes.add(ctx, draft)
    provider_changes.set_active(ctx, provider_id, active=False)
    return provider_id


def _token(ctx: Context) -> int:
    """Make an API token of the person; returns its id."""
    new = NewToken("連携", ("rest.read",), 30, "6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a0003")
    create_token(ctx, new, ["rest.read"])
    return int(ApiToken.get().id)


def _delegation(world: World) -> int:
    """Let somebody stand in for the head of the section; returns the delegation's id."""
    ctx = world.ctx_for(_LOGINS["hr"])
    section = world.ctx_for(_LOGINS["staff"]).acting.section_id
    days = {"starts_on": ctx.today, "ends_on": ctx.today}
    made = standing_in.give_delegation(ctx, section, login="staff5@koriyama", reason="議会", **days)
    return int(made.id)


def _clerk(world: World) -> int:
    """Name a clerk of the section; returns the id."""
    ctx = world.ctx_for(_LOGINS["hr"])
    section = world.ctx_for(_LOGINS["staff"]).acting.section_id
    made = name_clerk(ctx, section, login="staff3@koriyama", starts_on=ctx.today, ends_on=None)
    return int(made.id)


def _transfer(world: World) -> int:
    """Keep a file of transfers sealed, in a town beside which another plans ahead; returns its id."""
    for login in ("hr", "neighbour"):
        towns.choose(world.ctx_for(_LOGINS[login]), planned=True)
    ctx = world.ctx_for(_LOGINS["hr"])
    return keeping.keep(ctx, "people.csv", _PEOPLE, ctx.now + timedelta(days=1))


def _grant(world: World, login: str, role: str) -> None:
    RoleGrant.insert(appointment=world.ctx_for(login).acting.id, role=role).execute()


def _session(world: World, login: str) -> str:
    """Open a session; returns its cookie."""
    post = world.ctx_for(login).acting.id
    now = world.clock()
    return open_session(world.settings, now, appointment_id=post, auth_time=now)


def _let_go(world: World) -> str:
    """Let a person leave whose session is still open; returns its cookie."""
    ctx, cookie = world.ctx_for(_LEFT), _session(world, _LEFT)
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.id == ctx.acting.id
    ).execute()
    return cookie
