"""Powers are kept apart and every role can do its work."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from security.permissions import PERMISSIONS
from security.policy import (
    ADMINISTRATORS,
    DISPATCHING,
    ROLES,
    check_roles,
    is_kiosk,
    permissions_of,
)
from security.principal import Principal, acting_as, current
from vocabulary.errors import Refused
from vocabulary.message import Actor


def test_every_role_holds_only_permissions_that_exist() -> None:
    assert all(role.permissions <= PERMISSIONS.keys() for role in ROLES.values())


def test_every_permission_is_held_by_some_role() -> None:
    assert permissions_of(ROLES) == PERMISSIONS.keys()


@given(some.sets(some.sampled_from(sorted(ROLES))))
def test_no_accepted_set_of_roles_joins_two_administrators_or_one_with_moving_cases(
    roles: set[str],
) -> None:
    administrators = roles.intersection(ADMINISTRATORS)
    mixed = bool(administrators) and bool(permissions_of(roles) & DISPATCHING)
    if len(administrators) > 1 or mixed:
        with pytest.raises(Refused, match="may not be in one hand"):
            check_roles(roles, "fire")
    else:
        assert check_roles(roles, "fire") == roles


def test_a_responder_without_a_department_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        check_roles({"responder"}, None)
    assert refused.value.code == "security.department_needed"


@pytest.mark.parametrize("department", ["Fire", "", "a", "1st", "fire;drop", "x" * 41])
def test_a_department_that_is_no_id_is_refused(department: str) -> None:
    with pytest.raises(Refused) as refused:
        check_roles({"responder"}, department)
    assert refused.value.code == "security.bad_department"


def test_an_unknown_role_is_refused_and_permits_nothing() -> None:
    assert permissions_of({"god"}) == frozenset()
    with pytest.raises(Refused, match="There is no role god"):
        check_roles({"god"}, None)


def test_only_the_wall_is_a_kiosk() -> None:
    assert [role for role in ROLES if is_kiosk({role})] == ["operator"]
    assert not is_kiosk({"operator", "dispatcher"})
    assert not is_kiosk(())


def test_the_wall_cannot_read_what_callers_wrote() -> None:
    assert not permissions_of({"operator"}) & {"case.read", "personal.read", "events.read"}


def test_a_principal_is_refused_what_it_does_not_hold_and_told_what_it_lacks() -> None:
    who = Principal(actor=Actor(id="1", name="n", kind="person"), permissions=frozenset())
    with pytest.raises(Refused, match=r"send departments and units \(case\.dispatch\)") as refused:
        who.need("case.dispatch")
    assert refused.value.status == 403
    with pytest.raises(KeyError):
        who.may("case.dispach")


def test_nobody_is_asking_outside_the_gate() -> None:
    with pytest.raises(Refused) as refused:
        current()
    assert refused.value.status == 401


def test_who_is_asking_ends_with_the_block() -> None:
    who = Principal(actor=Actor(id="1", name="n", kind="person"), permissions=frozenset())
    with acting_as(who):
        assert current() is who
    with pytest.raises(Refused):
        current()
