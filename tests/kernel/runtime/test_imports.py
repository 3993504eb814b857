"""Settings and runtime start in a moment because they need neither Flask nor the product's code."""

import subprocess
import sys

CODE = """
import importlib, pkgutil, sys
for name in ("config", "runtime"):
    package = importlib.import_module(f"lunarfront.kernel.{name}")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
print(sorted({"flask", "flask_sqlalchemy", "pluggy", "rq"} & set(sys.modules)))
"""


def test_runtime_needs_no_flask() -> None:
    answer = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"
