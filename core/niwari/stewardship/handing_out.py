"""Handing out everything that is kept of one person in one municipality, as one file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from markupsafe import Markup, escape

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.host.dispatch import Dispatcher
from niwari.host.rate_limits import Limit, count
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label, NoticeKind, Record, Subject
from niwari.stewardship import subjects
from niwari.stewardship.keepers import Keeper, keepers
from niwari.stewardship.subjects import CannotTell

OFTEN: Final = Limit("stewardship.hand_out", 20, 60 * 60)
"""Files that one person may have made in an hour."""
HANDED_OUT: Final = NoticeKind(
    "stewardship.handed_out",
    Label("人事担当が自分のデータを書き出したとき", "When HR exports my data"),
    Label(
        "人事担当が、にわりに保存されているあなたのデータを書き出しました。",
        "HR exported the data that Niwari keeps of you.",
    ),
)

_PAGE = Markup(
    '<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
    "<style>body{{font-family:sans-serif;line-height:1.7;max-width:50em;margin:2em auto;padding:0 1em}}"
    "dt{{font-weight:bold}}dd{{margin:0 0 .5em 1em;white-space:pre-wrap;overflow-wrap:anywhere}}"
    "section{{border-top:1px solid #ccc}}</style><h1>{title}</h1><p>{lead}</p>"
)


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the file says in the reader's language; ``nothing`` and ``failed`` stand below a heading."""

    title: str
    lead: str
    nothing: str
    failed: str


def hand_out(
    ctx: Context, dispatcher: Dispatcher, person_id: int, said: Sentences
) -> tuple[bytes, tuple[str, ...]]:
    """Return a ZIP file with what all areas and plugins keep of a person in ``ctx.municipality``.

    A page to read (``index.html``) and a line of JSON for each row (``<area>.jsonl``). What was
    written without a name is not in it: nobody could make such a file without learning the author.
    The labels of those that failed are returned beside it, and the page names them. It lies in
    memory alone. One audit row says that it was made, and the person is told unless it is their own act.
    Raises ``TooMany`` where the acting person made many in the last hour.
    """
    count(OFTEN, str(ctx.person_id), ctx.now)
    subject = Subject(person_id, ctx.municipality.id)
    file, failed = BytesIO(), []
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        pieces = [_PAGE.format(lang=ctx.locale, title=said.title, lead=said.lead)]
        for keeper in keepers(dispatcher, ctx.locale):
            found = _records(ctx, dispatcher, keeper, subject)
            pieces.append(_section(keeper, found, said))
            if found is None:
                failed.append(keeper.label)
            elif found:
                _write(archive, ctx, f"{keeper.name}.jsonl", _lines(found))
        _write(archive, ctx, "index.html", str(Markup("").join(pieces)))
    with transaction(ctx):
        audit.record(ctx, "stewardship.hand_out", "person", person_id, failed=len(failed))
        # Nobody is told of what they did themselves.
        notify(ctx, HANDED_OUT.code, _posts_here(ctx, person_id))
    return file.getvalue(), tuple(failed)


def _posts_here(ctx: Context, person_id: int) -> Any:
    here = (Appointment.person == person_id) & (Appointment.municipality == ctx.municipality.id)
    return Appointment.select(Appointment.id).where(here)


def _records(
    ctx: Context, dispatcher: Dispatcher, keeper: Keeper, subject: Subject
) -> list[Record] | None:
    found: list[Record] = []
    try:
        subjects.export(ctx, dispatcher, keeper.name, subject, found.append)
    except CannotTell:
        return None
    return found


def _lines(found: Sequence[Record]) -> str:
    return "".join(
        json.dumps({"kind": r.kind, "id": r.id, "data": dict(r.data)}, ensure_ascii=False) + "\n"
        for r in found
    )


def _section(keeper: Keeper, found: Sequence[Record] | None, said: Sentences) -> Markup:
    head = Markup("<section><h2>{}</h2>").format(keeper.label)
    if found is None:
        return head + Markup("<p>{}</p></section>").format(said.failed)
    if not found:
        return head + Markup("<p>{}</p></section>").format(said.nothing)
    return head + Markup("").join(map(_row, found)) + Markup("</section>")


def _row(record: Record) -> Markup:
    pairs = (
        Markup("<dt>{}</dt><dd>{}</dd>").format(key, _shown(value))
        for key, value in record.data.items()
    )
    title = Markup("<h3>{} {}</h3><dl>").format(record.kind, record.id)
    return title + Markup("").join(pairs) + Markup("</dl>")


def _shown(value: Any) -> Markup:
    if isinstance(value, str):
        return escape(value)
    return escape(json.dumps(value, ensure_ascii=False))


def _write(archive: ZipFile, ctx: Context, name: str, text: str) -> None:
    info = ZipInfo(name, (ctx.today.year, ctx.today.month, ctx.today.day, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    with archive.open(info, "w") as raw, TextIOWrapper(raw, encoding="utf-8") as writer:
        writer.write(text)
