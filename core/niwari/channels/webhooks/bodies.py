"""What a webhook is sent: the sentence of a notice and where it leads, and nothing else."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from typing import Any

from niwari.channels.models import SLACK, TEAMS


@dataclass(frozen=True, slots=True)
class Told:
    """What is told: ``id`` is the same each time that it is sent, ``at`` in Tokyo's offset."""

    id: str
    kind: str
    text: str
    url: str
    at: str
    municipality: str


def body_of(told: Told, shape: str) -> bytes:
    """Return the body in the ``shape`` of whoever reads it, as UTF-8."""
    made: dict[str, Any] = asdict(told)
    if shape == SLACK:
        made = {"text": f"{_slack_text(told.text)}\n<{_slack_text(told.url)}>"}
    elif shape == TEAMS:
        made = _teams_message(told)
    return json.dumps(made, ensure_ascii=False).encode()


def signature(secret: str, body: bytes, seconds: int) -> str:
    """Return the value of the header ``Niwari-Signature``: HMAC-SHA256 over the time and the body.

    ``seconds`` are those since 1970; whoever checks it refuses what is older than some minutes.
    """
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"


def _slack_text(text: str) -> str:
    # What Slack would else read as a link or a mention of everybody.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams_message(told: Told) -> dict[str, Any]:
    # A RichTextBlock reads no Markdown: a title cannot become a link to elsewhere.
    sentence = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": told.text}]}
    button = {"type": "Action.OpenUrl", "title": "にわりで開く", "url": told.url}
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [sentence],
        "actions": [button],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}
