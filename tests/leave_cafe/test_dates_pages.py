"""The pages of dates: what is shown, what is refused and where, what it costs."""

from typing import Any

import pytest

NOTICE = "郡山広域圏の見本です。人事担当課に必ずご確認ください。"


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_dates_are_shown_with_their_rules(client_for: Any, dates_form: Any) -> None:
    answer = client_for("staff@koriyama").submit("/leave-cafe/", dates_form())
    page = text_of(answer)
    assert answer.status_code == 200
    assert "2026年10月16日（金）" in page
    assert "2027年2月4日（木）" in page
    assert "労働基準法 第65条第2項" in page
    assert NOTICE in page


def test_nothing_of_it_is_in_the_address(client_for: Any, dates_form: Any) -> None:
    client = client_for("staff@koriyama")
    assert 'value="2026-12-10"' not in text_of(client.get("/leave-cafe/?due_on=2026-12-10"))
    for address in ("/leave-cafe/", "/leave-cafe/calendar", "/leave-cafe/paper"):
        answer = client.submit(address, dates_form(), form_at="/leave-cafe/")
        assert answer.status_code == 200
        assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"employment": ""}, "employment", "選択肢から選んでください。"),
        ({"employment": "mayor"}, "employment", "選択肢から選んでください。"),
        ({"role": "aunt"}, "role", "選択肢から選んでください。"),
        ({"other_employment": "mayor"}, "other_employment", "選択肢から選んでください。"),
        ({"due_on": ""}, "due_on", "出産予定日か、生まれた日の、どちらかを入力してください。"),
        ({"due_on": "2027-02-29"}, "due_on", "2026-11-18 の形で"),
        ({"due_on": "2026-13-01"}, "due_on", "2026-11-18 の形で"),
        ({"due_on": "2026-11-31"}, "due_on", "2026-11-18 の形で"),
        ({"due_on": "2027-09-07"}, "due_on", "2027年9月6日（月）までの日を"),
        ({"due_on": "2026-10-12"}, "born_on", "4週間を過ぎています。"),
        ({"born_on": "2026-11-11"}, "born_on", "今日より後になっています。"),
        ({"born_on": "2026-05-27"}, "born_on", "離れすぎています。"),
        ({"due_on": "2026-10-05", "born_on": "2026-11-03"}, "born_on", "離れすぎています。"),
        ({"due_on": "", "born_on": "2019-04-01"}, "born_on", "小学校に入った子"),
        ({"daily_minutes": "0"}, "daily_minutes", "1分から465分まで"),
        ({"daily_minutes": "x"}, "daily_minutes", "整数を入力してください。"),
        ({"wish1_from": "2027-02-05"}, "wish1_to", "両方を入力してください。"),
        (
            {"wish2_from": "2027-03-01", "wish2_to": "2027-02-28"},
            "wish2_to",
            "始まる日より前です。",
        ),
        (
            {"wish1_from": "2027-02-04", "wish1_to": "2027-03-31"},
            "wish1_from",
            "2027年2月5日（金）からです（地方公務員の育児休業等に関する法律 第2条第1項）。",
        ),
        (
            {"wish3_from": "2027-02-05", "wish3_to": "2029-12-10"},
            "wish3_to",
            "2029年12月9日（日）までです（地方公務員の育児休業等に関する法律 第2条第1項）。",
        ),
    ],
)
@pytest.mark.parametrize("address", ["/leave-cafe/", "/leave-cafe/calendar", "/leave-cafe/paper"])
def test_what_cannot_be_is_refused_beside_its_field(
    client_for: Any,
    dates_form: Any,
    address: str,
    typed: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    client = client_for("staff@koriyama")
    answer = client.submit(address, dates_form(**typed), form_at="/leave-cafe/")
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert sentence in page.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert f'href="#{field}' in page


def test_what_was_typed_stays_in_the_form(client_for: Any, dates_form: Any) -> None:
    page = text_of(
        client_for("staff@koriyama").submit(
            "/leave-cafe/", dates_form(born_on="2027-01-01", other_employment="fiscal_year_part")
        )
    )
    assert 'value="2026-12-10"' in page
    assert 'value="2027-01-01"' in page
    assert '<option selected value="fiscal_year_part">' in page


def test_a_scheme_that_the_rules_lack_is_named(client_for: Any, dates_form: Any) -> None:
    client = client_for("staff@koriyama")
    page = text_of(client.submit("/leave-cafe/", dates_form(with_grandchild="y")))
    assert "孫のための休暇は、「郡山広域圏の見本」2025.10版の規程にありません。" in page
    page = text_of(client.submit("/leave-cafe/", dates_form(employment="fiscal_year_part")))
    assert (
        "育児短時間勤務は、「郡山広域圏の見本」2025.10版の規程では、"
        "会計年度任用職員（パートタイム）の人は使えません。" in page
    )


def test_both_parents_stand_side_by_side(client_for: Any, dates_form: Any) -> None:
    page = text_of(
        client_for("staff@koriyama").submit(
            "/leave-cafe/", dates_form(other_employment="fiscal_year_part")
        )
    )
    assert page.count("<caption") == 2
    assert "出産する人" in page
    assert "配偶者・パートナー" in page


def test_a_plan_costs_no_query_more_than_the_empty_form(
    client_for: Any, dates_form: Any, queries: Any
) -> None:
    client = client_for("staff@koriyama")
    client.submit("/leave-cafe/", dates_form())
    with queries() as form:
        client.get("/leave-cafe/")
    typed = dates_form(
        csrf_token=client.token_at("/leave-cafe/"), other_employment="fiscal_year_part"
    )
    with queries() as plan:
        assert client.post("/leave-cafe/", data=typed).status_code == 200
    assert len(plan) <= len(form) <= 4


def test_the_calendar_file_says_whose_rules_they_are(client_for: Any, dates_form: Any) -> None:
    client = client_for("staff@koriyama")
    answer = client.submit("/leave-cafe/calendar", dates_form(), form_at="/leave-cafe/")
    file = text_of(answer).replace("\r\n ", "")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert 'filename="leave-dates.ics"' in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert f"X-WR-CALDESC:{NOTICE}" in file
    assert file.count(f"DESCRIPTION:{NOTICE}") == file.count("BEGIN:VEVENT") > 4
    assert "DTSTART;VALUE=DATE:20261016\r\nDTEND;VALUE=DATE:20261211" in file
    assert "SUMMARY:産前休暇" in file


def test_the_same_plan_gives_the_same_events(client_for: Any, dates_form: Any) -> None:
    client = client_for("staff@koriyama")

    def uids() -> list[str]:
        answer = client.submit("/leave-cafe/calendar", dates_form(), form_at="/leave-cafe/")
        return [line for line in text_of(answer).splitlines() if line.startswith("UID:")]

    assert uids() == uids()
    assert len(set(uids())) == len(uids())


def test_the_sheet_says_whose_rules_they_are(client_for: Any, dates_form: Any) -> None:
    client = client_for("staff@koriyama")
    page = text_of(client.submit("/leave-cafe/paper", dates_form(), form_at="/leave-cafe/"))
    assert NOTICE in page
    assert "2026年10月16日（金）" in page
