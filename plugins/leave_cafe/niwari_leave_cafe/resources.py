"""The rows of the leave cafe that others may point to."""

from uuid import uuid4

from niwari.api import Context, Label, Resource
from niwari_leave_cafe.dates.schemes import CHILDCARE, PARTNER, REGULAR
from niwari_leave_cafe.models import Experience
from niwari_leave_cafe.service import writing
from niwari_leave_cafe.texts import PARTS, Written


def _text(experience: Experience) -> str:
    return "\n".join(part for name in PARTS if (part := getattr(experience, name)))


def _write(ctx: Context, *, is_hidden: bool) -> int | None:
    return writing.write(
        ctx,
        Written(
            CHILDCARE,
            PARTNER,
            REGULAR,
            writing.fiscal_year(ctx),
            "二人目のときに、二回に分けて取りました",
            applied="予定日の三か月前に、所属長へ口頭で伝えました。",
            returned="戻る一週間前に、係の全員で分担を決め直しました。",
        ),
        audience=writing.audiences(ctx)[-1],
        is_hidden=is_hidden,
        key=str(uuid4()),
    ).id


def _sample(ctx: Context) -> int:
    return int(_write(ctx, is_hidden=False) or 0)


def _hidden_sample(ctx: Context) -> None:
    _write(ctx, is_hidden=True)


EXPERIENCE = Resource(
    kind=writing.KIND,
    model=Experience,
    label=Label("体験談", "Experience"),
    endpoint="leave_cafe.experience",
    key="experience_id",
    title=lambda experience: str(experience.headline),
    text=_text,
    author=lambda experience: experience.author_id,
    envelope=lambda experience: experience.sealed,
    sample=_sample,
    hidden_sample=_hidden_sample,
)
