// The front end of Zhibu. Every page works without it; it makes pages quicker.
import "./main.css";
import htmx from "htmx.org";
import { startForms } from "./forms.js";
import { startPeople } from "./people.js";
import { startPanel } from "./panel.js";
import { startTables } from "./tables.js";
import { startWaiting } from "./waiting.js";
import { startZones } from "./zones.js";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.csrf;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

function startMenus() {
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
    if (!event.target.closest(".zb-switch")) document.getElementById("zb-switch-found")?.replaceChildren();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    document.getElementById("zb-switch-found")?.replaceChildren();
  });
  // down from the search box into what was found
  document.querySelector(".zb-switch")?.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [event.currentTarget.querySelector("input"), ...event.currentTarget.querySelectorAll(".zb-found a")];
    const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    stops[next]?.focus();
    event.preventDefault();
  });
}

function startPrinting() {
  // a picture's table and other folded parts belong on the paper
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open]):not([data-menu])")];
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
}

async function startCharts(root) {
  const figures = root.querySelectorAll("[data-chart]:not(.zb-drawn)");
  if (!figures.length) return;
  const { draw } = await import("./charts.js");
  for (const figure of figures) draw(figure);
}

function begin(root) {
  startPeople(root);
  startForms(root);
  startWaiting(root, htmx);
  startTables(root);
  startCharts(root);
  // but not away from the field in which somebody types already
  if (root !== document || document.activeElement === document.body) root.querySelector("[data-focus]")?.focus();
}

function startReloading() {
  // a screen nobody touches, such as that of a meeting room
  const screen = document.querySelector("[data-reload]");
  if (screen) setTimeout(() => location.reload(), 1000 * Number(screen.dataset.reload));
}

startMenus();
startPrinting();
startReloading();
startPanel(htmx);
startZones();
begin(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) begin(event.detail.elt);
});
