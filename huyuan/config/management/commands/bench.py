"""`manage.py bench WHAT [--json]`: measure, and print JSON with n, versions and medians."""

import json
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from huyuan.config.bench import alarm, cut, devices, imports, ledger, memory, screens, standing, start, streams
from huyuan.config.bench.database import own_database

# Schools whose screens are watched in `bench screens`.
SCREENS = 50


class Command(BaseCommand):
    """Run one benchmark in a database of its own."""

    help = (
        "ledger: pages at 10,000 and 1,000,000 hazards; import: rows a second against django-import-export; "
        "start: seconds until the address is printed, and until all has ended; "
        "standing: judging 200, 2,000 and 20,000 schools by every measure, and one record's touch; "
        "devices: panels that fall silent, from the missed interval until they are shown; "
        "alarm: from a press to the last receiver told, and the same with Alertmanager; "
        "screens: from a press until it stands on the screens of police and schools, all alarms left open; "
        "cut: one of two alarm engines is stopped in the middle, again and again; "
        "streams: from an entry in a log to the last of so many signed-in streams on one process; "
        "memory: what each process of the product and its database hold"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the benchmark and its sizes."""
        choices = ["ledger", "import", "start", "standing", "devices", "alarm", "cut", "screens", "streams", "memory"]
        parser.add_argument("what", choices=choices)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--schools", type=int, nargs="+", default=[200, 2_000, 20_000])
        parser.add_argument("--hazards", type=int, nargs="+", default=[10_000, 1_000_000])
        parser.add_argument("--devices", type=int, default=300)
        parser.add_argument("--rows", type=int, default=20_000)
        parser.add_argument("--runs", type=int, default=20)
        parser.add_argument("--receivers", type=int, default=20)
        parser.add_argument("--alarms", type=int, default=200)
        parser.add_argument(
            "--seconds", type=float, help="alarm: all within so long (10); devices: reporting so long (90)"
        )
        parser.add_argument("--burst", action="store_true", help="all alarms at once")
        parser.add_argument("--against", choices=["alertmanager"])
        parser.add_argument("--clients", type=int, default=2_000)
        parser.add_argument("--side", choices=imports.SIDES, help=SUPPRESS)
        parser.add_argument("--file", type=Path, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        if options["side"]:
            with own_database():
                result = imports.bring_in(options["side"], options["file"])
            self.stdout.write(json.dumps(result))
            return
        if options["what"] == "ledger":
            result = ledger.run(options["schools"], options["hazards"], options["runs"])
        elif options["what"] == "standing":
            result = standing.run(options["schools"], options["runs"])
        elif options["what"] == "devices":
            result = devices.run(options["devices"], int(options["seconds"] or 90))
        elif options["what"] == "alarm":
            names = ("receivers", "alarms", "seconds", "burst", "against")
            result = alarm.run(**{name: options[name] for name in names} | {"seconds": options["seconds"] or 10.0})
        elif options["what"] == "screens":
            result = screens.run(options["alarms"], options["seconds"] or 60.0, min(options["alarms"], SCREENS))
        elif options["what"] == "cut":
            result = cut.run(options["receivers"], options["runs"])
        elif options["what"] == "streams":
            result = streams.run(options["clients"], options["runs"])
        elif options["what"] == "memory":
            result = memory.run(start.STREAMS)
        elif options["what"] == "start":
            result = start.run(min(options["runs"], 5))
        else:
            result = imports.run(options["rows"], min(options["runs"], 5))
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=None if options["json"] else 1))
