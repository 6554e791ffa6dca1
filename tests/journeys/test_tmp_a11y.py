import pytest
from tests.journeys.test_accessibility import *  # noqa
NAMES = ("emergency:press","emergency:press_exercise","emergency:press_shell","emergency:call","people:account","web:school")
@pytest.mark.browser
def test_mine(visitors, page, scene):
    wrong = {}
    mine = [a for a in all_addresses() if a.name in NAMES]
    found = distinct(renderings(scene, mine))
    print(len(found), [str(f) for f in found])
    for rendering in found:
        for problem in look(page, visitors.address, rendering):
            wrong.setdefault(problem, []).append(rendering)
    page.set_viewport_size(PHONE)
    for rendering in one_of_each(scene, mine, "en"):
        shown(page, visitors.address, rendering)
        for problem in basics(page, "en") + problems(page, EVERYTHING) + width(page):
            wrong.setdefault("en " + problem, []).append(rendering)
    assert not wrong, told(wrong)
