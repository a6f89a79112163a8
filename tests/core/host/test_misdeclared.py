"""Whatever is wrong with a declaration stops the plugin with a sentence that names it and the mend."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from niwari.app import load_host
from niwari.host.discovery import located
from niwari.host.loaded import Plugin, Stage
from niwari.testing.workshop import forgotten_imports

DUMMY = Path(__file__).parents[2] / "plugins" / "niwari_dummy"

# What is changed in the dummy's plugin.py, and what the sentence says.
RESOURCES = {
    "kind of somebody else": (
        'kind="dummy.note"',
        'kind="notes.note"',
        "Resource 'notes.note': begin the kind with 'dummy.'",
    ),
    "kind of no form": (
        'kind="dummy.note"',
        'kind="Note"',
        "Resource 'Note': write the kind like 'consult.question'",
    ),
    "twice": (
        "    return [\n        Resource(",
        "    return 2 * [\n        Resource(",
        "Resource 'dummy.note' is declared twice; keep one",
    ),
    "model not declared": (
        "    return MODELS",
        "    return MODELS[1:]",
        "its model is not returned from the hook 'models'; add it there",
    ),
    "model not shared": (
        "model=Note",
        "model=MODELS[2]",
        "Tally has no audience; derive it from niwari.api.Shared",
    ),
    "no such page": (
        'endpoint="dummy.show"',
        'endpoint="dummy.shown"',
        "endpoint 'dummy.shown' is no route of the plugin",
    ),
    "page without the id": (
        'endpoint="dummy.show"',
        'endpoint="dummy.board"',
        "the address '/' has no part named 'note_id'",
    ),
    "half a name as the key": (
        'key="note_id"',
        'key="id"',
        "has no part named 'id'; set key to the name of the id in the address",
    ),
    "label is a text": (
        'label=Label("伝言", "Note")',
        'label="伝言"',
        "Resource 'dummy.note': give its label as Label(ja, en)",
    ),
    "sample is no function": (
        "sample=_sample",
        "sample=1",
        "Resource 'dummy.note': sample must be a function",
    ),
    "author is no function": (
        "author=lambda note: note.author_id",
        "author=3",
        "author must be a function or None",
    ),
    "parts are something else": (
        "parts=[REPLY]",
        "parts=[Note]",
        "Resource 'dummy.note': parts must be a list of Part objects",
    ),
    "dated is no function": (
        "dated=held",
        "dated=3",
        "dated must be a function or None",
    ),
}
# The same in parts.py.
PARTS = {
    "kind of somebody else": (
        'kind="dummy.reply"',
        'kind="notes.reply"',
        "Part 'notes.reply': begin the kind with 'dummy.'",
    ),
    "kind of no form": (
        'kind="dummy.reply"',
        'kind="Reply"',
        "Part 'Reply': write the kind like 'consult.answer'",
    ),
    "kind that is too long": (
        'kind="dummy.reply"',
        f'kind="dummy.{"r" * 60}"',
        "it may have 60 characters; choose a shorter one",
    ),
    "kind of the row above": (
        'kind="dummy.reply"',
        'kind="dummy.note"',
        "Part 'dummy.note' is declared twice; keep one",
    ),
    "model of the row above": (
        "model=Reply",
        "model=service.Note",
        "Part 'dummy.reply': its model Note is that of 'dummy.note' already",
    ),
    "leads nowhere": (
        'parent="note"',
        'parent="author"',
        "Part 'dummy.reply': 'author' is no foreign key of Reply to Note",
    ),
    "label is a text": (
        'label=Label("返事", "Reply")',
        'label="返事"',
        "Part 'dummy.reply': give its label as Label(ja, en)",
    ),
    "anchor is no function": (
        'anchor=lambda reply: f"reply-{reply.id}"',
        'anchor="reply"',
        "Part 'dummy.reply': anchor must be a function",
    ),
    "author is no function": (
        "author=lambda reply: reply.author_id",
        "author=3",
        "Part 'dummy.reply': author must be a function or None",
    ),
}
SERVICES = {
    "no protocol": (
        "Service(1, Notes,",
        "Service(1, Note,",
        "Service: Note is no typing.Protocol; put one into contract.py",
    ),
    "version zero": (
        "Service(1, Notes,",
        "Service(0, Notes,",
        "Service Notes: version must be 1 or more, not 0",
    ),
    "no factory": (
        "service.Counting)]",
        "None)]",
        "Service Notes: factory must be a function of ctx",
    ),
    "twice": (
        "    return [Service(1",
        "    return 2 * [Service(1",
        "Service Notes: version 1 is offered twice; keep one",
    ),
    "protocol lies elsewhere": (
        "from niwari_dummy.contract import Notes\n",
        "from typing import Protocol\nclass Notes(Protocol): ...\n",
        "Service Notes: its Protocol lies in niwari_dummy.plugin; move it to niwari_dummy.contract",
    ),
}
EVENTS = {
    "no dataclass": (
        "    return [NoteWritten]",
        "    return [Note]",
        "event Note: make it a frozen dataclass",
    ),
    "twice": (
        "    return [NoteWritten]",
        "    return [NoteWritten, NoteWritten]",
        "event NoteWritten is declared twice; keep one",
    ),
    "subscribes to its own that is not there": (
        '"dummy.NoteWritten"',
        '"dummy.NoteRead"',
        "Subscription 'dummy.NoteRead': the plugin declares no such event",
    ),
    "subscribes to whom the manifest does not know": (
        '"dummy.NoteWritten"',
        '"consult.Asked"',
        "Subscription 'consult.Asked': add 'consult' to uses in plugin.toml",
    ),
    "no name of an event": (
        '"dummy.NoteWritten"',
        '"NoteWritten"',
        "Subscription 'NoteWritten': name the event like 'consult.QuestionAnswered'",
    ),
    "handler is no function": (
        "service.count_one)",
        "None)",
        "Subscription 'dummy.NoteWritten': handler must be a function",
    ),
    "subscribes twice": (
        "    return [Subscription(",
        "    return 2 * [Subscription(",
        "Subscription 'dummy.NoteWritten' is there twice; call both from one handler",
    ),
}
SETTINGS = {
    "key of no form": (
        'Setting("greeting"',
        'Setting("Greeting"',
        "Setting 'Greeting': write the key like 'days_to_answer'",
    ),
    "twice": (
        'Setting("may_enable"',
        'Setting("order"',
        "Setting 'order' is declared twice; keep one",
    ),
    "name of a form": (
        'Setting("greeting"',
        'Setting("csrf_token"',
        "Setting 'csrf_token': forms use that name; choose another key",
    ),
    "its own default is refused": (
        "            30,\n",
        "            500,\n",
        "Setting 'days_kept': its own default 500 is refused: the number must be 365 or less",
    ),
    "default is not among the choices": (
        '            "newest",\n',
        '            "best",\n',
        "its own default 'best' is refused: it takes one of newest, oldest",
    ),
    "default is a fraction": (
        "            30,\n",
        "            3.5,\n",
        "Setting 'days_kept': the default must be a text, a whole number or a bool",
    ),
    "scope of nobody": (
        'scope="person"',
        'scope="region"',
        "Setting 'compact': scope must be 'municipality' or 'person'",
    ),
}
COMMANDS = {
    "twice": (
        "    return COMMANDS",
        "    return [*COMMANDS, COMMANDS[0]]",
        "command 'count' is declared twice; keep one",
    ),
    "a group": (
        "    return COMMANDS",
        '    import click\n    return [click.Group("more", help="More.")]',
        "command 'more' is a group; return its commands one by one",
    ),
    "says nothing": (
        "    return COMMANDS",
        '    return [Command("quiet")]',
        "command 'quiet': say in its docstring what it does, with an example",
    ),
    "takes the host's option": (
        "    return COMMANDS",
        '    import click\n    return [Command("x", help="X.", params=[click.Option(["--municipality"])])]',
        "command 'x': remove its option --municipality",
    ),
}
ALL = {
    f"{hook}: {name}": change
    for hook, changes in (
        ("resources", RESOURCES),
        ("services", SERVICES),
        ("events", EVENTS),
        ("settings", SETTINGS),
        ("commands", COMMANDS),
    )
    for name, change in changes.items()
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A folder with a copy of the dummy."""
    folder = tmp_path / "site"
    shutil.copytree(DUMMY, folder / "niwari_dummy")
    with forgotten_imports((folder,)):
        yield folder


def changed(site: Path, file: str, old: str, new: str) -> Plugin:
    path = site / "niwari_dummy" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_host(located([("dummy", "niwari_dummy")])).plugins["dummy"]


@pytest.mark.parametrize("change", ALL.values(), ids=ALL)
def test_the_plugin_stops_before_declared_and_says_what_is_wrong(
    site: Path, change: tuple[str, str, str]
) -> None:
    old, new, said = change
    plugin = changed(site, "plugin.py", old, new)
    assert said in plugin.error
    assert plugin.stage < Stage.DECLARED


@pytest.mark.parametrize("change", PARTS.values(), ids=PARTS)
def test_what_is_wrong_with_a_part_stops_the_plugin_too(
    site: Path, change: tuple[str, str, str]
) -> None:
    old, new, said = change
    plugin = changed(site, "parts.py", old, new)
    assert said in plugin.error
    assert plugin.stage < Stage.DECLARED


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "@dataclass(frozen=True)",
            "@dataclass",
            "event NoteWritten: write @dataclass(frozen=True)",
        ),
        (
            "urgent: bool = False",
            "urgent: float = 0.5",
            "event NoteWritten: urgent must be a str, int or bool",
        ),
        (
            '    """Somebody wrote a note; ``urgent`` as the author said."""\n',
            "",
            "event NoteWritten: say in its docstring when it happens",
        ),
    ],
)
def test_an_event_can_be_kept_and_says_when_it_happens(
    site: Path, old: str, new: str, said: str
) -> None:
    assert said in changed(site, "events.py", old, new).error


def test_a_migration_is_named_by_its_number(site: Path) -> None:
    (site / "niwari_dummy" / "migrations" / "colour.py").write_text("", encoding="utf-8")
    plugin = changed(site, "plugin.py", "Its place", "Its place")
    assert plugin.error == (
        "migration colour.py: name it like 0002_colour.py, a number of four digits first"
    )


def test_unchanged_it_is_declared(site: Path) -> None:
    plugin = changed(site, "plugin.py", "Its place in the menu", "Its place in the menu")
    assert (plugin.error, plugin.stage) == ("", Stage.DECLARED)
