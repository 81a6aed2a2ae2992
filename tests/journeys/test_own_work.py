"""Each role's own work in a browser: three administrators' three hands, a leader's figure, an engineer's rule; and no others'."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import Seen
from tests.journeys.office import COVER, Office
from tests.journeys.station import WITHIN_MS
from views.words import catalogue
from vocabulary.ids import new_id

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]
ZH = catalogue("zh")
NEWCOMER = "xinren"
HTML = {"Accept": "text/html"}


class Person(Seen):
    """Somebody at a page of their own, signed in through the real form."""

    def __init__(
        self, browser: Browser, office: Office, user: str, path: str, password: str = ""
    ) -> None:
        super().__init__(browser, office.console.url, path)
        self.page.set_default_timeout(WITHIN_MS)
        self.page.fill("#username", user)
        self.page.fill("#password", password or office.passwords[user])
        self.page.press("#password", "Enter")
        self.page.wait_for_url(f"**{path}")

    def leaves(self) -> None:
        """Close the browser, whose console had nothing to say."""
        assert self.said == []
        self.context.close()


def secret(person: Person) -> str:
    """Return what is shown once, and note it down."""
    shown = person.page.locator("dialog code.secret").inner_text()
    person.page.click(f"dialog .form-foot button:has-text('{ZH['admin.noted']}')")
    return shown


def test_one_makes_an_account_another_gives_its_role_and_the_third_sees_both(
    browser: Browser, office: Office
) -> None:
    system = Person(browser, office, "sysadmin", "/admin")
    system.page.click(f"button:has-text('{ZH['admin.add_account']}')")
    system.page.locator("dialog input").nth(0).fill(NEWCOMER)
    system.page.locator("dialog input").nth(1).fill("受理员 新人")
    system.page.click("dialog button[type=submit]")
    password = secret(system)
    assert system.page.locator(f"button:has-text('{ZH['admin.grant']}')").count() == 0
    system.leaves()

    security = Person(browser, office, "secadmin", "/admin")
    row = security.page.locator(f"tr:has-text('{NEWCOMER}')")
    expect(row).to_contain_text(ZH["admin.no_roles"])
    assert security.page.locator(f"button:has-text('{ZH['admin.add_account']}')").count() == 0
    row.locator(f"button:has-text('{ZH['admin.grant']}')").click()
    security.page.check("dialog .role-list input[value=intake]")
    assert security.page.locator("dialog .role-list input[value=auditor]").is_disabled()
    security.page.click("dialog button[type=submit]")
    expect(row).to_contain_text("受理员", timeout=WITHIN_MS)
    security.leaves()

    newcomer = Person(browser, office, NEWCOMER, "/desk", password)
    newcomer.ready("desk")
    newcomer.leaves()

    auditor = Person(browser, office, "auditor", "/admin")
    auditor.page.wait_for_selector("tr:has-text('security.create_account')")
    for who, action in (
        ("系统管理员", "security.create_account"),
        ("安全管理员", "security.grant"),
    ):
        auditor.page.wait_for_selector(f"tr:has-text('{who}'):has-text('{action}')")
    auditor.page.click(f"button:has-text('{ZH['admin.verify']}')")
    auditor.page.wait_for_selector(".admin-said.is-ok")
    auditor.leaves()


def test_a_leader_goes_from_a_figure_to_the_cases_behind_it_and_orders_a_brief(
    browser: Browser, office: Office
) -> None:
    case = office.report("领导要看的井盖", COVER)
    leader = Person(browser, office, "leader", "/summary")
    leader.ready("summary")
    figure = leader.page.locator("button.link.plain:has-text('G21')").first
    figure.click()
    leader.page.wait_for_selector(".drill-head:has-text('G21')")
    leader.page.click(f".choice:has-text('{ZH['summary.which.counted']}')")
    leader.page.wait_for_selector(f".case-list a:has-text('{case['number']}')")
    leader.page.keyboard.press("Escape")
    leader.page.click(f"button:has-text('{ZH['brief.daily']}')")
    with leader.page.expect_download() as saved:
        leader.page.click(f".brief-list li:first-child a:has-text('{ZH['brief.pdf']}')")
    assert saved.value.path().read_bytes().startswith(b"%PDF")
    leader.leaves()


def test_an_engineer_tries_a_rule_on_the_past_and_sets_it(browser: Browser, office: Office) -> None:
    engineer = Person(browser, office, "engineer", "/sensors")
    engineer.page.click("[data-tab=rules]")
    engineer.page.click(".rule-list .rule-line >> nth=0")
    engineer.page.click(f".rule-buttons button:has-text('{ZH['rule.try'].partition('{')[0]}')")
    tried = ZH["rule.tried"].partition("{")[0]
    engineer.page.wait_for_selector(f".rule-note:has-text('{tried}')")
    engineer.page.locator(".rule-form input[type=text]").nth(1).fill("试过的规则")
    engineer.page.click(".rule-buttons button[type=submit]")
    saved = ZH["rule.saved"].partition("(")[0]
    engineer.page.wait_for_selector(f".rule-note:has-text('{saved}')")
    names = [one["rule"]["name_zh"] for one in office.get("/alarm-rules")["items"]]
    assert "试过的规则" in names
    engineer.leaves()


EVERY = frozenset(
    ("/desk", "/wall", "/summary", "/sensors", "/coverage", "/replay", "/field", "/admin")
)
OPENS = {
    "operator": {"/wall", "/coverage"},
    "intake": {"/desk", "/wall", "/sensors", "/coverage"},
    "dispatcher": {"/desk", "/wall", "/sensors", "/coverage", "/replay"},
    "supervisor": EVERY - {"/field"},
    "urban": {"/desk", "/sensors", "/coverage", "/field"},
    "leader": EVERY - {"/field", "/admin"},
    "engineer": EVERY - {"/field", "/replay"},
    "sysadmin": {"/admin"},
    "secadmin": {"/admin"},
    "auditor": {"/admin"},
}
ACCOUNT = {"user_name": "nobody", "name": "谁", "department": None}
KEY = {"name": "钥匙", "roles": ["integrator"], "department": None}
# What each would have to do for somebody else's work; a word alone is a command to a case.
NOT_THEIRS: dict[str, tuple[str | tuple[str, str, Any], ...]] = {
    "operator": ("file", ("GET", "/cases", None), ("GET", "/admin/accounts", None)),
    "intake": ("dispatch", "close", "void", ("GET", "/admin/accounts", None)),
    "dispatcher": ("void", "supervise", ("POST", "/admin/accounts", ACCOUNT)),
    "supervisor": (
        ("POST", "/admin/accounts", ACCOUNT),
        ("GET", "/admin/accounts", None),
        ("GET", "/admin/audit", None),
    ),
    "urban": ("file", "dispatch", "close", ("GET", "/shifts", None)),
    "leader": ("file", "dispatch", "close", ("POST", "/admin/keys", KEY)),
    "engineer": (
        "file",
        "dispatch",
        "close",
        ("GET", "/admin/accounts", None),
        ("POST", "/admin/accounts", ACCOUNT),
    ),
    "sysadmin": ("file", ("GET", "/cases", None), ("GET", "/admin/audit", None)),
    "secadmin": ("file", ("POST", "/admin/accounts", ACCOUNT), ("GET", "/admin/audit", None)),
    "auditor": ("file", ("POST", "/admin/keys", KEY), ("GET", "/cases", None)),
}


@pytest.mark.parametrize("user", OPENS)
def test_each_opens_their_own_pages_and_is_refused_others_work(
    browser: Browser, office: Office, user: str
) -> None:
    case = office.report("谁来办", COVER)
    url, context = office.console.url, browser.new_context()
    sign = {"username": user, "password": office.passwords[user]}
    own = {"Origin": url, "Idempotency-Key": new_id()}
    context.request.post(f"{url}/signin", form=sign, headers=own)
    answered = {path: context.request.get(url + path, headers=HTML) for path in sorted(EVERY)}
    assert {path for path, answer in answered.items() if answer.status == 200} == OPENS[user]
    for path in EVERY - OPENS[user]:
        assert answered[path].status == 403
        assert "您没有" in answered[path].text()
    for wish in NOT_THEIRS[user]:
        reason = {"reason": "不归我办"} if wish in ("void", "supervise") else {}
        command = {"name": wish, "version": case["version"], "arguments": reason}
        steps = ("POST", f"/cases/{case['id']}/commands", command)
        method, path, body = steps if isinstance(wish, str) else wish
        answer = context.request.fetch(
            f"{url}/api/v1{path}", method=method, headers=own, data=body or None
        )
        # A case that is none of a department's is not there for it.
        hidden = user == "urban" and isinstance(wish, str)
        assert answer.status == (404 if hidden else 403), (wish, answer.status, answer.text())
    assert office.get(f"/cases/{case['id']}")["case"]["version"] == case["version"]
    context.close()
