"""End what this checkout left running.

`tools/stop.py` ends the product, `tools/stop.py [--unless-used] FOLDER` the database of one data folder.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from huyuan.config import embedded_postgres, supervisor  # noqa: E402  # found through the line above

if __name__ == "__main__":
    *options, folder = sys.argv[1:] or [""]
    data = embedded_postgres.data_folder(Path(folder))
    if not folder:
        supervisor.stop_everything(Path(os.environ.get("HUYUAN_VAR", ROOT / "var")))
    elif "--unless-used" not in options or not embedded_postgres.is_used(data):
        embedded_postgres.stop(data)
