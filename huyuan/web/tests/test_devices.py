import pytest

from huyuan.web.templatetags.devices import device

WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("user_agent", "words", "icon"),
    [
        (WECHAT, "微信 · Android", "device-mobile"),
        (EDGE, "Edge · Windows", "device-desktop"),
        (PHONE, "Safari · iPhone", "device-mobile"),
        ("curl/8.5.0", "未知设备", "device-desktop"),
    ],
)
def test_a_device_is_named_in_words_people_use(user_agent, words, icon):
    seen = device(user_agent)
    assert (str(seen), seen.icon) == (words, icon)
