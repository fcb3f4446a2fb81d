"""The core runs with Django uninstalled: nothing it imports comes from outside the standard library."""

import subprocess
import sys

HIDE = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "yaml", "duckdb", "pyarrow"}:
            raise ImportError(name)
sys.meta_path.insert(0, Hidden())
import importlib, pkgutil
import zhibu.core
for each in pkgutil.walk_packages(zhibu.core.__path__, "zhibu.core."):
    importlib.import_module(each.name)
"""


def test_the_core_imports_without_anything_installed():
    done = subprocess.run([sys.executable, "-c", HIDE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
