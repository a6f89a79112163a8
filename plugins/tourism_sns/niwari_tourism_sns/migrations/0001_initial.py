"""The first tables of tourism_sns."""

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from niwari.api import IdField, InstantField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        class Meta:
            table_name = 'directory_municipality'

    class Section(MigrationModel):
        class Meta:
            table_name = 'directory_section'

    class Appointment(MigrationModel):
        class Meta:
            table_name = 'directory_appointment'

    class Spot(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        name = CharField(max_length=60)
        kind = CharField(max_length=20)
        place = CharField(max_length=200)
        best_days = CharField(max_length=100, default='')
        access = TextField(default='')
        story = TextField(default='')
        contact = CharField(max_length=200, default='')
        checked_on = DateField()
        latitude = IntegerField(null=True)
        longitude = IntegerField(null=True)
        author = ForeignKeyField(Appointment, null=True)
        version = IntegerField(default=1)
        changed_at = InstantField()
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'tourism_sns_spot'
            indexes = ((('municipality', 'id'), False), (('region_id', 'audience', 'id'), False), (('region_id', 'audience', 'kind', 'id'), False), (('municipality', 'checked_on'), False),)
            constraints = [
                Check("audience IN ('municipality', 'region')", name='tourism_sns_spot_audience'),
                Check("kind IN ('nature', 'flowers', 'history', 'food', 'onsen', 'event', 'activity')", name='tourism_sns_spot_kind'),
                Check('(latitude IS NULL) = (longitude IS NULL)', name='tourism_sns_spot_position'),
            ]

    class Month(MigrationModel):
        id = IdField()
        spot = ForeignKeyField(Spot, on_delete='CASCADE', index=False)
        month = IntegerField()

        class Meta:
            table_name = 'tourism_sns_month'
            indexes = ((('month', 'spot'), True), (('spot',), False),)
            constraints = [
                Check('month BETWEEN 1 AND 12', name='tourism_sns_month_month'),
            ]

    class Photo(MigrationModel):
        id = IdField()
        spot = ForeignKeyField(Spot, on_delete='CASCADE')
        attachment_id = IntegerField(unique=True)
        licence = CharField(max_length=20)
        credit = CharField(max_length=100, default='')
        consent = CharField(max_length=20)
        consent_kept = CharField(max_length=200, default='')
        added_by = ForeignKeyField(Appointment, null=True)
        added_on = DateField()
        withdrawn_at = InstantField(null=True)
        withdrawn_by = ForeignKeyField(Appointment, null=True)

        class Meta:
            table_name = 'tourism_sns_photo'
            constraints = [
                Check("licence IN ('own', 'permitted', 'cc0', 'cc_by', 'cc_by_sa')", name='tourism_sns_photo_licence'),
                Check("consent IN ('nobody', 'agreed')", name='tourism_sns_photo_consent'),
            ]

    class Route(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        title = CharField(max_length=80)
        text = TextField(default='')
        author = ForeignKeyField(Appointment, null=True)
        version = IntegerField(default=1)
        changed_at = InstantField()
        help_minutes = IntegerField(null=True)
        help_places = IntegerField(null=True)
        help_until = DateField(null=True)
        help_text = CharField(max_length=400, default='')
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'tourism_sns_route'
            indexes = ((('municipality', 'id'), False), (('region_id', 'audience', 'id'), False), (('help_until', 'id'), False),)
            constraints = [
                Check("audience IN ('municipality', 'region')", name='tourism_sns_route_audience'),
                Check('(help_minutes IS NULL) = (help_until IS NULL) AND (help_minutes IS NULL) = (help_places IS NULL)', name='tourism_sns_route_help'),
            ]

    class Stop(MigrationModel):
        id = IdField()
        route = ForeignKeyField(Route, on_delete='CASCADE', index=False)
        spot = ForeignKeyField(Spot, on_delete='CASCADE')
        position = IntegerField()

        class Meta:
            table_name = 'tourism_sns_stop'
            indexes = ((('route', 'position'), True),)

    class Helper(MigrationModel):
        id = IdField()
        route = ForeignKeyField(Route, on_delete='CASCADE', index=False)
        appointment = ForeignKeyField(Appointment)
        request_id = IntegerField(index=True, null=True)
        is_fixed = BooleanField(default=False)

        class Meta:
            table_name = 'tourism_sns_helper'
            indexes = ((('route', 'appointment'), True),)

    class Account(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        network = CharField(max_length=20)
        handle = CharField(max_length=80)
        policy = TextField()
        author = ForeignKeyField(Appointment, null=True)
        changed_at = InstantField()
        ended_on = DateField(null=True)
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'tourism_sns_account'
            indexes = ((('municipality', 'id'), False), (('municipality', 'network', 'handle'), True),)
            constraints = [
                Check("audience IN ('municipality', 'region')", name='tourism_sns_account_audience'),
                Check("network IN ('x', 'instagram', 'facebook', 'line', 'mastodon', 'bluesky')", name='tourism_sns_account_network'),
            ]

    class Post(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        title = CharField(max_length=80)
        spot = ForeignKeyField(Spot, null=True, on_delete='SET NULL')
        route = ForeignKeyField(Route, null=True, on_delete='SET NULL')
        planned_on = DateField(null=True)
        state = CharField(max_length=10, default='draft')
        version = IntegerField(default=1)
        author = ForeignKeyField(Appointment, null=True)
        changed_at = InstantField()
        asked_at = InstantField(null=True)
        returned = CharField(max_length=400, default='')
        read_until = DateField(null=True)
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'tourism_sns_post'
            indexes = ((('municipality', 'id'), False), (('municipality', 'state', 'id'), False), (('region_id', 'audience', 'id'), False),)
            constraints = [
                Check("audience IN ('municipality', 'region')", name='tourism_sns_post_audience'),
                Check("state IN ('draft', 'asked', 'released')", name='tourism_sns_post_state'),
            ]

    class Text(MigrationModel):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE', index=False)
        account = ForeignKeyField(Account, on_delete='CASCADE')
        text = TextField()
        released_at = InstantField(null=True)
        released_by = ForeignKeyField(Appointment, null=True)

        class Meta:
            table_name = 'tourism_sns_text'
            indexes = ((('post', 'account'), True),)

    class PostPhoto(MigrationModel):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE', index=False)
        photo = ForeignKeyField(Photo, on_delete='CASCADE')

        class Meta:
            table_name = 'tourism_sns_post_photo'
            indexes = ((('post', 'photo'), True),)

    class Version(MigrationModel):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE', index=False)
        number = IntegerField()
        content = TextField()
        author = ForeignKeyField(Appointment, null=True)
        saved_at = InstantField()

        class Meta:
            table_name = 'tourism_sns_version'
            indexes = ((('post', 'number'), True),)

    class Reader(MigrationModel):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE', index=False)
        municipality = ForeignKeyField(Municipality)

        class Meta:
            table_name = 'tourism_sns_reader'
            indexes = ((('post', 'municipality'), True),)

    class Comment(MigrationModel):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE', index=False)
        municipality = ForeignKeyField(Municipality)
        author = ForeignKeyField(Appointment, null=True)
        text = TextField()
        said_at = InstantField()
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'tourism_sns_comment'
            indexes = ((('post', 'id'), False),)
            constraints = [
                Check("text <> ''", name='tourism_sns_comment_text'),
            ]

    class Package(MigrationModel):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE', index=False)
        version = IntegerField()
        sha256 = CharField(max_length=64)
        made_by = ForeignKeyField(Appointment, null=True)
        made_at = InstantField()
        flagged_at = InstantField(null=True)

        class Meta:
            table_name = 'tourism_sns_package'
            indexes = ((('post', 'sha256'), True),)

    class PackagePhoto(MigrationModel):
        id = IdField()
        package = ForeignKeyField(Package, on_delete='CASCADE', index=False)
        photo = ForeignKeyField(Photo, on_delete='CASCADE')

        class Meta:
            table_name = 'tourism_sns_package_photo'
            indexes = ((('package', 'photo'), True),)

    for model in (Spot, Month, Photo, Route, Stop, Helper, Account, Post, Text, PostPhoto, Version, Reader, Comment, Package, PackagePhoto):
        model.create_table(safe=False)
