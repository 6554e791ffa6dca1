"""Loaded by pytest before Django: tests have a data folder and a database server of their own."""

import os
from pathlib import Path

from huyuan.config import embedded_postgres

ROOT = Path(__file__).resolve().parent.parent

os.environ["DJANGO_SETTINGS_MODULE"] = "huyuan.config.settings"
VAR = Path(os.environ.setdefault("HUYUAN_VAR", str(ROOT / "var" / "test")))
if "DATABASE_URL" not in os.environ:
    server = embedded_postgres.ensure_running(VAR / "postgres", durable=False)
    embedded_postgres.ensure_database(server, "huyuan")
    os.environ["DATABASE_URL"] = server.url("huyuan_app", "huyuan")
    os.environ["DATABASE_OWNER_URL"] = server.url("huyuan_owner", "huyuan")
