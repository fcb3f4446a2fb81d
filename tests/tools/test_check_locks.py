"""The linter of the lock files, with good and bad lines."""

from tools.check_locks import complaints_about, without_addresses

GOOD = "django==5.2.19 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\ncffi==2.1.1 ; python_version < '4' \\\n    --hash=sha256:cc\n"


def test_good_lines():
    assert complaints_about("base.txt", GOOD) == []
    assert complaints_about("package-lock.json", '{"integrity": "sha512-x"}') == []


def test_bad_lines():
    text = "--index-url https://a.example\ndjango==5.2.19\n"
    assert complaints_about("base.txt", text) == [
        "base.txt:1: names an address: --index-url https://a.example",
        "base.txt: django==5.2.19 has no hash; write the file with ./dev lock",
    ]


def test_addresses_are_taken_out():
    lock = {"packages": {"a": {"version": "1", "resolved": "x", "funding": {"url": "y"}}}}
    assert without_addresses(lock) == {"packages": {"a": {"version": "1"}}}
