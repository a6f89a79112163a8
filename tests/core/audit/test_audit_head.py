"""The head of the chain: on the auditor's page, and in a file for keeping elsewhere."""

from datetime import timedelta

from niwari.audit.sealing import last_seal, seal
from niwari.testing.world import World
from tests.core.audit.conftest import Write

AUDITOR = "director-seisaku@koriyama"
PAGE = "/admin/audit"


def page(world: World) -> str:
    """The page as the auditor reads it."""
    return str(world.client_for(AUDITOR).get(PAGE).get_data(as_text=True))


def test_the_head_stands_on_the_page_and_in_a_file_for_keeping(
    world: World, write: Write, town: int
) -> None:
    assert "まだ封をした記録はありません。" in page(world)
    assert world.client_for(AUDITOR).get(f"{PAGE}/head").status_code == 404
    write(1)
    seal(town, world.clock() + timedelta(minutes=1))
    head = last_seal(town)
    assert head is not None
    assert head.hash in page(world)
    answer = world.client_for(AUDITOR).get(f"{PAGE}/head")
    assert answer.headers["Content-Disposition"].endswith('"audit-head-072036-1.txt"')
    assert f"--expect {head.hash}\n" in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).startswith("市町村：072036 郡山市\n封の番号：1\n")
    assert "封をした日時：2026-11-10T09:01:00+09:00\n" in answer.get_data(as_text=True)
    assert "Seal number" not in answer.get_data(as_text=True)


def test_a_reader_of_english_gets_the_head_in_japanese_and_below_it_in_english(
    world: World, write: Write, town: int
) -> None:
    write(1)
    seal(town, world.clock())
    client = world.client_for(AUDITOR)
    client.set_cookie("niwari_locale", "en")
    japanese, english = client.get(f"{PAGE}/head").get_data(as_text=True).split("\n\n")
    assert japanese.startswith("市町村：072036 郡山市\n")
    assert english.startswith("Municipality: 072036 郡山市\nSeal number: 1\n")
