"""Whether a text may go into a network, counted as the network counts."""

from niwari_tourism_sns.errors import NeedsPicture, OverLimit, TooManyTags
from niwari_tourism_sns.networks import NETWORKS, hashtags


def check_limits(network: str, text: str, field: str = "") -> None:
    """Raise ``OverLimit`` or ``TooManyTags`` for ``field`` where ``network`` takes no such text."""
    known = NETWORKS[network]
    count = known.count(text)
    if count > known.limit:
        raise OverLimit(
            network=known.label.ja,
            over=count - known.limit,
            limit=known.limit,
            count=count,
            field=field,
        )
    tags = hashtags(text)
    if known.most_hashtags is not None and tags > known.most_hashtags:
        raise TooManyTags(network=known.label.ja, most=known.most_hashtags, count=tags, field=field)


def check_pictures(network: str, pictures: int) -> None:
    """Raise ``NeedsPicture`` where ``network`` takes nothing without a picture."""
    known = NETWORKS[network]
    if known.needs_picture and not pictures:
        raise NeedsPicture(network=known.label.ja)
