"""Who visits every route, and the rows of Koriyama that stand in its address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from io import BytesIO
from uuid import uuid4

from niwari.audit.sealing import seal_all
from niwari.channels.models import Webhook
from niwari.clock import ONE_DAY
from niwari.context import Context
from niwari.db import transaction
from niwari.digest import choosing
from niwari.digest.models import Issue
from niwari.directory import standing_in
from niwari.directory.clerks import name_clerk
from niwari.directory.drafts import keep_draft
from niwari.directory.every import municipality_ids
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment, Person
from niwari.directory.system import system_context
from niwari.directory.transfers import keeping, towns
from niwari.files.service import attach
from niwari.files.uploads import NewFile, keep_uploads
from niwari.identity.models import GRANTED_ROLES, ApiToken, RoleGrant, Session
from niwari.identity.providers import changes as provider_changes
from niwari.identity.providers.drafts import Draft
from niwari.identity.sessions.stored import open_session
from niwari.identity.tokens.service import NewToken, create_token
from niwari.jobs.models import TaskRow
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.deciding import avoiding
from niwari.ledger.models import (
    Account,
    Correction,
    Disposal,
    Freeze,
    JournalEntry,
    LateBase,
    RateRow,
    Request,
    Supplement,
)
from niwari.ledger.plugin import activities
from niwari.ledger.standing import asking as asking_standing
from niwari.ledger.standing.asking import StandingWish
from niwari.ledger.standing.terms import Terms
from niwari.moderation import deciding, reporting
from niwari.moderation.models import Case
from niwari.notices.models import DEAD, Delivery, Notice, Received
from niwari.testing.world import World
from niwari_consult.service import posting
from niwari_consult.texts import Plain
from niwari_handover.models import Holder, Item
from niwari_handover.service.asking import ask as ask_inside
from niwari_handover.service.duties import Written, add_duty
from niwari_handover.service.handing import Named, name_successor
from niwari_handover.service.opening import open_notebook
from niwari_leave_cafe.service import writing
from niwari_leave_cafe.texts import Written as ExperienceWritten
from niwari_mentoring.service import meetings, notes, open_days, pairs
from niwari_mentoring.service.meetings import Planned
from niwari_mentoring.service.open_days import Planned as OpenDayPlanned
from niwari_mentoring.service.profiles import Described, describe
from niwari_mentoring.service.sections import Written as AboutSection
from niwari_mentoring.service.sections import save_profile
from niwari_mentoring.service.sheets import fill
from niwari_tourism_sns.models import Photo, Route, Text
from niwari_tourism_sns.service import accounts, posts, routes, spots
from niwari_tourism_sns.service.posts import Begun
from niwari_tourism_sns.service.routes import Planned as RoutePlanned
from niwari_tourism_sns.service.spots import Written as SpotWritten

ROLES = ("staff", "head", "clerk", "hr", "it", "secretariat", "auditor")

_LOGINS = {
    "staff": "staff@koriyama",
    "head": "head@koriyama",
    "clerk": "staff3@koriyama",
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

    ``fields`` are those of forms that name their row themselves, as its path does not. ``cookies`` are
    the sessions of the visitors; who is anonymous has none.
    """

    world: World
    addresses: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]]
    cookies: Mapping[str, str]

    def answer(self, visitor: str, name: str, *, with_token: bool = False) -> int:
        """Return the status that ``visitor`` is answered at a route like "GET web.home".

        A form is sent empty but for ``fields``, and without its token unless that is asked for.
        """
        method, endpoint = name.split()
        # Each time a new one, because some routes open a session.
        client = self.world.anonymous()
        if visitor in self.cookies:
            client.set_cookie("niwari_session", self.cookies[visitor])
        data = dict(self.fields.get(endpoint, {}))
        if with_token:
            data["csrf_token"] = client.token_at("/my/sessions")
        address = self.addresses[endpoint]
        # Closed, because the answer may be a file that is open.
        with client.open(address, method=method, headers=PAGE, data=data) as answer:
            return int(answer.status_code)


def prepared(world: World) -> Visits:
    """Let there be somebody for each role, and a row for each part of an address."""
    for role in GRANTED_ROLES:
        _grant(world, _LOGINS["neighbour"], role)
    _grant(world, _LOGINS["auditor"], "auditor")
    staff = world.ctx_for(_LOGINS["staff"])
    _session(world, staff.acting.id)
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
    case = _case(world, answer.id)
    seal_all(municipality_ids(), world.clock())
    values = {
        "attachment_id": _attachment(staff, question.id),
        "session_id": Session.get(Session.appointment == staff.acting.id).id,
        "appointment_id": staff.acting.id,
        "request_id": asked.id,
        "correction_id": _correction(staff, asked.id),
        "supplement_id": _supplement(staff, asked),
        "late_id": _late_base(staff),
        "standing_id": _standing(staff),
        "question_id": question.id,
        "experience_id": _experience(staff),
        "answer_id": answer.id,
        "provider_id": _provider(world),
        "token_id": _token(staff),
        "opening_id": 1,
        "notice_id": _notice(staff),
        "delivery_id": _undelivered(staff),
        "kind": "consult.question",
        "row_id": question.id,
        "case_id": case,
        "id": question.id,
        "section_id": staff.acting.section_id,
        "delegation_id": _delegation(world),
        "clerk_id": _clerk(world),
        "rate_id": _rate("municipality", staff.municipality.id, staff.today),
        "freeze_id": _freeze(staff),
        "disposal_id": _disposal(staff),
        "year": 2026,
        "avoidance_id": _avoidance(world),
        "draft_id": keep_draft(world.ctx_for(_LOGINS["hr"]), "people", "people.csv", _PEOPLE),
        "transfer_id": _transfer(world),
        "number": _digest(world),
        "task_id": _task(staff),
        "job": "consult.unknown",
        "report": "year-book",
        "code": "payroll",
        "person_id": staff.person_id,
        "key": "questions",
        "plugin": "consult",
        "area": "consult",
        "role": "hr",
        "locale": "en",
        "filename": "niwari/tokens.css",
        **_handover(staff),
        **_tourism(world),
        **_mentoring(world),
    }
    own = {
        "moderation.my_post": {"case": case},
        "channels.told": {"notice_id": _to_chat(staff)},
        "ledger.end_region_rate": {
            "rate_id": _rate("region", staff.municipality.region_id or 0, staff.today)
        },
        "handover.change": {"number": 1},
        "consult.accept": {name: values[name] for name in ("question_id", "answer_id")},
        **{
            f"leave_cafe.{name}": {"experience_id": values["experience_id"]}
            for name in ("change_experience", "change", "withdraw")
        },
        **{
            f"handover.{name}": {"question_id": values["handover_question_id"]}
            for name in ("new_answer", "answer")
        },
    }
    fields = {"moderation.object_to": {"case": str(case)}}
    adapter = world.app.url_map.bind("localhost")
    addresses = {
        rule.endpoint: adapter.build(
            rule.endpoint,
            {part: values[part] for part in rule.arguments} | own.get(rule.endpoint, {}),
        )
        for rule in world.app.url_map.iter_rules()
    }
    visits = Visits(world, addresses, fields, sessions(world))
    _let_go(world)
    return visits


def sessions(world: World) -> dict[str, str]:
    """Open a session for each visitor, also for the one who has left; returns their cookies."""
    posts = {visitor: world.ctx_for(login).acting.id for visitor, login in _LOGINS.items()}
    left = Appointment.select().join(Person).where(Person.login == _LEFT).get()
    return {visitor: _session(world, post) for visitor, post in (posts | {"left": left.id}).items()}


@contextmanager
def switched_off(world: World, plugin: str) -> Iterator[None]:
    """Let ``plugin`` be off in the visitors' towns."""
    towns = {world.ctx_for(login).municipality.code for login in _LOGINS.values()}
    for code in towns:
        world.switch(code, plugin, on=False)
    yield
    for code in towns:
        world.switch(code, plugin, on=True)


def _handover(ctx: Context) -> dict[str, int]:
    """Let the person keep a notebook that is handed over, with a duty and a question in it."""
    notebook_id = open_notebook(ctx, post="戸籍担当", form_key=str(uuid4()))
    duty_id = add_duty(ctx, notebook_id, Written(name="届出の受付"), form_key=str(uuid4()))
    named = Named("staff2@koriyama", ctx.today, ctx.today + timedelta(days=10))
    name_successor(ctx, notebook_id, named, form_key=str(uuid4()))
    question_id = ask_inside(
        ctx, notebook_id, text="いつからですか。", duty_id=duty_id, form_key=str(uuid4())
    )
    return {
        "notebook_id": notebook_id,
        "duty_id": duty_id,
        "file_id": 1,
        "item_id": Item.select().get().id,
        "holder_id": Holder.get(Holder.notebook == notebook_id).id,
        "handover_question_id": question_id,
    }


def _mentoring(world: World) -> dict[str, int | str]:
    """Let staff describe section, practice and self for the town, and learn with a colleague."""
    staff, colleague = world.ctx_for(_LOGINS["staff"]), world.ctx_for("staff2@koriyama")
    about = AboutSection("三つの係で分けます", "届出を受けます。", audience="municipality")
    offered = Described("digital", "表計算の関数", "", 1, "", 60, "municipality")
    profile_id = describe(staff, offered)
    pair_id = pairs.ask(
        colleague,
        profile_id,
        theme="集計を早くする",
        message="毎月一日かかります。",
        ends_on=staff.today,
        form_key=str(uuid4()),
    )
    pairs.accept(staff, pair_id)
    met = Planned("最初の回", "", staff.today, time(16), time(17))
    section_profile_id = save_profile(staff, about, base=0)
    opened = OpenDayPlanned("窓口の一時間", "online", "", staff.today, time(16), 60, 3, staff.today)
    return {
        "section_profile_id": section_profile_id,
        "open_day_id": open_days.announce(staff, opened, form_key=str(uuid4())),
        "template": "mail",
        "sheet_id": fill(staff, "mail", {"times": "朝と夕方"}, audience="municipality", base=0),
        "profile_id": profile_id,
        "pair_id": pair_id,
        "meeting_id": meetings.plan(colleague, pair_id, met, form_key=str(uuid4())),
        "note_id": notes.write(staff, pair_id, text="次は様式", form_key=str(uuid4())),
    }


def _tourism(world: World) -> dict[str, int]:
    """Let the town have a spot with a photo, a route, an account and a post, for itself alone."""
    staff, head = world.ctx_for(_LOGINS["staff"]), world.ctx_for(_LOGINS["head"])
    spot_id, beside = (
        spots.add_spot(
            ctx,
            SpotWritten("並木の桜", "flowers", "並木", ctx.today, audience=audience),
            form_key=str(uuid4()),
        )
        for ctx, audience in (
            (staff, "municipality"),
            (world.ctx_for(_LOGINS["neighbour"]), "region"),
        )
    )
    route_id = routes.add_route(
        staff, RoutePlanned("桜の道", "", (spot_id, beside)), form_key=str(uuid4())
    )
    Route.update(audience="municipality").where(Route.id == route_id).execute()
    account_id = accounts.add_account(
        head,
        network="x",
        handle="@koriyama",
        policy="見どころを知らせます。",
        audience="municipality",
        form_key=str(uuid4()),
    )
    begun = Begun("桜が見ごろです", (account_id,), spot_id=spot_id)
    post_id = posts.begin_post(staff, begun, form_key=str(uuid4()))
    photo = Photo.create(
        spot=spot_id,
        attachment_id=0,
        licence="own",
        consent="nobody",
        added_by=staff.acting.id,
        added_on=staff.today,
    )
    return {
        "spot_id": spot_id,
        "route_id": route_id,
        "account_id": account_id,
        "post_id": post_id,
        "text_id": Text.get(Text.post == post_id).id,
        "photo_id": photo.id,
    }


def _correction(ctx: Context, request_id: int) -> int:
    """Let a correction of the person wait for HR; returns its id."""
    made = Correction.create(
        request=request_id,
        former=60,
        minutes=30,
        reason="間違い",
        state="asked",
        after_closing=True,
        form_key="a-key",
        asked_at=ctx.now,
        asked_by=ctx.acting.id,
    )
    return int(made.id)


def _supplement(ctx: Context, request: Request) -> int:
    """Let something of the person's be recorded beyond an OK; returns its id."""
    entry = JournalEntry.create(
        account=Account.get(Account.person == ctx.person_id),
        request=request.id,
        kind="record",
        work_date=request.work_date,
        minutes=0,
        used_delta=0,
        reserved_delta=0,
        posted_at=ctx.now,
    )
    made = Supplement.create(
        request=request.id, minutes=5, state="refused", entry=entry.id, asked_at=ctx.now
    )
    return int(made.id)


def _experience(ctx: Context) -> int:
    """Let the person have written of their leave, for the town; returns the row's id."""
    written = ExperienceWritten(
        "childcare", "partner", "regular", 2026, "夏の育休", applied="春に相談。"
    )
    key = "6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a0003"
    posted = writing.write(ctx, written, audience="municipality", is_hidden=False, key=key)
    return int(posted.id or 0)


def _late_base(ctx: Context) -> int:
    """Let hours of the person have arrived after closing; returns the row's id."""
    account = Account.get(Account.person == ctx.person_id)
    return int(LateBase.create(account=account.id, base=1, noted_at=ctx.now).id)


def _case(world: World, answer_id: int) -> int:
    """Let an answer of the town be reported and held back; returns the case's id."""
    hr, it = world.ctx_for(_LOGINS["hr"]), world.ctx_for(_LOGINS["it"])
    reporting.report(hr, "consult.answer", answer_id, reason="untrue", text="")
    case = int(Case.get().id)
    deciding.decide(it, "town", case, turn=1, outcome="held", reason="事実と違うため。")
    return case


def _rate(level: str, target: int, day: date) -> int:
    """Let a rate hold that lowers nothing; returns its id."""
    made: int = RateRow.insert(
        level=level, target_id=target, starts_on=day, basis_points=2000
    ).execute()
    return made


def _freeze(ctx: Context) -> int:
    """Let there have been a freeze that is lifted; returns its id."""
    times = {"from_at": ctx.now, "set_at": ctx.now, "lifted_at": ctx.now}
    return int(Freeze.create(municipality=ctx.municipality.id, reason="台風", **times).id)


def _disposal(ctx: Context) -> int:
    """Let it be proposed to dispose of a fiscal year; returns the proposal's id."""
    made = Disposal.create(
        municipality=ctx.municipality.id,
        year=2020,
        first_day=date(2020, 4, 1),
        last_day=date(2021, 3, 31),
        kept_years=5,
        reason="保存年限が過ぎたため",
        form_key="a-key",
        proposed_at=ctx.now,
        proposed_by=ctx.acting.id,
        export_sha256="0" * 64,
        export_bytes=0,
        people=0,
        requests=0,
        entries=0,
    )
    return int(made.id)


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


def _attachment(ctx: Context, question_id: int) -> int:
    """Attach a file to a question; returns its id."""
    sent = keep_uploads(ctx, "key", [NewFile("手当.csv", BytesIO(b"a,b\n"))])
    with transaction(ctx):
        attach(ctx, Ref("consult.question", question_id), sent)
    return sent.files[0][0]


def _task(ctx: Context) -> int:
    """Let there be a task of the town that failed too often; returns its id."""
    dead = {"task": "consult.unknown", "data": "{}", "state": "dead", "ended_at": ctx.now}
    times = {"asked_at": ctx.now, "due_at": ctx.now}
    return int(TaskRow.create(municipality_id=ctx.municipality.id, **dead, **times).id)


def _notice(ctx: Context) -> int:
    """Let the person have a notice of the core, which no plugin takes away; returns its id."""
    received = Received.get(Received.appointment == ctx.acting.id)
    Received.update(plugin="directory").where(Received.id == received.id).execute()
    return int(received.id)


def _to_chat(ctx: Context) -> int:
    """Let the town have a chat that was told of the answer; returns the notice's id."""
    Webhook.create(
        municipality=ctx.municipality.id,
        address="sealed",
        host="chat.example.jp",
        shape="json",
        changed_at=ctx.now,
        changed_by=ctx.acting.id,
    )
    return int(Notice.get(Notice.kind == "consult.answered").id)


def _undelivered(ctx: Context) -> int:
    """Let a mail not have arrived; returns the id of its delivery."""
    made: int = Delivery.insert(
        channel="mail",
        received=Received.get().id,
        municipality=ctx.municipality.id,
        state=DEAD,
        since=ctx.now,
        due_at=ctx.now,
        ended_at=ctx.now,
        what="smtp 550",
    ).execute()
    return made


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


def _digest(world: World) -> int:
    """Let the region have its digest with one issue; returns the issue's number."""
    ctx = world.ctx_for(_LOGINS["secretariat"])
    choosing.choose(ctx, "week")
    days = (ctx.today - timedelta(days=7), ctx.today - ONE_DAY, ctx.today + ONE_DAY)
    first, last, until = days
    made: Issue = Issue.create(
        region=ctx.municipality.region_id,
        number=1,
        first=first,
        last=last,
        until=until,
        made_at=ctx.now,
    )
    return int(made.number)


def _grant(world: World, login: str, role: str) -> None:
    RoleGrant.insert(appointment=world.ctx_for(login).acting.id, role=role).execute()


def _session(world: World, post: int) -> str:
    """Open a session of a post; returns its cookie."""
    now = world.clock()
    return open_session(world.settings, now, appointment_id=post, auth_time=now)


def _let_go(world: World) -> None:
    """Let a person leave, whose session is still open."""
    ctx = world.ctx_for(_LEFT)
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.id == ctx.acting.id
    ).execute()


def _standing(ctx: Context) -> int:
    """Ask for a standing agreement; returns its id."""
    terms = Terms("allowance", ctx.today, date(2027, 3, 31), 120)
    wish = StandingWish("general", "学び・相談", "head_office", terms, "a-standing-key")
    offered = {activity.code: activity for activity in activities()}
    return int(asking_standing.ask(ctx, wish, offered).id)


def _avoidance(world: World) -> int:
    """Let the head name days to avoid; returns their id."""
    ctx = world.ctx_for(_LOGINS["head"])
    days = avoiding.Days(ctx.today, ctx.today + ONE_DAY, "12月議会")
    return avoiding.avoid(ctx, world.ctx_for(_LOGINS["staff"]).acting.section_id, days)
