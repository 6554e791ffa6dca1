// Draws an incident, or all of a county, on a map: schools as quiet points, alarms as marks that nobody overlooks.
/* global L */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const read = (id) => id && document.getElementById(id) && JSON.parse(document.getElementById(id).textContent);
const ALARMS = ["real", "exercise", "test", "alarm"];
const SIDES = { right: [1, 0], left: [-1, 0], top: [0, -1], bottom: [0, 1] };
// Who was called from a place, who is coming, who is there.
const WAYS = { called: { weight: 2, dashArray: "1 7" }, on_way: { weight: 4, dashArray: "8 8" }, arrived: { weight: 4 } };

function baseMap(template) {
  const subdomains = /\{s:(\w+)\}/.exec(template)?.[1] ?? "abc";
  return L.tileLayer(template.replace(/\{s:\w+\}/, "{s}"), { subdomains, maxZoom: 18 });
}

// A name is words, whatever stands in it.
function plain(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}

function town(name) {
  return L.divIcon({ className: "hy-mark-town", iconSize: [0, 0], html: plain(name) });
}

// A name that can be set on any side of its shape, so many pixels away.
function named(shape, text, distance, className) {
  shape.say = (side) => shape.unbindTooltip().bindTooltip(plain(text), { permanent: true, direction: side, offset: SIDES[side].map((way) => way * distance), className });
  shape.say("right");
  return shape;
}

function comer({ kind, state, name, words, lat, lon }, goal) {
  const fill = colour(kind === "police" ? "--hy-info" : "--tblr-primary");
  const spot = L.circleMarker([lat, lon], { radius: 8, color: colour("--hy-bar"), weight: 2, fillColor: fill, fillOpacity: 1 });
  const shapes = [named(spot, words ? `${name} ${words}` : name, 10, "hy-mark-name hy-mark-name-comer")];
  if (goal) shapes.unshift(L.polyline([[lat, lon], [goal.lat, goal.lon]], { color: fill, interactive: false, ...WAYS[state] }));
  return shapes;
}

function mark({ kind, name, words, lat, lon, url }, dark, small) {
  if (kind === "town") return L.marker([lat, lon], { icon: town(name), interactive: false, keyboard: false, zIndexOffset: -1000 });
  if (!ALARMS.includes(kind)) {
    const look = kind === "school" ? { radius: dark ? 4 : 3, fillColor: dark ? "#6f90a8" : colour("--hy-edge") } : { radius: 7, fillColor: dark ? "#3fb8a8" : colour("--tblr-primary") };
    return L.circleMarker([lat, lon], { ...look, stroke: false, fillOpacity: 1 }).bindTooltip(plain(name));
  }
  const icon = L.divIcon({ className: `hy-mark hy-mark-${kind}`, iconSize: [34, 34], html: "<span></span>" });
  const shape = L.marker([lat, lon], { icon, title: name, zIndexOffset: kind === "real" ? 1000 : 500 });
  if (url) shape.on("click", () => { location.href = url; });
  return named(shape, !words ? name : small ? words : `${words} · ${name}`, 18, `hy-mark-name hy-mark-name-${kind}`);
}

// Names stand on the side where they cover no other and are not cut by the edge.
function spread(shapes, element) {
  const frame = element.getBoundingClientRect();
  const taken = [];
  const cover = (one, other) => Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) * Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));
  const named = shapes.getLayers().filter((shape) => shape.say && shape.getElement());
  for (const one of [...named.map((shape) => shape.getElement()), ...element.querySelectorAll(".leaflet-control")]) taken.push(one.getBoundingClientRect());
  for (const shape of named) {
    const tries = Object.keys(SIDES).map((side) => {
      shape.say(side);
      const box = shape.getTooltip().getElement().getBoundingClientRect();
      return { side, box, cost: taken.reduce((sum, other) => sum + cover(box, other), 0) + 2 * (box.width * box.height - cover(box, frame)) };
    });
    const best = tries.reduce((one, other) => (other.cost < one.cost ? other : one));
    shape.say(best.side);
    taken.push(best.box);
  }
}

for (const element of document.querySelectorAll("[data-incident-map]")) {
  const { incidentMap: source, outline: area, tiles, zoomIn, zoomOut } = element.dataset;
  const dark = "wall" in element.dataset;
  const map = L.map(element, { attributionControl: Boolean(tiles), zoomControl: false, zoomSnap: 0.25 });
  if (!dark) L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  if (tiles) baseMap(tiles).addTo(map);
  const ground = () => dark ? { color: "#2f6f86", weight: 2, fillColor: "#0d2230", fillOpacity: 1 } : { color: colour("--tblr-primary"), weight: 2, fillColor: colour("--hy-land"), fillOpacity: tiles ? 0.1 : 1 };
  const land = read(area) && L.geoJSON(read(area), { interactive: false, style: ground });
  const shapes = L.featureGroup();
  let drawn = "";
  const draw = () => {
    const points = read(source) ?? [];
    if (JSON.stringify(points) === drawn) return;
    drawn = JSON.stringify(points);
    shapes.clearLayers();
    const goal = points.find(({ kind }) => kind === "alarm");
    for (const point of points) for (const shape of point.state ? comer(point, goal) : [mark(point, dark, element.clientWidth < 500)]) shapes.addLayer(shape);
    // Who is called later may come from beyond what is shown.
    if (map.getZoom() !== undefined && !dark && !map.getBounds().contains(shapes.getBounds())) map.fitBounds(shapes.getBounds().pad(0.3), { maxZoom: nearest() });
    spread(shapes, element);
  };
  // A lone school is shown where it lies in its county; with those who come to it, their ways are.
  const nearest = () => tiles || !land || shapes.getLayers().length > 1 ? 15 : map.getBoundsZoom(land.getBounds()) + 3;
  draw();
  const all = L.featureGroup(land ? [land, shapes] : [shapes]);
  const wanted = dark || !shapes.getLayers().length ? all.getBounds() : shapes.getBounds();
  if (wanted.isValid()) map.fitBounds(wanted.pad(dark ? 0.06 : 0.3), { maxZoom: nearest() });
  else map.setView([28.9, 115.5], 10);
  all.addTo(map);
  spread(shapes, element);
  map.on("zoomend", () => spread(shapes, element));
  document.addEventListener("liveupdate", draw);
  document.addEventListener("themechange", () => { land?.setStyle(ground()); drawn = ""; draw(); });
}
