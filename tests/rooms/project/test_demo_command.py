"""`zhibu demo`: what it prints, and what it refuses. What it builds is looked at in test_demo.py."""

import stat

import pytest

from tests import prepared
from tests.rooms.project.installed import run, well
from zhibu.accounts.models import User
from zhibu.project.management.commands import demo
from zhibu.project.spoken import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ZHIBU_HOME = tmp_path
    return tmp_path


def test_an_empty_installation_gets_its_first_account(zhibu, home):
    said = zhibu("demo", "--empty", "--json")
    assert (said.code, said.err) == (0, "")
    (account,) = said.json
    assert {key: account[key] for key in ("username", "where")} == {"username": "admin", "where": ""}
    assert User.objects.get().check_password(account["password"])
    assert list(home.iterdir()) == [], "a real installation keeps no password in a file"


def test_a_company_and_its_sign_ins(zhibu, home):
    said = zhibu("demo", "--branches", 3, "--json")
    assert (said.code, said.err) == (0, "")
    accounts = {each["username"]: each["password"] for each in said.json}
    assert {"jituan", "shuji", "admin"} <= set(accounts)
    assert all(User.objects.get(username=name).check_password(word) for name, word in accounts.items())
    kept = home / "sign-ins.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert all(word in kept.read_text("utf-8") for word in accounts.values())


@pytest.mark.slow
@pytest.mark.parametrize("today", ["2027-01-01", pytest.param("2027-07-02", marks=pytest.mark.release)])
def test_on_the_first_days_of_a_quarter(tmp_path, today):
    """What the acts take once a quarter, or of who was a member then, depends on the day."""
    prepared.install(tmp_path / "made")
    well(run(tmp_path / "made", "demo", "--branches", 3, ZHIBU_TODAY=today))


@pytest.mark.release
def test_at_full_size(tmp_path):
    """As `./dev up` makes it."""
    prepared.install(tmp_path / "made")
    well(run(tmp_path / "made", "demo"))


def test_never_over_what_is_there(zhibu):
    User.objects.create_user("somebody")
    for words in ((), ("--empty",)):
        said = zhibu("demo", *words, "--json")
        assert (said.code, said.out, said.error["code"]) == (3, "", "demo_not_empty")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "words", [("--branches", 0), ("--branches", 20001), ("--branches", "many"), ("--seed", "x"), ("here",)]
)
def test_a_command_written_wrong(zhibu, words):
    said = zhibu("demo", *words, "--json")
    assert (said.code, said.out) == (2, "")
    assert User.objects.count() == 0


def test_a_password_of_ones_own(zhibu, monkeypatch):
    monkeypatch.setenv("ZHIBU_DEMO_PASSWORD", "Kuangshan-2026")
    assert zhibu("demo", "--empty", "--ask-password", "--json").json[0]["password"] == "Kuangshan-2026"
    monkeypatch.setenv("ZHIBU_DEMO_PASSWORD", "short")
    with pytest.raises(Fault, match="demo_password"):
        demo.chosen_password()
    monkeypatch.delenv("ZHIBU_DEMO_PASSWORD")
    typed = iter(["Kuangshan-2026", "Kuangshan-2027"])
    monkeypatch.setattr(demo, "getpass", lambda prompt: next(typed))
    with pytest.raises(Fault, match="两次输入不一样"):
        demo.chosen_password()
