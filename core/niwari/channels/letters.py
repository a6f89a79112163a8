"""Putting a delivery into the words of a mail, for its recipient as things are when it leaves.

Mail is in Japanese: nobody has told in which language they read while they do not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple

from niwari.channels.channel import Away, Letter
from niwari.channels.wrapping import wrapped
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows
from niwari.directory.linking import Ref, linked
from niwari.directory.models import Appointment, Person, on_day
from niwari.directory.people import appointment_ref, municipality_ref
from niwari.directory.system import system_context
from niwari.host.enablement import active
from niwari.host.running import running
from niwari.identity.roles.mapping import town_permissions
from niwari.identity.roles.rules import roles_of
from niwari.keyring import SealError, keyring
from niwari.notices.about import envelope_of, row_kind
from niwari.notices.choices import ALL, vetoes
from niwari.notices.days import digest_day
from niwari.notices.kinds import is_away, kind_of, owner_of, sentence_of
from niwari.notices.mail import MAIL
from niwari.notices.models import Choice, Delivery, Hidden, Notice, Received
from niwari.notices.outbox import posts_today
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import NoticeKind
from niwari.vault.service import addressee

MOST_IN_ONE = 50
"""How many notices one mail of a day tells; it says how many more there are."""

KNOWN_FOR = 10.0
"""Seconds for which it is known who holds a post, as several letters of a moment go to one person."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who gets a mail, in the post in which they were told."""

    ctx: Context
    email: str
    vetoed: frozenset[str]

    def takes(self, kind: NoticeKind) -> bool:
        """Whether the municipality sends notices of the kind by mail, and has their plugin on."""
        owner = owner_of(kind)
        is_on = running().host.plugins[owner].core or active(self.ctx.municipality, owner)
        return is_on and not self.vetoed & {kind.code, ALL}


class Composer:
    """Writes the mails of one installation; ``base_url`` is the address that they lead to."""

    def __init__(self, base_url: str) -> None:
        """Lead to pages below ``base_url``."""
        self._base = base_url.rstrip("/")
        self._readers: dict[int, _Reader | None] = {}
        self._read_at = monotonic()

    def mail(self, delivery: Delivery, now: datetime) -> Letter | None:
        """Return the mail of ``delivery``; ``None`` where nobody is to be told any more.

        The reader has left, has read it meanwhile, may not open the row, or the plugin is off there.
        Raises ``Away`` where the plugin is gone or not ready; lines of a day's mail that cannot be
        written for that join the next one.
        """
        if delivery.hidden_id is not None:
            return self._to_hidden_author(delivery, now)
        if delivery.digest_on is not None:
            return self._of_a_day(delivery, now)
        return self._of_one(delivery, now)

    def _of_one(self, delivery: Delivery, now: datetime) -> Letter | None:
        found = _unread(Received.id == delivery.received_id)
        reader = self._reader(found[0].appointment_id, now) if found else None
        if reader and any(one.is_away for one in found):
            raise Away
        told = _told(reader, found) if reader else []
        if reader is None or not told:
            return None
        ((id_, kind, sentence),) = told
        if kind.discreet:
            return self._letter(delivery, reader.email, _something(), [(_something(), "/notices/")])
        return self._letter(delivery, reader.email, sentence, [(sentence, f"/notices/{id_}")])

    def _of_a_day(self, delivery: Delivery, now: datetime) -> Letter | None:
        reader = self._reader(delivery.appointment_id, now)
        day = delivery.digest_on
        wanted = (Received.appointment == delivery.appointment_id) & (Received.digest_on == day)
        unread = _unread(wanted)
        if away := [one.id for one in unread if one.is_away]:
            later = digest_day(now)
            Received.update(digest_on=later).where(wanted & Received.id.in_(away)).execute()
        told = _told(reader, unread) if reader else []
        if reader is None or not told:
            return None
        lines = [
            (_something(), "/notices/") if kind.discreet else (sentence, f"/notices/{id_}")
            for id_, kind, sentence in told[:MOST_IN_ONE]
        ]
        if (more := len(told) - MOST_IN_ONE) > 0:
            lines.append((_("ほかに%(count)s件あります。", count=more), "/notices/unread"))
        subject = _(
            "%(month)s月%(day)s日のお知らせ（%(count)s件）",
            month=day.month,
            day=day.day,
            count=len(told),
        )
        return self._letter(delivery, reader.email, subject, lines)

    def _to_hidden_author(self, delivery: Delivery, now: datetime) -> Letter | None:
        hidden = Hidden.select(Hidden, Notice).join(Notice).where(Hidden.id == delivery.hidden_id)
        row = hidden.get()
        if is_away(row.notice.kind) or is_away(row.notice.about_kind):
            raise Away
        kind = kind_of(row.notice.kind)
        if kind is None:
            return None
        try:
            person_id = _hidden_author(row, now)
        except Exception as failed:  # counted; it waits without a sign, for it is somebody's alone
            raise Away from failed
        reader = _present(person_id, now) if person_id is not None else None
        if reader is None or not _wants(reader, kind):
            return None
        # As that of a discreet notice: whoever reads the mailbox does not learn that one wrote
        # without a name. The inbox leads on to the page of such notices.
        lines = [(_something(), "/notices/")]
        return self._letter(delivery, reader.email, _something(), lines)

    def _reader(self, appointment_id: int | None, now: datetime) -> "_Reader | None":
        """Return who holds a post; several letters of a moment go to the same person."""
        if appointment_id is None:
            return None
        if monotonic() - self._read_at > KNOWN_FOR:
            self._readers, self._read_at = {}, monotonic()
        if appointment_id not in self._readers:
            self._readers[appointment_id] = _reader(appointment_id, now)
        return self._readers[appointment_id]

    def _letter(
        self, delivery: Delivery, to: str, subject: str, told: Sequence[tuple[str, str]]
    ) -> Letter:
        parts = [f"{wrapped(sentence)}\n{self._base}{path}" for sentence, path in told]
        automatic = _("このメールは、にわりから自動で送っています。返信は届きません。")
        change = _("届け方は、次のページで変えられます。")
        parts.append(f"--\n{automatic}\n{change}\n{self._base}/notices/settings")
        # Marked by a key, as the number of a delivery in a mail server's log would lead to its row.
        number = delivery.id.to_bytes(8, "big")
        reference = keyring().names("notices.mail", number)[-1][:32]
        headed = _("【にわり】%(subject)s", subject=subject)
        return Letter(delivery.id, reference, to, headed, "\n\n".join(parts) + "\n")


def _reader(appointment_id: int, now: datetime) -> _Reader | None:
    """Return whoever was told in a post, with an address, in that post or one in the same municipality.

    ``None`` where they hold none there any more.
    """
    today = tokyo_day(now)
    found = rows(
        Appointment.select(Appointment.id, Appointment.municipality, Person.email)
        .join(Person)
        .where(Appointment.id.in_(posts_today(today, [appointment_id])) & (Person.email != ""))
    )
    if not found:
        return None
    ((post_id, town, email),) = found
    municipality = municipality_ref(town, today)
    permissions = town_permissions(
        running().host.permissions(), municipality, roles_of(post_id, now)
    )
    post = appointment_ref(post_id, today)
    ctx = Context(municipality, post, now, permissions=permissions)
    return _Reader(ctx, email, vetoes(ctx, MAIL))


def _hidden_author(hidden: Hidden, now: datetime) -> int | None:
    """Return the id of whoever is told; ``None`` where the row or what names its author is gone."""
    notice = hidden.notice
    about = row_kind(notice.about_kind)
    if about is None:
        return None
    model, is_copied = about.declared.model, about.declared.envelope is None
    row = model.get_or_none(model.id == notice.about_id)
    if row is None:
        return None
    found = (
        (hidden.envelope, hidden.sealed_for)
        if is_copied
        else envelope_of(system_context(now, "channels"), notice.about_kind, row)
    )
    if found is None:
        return None
    try:
        return addressee(found[0], notice.about_kind, found[1])
    except SealError:
        return None  # its key is gone, or the author was erased


def _present(person_id: int, now: datetime) -> _Reader | None:
    """Return a person in the main one of the posts that hold today."""
    held = Appointment.select(Appointment.id).where(
        (Appointment.person == person_id) & on_day(Appointment, tokyo_day(now))
    )
    post = held.order_by(Appointment.is_main.desc(), Appointment.id).first()
    return _reader(post.id, now) if post is not None else None


def _something() -> str:
    return _("お知らせが届いています。")


class _Unread(NamedTuple):
    """A notice that nobody has read yet."""

    id: int
    appointment_id: int
    kind: str
    data: str
    about_kind: str
    about_id: int

    @property
    def is_away(self) -> bool:
        """Whether its plugin, or that of its row, is gone or not ready just now."""
        return is_away(self.kind) or is_away(self.about_kind)


def _unread(wanted: Any) -> list[_Unread]:
    query = Received.select(
        Received.id,
        Received.appointment,
        Notice.kind,
        Notice.data,
        Notice.about_kind,
        Notice.about_id,
    ).join(Notice)
    found = rows(query.where(wanted & Received.read_at.is_null()).order_by(Received.id))
    return [_Unread(*row) for row in found]


def _told(reader: _Reader, unread: Sequence[_Unread]) -> list[tuple[int, NoticeKind, str]]:
    """Return what is still to be told of ``unread``: id, kind, sentence."""
    links = linked(
        reader.ctx, [Ref(one.about_kind, one.about_id) for one in unread if one.about_kind]
    )
    told = []
    for one in unread:
        kind = kind_of(one.kind)
        link = links[Ref(one.about_kind, one.about_id)] if one.about_kind else None
        if kind is not None and reader.takes(kind) and (link is None or link.is_open):
            title = link.title if link else ""
            told.append((one.id, kind, sentence_of(kind, one.data, title, "ja")))
    return told


def _wants(reader: _Reader, kind: NoticeKind) -> bool:
    """Tell whether the hidden author of a row is told by mail.

    One a day is one at once here: a row that waits for the morning would tell what its author chose.
    """
    chosen = rows(
        Choice.select(Choice.mode).where(
            (Choice.person == reader.ctx.person_id) & (Choice.kind == kind.code)
        )
    )
    mode = chosen[0][0] if chosen else kind.default
    return mode in ("at_once", "daily") and reader.takes(kind)
