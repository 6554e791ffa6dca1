"""A message from outside, read strictly by the standard or refused with its reason."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from huyuan.emergency.cap.alert import Alert
from huyuan.emergency.cap.problems import CapProblem, Reason
from huyuan.emergency.cap.rules import check
from huyuan.emergency.cap.shapes import ALERT, Codec, Part, Shape
from huyuan.emergency.cap.trees import Node, tree_of
from huyuan.emergency.cap.vocabulary import NAMESPACE

SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"


def read_alert(raw: bytes) -> Alert:
    """Read one alert; a signature may stand at its end and proves nothing here."""
    root = tree_of(raw)
    if root.tag != "alert":
        raise CapProblem(Reason.ROOT, root.tag[:40])
    if root.namespace != NAMESPACE:
        raise CapProblem(Reason.NAMESPACE, root.namespace[:80])
    while root.nodes and root.nodes[-1].namespace == SIGNATURE:
        root.nodes.pop()
    alert: Alert = _taken(root, ALERT)
    check(alert)
    return alert


def _taken(node: Node, shape: Shape) -> Any:
    """Fill a dataclass from the elements of a node, which must stand in the order of the standard."""
    waiting, given = deque(node.nodes), {}
    for part in shape.parts:
        values = list(_values(waiting, part))
        if part.needed and not values:
            raise CapProblem(Reason.MISSING, part.tag)
        if part.many:
            given[part.name] = tuple(values)
        elif values:
            given[part.name] = values[0]
    if waiting:
        raise CapProblem(Reason.UNEXPECTED, waiting[0].tag[:40])
    return shape.type(**given)


def _values(waiting: deque[Node], part: Part) -> Iterator[Any]:
    while waiting and waiting[0].tag == part.tag and waiting[0].namespace == NAMESPACE:
        node = waiting.popleft()
        if isinstance(part.of, Codec):
            yield _read(node, part, part.of)
        else:
            yield _taken(node, part.of)
        if not part.many:
            return


def _read(node: Node, part: Part, codec: Codec) -> Any:
    if node.nodes:
        raise CapProblem(Reason.UNEXPECTED, node.nodes[0].tag[:40])
    text = node.text
    if not text and part.needed and not part.blank:
        raise CapProblem(Reason.MISSING, part.tag)
    try:
        return codec.read(text)
    except CapProblem as problem:
        raise CapProblem(problem.reason, f"{part.tag}: {problem.detail[:80]}") from problem
