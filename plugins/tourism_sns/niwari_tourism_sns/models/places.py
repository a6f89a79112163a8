"""Spots with their photos, and routes over them."""

from typing import Any

from peewee import (
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.api import Appointment, InstantField, Model, Shared
from niwari_tourism_sns.kinds import CONSENTS, LICENCES, SPOT_KINDS
from niwari_tourism_sns.models.shared import audience_check, post_column


class Spot(Shared):
    """A spot (見どころ) of the municipality that owns it; ``version`` counts how often it was saved.

    ``best_days`` are in words, as 4月中旬から下旬; the months are ``Month`` rows. ``checked_on`` is the
    Tokyo day on which somebody last looked whether it still holds. ``latitude`` and ``longitude`` are
    ten-thousandths of a degree, both or neither.
    """

    name: Any = CharField(max_length=60)
    kind: Any = CharField(max_length=20)
    place: Any = CharField(max_length=200)
    best_days: Any = CharField(max_length=100, default="")
    access: Any = TextField(default="")
    story: Any = TextField(default="")
    contact: Any = CharField(max_length=200, default="")
    checked_on: Any = DateField()
    latitude: Any = IntegerField(null=True)
    longitude: Any = IntegerField(null=True)
    author: Any = post_column()
    version: Any = IntegerField(default=1)
    changed_at: Any = InstantField()
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "tourism_sns_spot"
        indexes = (
            (("municipality", "id"), False),
            (("region_id", "audience", "id"), False),
            (("region_id", "audience", "kind", "id"), False),
            (("municipality", "checked_on"), False),
        )
        constraints = [
            audience_check("tourism_sns_spot"),
            Check(f"kind IN {tuple(SPOT_KINDS)}", name="tourism_sns_spot_kind"),
            Check(
                "(latitude IS NULL) = (longitude IS NULL)",
                name="tourism_sns_spot_position",
            ),
        ]


class Month(Model):
    """That a spot is worth a visit in a month, 1 to 12."""

    spot: Any = ForeignKeyField(Spot, backref="+", on_delete="CASCADE", index=False)
    month: Any = IntegerField()

    class Meta:
        table_name = "tourism_sns_month"
        indexes = ((("month", "spot"), True), (("spot",), False))
        constraints = [Check("month BETWEEN 1 AND 12", name="tourism_sns_month_month")]


class Photo(Model):
    """What a picture of a spot may be used for: its licence, its credit, and who agreed to it.

    ``attachment_id`` is the file, without a key: once the consent is withdrawn, the file is gone and
    the row stays with ``withdrawn_at`` alone, so that what was made of it is marked.
    """

    spot: Any = ForeignKeyField(Spot, backref="+", on_delete="CASCADE")
    attachment_id: Any = IntegerField(unique=True)
    licence: Any = CharField(max_length=20)
    credit: Any = CharField(max_length=100, default="")
    consent: Any = CharField(max_length=20)
    consent_kept: Any = CharField(max_length=200, default="")
    added_by: Any = post_column()
    added_on: Any = DateField()
    withdrawn_at: Any = InstantField(null=True)
    withdrawn_by: Any = post_column()

    class Meta:
        table_name = "tourism_sns_photo"
        constraints = [
            Check(f"licence IN {tuple(LICENCES)}", name="tourism_sns_photo_licence"),
            Check(f"consent IN {tuple(CONSENTS)}", name="tourism_sns_photo_consent"),
        ]


class Route(Shared):
    """A route over the spots of at least two municipalities, which stay those of their towns.

    Where helpers are wanted, ``help_minutes`` says how long it takes, ``help_places`` how many, and
    ``help_until`` is the last Tokyo day on which one can join.
    """

    title: Any = CharField(max_length=80)
    text: Any = TextField(default="")
    author: Any = post_column()
    version: Any = IntegerField(default=1)
    changed_at: Any = InstantField()
    help_minutes: Any = IntegerField(null=True)
    help_places: Any = IntegerField(null=True)
    help_until: Any = DateField(null=True)
    help_text: Any = CharField(max_length=400, default="")
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "tourism_sns_route"
        indexes = (
            (("municipality", "id"), False),
            (("region_id", "audience", "id"), False),
            (("help_until", "id"), False),
        )
        constraints = [
            audience_check("tourism_sns_route"),
            Check(
                "(help_minutes IS NULL) = (help_until IS NULL)"
                " AND (help_minutes IS NULL) = (help_places IS NULL)",
                name="tourism_sns_route_help",
            ),
        ]


class Stop(Model):
    """A spot of a route, in the order of ``position``."""

    route: Any = ForeignKeyField(Route, backref="+", on_delete="CASCADE", index=False)
    spot: Any = ForeignKeyField(Spot, backref="+", on_delete="CASCADE")
    position: Any = IntegerField()

    class Meta:
        table_name = "tourism_sns_stop"
        indexes = ((("route", "position"), True),)


class Helper(Model):
    """That somebody helps with a route: the place of the request, fixed once the own head agreed."""

    route: Any = ForeignKeyField(Route, backref="+", on_delete="CASCADE", index=False)
    appointment: Any = ForeignKeyField(Appointment, backref="+")
    request_id: Any = IntegerField(null=True, index=True)
    is_fixed: Any = BooleanField(default=False)

    class Meta:
        table_name = "tourism_sns_helper"
        indexes = ((("route", "appointment"), True),)
