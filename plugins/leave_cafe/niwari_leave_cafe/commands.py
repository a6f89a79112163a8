"""``niwari leave_cafe check PACK``: whether a file of rules can be used."""

from pathlib import Path

import click

from niwari.api import Context, gettext
from niwari_leave_cafe.dates.checking import checked_pack, problems_of


class Unusable(click.ClickException):
    """The file has problems; each is a line."""

    exit_code = 2


@click.command()
@click.argument("pack", type=click.Path(path_type=Path))
@click.pass_obj
def check(ctx: Context, pack: Path) -> None:
    """Say what is wrong with the file PACK of rules; without a problem, what is in it.

    Example: niwari leave_cafe check town.toml --municipality 072036
    """
    problems = [gettext(one.text, **one.params) for one in problems_of(pack)]
    if not problems:
        found = checked_pack(pack)
        if found.municipality and found.municipality != ctx.municipality.code:
            problems.append(
                gettext(
                    "この規程は市町村コード%(code)sのものです。%(municipality)sのものではありません。",
                    code=found.municipality,
                    municipality=ctx.municipality.name,
                )
            )
    if problems:
        raise Unusable("\n".join(problems))
    for version in found.versions:
        click.echo(
            gettext(
                "「%(pack)s」%(version)s版：決まり%(count)d件、%(first)sから使えます。",
                pack=found.label.text(ctx.locale),
                version=version.number,
                count=len(version.rules),
                first=version.first.isoformat(),
            )
        )
