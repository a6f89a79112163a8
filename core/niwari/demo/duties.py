"""Who does which work in the demo: towns that take part, their systems, people who may be named."""

from collections.abc import Callable

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows
from niwari.demo.story import BEGINNING
from niwari.directory.duties.own import keep_my_duties
from niwari.directory.duties.towns import choose
from niwari.directory.models import Municipality
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context

_STAY_AWAY = ("072109", "073229")  # 二本松市, 大玉村
_SYSTEMS = {
    "072036": ("住民記録システム", "文書管理・電子決裁", "グループウェア", "統合型GIS"),
    "072079": ("住民記録システム", "庶務事務システム", "グループウェア"),
    "075213": ("住民記録システム", "グループウェア"),
    "072117": ("庶務事務システム", "統合型GIS"),
}
_DO: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("staff3@koriyama", ("family_register",), True),
    ("staff2@koriyama", ("resident_records", "individual_number"), False),
    ("hr@koriyama", ("payroll", "personnel"), True),
    ("staff6@koriyama", ("roads",), True),
    ("staff@sukagawa", ("payroll",), True),
    ("staff@tamura", ("payroll", "general_affairs"), True),
    ("staff@kagamiishi", ("payroll", "elections"), True),
    ("staff@ishikawa", ("general_affairs", "disaster_prevention"), True),
    ("staff@ono", ("payroll",), False),
    ("it@koriyama", ("information_systems",), True),
    ("it@sukagawa", ("information_systems",), True),
    ("it@motomiya", ("information_systems",), True),
)


def load_duties(ctx_for: Callable[[str], Context]) -> None:
    """Let all towns but two take part, and some people say what they do; again changes nothing."""
    for (code,) in rows(Municipality.select(Municipality.code).order_by(Municipality.code)):
        if code not in _STAY_AWAY:
            town = municipality_by_code(code, tokyo_day(BEGINNING))
            ctx = system_context(BEGINNING, "niwari demo", town)
            choose(ctx, shown=True, systems=_SYSTEMS.get(code, ()))
    for login, codes, listed in _DO:
        keep_my_duties(ctx_for(login), codes, listed=listed)
