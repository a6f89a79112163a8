"""The periodical of a region; new entries of the index are found by region and time."""

from peewee import AutoField, CharField, Check, DateField, ForeignKeyField, IntegerField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Region(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_region"

    class DigestRule(MigrationModel):
        id = AutoField()
        region = ForeignKeyField(Region, backref="+", unique=True)
        every = CharField(max_length=10)
        since = InstantField()

        class Meta:
            table_name = "digest_rule"
            constraints = [Check("every IN ('week', 'month')", name="digest_rule_every")]

    class Issue(MigrationModel):
        id = AutoField()
        region = ForeignKeyField(Region, backref="+", index=False)
        number = IntegerField()
        first = DateField()
        last = DateField()
        until = DateField()
        made_at = InstantField()

        class Meta:
            table_name = "digest_issue"
            indexes = ((("region", "number"), True), (("region", "last"), True))
            constraints = [
                Check("first <= last AND last < until", name="digest_issue_days"),
            ]

    class IssueItem(MigrationModel):
        id = AutoField()
        issue = ForeignKeyField(Issue, backref="+", index=False)
        section = CharField(max_length=10)
        position = IntegerField()
        kind = CharField(max_length=60)
        row_id = IntegerField()

        class Meta:
            table_name = "digest_item"
            indexes = ((("issue", "section", "position"), True),)
            constraints = [Check("section IN ('new', 'coming')", name="digest_item_section")]

    for model in (DigestRule, Issue, IssueItem):
        model.create_table(safe=False)
    migrator.migrate(migrator.add_index("search_entry", ("region_id", "position"), False))
