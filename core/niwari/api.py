"""The host API, version 0.3: the only module of Niwari that a plugin imports.

Beside it a plugin may import flask (request, redirect, render_template, url_for), peewee
expressions, wtforms, click and libraries of its own. Tests of a plugin import ``niwari.testing``
too.
"""

from flask_babel import lazy_gettext

from niwari.audit.service import record as audit
from niwari.clock import TOKYO, tokyo_day
from niwari.context import AppointmentRef, Context, MunicipalityRef
from niwari.dates.recurrence import Occurrence, occurrences
from niwari.dates.working_days import is_working_day, working_days_after
from niwari.db import IdField, InstantField, MigrationModel, append_only, locked, transaction
from niwari.db import PluginModel as Model
from niwari.directory.acting import hold_self
from niwari.directory.answering import Answerer
from niwari.directory.audience import (
    AUDIENCES,
    MUNICIPALITY,
    PEOPLE,
    PEOPLE_OF_REGION,
    REGION,
    SECTION,
    Shared,
    not_paused,
    not_withdrawn,
    paused,
    visible,
)
from niwari.directory.duties.routing import people_with_duty, posts_with_duty
from niwari.directory.duties.standard import Duty, duties
from niwari.directory.held import is_held
from niwari.directory.linking import Link, Ref, linked
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.directory.readers import answered_by, name_readers
from niwari.directory.regions import towns_of_region
from niwari.directory.sections import section_name
from niwari.directory.subjects import is_own
from niwari.errors import N_, DomainError, Forbidden, Invalid, Minutes, NotFound
from niwari.events.service import publish
from niwari.files.forms import AttachmentsField
from niwari.files.service import (
    Attached,
    OpenFile,
    attach,
    attachments,
    open_attachment,
    remove_attachment,
)
from niwari.files.uploads import NewFile, Uploads, keep_uploads
from niwari.host.blueprint import Blueprint
from niwari.host.enablement import active, active_now
from niwari.host.manifest import API_VERSION
from niwari.host.settings import settings_of
from niwari.identity.roles.holders import posts_who_may
from niwari.identity.sessions.reach import within_reach
from niwari.jobs.later import later
from niwari.keyring import SealError
from niwari.ledger.asking.of_rows import OwnTime, ask_time, own_time
from niwari.ledger.attending.confirming import absent, attended
from niwari.ledger.deciding.approvers import answering_now
from niwari.notices.outbox import notify, notify_hidden
from niwari.pages.board_text import board_text
from niwari.pages.forms import Form, KeyField, MarkdownField, SelectChoice, current_context
from niwari.pages.kept import NotKept
from niwari.pages.texts import gettext, ngettext
from niwari.pages.times import time_span
from niwari.specs.contributions import (
    Activity,
    BadContribution,
    BadDates,
    Card,
    Choice,
    Daily,
    Every,
    Job,
    Label,
    MenuItem,
    Mode,
    Monthly,
    NoticeKind,
    Offer,
    Part,
    Permission,
    Receipt,
    Record,
    Repeats,
    Resource,
    Service,
    Setting,
    Subject,
    Subscription,
    Task,
    Verb,
    Wanted,
    Weekly,
    When,
)
from niwari.specs.marker import hookimpl
from niwari.tabular import (
    LIMITS,
    BadCell,
    BadLine,
    ImportRefused,
    Limits,
    Refusals,
    Table,
    TooManyRows,
    UnreadableFile,
    Value,
    read_book,
    write_csv,
    write_xlsx,
)
from niwari.tabular import Column as TableColumn
from niwari.tabular import Kind as ColumnKind
from niwari.tabular import Record as TableRecord
from niwari.texts import is_blank, is_illegible
from niwari.vault.acting import OwnAct, later_hidden, own_acts, own_hidden
from niwari.vault.author import HiddenAuthor
from niwari.vault.erasing import forget_author
from niwari.vault.forms import HideNameField
from niwari.vault.hiding import HidesAuthor, hidden_name, tell_author
from niwari.vault.sealing import open_text, seal_text
from niwari.vault.service import (
    LockerFull,
    addressee,
    alias_context,
    envelope,
    forget,
    is_mine,
    remember,
)
from niwari.writing.asked import (
    Asked,
    Questions,
    TooManyAnswers,
    check_room_for_answer,
    questions_page,
)
from niwari.writing.people import who_may_read
from niwari.writing.plain import mentioned, plain_text
from niwari.writing.showing import plain_lines, prepare_texts
from niwari.written import (
    Blank,
    Illegible,
    NotChosen,
    StaleForm,
    TooLong,
    checked_choice,
    checked_key,
    checked_line,
    checked_text,
    new_key,
)

# One list to be read as one, not a line for each.
# fmt: off
__all__ = [
    "API_VERSION", "AUDIENCES", "LIMITS", "MUNICIPALITY", "N_", "PEOPLE", "PEOPLE_OF_REGION",
    "REGION", "SECTION", "TOKYO", "Activity", "Answerer", "Appointment", "AppointmentRef", "Asked",
    "Attached", "AttachmentsField", "BadCell", "BadContribution", "BadDates", "BadLine", "Blank",
    "Blueprint", "Card", "Choice", "ColumnKind", "Context", "Daily", "DomainError", "Duty", "Every",
    "Forbidden", "Form", "HiddenAuthor", "HideNameField", "HidesAuthor", "IdField", "Illegible",
    "ImportRefused", "InstantField", "Invalid", "Job", "KeyField", "Label", "Limits", "Link",
    "LockerFull", "MarkdownField", "MenuItem", "MigrationModel", "Minutes", "Mode", "Model",
    "Monthly", "Municipality", "MunicipalityRef", "NewFile", "NotChosen", "NotFound", "NotKept",
    "NoticeKind", "Occurrence", "Offer", "OpenFile", "OwnAct", "OwnTime", "Part", "Permission",
    "Person", "Questions", "Receipt", "Record", "Ref", "Refusals", "Repeats", "Resource",
    "SealError", "Section", "SelectChoice", "Service", "Setting", "Shared", "StaleForm", "Subject",
    "Subscription", "Table", "TableColumn", "TableRecord", "Task", "TooLong", "TooManyAnswers",
    "TooManyRows", "UnreadableFile", "Uploads", "Value", "Verb", "Wanted", "Weekly", "When",
    "absent", "active", "active_now", "addressee", "alias_context", "answered_by", "answering_now",
    "append_only", "ask_time", "attach", "attachments", "attended", "audit", "board_text",
    "check_room_for_answer", "checked_choice", "checked_key", "checked_line", "checked_text",
    "current_context", "duties", "envelope", "forget", "forget_author", "gettext", "hidden_name",
    "hold_self", "hookimpl", "is_blank", "is_held", "is_illegible", "is_mine", "is_own",
    "is_working_day", "keep_uploads", "later", "later_hidden", "lazy_gettext", "linked", "locked",
    "mentioned", "name_readers", "new_key", "ngettext", "not_paused", "not_withdrawn", "notify",
    "notify_hidden", "occurrences", "open_attachment", "open_text", "own_acts", "own_hidden",
    "own_time", "paused", "people_with_duty", "plain_lines", "plain_text", "posts_who_may",
    "posts_with_duty", "prepare_texts", "publish", "questions_page", "read_book", "remember",
    "remove_attachment", "seal_text", "section_name", "settings_of", "tell_author", "time_span",
    "tokyo_day", "towns_of_region", "transaction", "visible", "who_may_read", "within_reach",
    "working_days_after", "write_csv", "write_xlsx",
]
# fmt: on
