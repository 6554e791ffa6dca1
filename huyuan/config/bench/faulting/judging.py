"""Whether what came of an act in a trouble is what was written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from huyuan.config.bench.faulting.outcomes import Act, Outcome, Trouble

MEANWHILE, HELD_WITHIN, RECOVERY = 5.0, 3.0, 15.0
NO_WAY_OUT = (Trouble.DNS_DEAD, Trouble.GATEWAY_5XX, Trouble.GATEWAY_HANGING)
CLOCKS = (Trouble.CLOCK_AHEAD, Trouble.CLOCK_BEHIND)
DONE = {
    Act.PRESS: "pressed",
    Act.PANEL: "panelled",
    Act.ACKNOWLEDGE: "seen",
    Act.ESCALATE: "called_next",
    Act.CLOSE: "ended",
}
PAGED = {Act.PRESS: "press_paged", Act.PANEL: "panel_paged", Act.ESCALATE: "next_paged"}


@dataclass
class Seen:
    """What was seen of one trouble: when it began, began to end and ended, when what became true, what each child said."""

    began: float
    due: float
    ending: float | None = None
    ended: float | None = None
    true_at: dict[str, float] = field(default_factory=dict)
    stays: dict[str, bool] = field(default_factory=dict)
    words: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    caught_up: bool = True

    def phone(self, act: Act) -> dict[str, Any]:
        """What a phone was told; nothing when it was never answered to its content."""
        return next((word for word in self.words.get(act.value, []) if "answers" in word), {})


def judged(trouble: Trouble, act: Act, outcome: Outcome, seen: Seen) -> dict[str, Any]:
    """One cell: what was written, whether it came so, and what was wrong."""
    wrong = list(wrongs(trouble, act, outcome, seen))
    done = seen.true_at.get(DONE[act])
    paged = seen.true_at.get(PAGED.get(act, ""))
    since = started(act, seen) if outcome.meanwhile else seen.ended or seen.began
    answers = [f"{status} {word}".strip() for _at, status, word in seen.phone(act).get("answers", [])]
    taps = [word["tap"] for word in seen.words.get(act.value, []) if "tap" in word]
    return {
        "trouble": trouble.value, "act": act.value, "expected": outcome.words, "met": not wrong, "wrong": wrong,
        "seconds": None if done is None else round(max(0.0, done - since), 2),
        "pages_after_the_act": None if paged is None else round(paged - started(act, seen), 2), "answers": answers or taps,
    }  # fmt: skip


def started(act: Act, seen: Seen) -> float:
    """When an act was asked for; the next person is due at a moment of the database's."""
    return seen.due if act is Act.ESCALATE else seen.began


def wrongs(trouble: Trouble, act: Act, outcome: Outcome, seen: Seen) -> Iterator[str]:
    """Everything that is not as it was written."""
    ended = seen.ended or seen.began
    limit = started(act, seen) + MEANWHILE if outcome.meanwhile else ended + RECOVERY
    for name, until in ((DONE[act], limit), (PAGED.get(act), ended + RECOVERY)):
        if name is None:
            continue
        if name not in seen.true_at:
            yield f"{name}: never"
        elif seen.true_at[name] > until:
            yield f"{name}: {seen.true_at[name] - until:.1f} s too late"
        elif not seen.stays.get(name):
            yield f"{name}: not any more a second later, so that something came twice or went"
    if trouble in NO_WAY_OUT and seen.true_at.get(PAGED.get(act, ""), ended) < (seen.ending or ended):
        yield "the pages went out although there was no way: the trouble did not take hold"
    if act in (Act.PRESS, Act.CLOSE):
        yield from phone_wrongs(trouble, act, outcome, seen)
    if act is Act.PANEL:
        yield from panel_wrongs(trouble, seen)
    if act is Act.PRESS and trouble in CLOCKS and not seen.stays.get("in_time"):
        yield "its time or its clocks are not the database's"
    if act is Act.ESCALATE and trouble in CLOCKS and not seen.stays.get("when_due"):
        yield "not at the database's time"
    if not seen.caught_up:
        yield "the stream did not catch up"


def phone_wrongs(trouble: Trouble, act: Act, outcome: Outcome, seen: Seen) -> Iterator[str]:
    """What the phone was told and should not have been, or the other way round."""
    word = seen.phone(act)
    if not word.get("stored"):
        yield "the phone was never told that it is stored"
        return
    first_at, status, state = word["answers"][0]
    told_at = word["began"] + word["answers"][-1][0]
    if outcome.held and (status != 202 or state != "held" or first_at > HELD_WITHIN):
        yield f"the first answer was {status} {state} after {first_at:.1f} s, not “held”"
    if outcome.held and told_at < (seen.ending or 0.0):
        yield "told that it is stored while the database was away"
    if outcome.meanwhile and told_at > seen.began + MEANWHILE:
        yield f"told that it is stored only after {told_at - seen.began:.1f} s"
    if trouble is Trouble.DISK_FULL and any(answer[2] == "held" for answer in word["answers"]):
        yield "answered as held although no disk holds it"


def panel_wrongs(trouble: Trouble, seen: Seen) -> Iterator[str]:
    """What the panel was answered and should not have been, or the other way round."""
    acknowledged = next((word for word in seen.words.get(Act.PANEL.value, []) if "stored" in word), None)
    if acknowledged is None:
        yield "the panel was never acknowledged"
    elif not acknowledged["stored"]:
        yield "ACK before it was stored"
    elif trouble is Trouble.DATABASE_DOWN and acknowledged["at"] < (seen.ending or 0.0):
        yield "ACK while the database was away"
    if any(
        word.get("tap") not in ("no answer", "ACK") for word in seen.words.get(Act.PANEL.value, []) if "tap" in word
    ):
        yield "answered with something else than ACK"
