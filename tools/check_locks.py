"""Lock files pin what is fetched, and never from where: a mirror of the reader's choice must serve.

`--write` takes the advertising addresses out of package-lock.json; without it they are complained of.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"https?://|git\+|\bfile:|--(?:extra-)?index-url|--find-links")
PINNED = re.compile(r"^[a-z0-9._-]+(?:\[[a-z0-9,_-]+\])?==\S+")


def without_addresses(lock: dict) -> dict:
    packages = {
        name: {key: value for key, value in package.items() if key not in {"funding", "resolved"}}
        for name, package in lock["packages"].items()
    }
    return {**lock, "packages": packages}


def complaints_about(name: str, text: str) -> list[str]:
    """Give one sentence for each thing wrong with the lock file `name`."""
    found = [
        f"{name}:{number}: names an address: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        if ADDRESS.search(line)
    ]
    if name.endswith(".txt"):
        found += [
            f"{name}: {entry.split()[0]} has no hash; write the file with ./dev lock"
            for entry in text.replace("\\\n", " ").splitlines()
            if PINNED.match(entry) and "--hash=sha256:" not in entry
        ]
    return found


def main() -> int:
    npm = ROOT / "package-lock.json"
    if "--write" in sys.argv[1:]:
        lock = json.loads(npm.read_text(encoding="utf-8"))
        text = json.dumps(without_addresses(lock), indent=2, ensure_ascii=False) + "\n"
        npm.write_text(text, encoding="utf-8")
    locks = [npm, *sorted((ROOT / "requirements").glob("*.txt"))]
    found = [line for file in locks for line in complaints_about(file.name, file.read_text(encoding="utf-8"))]
    print("\n".join(found) or "The lock files name no address and every package has its hash.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
