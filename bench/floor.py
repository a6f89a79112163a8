"""The floor: a bare Flask application whose one page is a list of 20 rows.

It does what any such page must (Jinja, five Peewee queries, SQLite kept as Niwari keeps it, a
connection per request) and nothing else: no sign-in, permissions, plugins, languages or escaping
of anybody's rights. It is written the plain way, as the manuals of Flask and Peewee show it, so it
stands for what these libraries cost, not for the fastest page that could be made with them.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from peewee import (
    AutoField,
    CharField,
    DatabaseProxy,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
)

HEADING = "みんなの話題"
DATABASE_VARIABLE = "FLOOR_DATABASE"
ROWS = 20
_TOPICS = ("窓口", "税", "福祉", "子育て", "防災", "情報", "人事", "財政", "環境", "道路")

# The same as Niwari's; niwari_settings_agree() of bench.installation holds them together.
PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "synchronous": 2}

database: Any = DatabaseProxy()


class _Table(Model):
    id: Any = AutoField()

    class Meta:
        database = database
        legacy_table_names = False


class Topic(_Table):
    """What a post is about."""

    name: Any = CharField()


class Author(_Table):
    """Who wrote a post; ``visitor`` is the one who looks at the page."""

    name: Any = CharField()
    town: Any = CharField()
    section: Any = CharField()


class Post(_Table):
    """A row of the list."""

    author: Any = ForeignKeyField(Author)
    topic: Any = ForeignKeyField(Topic)
    title: Any = CharField()
    written_at: Any = DateTimeField(index=True)
    replies: Any = IntegerField()


class Notice(_Table):
    """Something that an author has not read yet."""

    author: Any = ForeignKeyField(Author)
    unread: Any = IntegerField()


TABLES = (Topic, Author, Post, Notice)


def open_floor(path: Path) -> SqliteDatabase:
    """Bind the floor's tables to the database at ``path`` and return it, not yet connected."""
    engine = SqliteDatabase(str(path), pragmas=PRAGMAS, autoconnect=False)
    database.initialize(engine)
    return engine


def fill(path: Path, posts: int) -> None:
    """Make the floor's database with ``posts`` posts in it."""
    engine = open_floor(path)
    begin = datetime(2026, 11, 10, 9, 0)  # noqa: DTZ001 - shown as it is, in no time zone
    with engine.connection_context(), engine.atomic("IMMEDIATE"):
        engine.create_tables(TABLES)
        topics = [Topic.create(name=name) for name in _TOPICS]
        authors = [
            Author.create(name=f"職員{n}", town=f"町{n % 17}", section=f"総務部 第{n}課")
            for n in range(1, 61)
        ]
        for n in range(posts):
            Post.create(
                author=authors[n % len(authors)],
                topic=topics[n % len(topics)],
                title=f"計測のための話題 {n}：ほかの町では、どのように進めていますか",
                written_at=begin - timedelta(minutes=37 * n),
                replies=n % 5,
            )
        for author in authors:
            Notice.create(author=author, unread=author.id % 2)


def create_floor() -> Flask:
    """Make the application; ``open_floor`` must have run."""
    app = Flask("bench.floor")

    @app.before_request
    def connect() -> None:
        database.connect()

    @app.teardown_request
    def disconnect(_error: BaseException | None) -> None:
        if not database.is_closed():
            database.close()

    @app.get("/")
    def posts() -> str:
        visitor = Author.get_by_id(1)
        return render_template(
            "floor/posts.html",
            heading=HEADING,
            visitor=visitor,
            unread=Notice.select().where((Notice.author == visitor) & (Notice.unread == 1)).count(),
            topics=list(Topic.select().order_by(Topic.id)),
            total=Post.select().count(),
            posts=list(
                Post.select(Post, Author, Topic)
                .join_from(Post, Author)
                .join_from(Post, Topic)
                .order_by(Post.written_at.desc())
                .limit(ROWS)
            ),
        )

    @app.get("/posts/<int:post_id>")
    def post(post_id: int) -> str:
        return Post.get_by_id(post_id).title  # type: ignore[no-any-return]

    @app.get("/topics/<int:topic_id>")
    def topic(topic_id: int) -> str:
        return Topic.get_by_id(topic_id).name  # type: ignore[no-any-return]

    return app


def application() -> Flask:
    """Make the application on the database named by the environment, for gunicorn."""
    open_floor(Path(os.environ[DATABASE_VARIABLE]))
    return create_floor()
