"""What stands below a note, and can be reported and held back by itself."""

from uuid import uuid4

from niwari.api import Context, Label, Part
from niwari_dummy import service
from niwari_dummy.models import Reply


def _sample(ctx: Context, note_id: int) -> int:
    key = str(uuid4())
    service.reply(ctx, note_id, body="合鍵は守衛室にもあります。", form_key=key)
    return int(Reply.get(Reply.form_key == key).id)


REPLY = Part(
    kind="dummy.reply",
    model=Reply,
    parent="note",
    label=Label("返事", "Reply"),
    text=lambda reply: str(reply.body),
    anchor=lambda reply: f"reply-{reply.id}",
    author=lambda reply: reply.author_id,
    sample=_sample,
)
