"""What the documents say is what the code does."""

import re
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from niwari.cli import main
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.host.discovery import located
from niwari.testing.world import KORIYAMA, World

ROOT = Path(__file__).parents[2]


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def shell(name: str) -> list[str]:
    """Return the fenced blocks of a document that are of no language: what one types."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text_of(name), re.DOTALL | re.MULTILINE)
    return [block for language, block in found if not language]


@pytest.fixture
def tea(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The README's plugin as a package of its own."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folder = tmp_path / "site" / "niwari_tea"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "plugin.toml").write_text(blocks(readme, "toml")[0], encoding="utf-8")
    (folder / "plugin.py").write_text(blocks(readme, "python")[0], encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder.parent))
    yield folder
    for name in [name for name in sys.modules if name.startswith("niwari_tea")]:
        del sys.modules[name]


def test_the_plugin_in_the_readme_works_as_it_stands(
    tea: Path, database_url: str, clock: FrozenClock, tmp_path: Path
) -> None:
    found = located([("tea", "niwari_tea")])
    with World.open(database_url, clock, tmp_path / "home", plugins=found) as world:
        client = world.client_for("staff@koriyama")

        page = client.get("/tea/")
        assert page.status_code == 200
        assert "お茶をどうぞ。" in page.get_data(as_text=True)
        assert 'href="/tea/"' in client.get("/").get_data(as_text=True)

        world.switch(KORIYAMA, "tea", on=False)
        assert client.get("/tea/").status_code == 404


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_readmes_name_both_commands_and_every_link_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        assert (ROOT / path).exists(), f"{name}: {path} is not there"
        heading = rf"^#+ {anchor.replace('-', ' ')}$"
        assert not anchor or re.search(heading, (ROOT / path).read_text("utf-8"), re.I | re.M)


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.ja.md",
        "docs/plugins/README.md",
        "docs/plugins/tutorial.md",
        "docs/plugins/packaging.md",
    ],
)
def test_who_is_told_to_use_niwari_is_told_how_it_is_installed(name: str) -> None:
    assert "municipal-it.md#install)" in (ROOT / name).read_text(encoding="utf-8")


def test_the_way_to_install_it_makes_the_wheel_before_it_takes_it() -> None:
    (way,) = [block for block in shell("docs/municipal-it.md") if "pip wheel" in block]
    project = tomllib.loads(text_of("core/pyproject.toml"))["project"]
    wheel = f"dist/niwari-{project['version']}-py3-none-any.whl"
    commands = [line.partition("#")[0].strip() for line in way.splitlines()]
    made, locked, taken, tried = (
        commands.index(command)
        for command in (
            "pip wheel --no-deps -w dist ./core",
            "pip install -r requirements.lock",
            f"pip install --no-deps {wheel}",
            "niwari --help",
        )
    )
    assert made < locked < taken < tried
    assert (ROOT / "requirements.lock").is_file()


@pytest.mark.parametrize("name", ["README.md", "README.ja.md", "docs/municipal-it.md"])
def test_what_becomes_of_what_somebody_installs_into_the_environment_of_make_is_told(
    name: str,
) -> None:
    assert re.search(r"`\.venv`[^.。]*(lock|[.。][^.。]*lock)", text_of(name))


def test_both_readmes_show_the_same_commands() -> None:
    english, japanese = (
        [line.partition("#")[0].strip() for block in shell(name) for line in block.splitlines()]
        for name in ("README.md", "README.ja.md")
    )
    assert "niwari new-plugin tea_list" in english
    assert english == japanese


@pytest.mark.parametrize("name", ["README.md", "README.ja.md", "docs/municipal-it.md"])
def test_every_command_that_a_document_names_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"niwari ((?:[a-z]+(?:-[a-z]+)*)(?: [a-z]+(?:-[a-z]+)*)?)", text)
    assert named
    for words in named:
        command: click.Command = main
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            context = click.Context(command)
            found = command.get_command(context, word)
            assert found is not None, f"{name}: niwari {words}"
            command = found


def test_the_guide_lists_every_setting() -> None:
    text = (ROOT / "docs/municipal-it.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("| `"))
    known = {field.name for field in fields(Settings)} - {"home"}
    assert (
        set(re.findall(r"`([a-z_]+)`", "\n".join(r.split("|")[1] for r in rows.splitlines())))
        == known
    )


def test_contributing_gives_a_reason_for_every_dependency() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").lower()
    table = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    project = tomllib.loads((ROOT / "core/pyproject.toml").read_text(encoding="utf-8"))
    for requirement in project["project"]["dependencies"]:
        name = re.split(r"[\[<>=;]", requirement)[0].strip()
        assert name in table, f"CONTRIBUTING.md says nothing of {name}"


def test_every_command_explains_itself_with_an_example() -> None:
    def walk(command: click.Command, path: str) -> None:
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                walk(inner, f"{path} {name}")
            return
        assert "Example:" in (command.help or ""), f"{path} --help has no example"

    walk(main, "niwari")
