"""What the tests of handover share: notebooks, duties and handings by login, and moving days."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from niwari_handover.service import duties, handing, opening
from niwari_handover.service.duties import Written
from niwari_handover.service.handing import Named

OpenNotebook = Callable[..., int]
Write = Callable[..., int]
Name = Callable[..., int]


@pytest.fixture
def open_notebook(ctx_for: Any) -> OpenNotebook:
    """Open the notebook of a post by login; returns its id."""

    def do(login: str = "staff@koriyama", post: str = "戸籍担当") -> int:
        return opening.open_notebook(ctx_for(login), post=post, form_key=str(uuid4()))

    return do


@pytest.fixture
def write(ctx_for: Any) -> Write:
    """Write a duty by login; returns its id. Keywords are those of ``Written``."""
    numbers = count(1)

    def do(notebook_id: int, login: str = "staff@koriyama", **more: Any) -> int:
        more.setdefault("name", f"業務 {next(numbers)}")
        return duties.add_duty(ctx_for(login), notebook_id, Written(**more), form_key=str(uuid4()))

    return do


@pytest.fixture
def name_successor(ctx_for: Any) -> Name:
    """Name a successor as of today, for a day in ten days; returns the handing's id."""

    def do(
        notebook_id: int,
        who: str = "staff2@koriyama",
        login: str = "staff@koriyama",
        days: int = 10,
    ) -> int:
        ctx = ctx_for(login)
        named = Named(who, ctx.today, ctx.today + timedelta(days=days))
        return handing.name_successor(ctx, notebook_id, named, form_key=str(uuid4()))

    return do
