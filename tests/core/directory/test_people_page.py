"""職員を探す, as people meet it."""

from niwari.db.counting import counted_queries
from niwari.testing.world import World


def test_a_part_of_a_name_finds_people_of_the_region(world: World) -> None:
    answer = world.client_for("staff@koriyama").get("/directory/people?text=職員")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "須賀川市" in text
    assert "三春町" in text


def test_who_is_not_found_is_told_what_to_try(world: World) -> None:
    text = world.client_for("staff@koriyama").get("/directory/people?text=該当なし").text
    assert "見つかりませんでした" in text


def test_without_a_text_only_the_form_is_shown(world: World) -> None:
    text = world.client_for("staff@koriyama").get("/directory/people").text
    assert "見つかりませんでした" not in text


def test_a_text_that_is_too_long_is_kept_in_the_form(world: World) -> None:
    answer = world.client_for("staff@koriyama").get(f"/directory/people?text={'あ' * 101}")
    assert answer.status_code == 422
    assert "あ" * 101 in answer.text


def test_a_place_in_the_list_that_is_none_begins_at_the_front(world: World) -> None:
    staff = world.client_for("staff@koriyama")
    assert staff.get("/directory/people?text=職員&after=x").status_code == 200
    assert staff.get("/directory/people?text=職員&after=9999999999999-ア").status_code == 200
    assert staff.get("/directory/people?text=職員&after=1-%00").status_code == 200
    too_long = "9" * 5_000  # Python makes no number of so many digits
    assert staff.get(f"/directory/people?text=職員&after={too_long}-ア").status_code == 200


def test_the_page_takes_at_most_three_queries_of_its_own(world: World) -> None:
    staff = world.client_for("staff@koriyama")
    staff.get("/directory/people?text=職員")
    with counted_queries() as log:
        staff.get("/directory/people?text=職員")
    assert len(log) <= 6, "\n".join(log.statements)
