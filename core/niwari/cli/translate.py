"""translate: keeps the English catalogue of a plugin in step with its sources."""

import sys
from pathlib import Path

import click

from niwari.scaffold.catalogue import FOLDER, renew
from niwari.scaffold.refusals import CannotScaffold


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def translate(folder: Path) -> None:
    """Renew the English catalogue of the plugin in FOLDER and say which texts lack English.

    FOLDER is the plugin's project or its package. Ends with exit code 1 where a text lacks English.

    Example: niwari translate ./tea
    """
    package = _package_in(folder)
    gaps = _renewed(package)
    for gap in gaps:
        click.echo(f"no English for: {gap}")
    if gaps:
        click.echo(
            f"Write the English into {package / FOLDER / 'messages.po'}, then run this again."
        )
        sys.exit(1)
    click.echo(f"{package.name}: every text has its English.")


def _package_in(folder: Path) -> Path:
    if (folder / "plugin.toml").is_file():
        return folder
    found = sorted(path.parent for path in folder.glob("*/plugin.toml"))
    if len(found) != 1:
        many = f"are {len(found)} plugins" if found else "is no plugin"
        raise CannotScaffold(
            f"there {many} in {folder}; name the folder of one, with its plugin.toml"
        )
    return found[0]


def _renewed(package: Path) -> list[str]:
    try:
        return renew(package)
    except OSError as error:
        raise CannotScaffold(f"{error.filename}: {error.strerror}; mend that first") from error
    except SyntaxError as error:
        raise CannotScaffold(f"{error}; mend that first") from error
