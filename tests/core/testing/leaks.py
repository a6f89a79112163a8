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
        "disposal",
        "without-a-key",
        "plugin.toml",
        'key = "notes"\n',
        "",
        "dispose_data is never called",
    ),
    Leak(
        "disposal",
        "everybodys",
        "disposing.py",
        "(Note.municipality == ctx.municipality.id) & (Note.written_at < until)",
        "Note.written_at < until",
        "removes dummy.note of another",
    ),
    Leak(
        "disposal",
        "of-today",
        "disposing.py",
        "(Note.written_at < until)",
        "Note.written_at.is_null(False)",
        "although today is kept",
    ),
    Leak(
        "disposal",
        "never-ends",
        "disposing.py",
        "return Receipt(erased=count",
        "return Receipt(erased=1 + count",
        "although today is kept",
    ),
    Leak(
        "disposal",
        "nothing",
        "disposing.py",
        ".limit(PORTION)",
        ".limit(0)",
        "removes nothing",
    ),
    Leak(
        "found",
        "failing-text",
        "plugin.py",
        "text=lambda note: str(note.body)",
        "text=lambda note: str(note.words)",
        "dummy.note: title, text, dated or hidden_place of its Resource fails",
    ),
    Leak(
        "found",
        "no-day",
        "plugin.py",
        "dated=held",
        'dated=lambda note: "soon"',
        "dummy.note: title, text, dated or hidden_place of its Resource fails",
    ),
    Leak(
        "calendar",
        "no-day",
        "plugin.py",
        "dated=held",
        'dated=lambda note: "soon"',
        "dummy.note: dated gives 'soon' for a sample row",
    ),
    Leak(
        "calendar",
        "in-the-calendar-alone",
        "dates.py",
        "return When(note.written_at",
        "return When(note.municipality.no_such_day",
        "dummy.note: dated gives AttributeError",
    ),
    Leak(
        "found",
        "no-letter",
        "plugin.py",
        "title=lambda note: str(note.title)",
        'title=lambda note: "…"',
        "has no letter by which it could be found",
    ),
    Leak(
        "found",
        "another-title-each-time",
        "plugin.py",
        "title=lambda note: str(note.title)",
        "title=lambda note: str(uuid4())",
        "two looks at one row say different things",
    ),
    Leak(
        "attachments",
        "shown-to-everybody",
        "views.py",
        '    return render_template(\n        "dummy/board.html",',
        "    return str([service.files_of(ctx, n) for n in range(9)]) + render_template(\n"
        '        "dummy/board.html",',
        "GET dummy.board shows a file of dummy.note to a neighbour where the audience is",
    ),
    Leak(
        "attachments",
        "names-instead-of-files",
        "templates/dummy/new.html",
        ' enctype="multipart/form-data"',
        "",
        "GET dummy.new: its form takes files but cannot send them",
    ),
    Leak(
        "attachments",
        "takes-no-more-than-a-form",
        "views.py",
        ", attachments=True",
        "",
        "give that route attachments=True",
    ),
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
        "reportable",
        "row-without-a-way",
        "templates/dummy/note.html",
        '{{ ui.report_link("dummy.note", note.id, note.title) }}',
        "",
        "GET dummy.show shows no way to report dummy.note",
    ),
    Leak(
        "reportable",
        "part-without-a-way",
        "templates/dummy/note.html",
        '{{ ui.report_link("dummy.reply", reply.id, reply.id) }}',
        "",
        "GET dummy.show shows no way to report dummy.reply",
    ),
    Leak(
        "held-back",
        "a-filter-of-its-own",
        "service.py",
        f"(Note.id == note_id) & {_VISIBLE}",
        "(Note.id == note_id) & (Note.region_id == ctx.municipality.region_id)",
        "GET dummy.show answers 200 to a neighbour where moderators hold it back",
    ),
    Leak(
        "held-back",
        "part-that-stays",
        "templates/dummy/note.html",
        "{% if reply.is_held %}",
        "{% if false %}",
        "GET dummy.show shows dummy.reply to staff@koriyama although moderators hold it back",
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
        "offers",
        "leaves-a-filter-out",
        "inviting.py",
        "        fits &= Invitation.verb == wanted.verb",
        "        pass",
        "although another verb is wanted",
    ),
    Leak(
        "offers",
        "knows-one-page",
        "inviting.py",
        "later | ((Invitation.starts_at == starts_at) & (Note.id >= note_id))",
        "later",
        "is not returned on the page that begins with it",
    ),
    Leak(
        "offers",
        "has-always-a-time",
        "inviting.py",
        "            return fits & Invitation.starts_at.is_null() & (Note.id >= note_id)",
        "            return fits",
        "although what has no time is wanted",
    ),
    Leak(
        "offers",
        "is-not-found-again",
        "inviting.py",
        "        return Note.id == wanted.only[1]",
        "        return Note.id == 0",
        "is not returned when it is asked for alone",
    ),
    Leak(
        "offers-elsewhere",
        "without-visible",
        "inviting.py",
        "visible(ctx, Note) & not_paused(Note)",
        "not_paused(Note)",
        "is offered to a neighbour where the audience is municipality",
    ),
    Leak(
        "offers-elsewhere",
        "goes-on-where-it-is-off",
        "inviting.py",
        " & not_paused(Note)",
        "",
        "is offered to a neighbour where its municipality has the plugin off",
    ),
    Leak(
        "seats",
        "of-a-person",
        "inviting.py",
        "    Seat.delete().where(Seat.request_id == event.request_id)",
        "    Seat.delete().where(Seat.holder.in_(_posts_of(event.person_id)))",
        "what is told late of a former request frees the new place",
    ),
    Leak(
        "seats",
        "of-the-first-request",
        "inviting.py",
        "Seat.update(request_id=request_id, mode=mode, is_fixed=False)",
        "Seat.update(mode=mode, is_fixed=False)",
        "what is told late of a former request frees the new place",
    ),
    Leak(
        "seats",
        "a-second-one",
        "inviting.py",
        "            return\n        if Seat",
        "            Invitation.update(seats=Invitation.seats - 1).execute()\n"
        "            return\n        if Seat",
        "who joins again takes a second place",
    ),
    Leak(
        "seats",
        "never-free",
        "inviting.py",
        '    Subscription("ledger.RequestWithdrawn", free),\n',
        "",
        "who withdraws keeps the place",
    ),
    Leak(
        "seats",
        "absent-and-seated",
        "inviting.py",
        '    Subscription("ledger.RequestCancelled", free),\n',
        "",
        "who is absent keeps the place",
    ),
    Leak(
        "hosting",
        "by-anybody",
        "inviting.py",
        "    return ctx.appointment is not None and note.section_id == ctx.appointment.section_id",
        "    return True",
        "answers 200 to staff@sukagawa",
    ),
    Leak(
        "hosting",
        "by-nobody",
        "inviting.py",
        "    return ctx.appointment is not None and note.section_id == ctx.appointment.section_id",
        "    return False",
        "answers 404 to staff@koriyama",
    ),
    Leak(
        "seats",
        "takes-no-request",
        "inviting.py",
        "mode: Mode, request_id: int | None) -> None:",
        "mode: Mode) -> None:\n    request_id = None",
        "cannot be joined, so its places are not tried: TypeError",
    ),
    Leak(
        "seats",
        "nobody-is-asked",
        "plugin.py",
        "    inviting.invite(ctx, note_id)\n",
        "",
        "has a hold, but its sample is not offered to a neighbour",
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
        "drafts",
        "no-tools",
        "templates/dummy/new.html",
        "  {{ ui.writing_tools(form) }}\n",
        "",
        "drafts = 'dummy.note': no page shows its tools",
    ),
    Leak(
        "drafts",
        "somebody-elses-name",
        "forms.py",
        'drafts = "dummy.reply"',
        'drafts = "consult.reply"',
        "begin the name with dummy.",
    ),
    Leak(
        "drafts",
        "sends-instead",
        "views.py",
        "form = NoteForm()\n    if form.validate_on_submit()",
        "form = NoteForm()\n    if form.validate_on_submit() or form.is_submitted()",
        "GET dummy.new: the form dummy.note is sent by its button for drafts",
    ),
    Leak(
        "drafts",
        "shows-another-form",
        "views.py",
        "    return _note_page(note_id, form), 422",
        "    return _note_page(note_id, ReplyForm(None)), 422",
        "GET dummy.show: the form dummy.reply answers 200 to its button for drafts",
    ),
    Leak(
        "drafts",
        "a-form-in-a-form",
        "templates/dummy/new.html",
        "  {{ ui.writing_tools(form) }}\n",
        '  {{ ui.writing_tools(form) }}\n<form method="post" action="/x"></form>',
        "has another form inside",
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
    Leak(
        "jobs",
        "fails",
        "work.py",
        '    """Set the municipality\'s tally right, however often."""',
        '    raise RuntimeError("on purpose")',
        "job dummy.count did not end well: RuntimeError niwari_dummy/work.py",
    ),
    Leak(
        "jobs",
        "every-town",
        "work.py",
        "    with transaction(ctx):\n        count",
        "    Note.update(body='x').execute()\n    with transaction(ctx):\n        count",
        "changed rows of a municipality in which they did not run",
    ),
    Leak(
        "jobs-again",
        "adds-each-time",
        "work.py",
        "update={Tally.notes: count}",
        "update={Tally.notes: Tally.notes + 1}",
        "job dummy.count changes its tables each time that it runs",
    ),
    Leak(
        "jobs-again",
        "fails-the-second-time",
        "work.py",
        "    with transaction(ctx):\n        count",
        "    if Tally.select().where(Tally.greeted == 7).exists():\n"
        "        raise RuntimeError\n"
        "    Tally.update(greeted=7).execute()\n"
        "    with transaction(ctx):\n"
        "        Tally.insert(municipality=ctx.municipality.id, greeted=7).on_conflict(\n"
        "            conflict_target=[Tally.municipality], update={Tally.greeted: 7}\n"
        "        ).execute()\n"
        "        count",
        "job dummy.count fails when it is done again",
    ),
    Leak(
        "notices",
        "english-is-japanese",
        "notices.py",
        "“%(title)s” has got reply number %(count)s.",
        "「%(title)s」に%(count)s件目の返事がつきました.",
        "dummy.answered: the English sentence",
    ),
    Leak(
        "notices",
        "no-sentence",
        "notices.py",
        "（%(count)s件目）。",
        "（%(count)s件目）",
        "does not end with '。'",
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
