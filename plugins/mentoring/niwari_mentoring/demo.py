"""Sections, sheets and pairs for the demo, written through the services like everybody else's."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from niwari.api import TOKYO, Context
from niwari_mentoring.models import LearnerProfile, Message, SectionProfile, Sheet
from niwari_mentoring.service import (
    asking,
    meetings,
    notes,
    open_days,
    pairs,
    profiles,
    sections,
    sheets,
)
from niwari_mentoring.service.meetings import Planned
from niwari_mentoring.service.open_days import Planned as OpenDayPlanned
from niwari_mentoring.service.profiles import Described
from niwari_mentoring.service.sections import Written
from niwari_mentoring.texts import fiscal_year_end

CONTENT = Path(__file__).with_name("demo.toml")
QUARTER = timedelta(minutes=15)
_WORDS = ("work", "day", "branches", "preparing")


def load_demo(ctx_for: Callable[[str], Context]) -> Iterator[datetime]:
    """Write the demo's content, each at its time and by its account. Loading again adds nothing.

    ``ctx_for`` makes the context of a demo account by login. What is asked without a name waits for the
    instants that are yielded.
    """
    told = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
    for section in told["section"]:
        yield from _describe(ctx_for, section)
    for sheet in told["sheet"]:
        ctx = ctx_for(sheet["by"]).at(sheet["at"])
        here = (Sheet.template == sheet["template"]) & (Sheet.municipality == ctx.municipality.id)
        if not Sheet.select().where(here).exists():
            sheets.fill(ctx, sheet["template"], sheet["words"], audience="region", base=0)
    for person in told["person"]:
        ctx = ctx_for(person.pop("by")).at(person.pop("at"))
        if not LearnerProfile.select().where(LearnerProfile.person == ctx.person_id).exists():
            profiles.describe(ctx, Described(**person))
    for pair in told["pair"]:
        _learn(ctx_for, pair)


def _describe(ctx_for: Callable[[str], Context], told: dict[str, Any]) -> Iterator[datetime]:
    ctx = ctx_for(told["by"]).at(told["at"])
    known = SectionProfile.get_or_none(SectionProfile.section == ctx.acting.section_id)
    if known is None:
        words = {name: told.get(name, "").strip() for name in _WORDS}
        id_ = sections.save_profile(ctx, Written(headline=told["headline"], **words), base=0)
    else:
        id_ = known.id
    if "open_day" in told:
        _open(ctx_for, told["by"], told["open_day"])
    for question in told.get("question", ()):
        key, asked = _key(question["body"]), question["at"]
        if not Message.select().where(Message.key == key).exists():
            asking.ask(
                ctx_for(question["by"]).at(asked),
                id_,
                body=question["body"],
                form_key=key,
                hide_name=question.get("hidden", False),
            )
        yield asked + QUARTER
        if "answer" in question and (row := Message.get_or_none(Message.key == key)) is not None:
            answered = ctx_for(told["by"]).at(question["answered"])
            body = question["answer"]
            asking.answer(answered, id_, row.id, body=body, form_key=_key(body))


def _open(ctx_for: Callable[[str], Context], host: str, told: dict[str, Any]) -> None:
    ctx = ctx_for(host).at(told["at"])
    starts_at = told["starts"].astimezone(TOKYO)
    planned = OpenDayPlanned(
        text=told["text"].strip(),
        mode=told["mode"],
        place=told.get("place", ""),
        day=starts_at.date(),
        starts=starts_at.time(),
        minutes=told["minutes"],
        seats=told["seats"],
        closes_on=told["closes_on"],
    )
    open_days.announce(ctx, planned, form_key=_key(planned.text))


def _learn(ctx_for: Callable[[str], Context], told: dict[str, Any]) -> None:
    asker, mentor = ctx_for(told["by"]).at(told["at"]), ctx_for(told["to"]).at(told["answered"])
    profile = LearnerProfile.get(LearnerProfile.person == mentor.person_id)
    pair_id = pairs.ask(
        asker,
        profile.id,
        theme=told["theme"],
        message=told["message"],
        ends_on=fiscal_year_end(asker.today),
        form_key=_key(told["theme"]),
    )
    if "reply" not in told:
        return
    pairs.accept(mentor, pair_id, told["reply"])
    for meeting in told.get("meeting", ()):
        starts, ends = (meeting[name].astimezone(TOKYO) for name in ("starts", "ends"))
        planned = Planned(
            meeting["topic"], meeting["place"], starts.date(), starts.time(), ends.time()
        )
        meetings.plan(mentor, pair_id, planned, form_key=_key(meeting["topic"]))
    for text in told.get("notes", ()):
        notes.write(mentor, pair_id, text=text, form_key=_key(text))


def _key(words: str) -> str:
    """Return a key that is the same at every loading, so that nothing is written twice."""
    return str(uuid5(NAMESPACE_URL, f"niwari-mentoring-demo:{words}"))
