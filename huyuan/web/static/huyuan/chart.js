// Draws figures as bars or lines in the page's own colours; the table under each says the same in words.
/* global echarts */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// Series differ by pattern too, so that nobody has to tell them apart by colour.
const COLOURS = ["--tblr-primary", "--hy-warn", "--hy-info", "--hy-bad"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];

function options({ kind, series, rows }) {
  const words = { color: colour("--tblr-secondary"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14 };
  const line = { lineStyle: { color: colour("--tblr-border-color") } };
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false }, decal: { show: series.length > 1 } },
    color: COLOURS.map(colour),
    textStyle: words,
    legend: { show: series.length > 1, bottom: 0, textStyle: words },
    tooltip: { trigger: "axis", renderMode: "richText" },
    grid: { top: 12, left: 8, right: 8, bottom: series.length > 1 ? 40 : 8, containLabel: true },
    xAxis: { type: "category", data: rows.map(([label]) => label), axisLabel: words, axisLine: line, axisTick: { show: false } },
    yAxis: { type: "value", minInterval: 1, axisLabel: words, splitLine: line },
    series: series.map((name, at) => ({ name, type: kind, symbol: SYMBOLS[at], symbolSize: 8, barMaxWidth: 32, data: rows.map(([, values]) => values[at]) })),
  };
}

for (const element of document.querySelectorAll("[data-chart]")) {
  const figures = JSON.parse(document.getElementById(element.dataset.chart).textContent);
  const chart = echarts.init(element, null, { renderer: "svg" });
  const draw = () => chart.setOption(options(figures), true);
  draw();
  document.addEventListener("themechange", draw);
  new ResizeObserver(() => chart.resize()).observe(element);
}
