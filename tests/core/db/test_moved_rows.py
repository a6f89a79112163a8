"""Migrations that move what is stored: it is there afterwards, with all that it said."""

from niwari.app import core_migrations
from niwari.db import database, is_postgresql
from niwari.db.migrate import migrate

MOVING, TURNING = "0020_role_permissions", "0037_newest_words_first"


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


def test_when_each_shared_row_was_first_indexed_is_noted(empty_database: str) -> None:
    core, coming = core_migrations(), "0035_first_shared"
    before = core.pending()
    core.runner().up(before[before.index(coming) - 1])
    database.execute_sql(
        "INSERT INTO directory_municipality (code, name, kana, kind, revision) "
        "VALUES ('072036', '郡山市', 'こおりやまし', 'city', 1)"
    )
    database.execute_sql(
        "INSERT INTO directory_section (municipality_id, name, path) "
        "SELECT id, '総務課', '総務課' FROM directory_municipality"
    )
    for number, audience in enumerate(("region", "municipality", "region"), 1):
        region = 1 if number < 3 else "NULL"
        database.execute_sql(
            "INSERT INTO search_entry (kind, row_id, plugin, municipality_id, section_id, region_id, "
            "audience, hides_place, position, shown_at, seen_at) "
            f"SELECT 'dummy.note', {number}, 'dummy', municipality_id, id, {region}, "
            f"'{audience}', FALSE, {number}, '2026-10-01 00:00:00', '2026-11-10 00:00:00' "
            "FROM directory_section"
        )
    migrate([core])
    noted = database.execute_sql("SELECT kind, row_id, plugin, at FROM search_first_shared")
    assert [(*row[:3], str(row[3])[:10]) for row in noted.fetchall()] == [
        ("dummy.note", 1, "dummy", "2026-11-10")
    ]


def test_the_words_of_the_index_stand_with_the_newest_first(empty_database: str) -> None:
    core = core_migrations()
    before = core.pending()
    core.runner().up(before[before.index(TURNING) - 1])
    if not is_postgresql():
        database.execute_sql(
            "INSERT INTO search_words (rowid, scope, words) VALUES (7, ':t1', '窓口'), (9, ':t1', '口')"
        )
    migrate([core])
    assert core.pending() == []
    if not is_postgresql():
        turned = database.execute_sql(
            "SELECT rowid, words FROM search_words WHERE search_words MATCH 'scope : \":t1\"'"
        ).fetchall()
        assert [tuple(row) for row in turned] == [(-9, "口"), (-7, "窓口")]
