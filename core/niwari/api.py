"""The host API, version 0.1: the only module of Niwari that a plugin imports.

Beside it a plugin may import flask (request, redirect, render_template, url_for), peewee
expressions, wtforms, click and libraries of its own. Tests of a plugin import ``niwari.testing``
too.
"""

from flask_babel import lazy_gettext

from niwari.audit.service import record as audit
from niwari.clock import TOKYO, tokyo_day
from niwari.context import AppointmentRef, Context, MunicipalityRef
from niwari.db import InstantField, MigrationModel, Model, append_only, locked, transaction
from niwari.directory.audience import AUDIENCES, MUNICIPALITY, REGION, SECTION, Shared, visible
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.errors import N_, DomainError, Forbidden, Invalid, NotFound
from niwari.host.blueprint import Blueprint
from niwari.host.enablement import active
from niwari.host.manifest import API_VERSION
from niwari.pages.forms import Form, current_context
from niwari.pages.texts import gettext, ngettext
from niwari.specs.contributions import (
    Activity,
    BadContribution,
    Card,
    Label,
    MenuItem,
    Permission,
    Verb,
)
from niwari.specs.marker import hookimpl

__all__ = [
    "API_VERSION",
    "AUDIENCES",
    "MUNICIPALITY",
    "N_",
    "REGION",
    "SECTION",
    "TOKYO",
    "Activity",
    "Appointment",
    "AppointmentRef",
    "BadContribution",
    "Blueprint",
    "Card",
    "Context",
    "DomainError",
    "Forbidden",
    "Form",
    "InstantField",
    "Invalid",
    "Label",
    "MenuItem",
    "MigrationModel",
    "Model",
    "Municipality",
    "MunicipalityRef",
    "NotFound",
    "Permission",
    "Person",
    "Section",
    "Shared",
    "Verb",
    "active",
    "append_only",
    "audit",
    "current_context",
    "gettext",
    "hookimpl",
    "lazy_gettext",
    "locked",
    "ngettext",
    "tokyo_day",
    "transaction",
    "visible",
]
