// Lets a school mark its assembly points: choose a point by its name, tap the map where it lies.
/* global L */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const field = (point, what) => document.querySelector(`[name="point_${point}_${what}"]`);
const POINTS = [1, 2];
const NEAR = 16;

for (const element of document.querySelectorAll("[data-assembly]")) {
  const { lon, lat, tiles, school } = element.dataset;
  const map = L.map(element, { attributionControl: Boolean(tiles), preferCanvas: true }).setView([lat, lon], NEAR);
  if (tiles) L.tileLayer(tiles.replace(/\{s:\w+\}/, "{s}"), { subdomains: /\{s:(\w+)\}/.exec(tiles)?.[1] ?? "abc", maxZoom: 18 }).addTo(map);
  L.circleMarker([lat, lon], { radius: 7, color: colour("--tblr-primary"), fillOpacity: 0.8 }).bindTooltip(school).addTo(map);
  const marks = {};
  let chosen = 1;
  const draw = (point) => {
    marks[point]?.remove();
    const [x, y] = [field(point, "lon").value, field(point, "lat").value];
    if (!x || !y) return;
    marks[point] = L.circleMarker([y, x], { radius: 9, color: colour("--hy-good"), fillOpacity: 0.9 });
    marks[point].bindTooltip(() => field(point, "name").value || String(point), { permanent: true }).addTo(map);
  };
  for (const point of POINTS) {
    draw(point);
    field(point, "name").addEventListener("focus", () => { chosen = point; });
    field(point, "name").addEventListener("change", () => draw(point));
  }
  map.on("click", ({ latlng }) => {
    field(chosen, "lon").value = latlng.lng.toFixed(6);
    field(chosen, "lat").value = latlng.lat.toFixed(6);
    draw(chosen);
  });
}
