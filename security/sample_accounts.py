"""The sample county's people: one account per role, made once, each with a random password that is told once and kept nowhere."""

from dataclasses import dataclass
from typing import Final

from security.administration import SYSTEM_PRINCIPAL, Administration
from security.passwords import random_password
from security.principal import acting_as


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """One row of the sample."""

    user_name: str
    name: str
    role: str
    department: str | None = None


SAMPLE_ACCOUNTS: Final = (
    SampleAccount("operator", "大屏值守", "operator"),
    SampleAccount("intake", "受理员 李敏", "intake"),
    SampleAccount("dispatcher", "派遣员 王强", "dispatcher"),
    SampleAccount("supervisor", "值班长 陈静", "supervisor"),
    SampleAccount("fire", "消防 赵磊", "responder", "fire"),
    SampleAccount("medical", "急救 孙丽", "responder", "medical"),
    SampleAccount("urban", "城管 周伟", "responder", "urban_management"),
    SampleAccount("leader", "分管领导 吴刚", "leader"),
    SampleAccount("engineer", "工程师 郑洁", "engineer"),
    SampleAccount("sysadmin", "系统管理员", "sysadmin"),
    SampleAccount("secadmin", "安全管理员", "secadmin"),
    SampleAccount("auditor", "审计管理员", "auditor"),
)


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """What the operator of the first start writes down: it cannot be told again."""

    account: SampleAccount
    password: str


async def make_sample_accounts(administration: Administration) -> list[FirstPassword]:
    """Make the sample's accounts where no account exists yet and return their passwords; otherwise return nothing."""
    with acting_as(SYSTEM_PRINCIPAL):
        if await administration.accounts():
            return []
        return [await _make(administration, row) for row in SAMPLE_ACCOUNTS]


async def _make(administration: Administration, row: SampleAccount) -> FirstPassword:
    password = random_password()
    await administration.create_account(
        row.user_name, row.name, password, roles={row.role}, department=row.department
    )
    return FirstPassword(row, password)
