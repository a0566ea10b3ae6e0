"""Make the example that ships with the verifier anew: the demo's story, and the three files that its borrower gets.

python scripts/example_history.py
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src" / "shouxin" / "verify" / "example"


def main() -> None:
    """Tell the story in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        words = [sys.executable, "-m", "shouxin", "demo", "--json", "--data-dir", f"{scratch}/lender"]
        told = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        TARGET.mkdir(exist_ok=True)
        for name in ("bundle", "trust", "person"):
            made = Path(told[name])
            shutil.copyfile(made, TARGET / made.name)


if __name__ == "__main__":
    main()
