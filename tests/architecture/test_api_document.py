"""docs/api.md says what is so: its commands are run, and what it shows is what is answered."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

from niwari.identity.tokens.service import LIFETIMES, PREFIX
from niwari.rest import problems
from niwari.rest.shapes import LONGEST_PAGE, Paging
from niwari.testing.world import Browser, World
from tests.core.rest.conftest import STAFF, make_token

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "https://niwari.example.jp"


def typed() -> list[tuple[str, str]]:
    """Every curl of the page with the JSON that stands behind it, or an empty text."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    shown = [*blocks[1:], ("", "")]
    return [
        (block[block.index("curl ") :], after if kind == "json" else "")
        for (language, block), (kind, after) in zip(blocks, shown, strict=True)
        if not language
    ]


def run(client: Browser, command: str, token: str) -> Any:
    """Do what curl does with the options that the page uses."""
    line = command.replace("\\\n", "").replace("$NIWARI", ADDRESS).replace("$TOKEN", token)
    words = shlex.split(line)
    assert words.pop(0) == "curl"
    sent: dict[str, Any] = {"method": "GET", "headers": {}}
    while len(words) > 1:
        option, value = words.pop(0), words.pop(0)
        if option == "-H":
            name, _, content = value.partition(": ")
            sent["headers"][name] = content
        elif option == "-d":
            sent |= {"method": "POST", "data": value}
        else:
            assert option == "-X"
            sent["method"] = value
    (address,) = words
    return client.open(address.removeprefix(ADDRESS), **sent)


def test_every_command_is_answered_as_the_page_shows(world: World) -> None:
    client, token = world.anonymous(), make_token(world, STAFF)
    found = typed()
    assert len(found) == 8
    for command, shown in found:
        answer = run(client, command, token)
        assert answer.status_code == (400 if "many" in command else answer.status_code), command
        assert answer.status_code in (200, 201, 400), (command, answer.text)
        if shown:
            assert answer.json == json.loads(shown), command


def test_every_type_of_problem_has_its_heading_and_every_heading_its_type() -> None:
    known = {slug for slug, _title, _detail in problems._KNOWN.values()}
    known |= {problems._FAILURE[0], problems._REFUSED[0], problems.WRONG_PARAMETERS}
    assert set(re.findall(r"^### (.+)$", TEXT, re.MULTILINE)) == known


def test_the_numbers_are_those_of_the_program() -> None:
    assert f"begins with `{PREFIX}`" in TEXT
    assert max(LIFETIMES) == 365
    assert f"pages of up to {LONGEST_PAGE} (`limit`, {Paging().limit} if not said)" in TEXT
