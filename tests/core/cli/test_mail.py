"""niwari mail test says in one sentence whether mail can leave."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from niwari.cli import main
from tests.core.channels.post_office import free_port, open_post_office

TO = ("mail", "test", "--to", "it@example.jp")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path))
    return tmp_path


def asked(home: Path, port: int, *arguments: str, security: str = "none") -> Result:
    (home / "niwari.toml").write_text(
        f"""[mail]
host = "127.0.0.1"
port = {port}
security = "{security}"
sender = "niwari@example.jp"
""",
        encoding="utf-8",
    )
    return CliRunner().invoke(main, arguments or TO)


def test_a_server_that_takes_the_mail_is_named(home: Path) -> None:
    with open_post_office() as office:
        done = asked(home, office.port)
    assert (done.exit_code, len(office.arrived)) == (0, 1)
    assert done.output == f"127.0.0.1:{office.port} took a mail for it@example.jp.\n"


def test_where_nobody_answers_it_says_so_and_how_to_mend_it(home: Path) -> None:
    done = asked(home, free_port())
    assert done.exit_code == 1
    assert "unreachable: nobody answers there" in done.output


def test_a_server_without_starttls_is_told_of(home: Path) -> None:
    with open_post_office() as office:
        done = asked(home, office.port, security="starttls")
    assert done.exit_code == 1
    assert "not supported: it offers no STARTTLS" in done.output


@pytest.mark.parametrize("address", ["nobody", "a@b, c@d", "a@b\nBcc: c@d"])
def test_what_is_no_address_is_refused(home: Path, address: str) -> None:
    done = asked(home, 25, "mail", "test", "--to", address)
    assert (done.exit_code, "no address" in done.output) == (2, True)


def test_without_a_server_it_says_where_to_write_one(home: Path) -> None:
    done = CliRunner().invoke(main, TO)
    assert (done.exit_code, "under [mail] in niwari.toml" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[mail]\nhost = "x"\n', "mail sender"),
        ('[mail]\nhost = "x"\nsender = "a@b"\nsecurity = "ssl"\n', "mail security"),
        ('[mail]\nhost = "x"\nsender = "a@b"\nport = 70000\n', "mail port"),
        ('[mail]\nhots = "x"\n', "unknown key"),
        ("mail = 3\n", "mail: 3 is no table; write it as [mail]"),
        (
            '[mail]\nhost = "x"\nsender = "a@b"\nsecurity = "none"\nuser = "u"\n',
            "in the clear",
        ),
    ],
)
def test_a_wrong_setting_is_named(home: Path, lines: str, says: str) -> None:
    (home / "niwari.toml").write_text(lines, encoding="utf-8")
    done = CliRunner().invoke(main, TO)
    assert (done.exit_code, says in done.output) == (2, True), done.output
