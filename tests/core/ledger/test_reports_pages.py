"""The reports as pages and as files: the same numbers three times, and who may have them."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest

from niwari.audit.models import AuditEntry

from .reporting import Records, book
from .test_views_journey import page

PAGES = {
    "/ledger/statement": ("staff@koriyama", "balance"),
    "/ledger/reports/year-book": ("hr@koriyama", "classes"),
    "/ledger/reports/answers": ("hr@koriyama", "groups"),
    "/ledger/reports/overtime": ("hr@koriyama", "groups"),
    "/ledger/region-report": ("secretariat", "class"),
}
SHELL, OWN = 3, 5


@pytest.fixture
def records(world):
    """What may be recorded in Koriyama."""
    return Records("072036")


@pytest.fixture
def some(records):
    """Six people's records, some overtime, and something that begins like a formula."""
    for post in records.people(6):
        records.record(post, 90, purpose="=1+1")
        records.overtime(post, 75)


@pytest.fixture
def take(client_for):
    """Take a table of a page as a file."""

    def taken(address, login, **fields):
        client = client_for(login)
        token = page(client, address).hidden("csrf_token")[0]
        return client.post(f"{address}/file", data={"csrf_token": token, **fields})

    return taken


def rows_of(answer):
    """Return the records of a CSV file."""
    return list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize("address", PAGES)
def test_each_page_has_its_files(some, client_for, take, address):
    login, table = PAGES[address]
    shown = page(client_for(login), address)
    assert shown.status == 200
    assert "人事評価には使いません" in shown
    for kind, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = take(address, login, table=table, format=kind, period="FY2026")
        assert answer.status_code == 200
        assert answer.get_data().startswith(start)
        assert f"FY2026.{kind}" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_without_anything(client_for, address):
    assert page(client_for(PAGES[address][0]), address).status == 200


@pytest.mark.parametrize("address", PAGES)
def test_budgets(some, queries, client_for, address):
    client = client_for(PAGES[address][0])
    client.get(address)
    with queries() as log:
        client.get(address)
    assert len(log) <= SHELL + OWN


def test_the_same_numbers_on_the_screen_in_csv_and_in_excel(some, client_for, take):
    address = "/ledger/reports/year-book"
    shown = page(client_for("hr@koriyama"), address)
    assert "9時間" in shown
    assert "<svg" in shown.html
    fields = {"table": "classes", "period": "FY2026"}
    lines = rows_of(take(address, "hr@koriyama", format="csv", **fields))
    place = lines[0].index("11月")
    assert [line[place] for line in lines[1:]] == ["9:00", "9:00"]
    sheet = book(take(address, "hr@koriyama", format="xlsx", **fields).get_data())
    cell = sheet.cell(2, place + 1)
    assert (cell.value, cell.number_format) == (timedelta(hours=9), "[h]:mm")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$1:$1"
    assert "人事評価には使いません。" in [row[0].value for row in sheet.iter_rows()]


def test_what_is_hidden_is_hidden_in_all_three(records, client_for, take):
    for post in records.people(4):
        records.record(post, 95)
    address = "/ledger/reports/year-book"
    shown = page(client_for("hr@koriyama"), address)
    assert "＊" in shown
    assert "5人未満" in shown
    for kind in ("csv", "xlsx"):
        for table in ("months", "classes", "basis", "employment"):
            answer = take(address, "hr@koriyama", format=kind, table=table, period="FY2026")
            text = (
                repr(rows_of(answer))
                if kind == "csv"
                else repr([[cell.value for cell in row] for row in book(answer.get_data())])
            )
            assert "＊" in text
            assert "6:20" not in text
            assert "22800" not in text
    assert "6時間20分" not in shown


def test_no_text_of_the_statement_is_a_formula(records, ledger, take):
    request = ledger.agreed(minutes=60, purpose='=HYPERLINK("http://example.test")')
    ledger.now(11, 18, 18)
    ledger.record(request, 60)
    fields = {"table": "records", "period": "2026-11"}
    (_, row) = rows_of(take("/ledger/statement", "staff@koriyama", format="csv", **fields))
    assert row[2].startswith("'=")
    taken = take("/ledger/statement", "staff@koriyama", format="xlsx", **fields)
    cell = book(taken.get_data()).cell(2, 3)
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://example.test")')


def test_each_file_leaves_its_trace(some, take):
    fields = {"table": "months", "format": "csv", "period": "FY2026"}
    take("/ledger/reports/year-book", "hr@koriyama", **fields)
    (entry,) = AuditEntry.select().where(AuditEntry.action == "ledger.take_report")
    assert '"report": "year-book"' in entry.details
    assert '"period": "FY2026"' in entry.details


@pytest.mark.parametrize("wrong", [{"table": "nothing"}, {"format": "pdf"}, {"table": ""}])
def test_what_there_is_not_is_404(take, wrong):
    fields = {"table": "months", "format": "csv", "period": "FY2026", **wrong}
    assert take("/ledger/reports/year-book", "hr@koriyama", **fields).status_code == 404


@pytest.mark.parametrize("period", ["FY1800", "nonsense", "2026-11-16", "FY2026-Q3", ""])
def test_a_period_that_is_none_is_the_present_one(client_for, period):
    shown = page(client_for("hr@koriyama"), f"/ledger/reports/year-book?period={period}")
    assert "2026年度" in shown


def test_a_report_that_there_is_not(client_for):
    assert client_for("hr@koriyama").get("/ledger/reports/nothing").status_code == 404


def test_everybody_but_hr_and_secretariat_is_kept_out(client_for):
    for login in ("staff@koriyama", "head@koriyama", "it@koriyama"):
        client = client_for(login)
        for address in ("/ledger/reports", "/ledger/reports/year-book", "/ledger/region-report"):
            assert client.get(address).status_code == 403, (login, address)
    assert client_for("hr@koriyama").get("/ledger/region-report").status_code == 403


def test_the_statement_of_a_year_in_english(some, client_for):
    client = client_for("staff@koriyama")
    client.post("/locale/en")
    assert "My 20% (own copy) Fiscal 2026" in page(client, "/ledger/statement?period=FY2026")


def test_the_head_finds_who_is_over(records, client_for):
    (post,) = records.people(1, "市民部/市民課")
    records.record(post, 2000, date(2026, 11, 4))
    head = client_for("head@koriyama")
    assert "/ledger/over-cap" in page(head, "/ledger/approvals").html
    assert "3時間53分" in page(head, "/ledger/over-cap")
    assert client_for("staff@koriyama").get("/ledger/over-cap").status_code == 403
