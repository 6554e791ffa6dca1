"""XML from strangers as a small tree: no document type, no entities, nothing fetched, bounded in size and depth."""

from dataclasses import dataclass, field
from xml.parsers import expat

from huyuan.emergency.cap.problems import CapProblem, Reason

LARGEST = 512 * 1024
DEEPEST = 8
MOST = 20_000


@dataclass(slots=True)
class Node:
    """One element with its text and its elements."""

    namespace: str
    tag: str
    nodes: list["Node"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text without the space around it."""
        return "".join(self.words).strip()


class _Growing:
    """Hears what the parser finds and lets the tree grow within its bounds."""

    def __init__(self) -> None:
        self.top = Node("", "")
        self.open = [self.top]
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) > DEEPEST or self.count > MOST:
            raise CapProblem(Reason.DEEP)
        namespace, _, tag = name.rpartition(" ")
        node = Node(namespace, tag)
        self.open[-1].nodes.append(node)
        self.open.append(node)

    def end(self, name: str) -> None:
        self.open.pop()

    def words(self, text: str) -> None:
        self.open[-1].words.append(text)

    def doctype(self, *declared: object) -> None:
        raise CapProblem(Reason.DOCTYPE)


def tree_of(raw: bytes) -> Node:
    """Read the one element of a document; a document type is refused before anything in it is looked at."""
    if len(raw) > LARGEST:
        raise CapProblem(Reason.SIZE, str(LARGEST // 1024))
    if not raw.strip():
        raise CapProblem(Reason.EMPTY)
    growing, parser = _Growing(), expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = growing.start
    parser.EndElementHandler = growing.end
    parser.CharacterDataHandler = growing.words
    parser.StartDoctypeDeclHandler = growing.doctype
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise CapProblem(Reason.NOT_XML, str(error)) from error
    return growing.top.nodes[0]
