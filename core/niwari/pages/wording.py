"""How amounts and refusals read in the reader's language."""

from typing import Any

from niwari.errors import DomainError, Minutes
from niwari.pages.texts import gettext, locale


def is_english() -> bool:
    """Tell whether the present reader reads English."""
    return locale() == "en"


def minutes(amount: int) -> str:
    """Write whole minutes as 1時間30分 or 1 h 30 min; never as 1:30."""
    sign = "−" if amount < 0 else ""
    hours, rest = divmod(abs(amount), 60)
    hour, minute, space = (" h", " min", " ") if is_english() else ("時間", "分", "")
    parts = [f"{hours:,}{hour}"] if hours else []
    parts += [f"{rest}{minute}"] if rest or not hours else []
    return sign + space.join(parts)


def sentence_of(error: DomainError) -> str:
    """Return what a refusal says, with the rule that it comes from."""
    sentence = gettext(error.text, **_shown(error.params)) if error.params else gettext(error.text)
    return f"{sentence}（{error.rule}）" if error.rule else sentence


def _shown(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: minutes(value) if isinstance(value, Minutes) else value
        for name, value in params.items()
    }
