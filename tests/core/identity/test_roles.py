"""Which permissions come with which roles."""

from collections.abc import Callable
from typing import Any

from niwari.identity.roles.rules import permissions_of, roles_of
from niwari.specs.contributions import Label, Permission

LABEL = Label("試し", "A test")
DECLARED = {
    "a.read": Permission("a.read", LABEL, ("staff",)),
    "a.agree": Permission("a.agree", LABEL, ("head", "hr")),
    "a.nobody": Permission("a.nobody", LABEL, ()),
}


def test_each_role_brings_its_permissions() -> None:
    assert permissions_of(DECLARED, {"staff"}) == {"a.read"}
    assert permissions_of(DECLARED, {"staff", "head"}) == {"a.read", "a.agree"}
    assert permissions_of(DECLARED, {"staff", "head", "hr"}) == {"a.read", "a.agree"}
    assert permissions_of(DECLARED, ()) == frozenset()
    assert permissions_of(DECLARED, iter(["staff", "head"])) == {"a.read", "a.agree"}


def test_the_roles_of_an_appointment_are_those_of_its_session(
    world: Any, ctx_for: Callable[[str], Any]
) -> None:
    def roles(login: str) -> frozenset[str]:
        return roles_of(ctx_for(login).acting.id, world.clock())

    assert roles("staff@koriyama") == {"staff"}
    assert roles("head@koriyama") == {"staff", "head"}
    assert roles("it@koriyama") == {"staff", "it"}
    assert roles("secretariat") == {"staff", "secretariat"}
