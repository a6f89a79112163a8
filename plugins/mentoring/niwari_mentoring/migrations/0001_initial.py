"""The first tables of mentoring."""

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

    class Person(MigrationModel):
        class Meta:
            table_name = 'directory_person'

    class SectionProfile(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        name = CharField(max_length=200)
        headline = CharField(max_length=80)
        work = TextField()
        day = TextField(default='')
        branches = TextField(default='')
        preparing = TextField(default='')
        shared_with = CharField(max_length=20)
        version = IntegerField(default=1)
        changed_by = ForeignKeyField(Appointment, null=True)
        changed_at = InstantField()

        class Meta:
            table_name = 'mentoring_section_profile'
            indexes = ((('section',), True), (('municipality', 'id'), False),)
            constraints = [
                Check("audience IN ('section', 'municipality', 'region')", name='mentoring_section_profile_audience'),
                Check("shared_with IN ('municipality', 'region')", name='mentoring_section_profile_shared_with'),
                Check("work <> ''", name='mentoring_section_profile_work'),
            ]

    class Message(MigrationModel):
        id = IdField()
        author = ForeignKeyField(Appointment, field=Appointment.id, null=True)
        key = CharField(unique=True, max_length=36)
        envelope = TextField(default='')
        alias_letter = CharField(max_length=3, default='')
        hidden_on = DateField(null=True)
        profile = ForeignKeyField(SectionProfile, on_delete='CASCADE', index=False)
        question = ForeignKeyField('self', null=True, on_delete='CASCADE')
        municipality = ForeignKeyField(Municipality, index=False)
        section = ForeignKeyField(Section, index=False)
        body = TextField()
        said_at = InstantField()

        class Meta:
            table_name = 'mentoring_message'
            indexes = ((('profile', 'id'), False),)
            constraints = [
                Check("body <> ''", name='mentoring_message_body'),
            ]

    class OpenDay(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        profile = ForeignKeyField(SectionProfile, on_delete='CASCADE', index=False)
        name = CharField(max_length=200)
        text = TextField()
        mode = CharField(max_length=10)
        place = CharField(max_length=80, default='')
        starts_at = InstantField()
        ends_at = InstantField()
        minutes = IntegerField()
        seats = IntegerField()
        closes_on = DateField()
        changed_by = ForeignKeyField(Appointment, null=True)
        changed_at = InstantField()
        called_off_at = InstantField(null=True)
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'mentoring_open_day'
            indexes = ((('starts_at', 'id'), False), (('municipality', 'starts_at', 'id'), False), (('profile', 'starts_at'), False),)
            constraints = [
                Check("audience IN ('section', 'municipality', 'region')", name='mentoring_open_day_audience'),
                Check("mode IN ('on_site', 'online')", name='mentoring_open_day_mode'),
                Check("text <> ''", name='mentoring_open_day_text'),
                Check('minutes BETWEEN 15 AND 480', name='mentoring_open_day_minutes'),
                Check('seats BETWEEN 1 AND 100', name='mentoring_open_day_seats'),
                Check('ends_at > starts_at', name='mentoring_open_day_times'),
            ]

    class Seat(MigrationModel):
        id = IdField()
        open_day = ForeignKeyField(OpenDay, on_delete='CASCADE', index=False)
        person = ForeignKeyField(Person)
        appointment = ForeignKeyField(Appointment)
        asked_start = InstantField()
        asked_end = InstantField()

        class Meta:
            table_name = 'mentoring_seat'
            indexes = ((('open_day', 'person'), True),)

    class Sheet(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        template = CharField(max_length=30)
        content = TextField()
        version = IntegerField(default=1)
        changed_by = ForeignKeyField(Appointment, null=True)
        changed_at = InstantField()

        class Meta:
            table_name = 'mentoring_sheet'
            indexes = ((('municipality', 'template'), True), (('template', 'municipality'), False),)
            constraints = [
                Check("audience IN ('municipality', 'region')", name='mentoring_sheet_audience'),
            ]

    class LearnerProfile(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        person = ForeignKeyField(Person, unique=True)
        author = ForeignKeyField(Appointment)
        field = CharField(max_length=30)
        offers = TextField(default='')
        seeks = TextField(default='')
        capacity = IntegerField()
        times = CharField(max_length=120, default='')
        minutes = IntegerField()
        is_offering = BooleanField()
        is_seeking = BooleanField()
        changed_at = InstantField()

        class Meta:
            table_name = 'mentoring_learner_profile'
            indexes = ((('changed_at', 'id'), False), (('field', 'changed_at', 'id'), False), (('municipality', 'changed_at', 'id'), False), (('is_offering', 'changed_at', 'id'), False), (('is_seeking', 'changed_at', 'id'), False),)
            constraints = [
                Check("audience IN ('municipality', 'region', 'region_people')", name='mentoring_learner_audience'),
                Check('capacity BETWEEN 0 AND 5', name='mentoring_learner_capacity'),
                Check('minutes BETWEEN 15 AND 240', name='mentoring_learner_minutes'),
                Check('is_offering OR is_seeking', name='mentoring_learner_words'),
            ]

    class Pair(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        asker = ForeignKeyField(Appointment, null=True)
        mentor = ForeignKeyField(Appointment, null=True)
        theme = CharField(max_length=80)
        message = TextField()
        reply = TextField(default='')
        state = CharField(max_length=10, default='asked')
        ends_on = DateField()
        asked_at = InstantField()
        answered_at = InstantField(null=True)
        ended_at = InstantField(null=True)
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'mentoring_pair'
            indexes = ((('municipality', 'state', 'ends_on'), False),)
            constraints = [
                Check("audience = 'region_people'", name='mentoring_pair_audience'),
                Check("state IN ('asked', 'active', 'declined', 'withdrawn', 'ended')", name='mentoring_pair_state'),
                Check("state NOT IN ('active', 'declined') OR answered_at IS NOT NULL", name='mentoring_pair_answered'),
            ]

    class Meeting(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        pair = ForeignKeyField(Pair, on_delete='CASCADE', index=False)
        topic = CharField(max_length=80)
        place = CharField(max_length=80, default='')
        starts_at = InstantField()
        ends_at = InstantField()
        set_by = ForeignKeyField(Appointment, null=True)
        called_off_at = InstantField(null=True)
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'mentoring_meeting'
            indexes = ((('pair', 'starts_at'), False),)
            constraints = [
                Check("audience = 'region_people'", name='mentoring_meeting_audience'),
                Check('ends_at > starts_at', name='mentoring_meeting_times'),
            ]

    class AskedTime(MigrationModel):
        id = IdField()
        meeting = ForeignKeyField(Meeting, on_delete='CASCADE', index=False)
        person = ForeignKeyField(Person)

        class Meta:
            table_name = 'mentoring_asked_time'
            indexes = ((('meeting', 'person'), True),)

    class Note(MigrationModel):
        id = IdField()
        pair = ForeignKeyField(Pair, on_delete='CASCADE', index=False)
        author = ForeignKeyField(Appointment, null=True)
        sealed = TextField()
        written_at = InstantField()
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'mentoring_note'
            indexes = ((('pair', 'id'), False),)

    for model in (SectionProfile, Message, OpenDay, Seat, Sheet, LearnerProfile, Pair, Meeting, AskedTime, Note):
        model.create_table(safe=False)
