"""The host API, version 0.2: the only module of Niwari that a plugin imports.

Beside it a plugin may import flask (request, redirect, render_template, url_for), peewee
expressions, wtforms, click and libraries of its own. Tests of a plugin import ``niwari.testing``
too.
"""

from flask_babel import lazy_gettext

from niwari.audit.service import record as audit
from niwari.clock import TOKYO, tokyo_day
from niwari.context import AppointmentRef, Context, MunicipalityRef
from niwari.db import IdField, InstantField, MigrationModel, append_only, locked, transaction
from niwari.db import PluginModel as Model
from niwari.directory.audience import (
    AUDIENCES,
    MUNICIPALITY,
    REGION,
    SECTION,
    Shared,
    not_withdrawn,
    paused,
    visible,
)
from niwari.directory.duties.routing import people_with_duty
from niwari.directory.duties.standard import Duty, duties
from niwari.directory.linking import Link, Ref, linked
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.directory.sections import section_name
from niwari.errors import N_, DomainError, Forbidden, Invalid, Minutes, NotFound
from niwari.events.service import publish
from niwari.host.blueprint import Blueprint
from niwari.host.enablement import active, active_now
from niwari.host.manifest import API_VERSION
from niwari.host.settings import settings_of
from niwari.identity.sessions.reach import within_reach
from niwari.keyring import SealError
from niwari.pages.forms import Form, current_context
from niwari.pages.texts import gettext, ngettext
from niwari.specs.contributions import (
    Activity,
    BadContribution,
    Card,
    Choice,
    Label,
    MenuItem,
    Permission,
    Receipt,
    Record,
    Resource,
    Service,
    Setting,
    Subject,
    Subscription,
    Verb,
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
from niwari.vault.service import (
    LockerFull,
    addressee,
    alias_context,
    envelope,
    forget,
    is_mine,
    remember,
)

__all__ = [
    "API_VERSION",
    "AUDIENCES",
    "LIMITS",
    "MUNICIPALITY",
    "N_",
    "REGION",
    "SECTION",
    "TOKYO",
    "Activity",
    "Appointment",
    "AppointmentRef",
    "BadCell",
    "BadContribution",
    "BadLine",
    "Blueprint",
    "Card",
    "Choice",
    "ColumnKind",
    "Context",
    "DomainError",
    "Duty",
    "Forbidden",
    "Form",
    "IdField",
    "ImportRefused",
    "InstantField",
    "Invalid",
    "Label",
    "Limits",
    "Link",
    "LockerFull",
    "MenuItem",
    "MigrationModel",
    "Minutes",
    "Model",
    "Municipality",
    "MunicipalityRef",
    "NotFound",
    "Permission",
    "Person",
    "Receipt",
    "Record",
    "Ref",
    "Refusals",
    "Resource",
    "SealError",
    "Section",
    "Service",
    "Setting",
    "Shared",
    "Subject",
    "Subscription",
    "Table",
    "TableColumn",
    "TableRecord",
    "TooManyRows",
    "UnreadableFile",
    "Value",
    "Verb",
    "active",
    "active_now",
    "addressee",
    "alias_context",
    "append_only",
    "audit",
    "current_context",
    "duties",
    "envelope",
    "forget",
    "gettext",
    "hookimpl",
    "is_blank",
    "is_illegible",
    "is_mine",
    "lazy_gettext",
    "linked",
    "locked",
    "ngettext",
    "not_withdrawn",
    "paused",
    "people_with_duty",
    "publish",
    "read_book",
    "remember",
    "section_name",
    "settings_of",
    "tokyo_day",
    "transaction",
    "visible",
    "within_reach",
    "write_csv",
    "write_xlsx",
]
