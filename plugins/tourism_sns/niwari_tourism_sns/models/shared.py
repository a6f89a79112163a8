"""What the models of both halves share."""

from typing import Any

from peewee import Check, ForeignKeyField

from niwari.api import MUNICIPALITY, REGION, Appointment

AUDIENCES = (MUNICIPALITY, REGION)


def post_column() -> Any:
    """Return a column for the post in which somebody did something; erased, it is empty."""
    # backref="+": models of other plugins with the same name must not fight for one attribute.
    return ForeignKeyField(Appointment, null=True, backref="+")


def audience_check(table: str) -> Check:
    """Return the constraint that a row is for the own municipality or for the region."""
    return Check(f"audience IN {AUDIENCES}", name=f"{table}_audience")
