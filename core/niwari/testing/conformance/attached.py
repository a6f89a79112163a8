"""The rule about files of rows: they are for whom the row is, and the forms that take them can."""

from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

from peewee import IntegrityError

from niwari.db import transaction
from niwari.directory.audience import AUDIENCES, PEOPLE, PEOPLE_OF_REGION, REGION
from niwari.directory.linking import Ref
from niwari.files.models import Attachment
from niwari.files.service import attach
from niwari.files.uploads import NewFile, keep_uploads
from niwari.specs.contributions import Resource
from niwari.specs.contributions.hiding import has_hidden_author
from niwari.testing.conformance.bench import HERE, NEIGHBOUR, OWNER, Bench, Stand, text_of
from niwari.testing.conformance.rule import rule

NAME = "kit-attached-file.txt"
_FILE_INPUT, _MULTIPART = 'type="file"', "multipart/form-data"


@rule("A file of a row is given to whom the row is shown, and a form that takes files sends them.")
def attachments(bench: Bench) -> Iterator[str]:
    """A file is attached to each sample row, which is then narrowed, withdrawn and switched off."""
    with bench.stand() as stand:
        yield from _forms(stand)
        for resource in stand.plugin.contributions.resources:
            file = _attached(stand, resource)
            if _status(stand, OWNER, file) != 200:
                yield f"a file of {resource.kind} is not given to the owner of the row"
            status = stand.request(stand.world.anonymous(), f"/files/{file}").status_code
            if status != 302:
                yield f"a file of {resource.kind} answers {status} to who is not signed in"
            for audience in (PEOPLE, PEOPLE_OF_REGION, *AUDIENCES):
                if audience != REGION and _narrowed(stand, resource, audience):
                    yield from _tried_by_the_neighbour(stand, resource, file, audience)
            stand.world.switch(HERE, stand.plugin.name, on=False)
            if _status(stand, OWNER, file) == 200:
                yield f"a file of {resource.kind} is given where the plugin is off"
            stand.world.switch(HERE, stand.plugin.name, on=True)


def _forms(stand: Stand) -> Iterator[str]:
    """Look at the forms with a place for files: without their type names are sent, and no files."""
    client = stand.world.client_for(OWNER)
    takes = {a.path for a in stand.addresses if a.access.attachments}
    for address in stand.addresses:
        if address.method != "GET" or address.access.permission is None:
            continue
        for form in text_of(stand.open(client, address)).split("<form")[1:]:
            head, _, body = form.partition(">")
            body = body.partition("</form")[0]
            if _FILE_INPUT not in body:
                continue
            if _MULTIPART not in head:
                yield (
                    f"{address.name}: its form takes files but cannot send them; "
                    f'write enctype="{_MULTIPART}" into its tag'
                )
            if 'name="files"' in body and _action(head, address.path) not in takes:
                yield (
                    f"{address.name}: its form takes attachments, but what it is sent to takes no "
                    "more than a form; give that route attachments=True"
                )


def _action(head: str, page: str) -> str:
    return head.partition('action="')[2].partition('"')[0] or page


def _attached(stand: Stand, resource: Resource) -> int:
    ctx = stand.world.ctx_for(OWNER)
    sent = keep_uploads(ctx, str(uuid4()), [NewFile(NAME, BytesIO(b"kit"))])
    with transaction(ctx):
        attach(ctx, Ref(resource.kind, stand.ids[resource.kind]), sent)
    row = resource.model.get_by_id(stand.ids[resource.kind])
    if has_hidden_author(resource, row):
        return int(Attachment.select().order_by(Attachment.id.desc()).get().id)
    return sent.files[0][0]


def _tried_by_the_neighbour(
    stand: Stand, resource: Resource, file: int, audience: str
) -> Iterator[str]:
    if _status(stand, NEIGHBOUR, file) != 404:
        yield f"a file of {resource.kind} is given to a neighbour where the audience is {audience}"
    client = stand.world.client_for(NEIGHBOUR)
    for address in stand.addresses:
        if address.method != "GET" or address.access.permission is None:
            continue
        text = text_of(stand.open(client, address))
        if NAME in text or f'/files/{file}"' in text:
            yield (
                f"{address.name} shows a file of {resource.kind} to a neighbour where the audience "
                f"is {audience}; ask attachments() for rows alone that visible(ctx, Model) lets through"
            )


def _status(stand: Stand, login: str, file: int) -> int:
    with stand.world.client_for(login).get(f"/files/{file}") as answer:
        return int(answer.status_code)


def _narrowed(stand: Stand, resource: Resource, audience: str) -> bool:
    model = resource.model
    try:
        with transaction(stand.world.ctx_for(OWNER)):
            here = model.id == stand.ids[resource.kind]
            model.update(audience=audience).where(here).execute()
    except IntegrityError:
        return False
    return True
