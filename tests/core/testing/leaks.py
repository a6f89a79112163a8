"""What can be wrong with a plugin, a line each: for every rule of the conformance run at least one."""

from dataclasses import dataclass
from pathlib import Path

from niwari.testing.workshop import MANIFEST


@dataclass(frozen=True)
class Leak:
    """A change of one file of the dummy by which it breaks ``rule``; ``says`` is what is found.

    Without ``old`` the file is new. ``in_the_gate`` opens the host's gate besides: a plugin alone
    cannot break that rule.
    """

    rule: str
    name: str
    file: str
    old: str
    new: str
    says: str
    has_neighbour: bool = False
    in_the_gate: bool = False

    @property
    def changes_tables(self) -> bool:
        """Whether the tables of a prepared database are others, or none: where it is not ready."""
        return (
            self.rule == "ready"
            or self.file.startswith(("migrations/", "models"))
            or self.has_neighbour
        )

    def plant(self, package: Path) -> None:
        """Change the copy of the dummy in ``package``."""
        path = package / self.file
        if not self.old:
            path.write_text(self.new, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        assert self.old in text, f"{self.file} has no {self.old!r}"
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


_VISIBLE = "visible(ctx, Note)"
_READ = 'blueprint.get("/", permission="dummy.read")'
_HOURS = '@blueprint.get("/hours", public='
_OF_A_MONTH = """@blueprint.get("/of/<int:year>/<int:month>", permission="dummy.read")
def of_a_month(year: int, month: int) -> str:
    from datetime import date

    return {day}


"""
_BOARD = "    ctx = current_context()\n    before = min("

LEAKS = (
    Leak(
        "ready",
        "unknown-key",
        "plugin.toml",
        'verb = "spread"',
        'verb = "spread"\nmood = "x"',
        "mood",
    ),
    Leak(
        "ready",
        "inner-import",
        "service.py",
        "from typing import Any",
        "from typing import Any\nimport niwari.db",
        "imports niwari.db",
    ),
    Leak(
        "ready",
        "raises",
        "plugin.py",
        "_EVERYBODY: Final",
        'raise RuntimeError("on purpose")\n_EVERYBODY: Final',
        "on purpose",
    ),
    Leak(
        "anonymous",
        "public-needs-a-person",
        "views.py",
        '    return "dummy: open from 8:30"',
        "    return current_context().acting.person_name",
        "GET dummy.hours is public and fails",
    ),
    Leak(
        "wrong-role",
        "somebody-elses-permission",
        "views.py",
        _READ,
        'blueprint.get("/", permission="web.read")',
        "GET dummy.board answers 200",
    ),
    Leak(
        "other-municipality",
        "row-without-visible",
        "service.py",
        f"(Note.id == note_id) & {_VISIBLE}",
        "(Note.id == note_id)",
        "GET dummy.show answers 200 to a neighbour where the audience is",
    ),
    Leak(
        "other-municipality",
        "list-without-visible",
        "service.py",
        f"{_VISIBLE} & (Note.id < before)",
        "(Note.id < before)",
        "GET dummy.board shows dummy.note to a neighbour",
    ),
    Leak(
        "other-municipality",
        "card-without-visible",
        "plugin.py",
        "service.notes(ctx)[:3]",
        "list(Note.select().limit(3))",
        "a card at home shows dummy.note",
    ),
    Leak(
        "withdrawn",
        "a-filter-of-its-own",
        "service.py",
        f"(Note.id == note_id) & {_VISIBLE}",
        "(Note.id == note_id) & (Note.region_id == ctx.municipality.region_id)",
        "where its municipality withdrew it",
    ),
    Leak(
        "switched-off",
        "the-gate-is-open",
        "service.py",
        "PAGE = 20",
        "PAGE = 21",
        "GET dummy.board answers 200 where the plugin is off",
        in_the_gate=True,
    ),
    Leak(
        "paused-elsewhere",
        "takes-replies",
        "service.py",
        "        if is_paused:\n            raise Paused",
        "        if False:\n            raise Paused",
        "POST dummy.reply answers 303",
    ),
    Leak(
        "paused-elsewhere",
        "says-nothing",
        "templates/dummy/note.html",
        'title=_("この市町村では休止中")',
        'title=""',
        "does not say",
    ),
    Leak(
        "templates",
        "does-not-compile",
        "templates/dummy/new.html",
        "{% block content %}",
        "{% block content",
        "templates/dummy/new.html",
    ),
    Leak(
        "templates",
        "somebody-elses-folder",
        "templates/page.html",
        "",
        "<p></p>",
        "move it into templates/dummy/",
    ),
    Leak(
        "opens",
        "raises",
        "views.py",
        _BOARD,
        "    raise RuntimeError\n" + _BOARD,
        "GET dummy.board answers 500",
    ),
    Leak(
        "opens",
        "nobody-may",
        "plugin.py",
        '"Write notes"), _EVERYBODY)',
        '"Write notes"), ())',
        "nobody holds dummy.write",
    ),
    Leak(
        "opens",
        "no-resource",
        "plugin.py",
        "@hookimpl\ndef resources",
        "def resources",
        "declares no Resource",
    ),
    Leak(
        "menu",
        "leads-nowhere",
        "plugin.py",
        '"dummy.board", Verb',
        '"dummy.nowhere", Verb',
        "'dummy.nowhere' is no route",
    ),
    Leak(
        "menu",
        "card-leads-to-an-error",
        "views.py",
        _BOARD,
        "    raise RuntimeError\n" + _BOARD,
        "'dummy.board' answers 500",
    ),
    Leak(
        "menu",
        "navigation-raises",
        "plugin.py",
        "    return [MenuItem",
        "    raise RuntimeError\n    return [MenuItem",
        "hook navigation failed",
    ),
    Leak(
        "budgets",
        "one-query-a-row",
        "views.py",
        "        notes=service.notes(ctx, before=before),",
        "        notes=[service.note(ctx, n.id)[0] for n in service.notes(ctx, before=before)],",
        "read them in one query",
    ),
    Leak(
        "budgets",
        "too-many-queries",
        "views.py",
        _BOARD,
        "    ctx = current_context()\n    [service.notes(ctx) for _ in range(9)]\n    before = min(",
        "8 is the most",
    ),
    Leak(
        "budgets",
        "dear-card",
        "plugin.py",
        "service.notes(ctx)[:3]",
        "[*service.notes(ctx)[:1], *service.notes(ctx)[1:3]]",
        "hook cards costs 2 queries",
    ),
    Leak(
        "budgets",
        "dear-menu",
        "plugin.py",
        "    return [MenuItem",
        "    service.notes(ctx)\n    return [MenuItem",
        "hook navigation costs 1 queries",
    ),
    Leak(
        "reads-only",
        "writes-when-opened",
        "views.py",
        _BOARD,
        "    ctx = current_context()\n    service.greet(ctx)\n    before = min(",
        "GET dummy.board writes when it is opened",
    ),
    Leak(
        "bad-input",
        "a-form-without-its-fields",
        "views.py",
        "    form = ReplyForm()\n    if",
        '    form = ReplyForm()\n    len(request.form.get("body"))\n    if',
        "POST dummy.reply fails (500) on an empty form",
    ),
    Leak(
        "bad-input",
        "a-number-of-no-row",
        "service.py",
        "    if found is None:\n        raise NotFound",
        "    found = found or Note.select().order_by(Note.id).first()",
        "/dummy/0 answers 200",
    ),
    Leak(
        "bad-input",
        "a-number-out-of-range",
        "views.py",
        _HOURS,
        _OF_A_MONTH.format(day="date(year, month, 1).isoformat()") + _HOURS,
        "fails (500); answer such a number with 404",
    ),
    Leak(
        "bad-input",
        "a-query-by-hand",
        "views.py",
        'request.args.get("before", 2**31 - 1, type=int)',
        'int(request.args.get("page") or 1) and int(request.args.get("q") or 1)',
        "fails on a query that nobody sends by hand",
    ),
    Leak(
        "double-submit",
        "no-key",
        "service.py",
        "            form_key=form_key,",
        "            form_key=str(Note.select().count()),",
        "the same form sent twice",
    ),
    Leak(
        "double-submit",
        "cannot-be-filled-in",
        "forms.py",
        "Length(max=80",
        "Length(min=2, max=80",
        "its form could not be tried, it answers 422 (題名：80文字以内で入力してください。)",
    ),
    Leak(
        "self-contained",
        "asks-others",
        "templates/dummy/board.html",
        "{% block content %}",
        '{% block content %}<img alt="" src="https://elsewhere.example/x.png">',
        "asks https://elsewhere.example/x.png",
    ),
    Leak(
        "self-contained",
        "inline-style",
        "templates/dummy/board.html",
        "<ul>",
        '<ul style="color:red">',
        "inline code or style",
    ),
    Leak(
        "self-contained",
        "inline-code",
        "templates/dummy/board.html",
        "<ul>",
        '<ul onclick="go()">',
        "inline code or style",
    ),
    Leak(
        "self-contained",
        "inline-style-at-home",
        "templates/dummy/card.html",
        "<ul>",
        '<ul style="color:red">',
        "home has inline code or style",
    ),
    Leak(
        "self-contained",
        "home-asks-others",
        "templates/dummy/card.html",
        "<ul>",
        '<img alt="" src="//elsewhere.example/x.png"><ul>',
        "home asks //elsewhere.example/x.png",
    ),
    Leak(
        "migrations",
        "models-say-more",
        "models.py",
        '    body: Any = TextField(default="")',
        '    body: Any = TextField(default="")\n    mood: Any = TextField(null=True)',
        "column mood",
    ),
    Leak(
        "migrations",
        "an-index-is-missing",
        "migrations/0001_notes.py",
        '        indexes = ((("note", "id"), False),)',
        "        indexes = ()",
        "index",
    ),
    Leak(
        "added-columns",
        "cannot-be-left-out",
        "migrations/0002_mood.py",
        "",
        "from peewee import TextField\nfrom playhouse.migrate import migrate\n\n\n"
        "def up(migrator, db):\n"
        '    field = TextField(default="")\n'
        '    migrate(migrator.add_column("dummy_reply", "mood", field))\n',
        "dummy/0002_mood adds dummy_reply.mood, which may not be left out",
    ),
    Leak(
        "answers",
        "less-than-promised",
        "service.py",
        "    def fail(self)",
        "    def fails(self)",
        "service Notes 1 has no 'fail', which its Protocol promises",
    ),
    Leak(
        "answers",
        "cannot-be-made",
        "service.py",
        "        self._ctx = ctx",
        "        self._ctx = ctx.nothing",
        "service Notes 1 cannot be made",
    ),
    Leak(
        "answers",
        "fails-when-asked",
        "plugin.py",
        '    if settings_of(ctx, "dummy")["may_enable"]:',
        '    if settings_of(ctx, "dummy")["may_be"]:',
        "hook can_enable failed: KeyError",
    ),
    Leak(
        "foreign-keys",
        "somebody-elses-table",
        "models.py",
        "class Reply(Model):",
        'class Knock(Model):\n    class Meta:\n        table_name = "neighbour_knock"\n\n\n'
        'class Reply(Model):\n    knock: Any = ForeignKeyField(Knock, null=True, backref="+")\n',
        "points to neighbour_knock",
        has_neighbour=True,
    ),
    Leak(
        "declares-personal-data",
        "not-in-the-manifest",
        "plugin.toml",
        "",
        MANIFEST.format(name="dummy"),
        "no [[personal_data]]",
    ),
    Leak(
        "declares-personal-data",
        "no-erasing",
        "plugin.py",
        "@hookimpl\ndef erase_data",
        "def erase_data",
        "does not implement erase_data",
    ),
    Leak(
        "export-erase",
        "left-out",
        "service.py",
        '        yield Record("dummy.note"',
        '        yield Record("dummy.other"',
        "export_data leaves out the person's dummy.note",
    ),
    Leak(
        "export-erase",
        "nothing-erased",
        "service.py",
        "    mine = [row.id for row in _of(subject, Note)]",
        "    mine = [0]",
        "still hands out",
    ),
    Leak(
        "export-erase",
        "hidden-but-kept",
        "service.py",
        "    return Receipt(erased=count + Note.delete().where(Note.id.in_(mine)).execute())",
        "    return Receipt(redacted=len(mine) + len(replies))",
        "still",
    ),
    Leak(
        "export-erase",
        "too-much-erased",
        "service.py",
        "Note.delete().where(Note.id.in_(mine))",
        "Note.delete().where(Note.id > 0)",
        "erasing one person changed",
    ),
    Leak(
        "export-erase",
        "raises",
        "service.py",
        "    replies = [row.id for row in _replies_of(subject)]\n    mine",
        '    raise RuntimeError("on purpose")\n    mine',
        "RuntimeError",
    ),
    Leak(
        "export-erase",
        "counts-too-few",
        "service.py",
        "Receipt(erased=count + Note.delete().where(Note.id.in_(mine)).execute())",
        "Receipt(erased=0 * Note.delete().where(Note.id.in_(mine)).execute())",
        "counts fewer rows",
    ),
    Leak(
        "export-erase",
        "no-plain-value",
        "service.py",
        '{"title": found.title, "body": found.body}',
        '{"title": found.title, "days": [{"written": found.written_at}]}',
        "export_data hands out dummy.note: data['days'][0]['written'] as datetime",
    ),
    Leak(
        "texts",
        "no-english",
        "forms.py",
        'lazy_gettext("本文")',
        'lazy_gettext("本文です")',
        "no English text for: 本文です",
    ),
    Leak(
        "texts",
        "not-compiled",
        "translations/en/LC_MESSAGES/messages.po",
        'msgstr "Post"',
        'msgstr "Write"',
        "messages.mo is stale",
    ),
    Leak(
        "templates-speak",
        "plain-japanese",
        "templates/dummy/board.html",
        "<ul>",
        "<p>おはようございます</p><ul>",
        "templates/dummy/board.html:7",
    ),
)

SOUND = (
    Leak(
        "bad-input",
        "numbers-that-name-no-row",
        "views.py",
        _HOURS,
        _OF_A_MONTH.format(day='f"{year}-{month}"') + _HOURS,
        "",
    ),
)
"""Changes by which the dummy breaks no rule, although they look like it."""
