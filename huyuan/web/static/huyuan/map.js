// Draws schools on a map: a base map when one is set up, the county's outline, or plain ground.
/* global L */
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
for (const element of document.querySelectorAll("[data-map]")) {
  const points = JSON.parse(document.getElementById(element.dataset.map).textContent) ?? [];
  const outline = element.dataset.outline && JSON.parse(document.getElementById(element.dataset.outline).textContent);
  const map = L.map(element, { attributionControl: Boolean(element.dataset.tiles), zoomSnap: 0.25, preferCanvas: points.length > 300 });
  if (element.dataset.tiles) L.tileLayer(element.dataset.tiles, { maxZoom: 18 }).addTo(map);
  const shapes = points.map((point) => {
    const color = point.overdue ? "--hy-bad" : point.open ? "--hy-warn" : "--hy-good";
    const marker = L.circleMarker([point.lat, point.lon], {
      radius: point.open ? 9 : 7, color: style("--hy-bar"), weight: 2, fillColor: style(color), fillOpacity: 1,
    });
    marker.bindTooltip(point.open ? `${point.name} · ${point.open}` : point.name);
    if (point.url) marker.on("click", () => { location.href = point.url; });
    return marker;
  });
  if (outline) shapes.unshift(L.geoJSON(outline, { interactive: false, style: { color: style("--tblr-primary"), weight: 2, fillOpacity: 0.06 } }));
  const group = L.featureGroup(shapes);
  // Shapes can be drawn only once the map knows where it looks.
  if (group.getBounds().isValid()) map.fitBounds(group.getBounds().pad(0.08), { maxZoom: 15 });
  group.addTo(map);
}
