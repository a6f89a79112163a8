"""SQLite's words stand with the newest first: their rows are the negatives of the positions."""

from niwari.db import is_postgresql


def up(migrator, db):
    if is_postgresql():
        return
    db.execute_sql(
        "CREATE VIRTUAL TABLE search_words_turned USING fts5(scope, words, "
        "tokenize = \"ascii tokenchars '_:.'\", prefix = '1')"
    )
    db.execute_sql(
        "INSERT INTO search_words_turned (rowid, scope, words) "
        "SELECT -rowid, scope, words FROM search_words ORDER BY rowid DESC"
    )
    db.execute_sql("DROP TABLE search_words")
    db.execute_sql("ALTER TABLE search_words_turned RENAME TO search_words")
