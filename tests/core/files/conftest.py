"""A board whose notes take files, in three towns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from niwari.context import Context
from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.files.models import Attachment
from niwari.files.service import attach
from niwari.files.storage import storage
from niwari.files.uploads import NewFile, keep_uploads
from niwari.host.discovery import Found
from niwari.testing.world import World
from tests.core.files.samples import photo

STAFF, COLLEAGUE, NEIGHBOUR = "staff@koriyama", "staff2@koriyama", "staff@sukagawa"
KIND = "dummy.note"


@dataclass
class Board:
    """The world, and what the tests do on the board."""

    world: World

    def note(self, login: str = STAFF, audience: str = "region") -> Ref:
        """Write a note without files."""
        ctx = self.world.ctx_for(login)
        (resource,) = self.world.host.plugins["dummy"].contributions.resources
        ref = Ref(KIND, resource.sample(ctx))
        with transaction(ctx):
            resource.model.update(audience=audience).where(resource.model.id == ref.id).execute()
        return ref

    def give(self, ref: Ref, *files: NewFile, login: str = STAFF) -> list[int]:
        """Attach files to a note, the photo of the samples where none is named; returns their ids."""
        ctx = self.world.ctx_for(login)
        chosen = files or (NewFile("写真.jpg", BytesIO(photo()), "庁舎の前"),)
        uploads = keep_uploads(ctx, str(uuid4()), chosen)
        with transaction(ctx):
            attach(ctx, ref, uploads)
        return [id_ for id_, _alt in uploads.files]

    def with_photo(self, audience: str = "region") -> int:
        """Write a note with a photo; returns the photo's id."""
        return self.give(self.note(audience=audience))[0]

    def ctx(self, login: str = STAFF) -> Context:
        """The context of a person."""
        return self.world.ctx_for(login)

    def status(self, attachment_id: int, login: str = STAFF) -> int:
        """What a person is answered who asks for a file."""
        with self.world.client_for(login).get(f"/files/{attachment_id}") as answer:
            return int(answer.status_code)


@pytest.fixture
def board(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> Board:
    """The dummy is on everywhere."""
    return Board(open_world([trial_plugins["dummy"]]))


@pytest.fixture
def kept() -> Callable[[], list[Any]]:
    """Return all rows of files, by id."""
    return lambda: list(Attachment.select().order_by(Attachment.id))


@pytest.fixture
def bytes_kept() -> Callable[[], set[str]]:
    """Return the names of all that is stored."""
    return lambda: {one.name for one in storage().stored()}
