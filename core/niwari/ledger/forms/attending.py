"""What a host says of those who joined."""

from collections.abc import Mapping

from niwari.ledger.forms.fields import EmptyForm
from niwari.pages.addresses import whole_number

_FIELD = "guest-"
THERE, ABSENT = "there", "absent"


class AttendanceForm(EmptyForm):
    """出席, 欠席 or まだ of each, in fields named by the request: ``guest-12``."""

    def chosen(self, sent: Mapping[str, str], what: str) -> set[int]:
        """Return the requests of which ``what`` was chosen, one of ``THERE`` and ``ABSENT``."""
        numbers = (
            whole_number(name.removeprefix(_FIELD))
            for name, value in sent.items()
            if name.startswith(_FIELD) and value == what
        )
        return {number for number in numbers if number is not None}
