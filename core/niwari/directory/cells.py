"""Readers of the cells that name municipalities and people: in files and in commands."""

import re

from niwari.directory.codes import InvalidCode, is_municipality, reference, validate_code
from niwari.errors import N_
from niwari.tabular import BadCell, SpoiledColumn, normalised, shown

LONGEST_LOGIN = 200

# The regional secretariat belongs to all towns, so its login names none.
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9][a-z0-9.-]*|secretariat")


def plain_login(cell: str) -> str:
    """Return a login as it is stored: half-width, in lower case."""
    return normalised(cell).lower()


def login_of(cell: str) -> str:
    """Read a login, ``name@town``; raises ``BadCell`` where it has another form."""
    if _LOGIN.fullmatch(cell) and len(cell) <= LONGEST_LOGIN:  # as nearly all are
        return cell
    login = plain_login(cell)
    if not _LOGIN.fullmatch(login) or len(login) > LONGEST_LOGIN:
        raise BadCell(
            N_("ログイン名は「名前@市町村」の形の半角英数字にしてください（%(given)s）。"),
            given=shown(cell),
        )
    return login


def municipality_of(cell: str) -> str:
    """Read the six-digit code of a municipality; raises ``BadCell``, with the right one if known.

    Prefectures and the wards of designated cities are no municipalities.
    """
    code = normalised(cell)
    try:
        validate_code(code)
    except InvalidCode as invalid:
        raise _bad_code(code, invalid) from None
    known = reference()[code]
    if not is_municipality(known.kind):
        raise BadCell(
            N_("%(code)s は%(name)sのコードです。市町村のコードにしてください。"),
            code=code,
            name=known.name,
        )
    return code


def _bad_code(code: str, invalid: InvalidCode) -> BadCell:
    given = shown(code)
    if invalid.reason == "check_digit":
        return BadCell(
            N_("市町村コード %(code)s の検査数字が違います。正しくは %(expected)s です。"),
            code=given,
            expected=invalid.expected,
        )
    if invalid.reason == "unknown":
        return BadCell(N_("市町村コード %(code)s の市町村はありません。"), code=given)
    if invalid.expected == f"0{code}":
        return SpoiledColumn(
            N_(
                "市町村コードの先頭の0がありません（%(code)s ではなく %(expected)s）。Excel で開くと"
                "消えることがあります。列の書式を「文字列」にして直してください。"
                "ほかの行の同じ誤りは挙げていません。"
            ),
            code=given,
            expected=invalid.expected,
        )
    if invalid.expected is not None:
        return BadCell(
            N_("市町村コード %(code)s が6桁ではありません。%(expected)s のことですか。"),
            code=given,
            expected=invalid.expected,
        )
    return BadCell(N_("市町村コードは6桁の数字で書いてください（%(code)s）。"), code=given)
