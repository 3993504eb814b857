"""The benchmarks are programs beside the product; their modules are imported as the programs import them."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
