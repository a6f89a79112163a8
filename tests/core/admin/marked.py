"""Somebody of whom each area of the core keeps something, with a mark in all their words."""

import json
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from niwari.audit import service as audit
from niwari.calendar.feeds import make_feed
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.clerks import name_clerk
from niwari.directory.drafts import keep_draft
from niwari.directory.duties.own import keep_my_duties
from niwari.directory.linking import Ref
from niwari.directory.models import Headship, Person
from niwari.directory.readers import NamedReader
from niwari.directory.search.indexing import reindex
from niwari.directory.standing_in import give_delegation
from niwari.directory.transfers import keeping, towns
from niwari.files.service import attach
from niwari.files.uploads import NewFile, keep_uploads
from niwari.host.models import PersonSetting
from niwari.host.quarantine import Failed, record_failure
from niwari.identity.models import ApiToken, ExternalIdentity, RoleGrant, Session
from niwari.identity.sessions.stored import open_session
from niwari.identity.tokens.service import NewToken, create_token
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.models import (
    Account,
    Correction,
    JournalEntry,
    LeaveSpan,
    Overtime,
    RateRow,
    Request,
    RosterRow,
    Standing,
    Supplement,
    WorkPattern,
)
from niwari.ledger.plugin import activities
from niwari.moderation.models import Case, Decision
from niwari.moderation.models import Report as ModerationReport
from niwari.notices import choices
from niwari.notices.models import Choice, Delivery
from niwari.notices.outbox import notify
from niwari.testing.world import World
from niwari.vault.models import Opening
from niwari.vault.officials import name_official
from niwari.vault.service import remember
from niwari.writing import drafts
from niwari_consult.service import posting
from niwari_consult.texts import Plain

LOGIN = "shirushi@koriyama"
MARKS = ("しるし", "シルシ", "shirushi")


@pytest.fixture
def person(world: World) -> Context:
    """Somebody of whom each area of the core keeps something, with a mark in all their words."""
    person_id = world.ctx_for("staff4@koriyama").person_id
    Person.update(
        login=LOGIN, name="しるし一郎", kana="しるしいちろう", email="shirushi@example.jp"
    ).where(Person.id == person_id).execute()
    reindex(world.system_context())
    ctx = world.ctx_for(LOGIN)
    _in_directory(world, ctx)
    _in_identity(world, ctx)
    _in_ledger(world, ctx)
    _in_moderation(ctx)
    _elsewhere(world, ctx)
    return ctx


def _in_directory(world: World, ctx: Context) -> None:
    hr = world.ctx_for("hr@koriyama")
    keep_my_duties(ctx, ["payroll"], listed=False)
    keep_draft(ctx, "people", "しるし.csv", b"login")
    towns.choose(hr, planned=True)
    keeping.keep(world.ctx_for(LOGIN), "しるし.csv", b"login", ctx.now + timedelta(days=30))
    days = {"starts_on": ctx.today, "ends_on": ctx.today}
    section = ctx.acting.section_id
    give_delegation(hr, section, login=LOGIN, reason="しるしが代わる", **days)
    name_clerk(hr, section, login=LOGIN, starts_on=ctx.today, ends_on=None)
    NamedReader.create(kind="gone.row", row_id=1, person=ctx.person_id)
    Headship.create(
        section=world.ctx_for("staff@sukagawa").acting.section_id,
        appointment=ctx.acting.id,
        starts_on=date(2019, 4, 1),
        ends_on=date(2019, 4, 2),
    )


def _in_identity(world: World, ctx: Context) -> None:
    open_session(world.settings, ctx.now, appointment_id=ctx.acting.id, auth_time=ctx.now)
    Session.update(data=json.dumps({"id_token": "shirushi"})).where(
        Session.appointment == ctx.acting.id
    ).execute()
    ExternalIdentity.create(
        issuer="https://idp.example.jp",
        subject="shirushi-1",
        person=ctx.person_id,
        bound_at=ctx.now,
    )
    new = NewToken("しるしの連携", ("rest.read",), 30, "6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a0009")
    create_token(ctx, new, ["rest.read"])
    RoleGrant.create(appointment=ctx.acting.id, role="hr", reason="しるしに交代")
    of_town = {"label": "町の連携", "token_hash": "0", "scopes": "[]", "form_key": "a-key"}
    ApiToken.create(
        municipality=ctx.municipality.id,
        created_by=ctx.acting.id,
        created_at=ctx.now,
        expires_at=ctx.now + timedelta(days=30),
        **of_town,
    )


def _in_ledger(world: World, ctx: Context) -> None:
    wish = Wish("general", "しるしの勉強", "head_office", date(2026, 11, 18), 60, None, None, "k")
    asked = requests.ask(ctx, wish, {activity.code: activity for activity in activities()})
    Request.update(
        decision_note="しるしさんへ",
        objection="しるしは休んでいました",
        ended_reason="しるしの係が忙しい",
        brought_home="しるしの気づき",
    ).where(Request.id == asked.id).execute()
    who = {"appointment": ctx.acting.id, "person": ctx.person_id}
    Standing.create(
        **who,
        municipality=ctx.municipality.id,
        section=ctx.acting.section_id,
        activity="general",
        purpose="しるしの当番",
        place="head_office",
        kind="allowance",
        minutes=60,
        first_day=date(2026, 11, 18),
        last_day=date(2027, 3, 31),
        state="revoked",
        requested_at=ctx.now,
        form_key="k",
        decision_note="しるしさんへ",
        ended_reason="しるしの係が忙しい",
    )
    Correction.create(
        request=asked,
        former=60,
        minutes=30,
        reason="しるしの勘違い",
        state="refused",
        after_closing=True,
        form_key="k",
        asked_at=ctx.now,
        asked_by=ctx.acting.id,
        decision_note="しるしさんへ",
    )
    Overtime.create(
        person=ctx.person_id,
        municipality=ctx.municipality.id,
        month=date(2026, 10, 1),
        minutes=60,
        imported_at=ctx.now,
    )
    account = Account.get(Account.person == ctx.person_id)
    entry = JournalEntry.create(
        account=account,
        request=asked,
        kind="record",
        work_date=date(2026, 11, 18),
        minutes=0,
        used_delta=0,
        reserved_delta=0,
        posted_at=ctx.now,
    )
    Supplement.create(
        request=asked,
        minutes=5,
        state="refused",
        entry=entry,
        asked_at=ctx.now,
        decision_note="しるしさんへ",
    )
    WorkPattern.create(person=ctx.person_id, starts_on=date(2030, 4, 1), week="[]")
    end = ctx.now + timedelta(hours=1)
    LeaveSpan.create(person=ctx.person_id, kind="sick", starts_at=ctx.now, ends_at=end)
    RosterRow.create(person=ctx.person_id, day=date(2030, 4, 2), hours="")
    level = {"level": "person", "target_id": ctx.person_id}
    RateRow.create(**level, starts_on=date(2030, 4, 1), basis_points=1000)


def _in_moderation(ctx: Context) -> None:
    case = Case.create(
        kind="box.note",
        row_id=1,
        municipality=ctx.municipality.id,
        author=ctx.acting.id,
        is_hidden=False,
        is_regional=True,
        level="region",
        state="review",
        opened_at=ctx.now,
        objected_at=ctx.now,
        objection="しるしは納得できません",
    )
    reported = {"municipality": ctx.municipality.id, "reason": "other", "reported_at": ctx.now}
    ModerationReport.create(
        case=case, turn=1, person=ctx.person_id, text="しるしが困ります", **reported
    )
    decided = {"outcome": "held", "level": "town", "decided_at": ctx.now}
    Decision.create(case=case, turn=1, reason="しるしが決めました", by=ctx.acting.id, **decided)


def _elsewhere(world: World, ctx: Context) -> None:
    make_feed(ctx)
    with transaction(ctx):
        said = {"name": "しるし"}
        audit.record(ctx, "directory.rename", "person", 1, after=said, person_id=ctx.person_id)
        remember(ctx, "whisper.whisper", 1)
    PersonSetting.create(person_id=ctx.person_id, plugin="gone", key="sign", value='"shirushi"')
    record_failure(Failed("gone", "cards", ctx.municipality.id, ctx.person_id, ctx.now, "t", "x"))
    name_official(world.ctx_for("secretariat"), ctx.acting.id, "しるしの輪番")
    _told(ctx)
    ask_opening(ctx)
    _attach(ctx)


def _attach(ctx: Context) -> None:
    question = posting.ask(
        ctx,
        topic="pay",
        title="通勤手当",
        text=Plain("どうしていますか。"),
        audience="municipality",
        form_key="6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a0010",
    )
    png = BytesIO()
    Image.new("RGB", (2, 2)).save(png, "PNG")
    png.seek(0)
    sent = keep_uploads(ctx, "key", [NewFile("しるしの机.png", png, "しるしさんの机")])
    with transaction(ctx):
        attach(ctx, Ref("consult.question", question.id), sent)
    drafts.keep(ctx, "consult.ask", {"body": ["しるしの書きかけ"]})


def _told(ctx: Context) -> None:
    """Let the person have a notice, one mail a day, and a veto that is theirs."""
    kind = "consult.answered"
    Choice.create(person=ctx.person_id, kind=kind, mode="daily")
    with transaction(ctx):
        notify(replace(ctx, appointment=None, actor="test"), kind, [ctx.acting.id])
    day = {"digest_on": ctx.today, "since": ctx.now, "due_at": ctx.now}
    Delivery.create(channel="mail", appointment=ctx.acting.id, **day)
    choices.veto(ctx, "mail", frozenset({kind}))


def ask_opening(ctx: Context) -> None:
    """Let somebody have asked for an opening."""
    Opening.create(
        region=ctx.municipality.region_id,
        municipality=ctx.municipality.id,
        kind="box.note",
        row_id=1,
        reason="しるしさんが書いたことのため",
        form_key=f"key-{ctx.acting.id}",
        asked_at=ctx.now,
        asked_by=ctx.acting.id,
        asker_issuer=ctx.issuer,
    )
