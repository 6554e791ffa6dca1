"""End what this checkout left running: `tools/stop.py` the product, `tools/stop.py FOLDER` the database of one data folder."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from huyuan.config import embedded_postgres, supervisor  # noqa: E402  # found through the line above

if __name__ == "__main__":
    if len(sys.argv) > 1:
        embedded_postgres.stop(embedded_postgres.data_folder(Path(sys.argv[1])))
    else:
        supervisor.stop_everything(Path(os.environ.get("HUYUAN_VAR", ROOT / "var")))
