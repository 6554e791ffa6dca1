"""The base map is let through the content security policy, and nothing wider."""

import pytest

from huyuan.web.middleware import tile_source


@pytest.mark.parametrize(
    ("tiles", "source"),
    [
        ("", ""),
        ("/tiles/{z}/{x}/{y}.png", ""),
        ("https://tiles.example.cn/{z}/{x}/{y}.png", "https://tiles.example.cn"),
        ("https://t{s:01234567}.tianditu.gov.cn/vec_w/wmts?x={x}&y={y}&l={z}", "https://*.tianditu.gov.cn"),
        ("https://{s}.tile.example.org:8443/{z}/{x}/{y}.png", "https://*.tile.example.org:8443"),
    ],
)
def test_the_hosts_of_the_base_map_are_named(client, db, settings, tiles, source):
    settings.TILES = tiles
    assert tile_source() == source
    assert f"blob: {source};" in client.get("/healthz").headers["Content-Security-Policy"]
