"""The host's tables: what is on where, which plugins were seen, settings, role maps, failures, costs.

References to the directory are plain columns with a foreign key, because the host stands below the
directory (docs/decisions/0003).
"""

from typing import Any

from peewee import (
    SQL,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model
from niwari.db.counting_on import DROPPED

_MUNICIPALITY = "REFERENCES directory_municipality (id)"
_APPOINTMENT = "REFERENCES directory_appointment (id)"
_PERSON = "REFERENCES directory_person (id)"


class Installation(Model):
    """The one row that says for what this database was made: production, demo or test."""

    id: Any = IntegerField(primary_key=True)
    environment: Any = CharField(max_length=20)

    class Meta:
        table_name = "host_installation"
        constraints = [Check("id = 1", name="host_installation_one_row")]


class KnownKey(Model):
    """A key of the keyring with which this database was used; ``id`` is the mark of the key."""

    id: Any = CharField(max_length=8, primary_key=True)

    class Meta:
        table_name = "host_key"


class Enablement(Model):
    """The state of one plugin in one municipality; no row means off.

    ``changed_by_id`` is the appointment that switched it, or null for a command. ``withdrawn_at``
    is set while the municipality withdraws what its people shared with others through the plugin.
    """

    municipality_id: Any = IntegerField(constraints=[SQL(_MUNICIPALITY)])
    plugin: Any = CharField(max_length=30)
    state: Any = CharField(max_length=10)
    since: Any = InstantField()
    changed_by_id: Any = IntegerField(null=True, constraints=[SQL(_APPOINTMENT)])
    reason: Any = TextField(default="")
    withdrawn_at: Any = InstantField(null=True)

    class Meta:
        table_name = "host_enablement"
        indexes = ((("municipality_id", "plugin"), True), (("plugin", "withdrawn_at"), False))
        constraints = [Check("state IN ('on', 'off', 'paused')", name="host_enablement_state")]


class InstalledPlugin(Model):
    """A plugin as ``niwari migrate`` last met it; the row stays when the package goes.

    ``tables`` are the names of its tables as JSON, in the order in which they can be created.
    """

    name: Any = CharField(max_length=30, unique=True)
    version: Any = CharField(max_length=40)
    label_ja: Any = CharField(max_length=100)
    label_en: Any = CharField(max_length=100)
    tables: Any = TextField(default="[]")
    seen_at: Any = InstantField()

    class Meta:
        table_name = "host_plugin"


class DroppedTable(Model):
    """A table that a purge dropped, and the ``highest`` id that it had handed out.

    The row stays: a table that is made anew under its ``name`` counts on from there (see
    ``niwari.db.counting_on``).
    """

    name: Any = CharField(max_length=63, unique=True)
    highest: Any = BigIntegerField()

    class Meta:
        table_name = DROPPED


class MunicipalitySetting(Model):
    """What a municipality set; no row means the default. ``value`` is JSON."""

    municipality_id: Any = IntegerField(constraints=[SQL(_MUNICIPALITY)])
    plugin: Any = CharField(max_length=30)
    key: Any = CharField(max_length=40)
    value: Any = TextField()

    class Meta:
        table_name = "host_municipality_setting"
        indexes = ((("municipality_id", "plugin", "key"), True),)


class RolePermission(Model):
    """Where a municipality maps a permission otherwise than its declaration; no row: as declared.

    ``permission`` is a code; the row stays when the plugin that declares it goes. ``changed_by_id``
    is the appointment that decided it.
    """

    municipality_id: Any = IntegerField(constraints=[SQL(_MUNICIPALITY)])
    role: Any = CharField(max_length=20)
    permission: Any = CharField(max_length=100)
    is_given: Any = BooleanField()
    changed_at: Any = InstantField()
    changed_by_id: Any = IntegerField(null=True, constraints=[SQL(_APPOINTMENT)])

    class Meta:
        table_name = "host_role_permission"
        indexes = ((("municipality_id", "permission", "role"), True),)
        constraints = [
            Check(
                "role IN ('staff', 'head', 'stand_in', 'clerk', 'hr', 'it', 'secretariat', 'auditor')",
                name="host_role_permission_role",
            )
        ]


class PersonSetting(Model):
    """What a person chose for themself; no row means the default. ``value`` is JSON."""

    person_id: Any = IntegerField(constraints=[SQL(_PERSON)])
    plugin: Any = CharField(max_length=30)
    key: Any = CharField(max_length=40)
    value: Any = TextField()

    class Meta:
        table_name = "host_person_setting"
        indexes = ((("person_id", "plugin", "key"), True),)


class Failure(Model):
    """One failure of a plugin's part: where, when, whom it met, and how it can be found in the log.

    ``what`` is the kind of error and its place in the plugin's code, never its message, which may
    hold what somebody wrote. ``trace`` is the number that the person was shown.
    """

    plugin: Any = CharField(max_length=30)
    surface: Any = CharField(max_length=120)
    municipality_id: Any = IntegerField(null=True, constraints=[SQL(_MUNICIPALITY)])
    at: Any = InstantField()
    person_id: Any = IntegerField(null=True, constraints=[SQL(_PERSON)])
    trace: Any = CharField(max_length=40, default="")
    what: Any = CharField(max_length=200, default="")

    class Meta:
        table_name = "host_failure"
        indexes = (
            (("municipality_id", "plugin", "surface", "at"), False),
            (("municipality_id", "at", "id"), False),
            (("at",), False),
        )


class Quarantine(Model):
    """A part of a plugin that is kept dark in one municipality until a trial succeeds.

    ``retry_at`` is when one request may try it again, ``trying_until`` how long somebody is at it.
    ``closed_at`` is set once it worked again; failures before that count no more.
    """

    municipality_id: Any = IntegerField(constraints=[SQL(_MUNICIPALITY)])
    plugin: Any = CharField(max_length=30)
    surface: Any = CharField(max_length=120)
    since: Any = InstantField()
    delay_minutes: Any = IntegerField()
    retry_at: Any = InstantField()
    trying_until: Any = InstantField(null=True)
    closed_at: Any = InstantField(null=True)
    trace: Any = CharField(max_length=40, default="")

    class Meta:
        table_name = "host_quarantine"
        indexes = ((("municipality_id", "plugin", "surface"), True),)
        constraints = [Check("delay_minutes > 0", name="host_quarantine_delay")]


class Cost(Model):
    """What one part of a plugin cost this server on one Tokyo day: calls, microseconds."""

    plugin: Any = CharField(max_length=30)
    surface: Any = CharField(max_length=120)
    day: Any = DateField()
    calls: Any = IntegerField()
    micros: Any = BigIntegerField()
    slowest: Any = IntegerField()
    failed: Any = IntegerField(default=0)

    class Meta:
        table_name = "host_cost"
        indexes = ((("plugin", "surface", "day"), True), (("day",), False))


class RateCount(Model):
    """How often something was asked for in one window of time, which ended or ends at ``ends_at``.

    ``id`` is a keyed name of the limit, the window and who asked (host/rate_limits.py).
    """

    id: Any = CharField(max_length=64, primary_key=True)
    ends_at: Any = InstantField(index=True)
    hits: Any = IntegerField()

    class Meta:
        table_name = "host_rate_count"


MODELS = (
    Installation,
    KnownKey,
    Enablement,
    InstalledPlugin,
    DroppedTable,
    MunicipalitySetting,
    RolePermission,
    PersonSetting,
    Failure,
    Quarantine,
    Cost,
    RateCount,
)
