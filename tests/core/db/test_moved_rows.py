"""Migrations that move what is stored: it is there afterwards, with all that it said."""

from niwari.app import core_migrations
from niwari.db import database
from niwari.db.migrate import migrate

MOVING = "0020_role_permissions"


def test_what_a_municipality_decided_about_its_roles_moves_to_the_hosts_table(
    empty_database: str,
) -> None:
    core = core_migrations()
    before = core.pending()
    core.runner().up(before[before.index(MOVING) - 1])
    assert core.pending()[0] == MOVING
    database.execute_sql(
        "INSERT INTO directory_municipality (code, name, kana, kind, revision) "
        "VALUES ('072036', '郡山市', 'こおりやまし', 'city', 1)"
    )
    database.execute_sql(
        "INSERT INTO identity_role_permission "
        "(municipality_id, role, permission, is_given, changed_at) "
        "SELECT id, 'hr', 'admin.features', TRUE, '2026-11-10 00:00:00' FROM directory_municipality"
    )
    migrate([core])
    moved = database.execute_sql(
        "SELECT code, role, permission, is_given FROM host_role_permission "
        "JOIN directory_municipality m ON m.id = municipality_id"
    ).fetchall()
    assert [tuple(row) for row in moved] == [("072036", "hr", "admin.features", True)]
    assert "identity_role_permission" not in database.get_tables()
