// Draws schools on a map: a base map when one is set up, the county's outline, or plain ground.
/* global L */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const read = (id) => id && JSON.parse(document.getElementById(id).textContent);
const LOOKS = {
  overdue: { radius: 12, fill: "--hy-bad" },
  open: { radius: 9, fill: "--hy-warn" },
  quiet: { radius: 6, fill: "--hy-good" },
  // What is open at a school is not said to this reader; that is not the same as nothing.
  unsaid: { radius: 7, fill: "--tblr-primary" },
};
const stateOf = ({ open, overdue }) => (open === undefined ? "unsaid" : overdue ? "overdue" : open ? "open" : "quiet");

function look(point) {
  const { radius, fill } = LOOKS[stateOf(point)];
  return { radius, fillColor: colour(fill), color: colour("--hy-bar"), weight: 2, fillOpacity: 1 };
}

function card(point, words) {
  const box = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = point.name;
  const state = document.createElement("p");
  if (point.open) state.textContent = `${words.open} ${point.open}${point.overdue ? ` · ${words.overdue} ${point.overdue}` : ""}`;
  else if (point.open === 0) state.textContent = words.none;
  const link = document.createElement("a");
  link.className = "btn btn-primary w-100";
  link.href = point.url;
  link.textContent = words.show;
  box.append(name, state, link);
  return box;
}

function marker(point, words) {
  const shape = L.circleMarker([point.lat, point.lon], look(point)).bindTooltip(point.name);
  if (point.url) shape.bindPopup(() => card(point, words), { minWidth: 180 });
  return shape;
}

// The names of the hosts stand in the address itself, as t{s:01234567}.example.cn.
function baseMap(template) {
  const subdomains = /\{s:(\w+)\}/.exec(template)?.[1] ?? "abc";
  return L.tileLayer(template.replace(/\{s:\w+\}/, "{s}"), { subdomains, maxZoom: 18 });
}

for (const element of document.querySelectorAll("[data-map]")) {
  const words = element.dataset;
  const points = read(words.map) ?? [];
  const outline = read(words.outline);
  const map = L.map(element, { attributionControl: Boolean(words.tiles), zoomControl: false, zoomSnap: 0.25, preferCanvas: points.length > 300 });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  if (words.tiles) baseMap(words.tiles).addTo(map);
  const ground = () => ({ color: colour("--tblr-primary"), weight: 2, fillColor: colour("--hy-land"), fillOpacity: words.tiles ? 0.1 : 1 });
  const area = outline && L.geoJSON(outline, { interactive: false, style: ground });
  const shapes = points.map((point) => marker(point, words));
  const group = L.featureGroup(area ? [area, ...shapes] : shapes);
  // Shapes can be drawn only once the map knows where it looks: at the whole county, or at the reader's own schools.
  const whole = "whole" in words || !points.length;
  const bounds = (whole ? group : L.featureGroup(shapes)).getBounds();
  // Without a base map nothing but the schools tells where one is: not so near that there are only two or three.
  const nearest = words.tiles || !area ? 14 : map.getBoundsZoom(area.getBounds()) + 3;
  if (bounds.isValid()) map.fitBounds(bounds.pad(whole ? 0.05 : 0.2), { maxZoom: nearest });
  group.addTo(map);
  document.addEventListener("themechange", () => {
    area?.setStyle(ground());
    shapes.forEach((shape, at) => shape.setStyle(look(points[at])));
  });
}
