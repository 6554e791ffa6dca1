// Draws figures as bars or lines in the page's own colours; the table under each says the same in words.
/* global echarts */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// Series differ by pattern too, so that nobody has to tell them apart by colour.
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];

function options({ kind, stacked, series, rows }) {
  const words = { color: colour("--tblr-secondary"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14 };
  const line = { lineStyle: { color: colour("--tblr-border-color") } };
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false }, decal: { show: series.length > 1 } },
    color: series.map((one) => colour(one.colour)),
    textStyle: words,
    legend: { show: series.length > 1, bottom: 0, textStyle: words },
    tooltip: { trigger: "axis", renderMode: "richText" },
    grid: { top: 12, left: 8, right: 8, bottom: series.length > 1 ? 40 : 8, containLabel: true },
    xAxis: { type: "category", data: rows.map(([label]) => label), axisLabel: words, axisLine: line, axisTick: { show: false } },
    yAxis: { type: "value", minInterval: 1, axisLabel: words, splitLine: line },
    series: series.map(({ name }, at) => ({
      name, type: kind, stack: stacked ? "all" : undefined, symbol: SYMBOLS[at], symbolSize: 8, barMaxWidth: 40, barCategoryGap: "25%",
      label: { ...words, show: true, position: stacked ? "inside" : "top", color: colour("--tblr-body-color"), backgroundColor: colour("--hy-bar"), padding: [1, 3], borderRadius: 3 },
      data: rows.map(([, values]) => values[at] || null),
    })),
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
