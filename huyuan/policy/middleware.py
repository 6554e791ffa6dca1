"""Every request that entered something is counted for the organisation it was entered from."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from huyuan.common.effort import listening
from huyuan.common.reach import Reach
from huyuan.policy.efforts.recording import add_efforts

Answer = Callable[[HttpRequest], HttpResponse]
REFUSED = 400

log = logging.getLogger(__name__)


def count_effort(answer: Answer) -> Answer:
    """Count what was entered once the answer is known; what was refused counts nothing."""

    def respond(request: HttpRequest) -> HttpResponse:
        with listening() as heard:
            response = answer(request)
        reach: Reach | None = getattr(request, "reach", None)
        if not heard or reach is None or response.status_code >= REFUSED:
            return response
        costs = [cost for entry in heard if (cost := entry.cost()) is not None]
        try:
            with transaction.atomic():
                add_efforts(costs=costs, by=reach, now=timezone.now())
        except DatabaseError:
            # What was entered is kept; that it is not counted harms nobody.
            log.warning("what a request cost was not counted", exc_info=True)
        return response

    return respond
