"""The rows of mutual learning that others may point to."""

from datetime import time, timedelta
from uuid import uuid4

from niwari.api import TOKYO, Appointment, Context, Label, Part, Resource, When, transaction
from niwari_mentoring.models import (
    LearnerProfile,
    Meeting,
    Message,
    OpenDay,
    Pair,
    SectionProfile,
    Sheet,
)
from niwari_mentoring.practices import TEMPLATES, TEMPLATES_BY_CODE
from niwari_mentoring.service import (
    asking,
    meetings,
    open_days,
    pairs,
    profiles,
    seats,
    sections,
    sheets,
)
from niwari_mentoring.service.meetings import Planned
from niwari_mentoring.service.open_days import Planned as OpenDayPlanned
from niwari_mentoring.service.profiles import Described
from niwari_mentoring.service.sections import Written
from niwari_mentoring.texts import fiscal_year_end


def _sample_section(ctx: Context) -> int:
    own = sections.own_profile(ctx)
    if own is not None:
        return own.id
    id_ = sections.save_profile(
        ctx,
        Written(
            headline="届出の窓口を、三つの係で分け合っています",
            work="住民の届出を受け、証明書を出します。",
            day="朝は受付の準備、昼は交代で窓口、夕方に翌日の確認をします。",
            branches="支所では一人で何役もします。",
            preparing="届出の流れを、住民として一度経験しておくと役に立ちます。",
            audience=sections.audiences(ctx)[-1],
        ),
        base=0,
    )
    _ask(ctx, id_, "支所との行き来は、どのくらいありますか。", hide_name=False)
    return id_


def _ask(ctx: Context, section_profile_id: int, body: str, *, hide_name: bool) -> int:
    key = str(uuid4())
    asked = asking.ask(ctx, section_profile_id, body=body, form_key=key, hide_name=hide_name)
    return asked or 0


def _sample_question(ctx: Context, section_profile_id: int) -> int:
    return _ask(ctx, section_profile_id, "繁忙期の休みは、どう決めていますか。", hide_name=False)


def _hidden_sample(ctx: Context, section_profile_id: int) -> None:
    _ask(ctx, section_profile_id, "未経験で移った人は、最初の月に何をしますか。", hide_name=True)


def _sample_open_day(ctx: Context) -> int:
    _sample_section(ctx)
    day = ctx.today + timedelta(days=14)
    planned = OpenDayPlanned(
        text="窓口の一時間を、受付と審査の両方の側から見ます。",
        mode="on_site",
        place="市役所 1階",
        day=day,
        starts=time(10),
        minutes=60,
        seats=5,
        closes_on=day - timedelta(days=1),
    )
    return open_days.announce(ctx, planned, form_key=str(uuid4()))


def _opens(day: OpenDay) -> When | None:
    if day.called_off_at is not None:
        return None
    return When(day.starts_at.astimezone(TOKYO), day.ends_at.astimezone(TOKYO), day.place)


def _sample_sheet(ctx: Context) -> int:
    template = TEMPLATES[0]
    own = sheets.own_sheet(ctx, template.code)
    if own is not None:
        return own.id
    words = {item.code: "一覧に書き、朝の打合せで確かめます。" for item in template.items}
    audience = sections.audiences(ctx)[-1]
    return sheets.fill(ctx, template.code, words, audience=audience, base=0)


def _sample_profile(ctx: Context) -> int:
    own = profiles.own_profile(ctx)
    if own is not None:
        return own.id
    return profiles.describe(
        ctx,
        Described(
            field="digital",
            offers="表計算の関数で、集計を自動にする方法",
            seeks="国の補助金の申請の進め方",
            capacity=profiles.MOST_PEOPLE,
            times="火曜と木曜の午後",
            minutes=60,
            audience=sections.audiences(ctx)[-1],
        ),
    )


def _sample_pair(ctx: Context) -> int:
    """Let somebody of the town have asked the acting person, who accepted."""
    _sample_profile(ctx)
    colleague = (
        Appointment.select()
        .where(
            (Appointment.municipality == ctx.municipality.id)
            & (Appointment.person != ctx.person_id)
            & Appointment.ends_on.is_null()
        )
        .order_by(Appointment.id)
        .first()
    )
    with transaction(ctx):
        pair = pairs.create_pair(
            ctx,
            asker=colleague.id,
            mentor=ctx.acting.id,
            theme="帳票を一つの様式にまとめたい",
            message="様式が課ごとにちがいます。まとめた経験を聞かせてください。",
            state="active",
            answered_at=ctx.now,
            ends_on=fiscal_year_end(ctx.today),
            form_key=str(uuid4()),
        )
    return int(pair.id)


def _sample_meeting(ctx: Context) -> int:
    day = ctx.today + timedelta(days=7)
    planned = Planned("最初の一回", "オンライン", day, time(14), time(15))
    return meetings.plan(ctx, _sample_pair(ctx), planned, form_key=str(uuid4()))


def _section_text(profile: SectionProfile) -> str:
    parts = (profile.headline, profile.work, profile.day, profile.branches, profile.preparing)
    return "\n".join(part for part in parts if part)


def _sheet_title(sheet: Sheet) -> str:
    """Return the template with the first words of the sheet, which tell it from those of other towns."""
    label = TEMPLATES_BY_CODE[sheet.template].label.ja
    return f"{label}：{next(iter(sheets.words_of(sheet.content).values())).splitlines()[0][:40]}"


def _held(meeting: Meeting) -> When | None:
    """Return when a meeting is; one that was called off stands in no calendar."""
    if meeting.called_off_at is not None:
        return None
    return When(
        meeting.starts_at.astimezone(TOKYO), meeting.ends_at.astimezone(TOKYO), meeting.place
    )


MESSAGE = Part(
    kind="mentoring.message",
    model=Message,
    parent="profile",
    label=Label("所属への質問と答え", "Question to a section, or its answer"),
    text=lambda message: str(message.body),
    anchor=lambda message: f"message-{message.id}",
    author=lambda message: message.author_id,
    envelope=lambda message: message.sealed,
    sample=_sample_question,
    hidden_sample=_hidden_sample,
)

SECTION = Resource(
    kind=sections.KIND,
    model=SectionProfile,
    label=Label("所属の紹介", "Section profile"),
    endpoint="mentoring.section",
    key="section_profile_id",
    title=lambda profile: f"{profile.name}：{profile.headline}",
    text=_section_text,
    author=lambda profile: profile.changed_by_id,
    parts=(MESSAGE,),
    sample=_sample_section,
)

OPEN_DAY = Resource(
    kind=seats.KIND,
    model=OpenDay,
    label=Label("オープンカンパニーの日", "Open-company day"),
    endpoint="mentoring.open_day",
    key="open_day_id",
    title=lambda day: f"{day.name}のオープンカンパニーの日",
    text=lambda day: f"{day.text}\n{day.place}",
    dated=_opens,
    author=lambda day: day.changed_by_id,
    hold=seats.hold,
    hosts=lambda ctx, day: (
        ctx.appointment is not None and ctx.appointment.section_id == day.section_id
    ),
    sample=_sample_open_day,
)

SHEET = Resource(
    kind=sheets.KIND,
    model=Sheet,
    label=Label("庶務のシート", "Practice sheet"),
    endpoint="mentoring.sheet",
    key="sheet_id",
    title=_sheet_title,
    text=lambda sheet: "\n".join(sheets.words_of(sheet.content).values()),
    author=lambda sheet: sheet.changed_by_id,
    sample=_sample_sheet,
)

PROFILE = Resource(
    kind=profiles.KIND,
    model=LearnerProfile,
    label=Label("学び合いの自己紹介", "Learning profile"),
    endpoint="mentoring.profile",
    key="profile_id",
    title=lambda profile: str((profile.offers or profile.seeks).splitlines()[0][:80]),
    text=lambda profile: "\n".join((profile.offers, profile.seeks, profile.times)),
    author=lambda profile: profile.author_id,
    sample=_sample_profile,
)

PAIR = Resource(
    kind=pairs.KIND,
    model=Pair,
    label=Label("学び合いのペア", "Learning pair"),
    endpoint="mentoring.pair",
    key="pair_id",
    title=lambda pair: str(pair.theme),
    text=lambda pair: str(pair.message),
    author=lambda pair: pair.asker_id,
    sample=_sample_pair,
)

MEETING = Resource(
    kind=meetings.KIND,
    model=Meeting,
    label=Label("ペアの面談", "Meeting of a pair"),
    endpoint="mentoring.meeting",
    key="meeting_id",
    title=lambda meeting: str(meeting.topic),
    text=lambda meeting: str(meeting.place),
    dated=_held,
    author=lambda meeting: meeting.set_by_id,
    sample=_sample_meeting,
)
RESOURCES = (SECTION, OPEN_DAY, SHEET, PROFILE, PAIR, MEETING)
