"""The pages around the REST interface speak of rights and operations in words."""

from django.urls import reverse

from huyuan.api.forms import RIGHT_NAMES
from huyuan.common.reach import Permission


def shown(client, path):
    return client.get(path).content.decode()


def test_every_right_is_said_in_words(cast, sign_in):
    assert set(RIGHT_NAMES) == set(Permission)
    page = shown(sign_in(cast.head), reverse("api:tokens"))
    assert "上报整改" in page and "hazard:rectify</small>" in page
    assert "下达整改" not in page


def test_the_page_of_the_interface_speaks_the_readers_language(cast, sign_in):
    page = shown(sign_in(cast.head), reverse("api:description"))
    assert "责令学校整改。" in page and "Order the school" not in page
