"""The database: one engine by URL, one way to write, one way to migrate."""

from niwari.db.engine import connection, database, end_use, is_postgresql, open_database
from niwari.db.fields import BigIdField, IdField, InstantField
from niwari.db.model import MigrationModel, Model, PluginModel, append_only, append_only_but
from niwari.db.prepared import Statement, prepared, prepared_condition
from niwari.db.rows import rows
from niwari.db.transaction import check_in_transaction, locked, transaction

__all__ = [
    "BigIdField",
    "IdField",
    "InstantField",
    "MigrationModel",
    "Model",
    "PluginModel",
    "Statement",
    "append_only",
    "append_only_but",
    "check_in_transaction",
    "connection",
    "database",
    "end_use",
    "is_postgresql",
    "locked",
    "open_database",
    "prepared",
    "prepared_condition",
    "rows",
    "transaction",
]
