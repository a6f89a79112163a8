"""What there is to see in the demo: requests in every state, made through the services."""

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from niwari.clock import TOKYO, tokyo_day
from niwari.context import Context
from niwari.demo.story import BEGINNING
from niwari.directory.people import main_appointment
from niwari.host.registry import Host
from niwari.identity.roles.mapping import town_permissions
from niwari.identity.roles.rules import roles_of
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.deciding import decisions
from niwari.ledger.models import Request
from niwari.ledger.plugin import activities
from niwari.ledger.recording import recording

ContextFor = Callable[..., Context]


def context_maker(host: Host) -> ContextFor:
    """Return ``ctx_for(login, at=BEGINNING)``: the context of a demo person at an instant."""

    def ctx_for(login: str, at: datetime = BEGINNING) -> Context:
        found = main_appointment(login, tokyo_day(at))
        roles = roles_of(found.appointment.id, at)
        return Context(
            found.municipality,
            found.appointment,
            at,
            request_id="demo",
            permissions=town_permissions(host.permissions(), found.municipality, roles),
        )

    return ctx_for


def load_ledger(ctx_for: ContextFor) -> None:
    """Load the ledgers of the demo's people.

    ``staff@koriyama`` has a past but an empty November, so that a visitor can walk the whole way
    from the full allowance on.
    """
    for month, day, minutes, purpose in (
        (9, 9, 90, "窓口の案内表示を見直す勉強会"),
        (9, 24, 120, "三春町の窓口見学"),
        (10, 7, 60, "学び・相談"),
        (10, 21, 120, "広域圏の若手職員の意見交換会の準備"),
    ):
        _done(ctx_for, "staff@koriyama", "head@koriyama", date(2026, month, day), minutes, purpose)
    for day, minutes, purpose in (
        (4, 120, "ごみ分別の外国語版チラシの点検"),
        (6, 90, "学び・相談"),
    ):
        _done(ctx_for, "staff2@koriyama", "head@koriyama", date(2026, 11, day), minutes, purpose)
    agreed = _ask(
        ctx_for,
        "staff2@koriyama",
        date(2026, 11, 18),
        "相談の日の当番（毎月第3水曜）",
        interval=(time(13, 30), time(14, 30)),
    )
    _agree(ctx_for, "head@koriyama", agreed)
    _ask(
        ctx_for,
        "staff2@koriyama",
        date(2026, 11, 24),
        "後任のための手順書を書く",
        interval=(time(16, 0), time(17, 15)),
    )
    _ask(ctx_for, "staff3@koriyama", date(2026, 11, 12), "学び・相談", minutes=60)
    _ask(
        ctx_for,
        "staff3@koriyama",
        date(2026, 11, 20),
        "須賀川市の電子申請の担当者に話を聞く",
        minutes=180,
        place="other_municipality",
    )
    returned = _ask(
        ctx_for, "staff@sukagawa", date(2026, 11, 13), "給与計算の手順の共有会", minutes=240
    )
    decisions.return_(
        ctx_for("head@sukagawa"),
        returned.id,
        key=_key("return", returned.id),
        note="13日は年末調整の締切です。翌週にできませんか。",
    )
    _done(ctx_for, "staff@sukagawa", "head@sukagawa", date(2026, 11, 5), 60, "学び・相談")
    _ask(ctx_for, "staff@miharu", date(2026, 11, 17), "学び・相談", minutes=90)


def _ask(
    ctx_for: ContextFor,
    login: str,
    day: date,
    purpose: str,
    *,
    minutes: int | None = None,
    interval: tuple[time, time] | None = None,
    place: str = "head_office",
) -> Request:
    at = min(BEGINNING, datetime.combine(day, time(8, 30), TOKYO))
    wish = Wish(
        activity="general",
        purpose=purpose,
        place=place,
        work_date=day,
        minutes=minutes,
        starts=interval[0] if interval else None,
        ends=interval[1] if interval else None,
        form_key=_key(login, day, purpose),
    )
    offered = {activity.code: activity for activity in activities()}
    return requests.ask(ctx_for(login, at), wish, offered)


def _agree(ctx_for: ContextFor, head: str, request: Request) -> None:
    key = _key("agree", request.id)
    decisions.agree(ctx_for(head, request.requested_at), request.id, key=key)


def _done(
    ctx_for: ContextFor, login: str, head: str, day: date, minutes: int, purpose: str
) -> None:
    request = _ask(ctx_for, login, day, purpose, minutes=minutes)
    _agree(ctx_for, head, request)
    at = min(BEGINNING, datetime.combine(day, time(17, 0), TOKYO))
    recording.record(ctx_for(login, at), request.id, minutes=minutes)


def _key(*parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, parts))))
