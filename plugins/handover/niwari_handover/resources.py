"""The rows of handover that others may point to."""

from datetime import timedelta
from uuid import uuid4

from niwari.api import Context, Label, Part, Resource
from niwari_handover.models import Duty, Message, Notebook
from niwari_handover.service import asking, duties, opening
from niwari_handover.service.duties import Written


def _sample_notebook(ctx: Context) -> int:
    return opening.open_notebook(ctx, post="住民記録担当", form_key=str(uuid4()))


def _sample_duty(ctx: Context) -> int:
    return duties.add_duty(
        ctx,
        _sample_notebook(ctx),
        Written(
            name="転入届の受付",
            months=("3", "4"),
            steps="1. 本人確認をする\n2. 転出証明書を確かめる",
            rule="住民基本台帳法第22条",
            deadline="その日のうち",
            due_on=ctx.today + timedelta(days=14),
            contact="県市町村課",
        ),
        form_key=str(uuid4()),
    )


def _sample_message(ctx: Context, notebook_id: int) -> int:
    return asking.ask(
        ctx,
        notebook_id,
        text="繁忙期の窓口は、何人で回していましたか。",
        duty_id=None,
        form_key=str(uuid4()),
    )


MESSAGE = Part(
    kind="handover.message",
    model=Message,
    parent="notebook",
    label=Label("質問と答え", "Question or answer"),
    text=lambda message: str(message.text),
    anchor=lambda message: f"message-{message.id}",
    author=lambda message: message.author_id,
    sample=_sample_message,
)

NOTEBOOK = Resource(
    kind="handover.notebook",
    model=Notebook,
    label=Label("引継ぎノート", "Handover notebook"),
    endpoint="handover.notebook",
    key="notebook_id",
    title=lambda notebook: str(notebook.post),
    text=lambda notebook: str(notebook.post),
    author=lambda notebook: notebook.opened_by_id,
    parts=(MESSAGE,),
    sample=_sample_notebook,
)

DUTY = Resource(
    kind="handover.duty",
    model=Duty,
    label=Label("業務", "Duty"),
    endpoint="handover.duty",
    key="duty_id",
    title=lambda duty: str(duty.name),
    text=lambda duty: "\n".join((duty.steps, duty.rule, duty.deadline, duty.contact, duty.trouble)),
    dated=lambda duty: duty.due_on if duty.removed_at is None else None,
    sample=_sample_duty,
)
