"""Which codes name a municipality of this installation, and what is wrong with those that do not.

What is no code at all, or that of a prefecture, the reader ``municipality_of`` says; here is told
apart what only the directory knows: a code that was given up, and a municipality that is real but
not registered here.
"""

from collections.abc import Collection, Iterable

from niwari.db.sets import rows_where
from niwari.directory.cells import municipality_of
from niwari.directory.codes import reference
from niwari.directory.models import FormerCode, Municipality
from niwari.errors import N_, NotFound
from niwari.tabular import BadCell, Refusals, SpoiledColumn

_FORMER = N_("%(code)s は合併などで使われなくなりました。%(present)s と書いてください。")


class UnknownMunicipality(NotFound):
    """No municipality of this installation has the code; the sentence says which is the reason."""

    text = N_(
        "市町村コード %(code)s（%(name)s）は、にわりに登録されていません。"
        "打ち間違いなら、コードを直してください。新しく加わる市町村なら、先に "
        "niwari directory import-region で広域圏に加えるか、"
        "niwari directory import に --new-municipalities を付けてください。"
    )


def unknown_municipality(code: str) -> UnknownMunicipality:
    """Return the error for a code by which no municipality was found.

    It tells apart what is no code, a code of something else, one that was given up, and that of a
    municipality which is not registered here.
    """
    bad = problem_of(code)
    if bad is not None:
        return UnknownMunicipality(bad.text, **bad.params)
    present = present_codes([code]).get(code)
    if present is not None:
        return UnknownMunicipality(_FORMER, code=code, present=present)
    return UnknownMunicipality(code=code, name=full_name(code))


def problem_of(code: str) -> BadCell | None:
    """Return what is wrong with a code that somebody typed; ``None`` for a municipality's."""
    try:
        plain = municipality_of(code)
    except SpoiledColumn as bad:  # its own sentence speaks of a column
        return BadCell(
            N_("市町村コード %(code)s が6桁ではありません。%(expected)s のことですか。"),
            **bad.params,
        )
    except BadCell as bad:
        return bad
    if plain != code:  # full-width digits, say: a file may have them, a command's words not
        return BadCell(
            N_("市町村コード %(code)s は、半角で %(expected)s と書いてください。"),
            code=code,
            expected=plain,
        )
    return None


def refuse_former_codes(
    cells: Iterable[tuple[int, str, str]], refusals: Refusals
) -> frozenset[str]:
    """Refuse each of ``cells`` (line, column, code) whose code was given up, naming the present one.

    Takes two queries for each 500 codes, and one more where any was given up. Returns those.
    """
    named = list(cells)
    instead = present_codes({code for _, _, code in named})
    for line, column, code in named:
        if code in instead:
            refusals.add(line, column, _FORMER, code=code, present=instead[code])
    return frozenset(instead)


def refuse_unregistered(
    cells: Iterable[tuple[int, str, str]], registered: Collection[str], refusals: Refusals
) -> None:
    """Refuse each of ``cells`` (line, column, code) whose code is not ``registered``, or given up.

    The codes are those of real municipalities: a slip of the pen may name any town of Japan.
    """
    named = list(cells)
    former = refuse_former_codes(named, refusals)
    for line, column, code in named:
        if code not in registered and code not in former:
            refusals.add(line, column, UnknownMunicipality.text, code=code, name=full_name(code))


def full_name(code: str) -> str:
    """Return a municipality's name with its prefecture's: 福島県郡山市."""
    known = reference()[code]
    return f"{known.prefecture}{known.name}"


def present_codes(codes: Iterable[str]) -> dict[str, str]:
    """Return what to write instead of those of ``codes`` that were merged or renamed."""
    wanted = sorted(codes)
    renamed = rows_where(
        FormerCode, [FormerCode.code, FormerCode.municipality], FormerCode.code, wanted
    )
    merged = rows_where(
        Municipality, [Municipality.code, Municipality.successor], Municipality.code, wanted
    )
    towns = dict(renamed) | {code: successor for code, successor in merged if successor is not None}
    columns = [Municipality.id, Municipality.code]
    present = dict(rows_where(Municipality, columns, Municipality.id, sorted({*towns.values()})))
    return {old: present[town] for old, town in towns.items()}
