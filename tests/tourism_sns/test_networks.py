"""How long a text is for each network, as the network counts."""

import pytest

from niwari_tourism_sns.drafting import Source, drafted
from niwari_tourism_sns.errors import OverLimit, TooManyTags
from niwari_tourism_sns.networks import NETWORKS, fitting
from niwari_tourism_sns.service.limits import check_limits

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇯🇵"
GA = "か\u3099"  # が, written as two characters


@pytest.mark.parametrize(
    ("network", "text", "length"),
    [
        ("x", "abc", 3),
        ("x", "桜", 2),
        ("x", "é", 1),
        ("x", "e\u0301", 1),  # counted after NFC
        ("x", "“”…", 4),
        ("x", FAMILY, 2),
        ("x", FLAG, 2),
        ("x", "見る https://example.jp/" + "a" * 200, 4 + 1 + 23),
        ("x", "kanko.example.jp", 23),
        ("x", "1.5km", 5),
        ("mastodon", "https://example.jp/" + "a" * 200, 23),
        ("mastodon", "@kanko@example.jp さん", 9),
        ("mastodon", FAMILY + GA, 2),
        ("bluesky", "https://example.jp", 18),
        ("bluesky", FAMILY + FLAG + GA, 3),
        ("line", "桜\n花", 3),
        ("instagram", "桜" * 5, 5),
        ("facebook", "桜" * 5, 5),
    ],
)
def test_a_text_is_as_long_as_its_network_says(network: str, text: str, length: int) -> None:
    assert NETWORKS[network].count(text) == length


@pytest.mark.parametrize(
    ("network", "limit"),
    [("x", 280), ("instagram", 2200), ("line", 500), ("mastodon", 500), ("bluesky", 300)],
)
def test_one_more_than_the_limit_is_refused(network: str, limit: int) -> None:
    check_limits(network, "a" * limit)
    with pytest.raises(OverLimit) as refused:
        check_limits(network, "a" * (limit + 1), "text_1")
    assert (refused.value.params["over"], refused.value.field) == (1, "text_1")


def test_instagram_takes_thirty_hashtags() -> None:
    check_limits("instagram", " ".join(f"#町{number}" for number in range(30)))
    with pytest.raises(TooManyTags):
        check_limits("instagram", " ".join(f"#町{number}" for number in range(31)))


@pytest.mark.parametrize("network", list(NETWORKS))
def test_a_draft_fits_however_much_there_is_to_tell(network: str) -> None:
    source = Source("滝桜" * 30, "三春町", "4月" * 50, "駅から歩きます。" * 60, "咲きます。" * 800)
    text = drafted(NETWORKS[network], source)
    assert NETWORKS[network].count(text) <= NETWORKS[network].limit
    assert text.startswith("【滝桜")


def test_a_route_is_drafted_with_its_stops_and_towns() -> None:
    source = Source("桜の道", "", stops=("滝桜", "開成山"), towns=("三春町", "郡山市"))
    text = drafted(NETWORKS["bluesky"], source)
    assert text == "【桜の道】\n滝桜 → 開成山\n#三春町 #郡山市"


def test_what_is_cut_ends_between_two_characters() -> None:
    cut = fitting(NETWORKS["bluesky"], FAMILY * 400)
    assert cut == FAMILY * 299 + "…"
