// Pictures, drawn from the JSON beside them. Loaded only where a page has one.
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

const INK = "#1f1b18";
const GREY = "#5b544e";
const LINE = "#e6e1db";
// dark first, so that the series also differ in black and white; the second is dashed as well
const SERIES = ["#b3261e", "#5b544e", "#c79a4b", "#2a5885", "#8fa39a", "#b5aca3"];
const WIDTHS = ["solid", "dashed", "dotted"];
// the fewer points the darker, so that what is missing stands out, also on a grey print
const HEAT = ["#7c1a14", "#bf5238", "#dd9a68", "#efd3a0", "#e6ecd2", "#cfe4d3"];
const STEPS = [1, 40, 70, 90, 100];
const NARROW = 600;
// the least and the greatest height of a row of a heat map, and what stands above its rows
const ROW = 5;
const ROW_MOST = 44;
const HEAD = 60;

const font = () => getComputedStyle(document.body).fontFamily;

function common() {
  return {
    textStyle: { fontFamily: font(), fontSize: 14, color: INK },
    animation: false,
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: "#ffffff",
      borderColor: LINE,
      textStyle: { fontFamily: font(), fontSize: 14, color: INK, lineHeight: 22 },
    },
    color: SERIES,
  };
}

const axisLabel = { color: GREY, fontSize: 14, fontFamily: "inherit" };

function axes(labels, unit, whole) {
  return {
    xAxis: {
      type: "category",
      data: labels,
      axisLabel: { ...axisLabel, fontFamily: font(), hideOverlap: true },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "#cfc8c0" } },
    },
    yAxis: {
      type: "value",
      name: unit || "",
      nameTextStyle: { color: GREY, fontSize: 14, align: unit?.length > 2 ? "left" : "right" },
      scale: !whole,
      minInterval: whole ? 1 : 0,
      axisLabel: { ...axisLabel, fontFamily: font() },
      splitLine: { lineStyle: { color: LINE } },
      splitNumber: 4,
    },
    grid: { left: 8, right: 16, top: unit ? 36 : 16, bottom: 4, containLabel: true },
  };
}

function legend(series) {
  return series.length > 1 ? { legend: { top: 0, right: 0, textStyle: { color: GREY, fontSize: 14 } } } : {};
}

function trend(data) {
  const several = data.series.length > 1;
  const made = axes(data.labels, data.unit, false);
  if (several) made.grid.top = 40;
  return {
    ...common(),
    ...made,
    ...legend(data.series),
    tooltip: { ...common().tooltip, trigger: "axis" },
    series: data.series.map((one, index) => ({
      type: "line",
      name: one.name,
      data: one.values,
      symbol: index ? "emptyCircle" : "circle",
      symbolSize: 7,
      lineStyle: { width: index ? 1.5 : 2.5, type: WIDTHS[index % 3] },
      connectNulls: false,
    })),
  };
}

function bars(data) {
  const made = axes(data.labels, data.unit, true);
  if (data.series.length > 1) made.grid.top = 40;
  return {
    ...common(),
    ...made,
    ...legend(data.series),
    tooltip: { ...common().tooltip, trigger: "axis", axisPointer: { type: "shadow" } },
    series: data.series.map((one) => ({
      type: "bar",
      name: one.name,
      data: one.values,
      stack: data.stacked ? "all" : undefined,
      barMaxWidth: 36,
    })),
  };
}

function distribution(data) {
  return {
    ...common(),
    ...axes(data.bins, data.unit, true),
    tooltip: { ...common().tooltip, trigger: "axis", axisPointer: { type: "shadow" } },
    series: [
      {
        type: "bar",
        barCategoryGap: "12%",
        barMaxWidth: 72,
        label: { show: true, position: "top", color: GREY, fontSize: 14 },
        data: data.values.map((value, index) => ({
          value,
          itemStyle: { color: index === data.mark ? "#b3261e" : "#b5aca3" },
        })),
      },
    ],
  };
}

function heatmap(data, width, height) {
  const narrow = width < NARROW;
  const cells = [];
  data.values.forEach((row, y) =>
    row.forEach((value, x) => {
      if (value !== null) cells.push([x, y, value]);
    }),
  );
  const means = !narrow && data.columns.some((column) => column.mean !== undefined);
  const nameWidth = narrow ? 84 : 168;
  const roomy = (height - HEAD) / data.rows.length;
  const tip = common().tooltip;
  tip.formatter = ({ value }) =>
    `${data.rows[value[1]].label}\n${data.columns[value[0]].label}\n${value[2]}%`;
  return {
    ...common(),
    tooltip: tip,
    grid: { left: nameWidth, right: 12, top: means ? 54 : 34, bottom: 8 },
    xAxis: {
      type: "category",
      position: "top",
      data: data.columns.map((column) => column.key),
      axisLabel: { ...axisLabel, fontFamily: font(), interval: narrow ? 4 : width < 1000 ? 1 : 0, fontSize: 14, formatter: (key, at) => key.replace(/^S0?/, "") + (means ? `\n${data.columns[at].mean ?? ""}` : "") },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: data.rows.map((row) => row.label),
      axisLabel: {
        ...axisLabel,
        fontFamily: font(),
        width: nameWidth - 12,
        overflow: "truncate",
        interval: Math.max(0, Math.ceil(20 / roomy) - 1),
      },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    visualMap: {
      show: false,
      type: "piecewise",
      dimension: 2,
      pieces: HEAT.map((color, index) => ({ color, gte: STEPS[index - 1] ?? -1, lt: STEPS[index] ?? 1000 })),
    },
    series: [
      {
        type: "heatmap",
        data: cells,
        progressive: 0,
        itemStyle: { borderColor: "#ffffff", borderWidth: roomy > 6 ? 1 : 0 },
        emphasis: { itemStyle: { borderColor: INK, borderWidth: 2 } },
      },
    ],
  };
}

function openCell(data, { value }) {
  if (!data.cell || !value) return;
  const row = data.rows[value[1]];
  const url = data.cell
    .replace("{row}", row.key ?? value[1])
    .replace("{column}", data.columns[value[0]].key ?? value[0]);
  document.dispatchEvent(new CustomEvent("zb:panel", { detail: url }));
}

const KINDS = { trend, bars, distribution, heatmap };

export function draw(figure) {
  const make = KINDS[figure.dataset.chart];
  if (!make) return;
  const data = JSON.parse(document.getElementById(figure.dataset.source).textContent);
  const canvas = figure.querySelector(".zb-chart-canvas");
  figure.classList.add("zb-drawn");
  if (figure.dataset.chart === "heatmap") {
    // many rows make the picture longer, so that each can still be told from the next; few make it lower
    const rows = data.rows.length;
    const height = Math.min(Math.max(canvas.clientHeight, rows * ROW + HEAD), rows * ROW_MOST + HEAD);
    canvas.style.height = `${height}px`;
  }
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  let width = 0;
  const fit = () => {
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    chart.resize();
    chart.setOption(make(data, width, canvas.clientHeight), { notMerge: true });
  };
  new ResizeObserver(fit).observe(canvas);
  fit();
  if (figure.dataset.chart === "heatmap") chart.on("click", (event) => openCell(data, event));
  addEventListener("beforeprint", () => chart.resize());
}
