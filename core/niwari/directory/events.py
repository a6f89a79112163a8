"""What happens to people and municipalities, for whoever subscribes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonTransferred:
    """A person's main post is another one, in another section, from the Tokyo day ``on``.

    Published in the municipality of the new post, on that day or, where the directory learned it
    later, when it did. ``on`` is an ISO date.
    """

    person_id: int
    from_appointment_id: int
    to_appointment_id: int
    on: str


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """A person holds no post in the municipality any more; ``last_day`` was the last, an ISO date.

    Published in that municipality on the day after, also where the person goes on in another one.
    """

    person_id: int
    last_day: str


@dataclass(frozen=True, slots=True)
class MunicipalityMerged:
    """A municipality was merged into another one on the Tokyo day ``on``, an ISO date.

    Published in the successor. What people of the former one shared belongs to the successor by then.
    """

    former_id: int
    successor_id: int
    on: str


@dataclass(frozen=True, slots=True)
class TransferReleased:
    """A transfer that was planned ahead may be known (内示): a person moves on the Tokyo day ``on``.

    Published in the municipality of both posts, before that day; on it ``PersonTransferred`` follows.
    Only where the municipality plans transfers ahead. ``on`` is an ISO date.
    """

    person_id: int
    from_appointment_id: int
    to_appointment_id: int
    on: str


EVENTS = (TransferReleased, PersonTransferred, PersonLeft, MunicipalityMerged)
