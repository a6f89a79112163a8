"""Sections with questions and open days, practice sheets, and pairs of people who learn from each other."""

from niwari.api import MUNICIPALITY, REGION
from niwari_mentoring.models.pairs import (
    ACTIVE,
    ASKED,
    DECLINED,
    ENDED,
    WITHDRAWN,
    AskedTime,
    LearnerProfile,
    Meeting,
    Note,
    Pair,
)
from niwari_mentoring.models.sections import Message, OpenDay, Seat, SectionProfile, Sheet

__all__ = (
    "ACTIVE",
    "ASKED",
    "AUDIENCES",
    "DECLINED",
    "ENDED",
    "MODELS",
    "WITHDRAWN",
    "AskedTime",
    "LearnerProfile",
    "Meeting",
    "Message",
    "Note",
    "OpenDay",
    "Pair",
    "Seat",
    "SectionProfile",
    "Sheet",
)

AUDIENCES = (MUNICIPALITY, REGION)

MODELS = (
    SectionProfile,
    Message,
    OpenDay,
    Seat,
    Sheet,
    LearnerProfile,
    Pair,
    Meeting,
    AskedTime,
    Note,
)
