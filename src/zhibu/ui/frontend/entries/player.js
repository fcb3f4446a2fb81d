// A screen: slides in turn, asked for anew each minute; when the network is away, what there is goes on.

const EVERY = 60_000;
const ZONE = "Asia/Shanghai";
const slides = document.getElementById("slides");
const state = document.querySelector(".sc-state");
const clock = document.querySelector(".sc-clock");
let ahead = 0; // milliseconds by which the server's clock is ahead of the player's
let at = -1;
let turn = 0;

/** The day where the screen hangs, by the server's clock as far as it is known. */
function today() {
  // a demonstration lives on a day of its own
  if (document.body.dataset.day) return document.body.dataset.day;
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(Date.now() + ahead);
}

function tell() {
  const form = { timeZone: ZONE, month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false };
  clock.textContent = new Intl.DateTimeFormat(document.documentElement.lang, form).format(Date.now() + ahead);
}

/** Long enough to be read by someone who walks past. */
function length(slide) {
  return 7_000 + 160 * slide.textContent.trim().length;
}

function next() {
  clearTimeout(turn);
  const day = today();
  // a player that is cut off takes down by itself what is over
  for (const each of slides.querySelectorAll("[data-until]")) if (each.dataset.until < day) each.remove();
  const all = [...slides.children];
  if (all.length === 0) return;
  at = (at + 1) % all.length;
  all.forEach((each, place) => each.classList.toggle("sc-now", place === at));
  turn = setTimeout(next, length(all[at]));
}

async function ask() {
  try {
    const answer = await fetch(location.href, { cache: "no-cache", credentials: "omit" });
    const told = Date.parse(answer.headers.get("Date") ?? "");
    if (told) ahead = told - Date.now();
    if (answer.status === 404) {
      document.body.classList.add("sc-dark");
      state.textContent = "";
      document.querySelector(".sc-top h1").textContent = document.body.dataset.gone;
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    document.body.classList.remove("sc-dark");
    state.textContent = "";
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    state.textContent = document.body.dataset.cut;
  }
}

/** Put what came in the place of what is there, if it is different; the rotation goes on where it was. */
function take(page) {
  const came = page.getElementById("slides");
  if (!came) return;
  document.querySelector(".sc-top h1").textContent = page.querySelector(".sc-top h1").textContent;
  const words = (root) => [...root.children].map((each) => `${each.dataset.until} ${each.textContent}`).join("|");
  if (words(came) === words(slides)) return;
  slides.replaceChildren(...came.children);
  at = Math.min(at, slides.children.length) - 1;
  next();
}

document.body.classList.add("sc-turning");
tell();
next();
setInterval(tell, 10_000);
setInterval(ask, EVERY);
addEventListener("online", ask);
navigator.wakeLock?.request("screen").catch(() => {});
navigator.serviceWorker?.register(document.body.dataset.worker).catch(() => {});
// for tests and for whoever stands before it: a key or a tap shows the next one
addEventListener("click", next);
addEventListener("keydown", (event) => event.key === "ArrowRight" && next());
addEventListener("screen:ask", ask);
