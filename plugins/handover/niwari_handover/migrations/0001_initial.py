"""The first tables of handover."""

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

    class Notebook(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        post = CharField(max_length=60)
        opened_by = ForeignKeyField(Appointment, null=True)
        opened_at = InstantField()
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'handover_notebook'
            indexes = ((('municipality', 'id'), False), (('section', 'id'), False),)
            constraints = [
                Check("audience = 'people'", name='handover_notebook_audience'),
            ]

    class Holder(MigrationModel):
        id = IdField()
        notebook = ForeignKeyField(Notebook, on_delete='CASCADE', index=False)
        appointment = ForeignKeyField(Appointment, null=True)
        starts_on = DateField()
        ends_on = DateField(null=True)

        class Meta:
            table_name = 'handover_holder'
            indexes = ((('notebook', 'ends_on'), False),)

    class Duty(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, field=Municipality.id, index=False)
        section = ForeignKeyField(Section, field=Section.id, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        notebook = ForeignKeyField(Notebook, on_delete='CASCADE', index=False)
        name = CharField(max_length=80)
        months = CharField(max_length=40, default='')
        steps = TextField(default='')
        rule = CharField(max_length=300, default='')
        deadline = CharField(max_length=200, default='')
        due_on = DateField(null=True)
        contact = CharField(max_length=300, default='')
        trouble = TextField(default='')
        reviewed_on = DateField(null=True)
        version = IntegerField(default=1)
        changed_at = InstantField()
        removed_at = InstantField(null=True)
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'handover_duty'
            indexes = ((('notebook', 'id'), False),)
            constraints = [
                Check("audience = 'people'", name='handover_duty_audience'),
                Check('version >= 1', name='handover_duty_version'),
            ]

    class Version(MigrationModel):
        id = IdField()
        duty = ForeignKeyField(Duty, on_delete='CASCADE', index=False)
        number = IntegerField()
        content = TextField()
        author = ForeignKeyField(Appointment, null=True)
        saved_at = InstantField()

        class Meta:
            table_name = 'handover_version'
            indexes = ((('duty', 'number'), True),)

    class Handing(MigrationModel):
        id = IdField()
        notebook = ForeignKeyField(Notebook, on_delete='CASCADE', index=False)
        predecessor = ForeignKeyField(Appointment, null=True)
        successor = ForeignKeyField(Appointment, null=True)
        announced_on = DateField()
        starts_on = DateField()
        help_until = DateField()
        state = CharField(max_length=10, default='open')
        named_by = ForeignKeyField(Appointment, null=True)
        named_at = InstantField()
        confirmed_at = InstantField(null=True)
        approved_at = InstantField(null=True)
        approved_by = ForeignKeyField(Appointment, null=True)
        approved_for = ForeignKeyField(Appointment, null=True)
        begun_at = InstantField(null=True)
        ended_at = InstantField(null=True)
        closed_at = InstantField(null=True)
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'handover_handing'
            indexes = ((('notebook', 'id'), False), (('state', 'starts_on'), False),)
            constraints = [
                Check("state IN ('open', 'ended')", name='handover_handing_state'),
                Check('help_until > starts_on', name='handover_handing_days'),
                Check('approved_at IS NULL OR confirmed_at IS NOT NULL', name='handover_handing_order'),
            ]

    class Item(MigrationModel):
        id = IdField()
        handing = ForeignKeyField(Handing, on_delete='CASCADE', index=False)
        text = CharField(max_length=200)
        due_on = DateField()
        done_at = InstantField(null=True)
        done_by = ForeignKeyField(Appointment, null=True)
        form_key = CharField(unique=True, max_length=40)

        class Meta:
            table_name = 'handover_item'
            indexes = ((('handing', 'due_on', 'id'), False),)

    class Message(MigrationModel):
        id = IdField()
        notebook = ForeignKeyField(Notebook, on_delete='CASCADE', index=False)
        question = ForeignKeyField('self', null=True, on_delete='CASCADE')
        duty = ForeignKeyField(Duty, null=True, on_delete='SET NULL')
        author = ForeignKeyField(Appointment, null=True)
        text = TextField()
        said_at = InstantField()
        form_key = CharField(unique=True, max_length=36)

        class Meta:
            table_name = 'handover_message'
            indexes = ((('notebook', 'id'), False),)
            constraints = [
                Check("text <> ''", name='handover_message_text'),
            ]

    class SectionChoice(MigrationModel):
        id = IdField()
        section = ForeignKeyField(Section, unique=True)
        members_read = BooleanField()
        chosen_by = ForeignKeyField(Appointment, null=True)
        chosen_at = InstantField()

        class Meta:
            table_name = 'handover_section_choice'

    for model in (Notebook, Holder, Duty, Version, Handing, Item, Message, SectionChoice):
        model.create_table(safe=False)
