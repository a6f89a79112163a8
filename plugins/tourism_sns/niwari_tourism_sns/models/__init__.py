"""The tables: places, and what is posted of them."""

from niwari_tourism_sns.models.places import Helper, Month, Photo, Route, Spot, Stop
from niwari_tourism_sns.models.posts import (
    ASKED,
    DRAFT,
    RELEASED,
    STATES,
    Account,
    Comment,
    Package,
    PackagePhoto,
    Post,
    PostPhoto,
    Reader,
    Text,
    Version,
)
from niwari_tourism_sns.models.shared import AUDIENCES

MODELS = (
    Spot,
    Month,
    Photo,
    Route,
    Stop,
    Helper,
    Account,
    Post,
    Text,
    PostPhoto,
    Version,
    Reader,
    Comment,
    Package,
    PackagePhoto,
)

__all__ = [
    "ASKED",
    "AUDIENCES",
    "DRAFT",
    "MODELS",
    "RELEASED",
    "STATES",
    "Account",
    "Comment",
    "Helper",
    "Month",
    "Package",
    "PackagePhoto",
    "Photo",
    "Post",
    "PostPhoto",
    "Reader",
    "Route",
    "Spot",
    "Stop",
    "Text",
    "Version",
]
