"""The periodical of a region: how often, its issues, and which rows each issue names."""

from typing import Any

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField

from niwari.db import InstantField, Model
from niwari.directory.models import Region
from niwari.host.checks.data import LONGEST_KIND

WEEK, MONTH = "week", "month"
NEW, COMING = "new", "coming"


class DigestRule(Model):
    """That a region has its periodical, how often, since when; no row: it has none."""

    region: Any = ForeignKeyField(Region, backref="+", unique=True)
    region_id: int
    every: Any = CharField(max_length=10)
    since: Any = InstantField()

    class Meta:
        table_name = "digest_rule"
        constraints = [Check("every IN ('week', 'month')", name="digest_rule_every")]


class Issue(Model):
    """One issue: about the Tokyo days from ``first`` to ``last``, and what comes until ``until``.

    The region and the last day are unique together, so any number of workers make it once.
    """

    region: Any = ForeignKeyField(Region, backref="+", index=False)
    region_id: int
    number: Any = IntegerField()
    first: Any = DateField()
    last: Any = DateField()
    until: Any = DateField()
    made_at: Any = InstantField()

    class Meta:
        table_name = "digest_issue"
        indexes = ((("region", "number"), True), (("region", "last"), True))
        constraints = [
            Check("first <= last AND last < until", name="digest_issue_days"),
        ]


class IssueItem(Model):
    """A row that an issue names, by its id alone: what it is called is asked of the row when it is read."""

    issue: Any = ForeignKeyField(Issue, backref="+", index=False)
    issue_id: int
    section: Any = CharField(max_length=10)
    position: Any = IntegerField()
    kind: Any = CharField(max_length=LONGEST_KIND)
    row_id: Any = IntegerField()

    class Meta:
        table_name = "digest_item"
        indexes = ((("issue", "section", "position"), True),)
        constraints = [Check("section IN ('new', 'coming')", name="digest_item_section")]


MODELS = (DigestRule, Issue, IssueItem)
