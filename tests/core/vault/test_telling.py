"""Who is told that an opening waits: the other officials of the region, and never its author."""

from niwari.notices.choices import choose
from niwari.testing.told import told
from niwari.vault import opening

from .openings import FIRST, KIND, SECOND, THIRD, WHY, Office

WAITS = "vault.waits"


def heard() -> list[str]:
    """Return the logins of those who were told."""
    return sorted(one.login for one in told() if one.code == WAITS)


def test_the_other_officials_are_told_once(office: Office) -> None:
    for _ in range(2):
        opening.ask(office.ctx(FIRST), KIND, office.row, WHY, "the-same-click")
    assert heard() == sorted([SECOND, THIRD])


def test_the_notice_names_no_row_and_no_words(office: Office) -> None:
    office.ask()
    assert {(one.about, *one.values) for one in told() if one.code == WAITS} == {(None,)}


def test_who_muted_it_is_not_told(office: Office) -> None:
    choose(office.ctx(SECOND), {WAITS: "off"})
    office.ask()
    assert heard() == [THIRD]


def test_officials_of_another_region_and_the_author_are_not_told(office: Office) -> None:
    office.opened()
    assert heard() == sorted([SECOND, THIRD])


def test_the_notice_leads_to_the_page_of_officials(office: Office) -> None:
    office.ask()
    page = office.world.client_for(SECOND).get("/notices/").get_data(as_text=True)
    number = page.split("開示の求めが、2人目")[0].rsplit('href="/notices/', 1)[1].split('"')[0]
    answer = office.world.client_for(SECOND).get(f"/notices/{number}")
    assert (answer.status_code, answer.location) == (303, "/vault/openings")
