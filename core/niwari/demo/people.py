"""The demo's people: loaded through the same import as anybody's."""

from importlib.resources import files

from niwari.clock import tokyo_day
from niwari.demo.story import BEGINNING
from niwari.directory.importing import import_people
from niwari.directory.people import main_appointment
from niwari.directory.regions import load_koriyama
from niwari.directory.system import system_context
from niwari.identity.roles.grants import grant_role
from niwari.specs.contributions import Label

ACCOUNTS: tuple[tuple[str, Label], ...] = (
    ("staff@koriyama", Label("郡山市の職員", "Staff, Koriyama")),
    ("staff2@koriyama", Label("郡山市の職員（2人目）", "Staff, Koriyama (second)")),
    ("head@koriyama", Label("郡山市の所属長", "Head of section, Koriyama")),
    ("hr@koriyama", Label("郡山市の人事担当", "HR, Koriyama")),
    ("it@koriyama", Label("郡山市の情報担当", "Municipal IT, Koriyama")),
    ("staff@sukagawa", Label("須賀川市の職員", "Staff, Sukagawa")),
    ("head@sukagawa", Label("須賀川市の所属長", "Head of section, Sukagawa")),
    ("it@sukagawa", Label("須賀川市の情報担当", "Municipal IT, Sukagawa")),
    ("staff@miharu", Label("三春町の職員", "Staff, Miharu")),
    ("secretariat", Label("広域圏事務局", "Regional secretariat")),
)


_ROLES = {
    "it": "it",
    "hr": "hr",
    "secretariat": "secretariat",
    "director-seisaku": "auditor",
}


def load_people() -> None:
    """Load the region, its 17 municipalities, the people and their roles; again changes nothing."""
    ctx = system_context(BEGINNING, "niwari demo")
    load_koriyama(ctx)
    people = files("niwari.demo").joinpath("data/people.csv").read_bytes()
    import_people(ctx, people)
    for login in _logins(people):
        role = _ROLES.get(login.split("@")[0])
        if role is not None:
            appointment = main_appointment(login, tokyo_day(BEGINNING)).appointment
            grant_role(ctx, appointment.id, role)


def _logins(people: bytes) -> list[str]:
    lines = people.decode("utf-8").splitlines()[1:]
    return [line.split(",")[1] for line in lines]
