// Forms: sent once, saved by themselves where asked, not left unsaved by accident.
import { keep } from "./keep.js";

const SAVE_AFTER = 5000;
const AGAIN_AFTER = 15000;

function changed(form) {
  return new URLSearchParams(new FormData(form)).toString();
}

// The form as it came: on a slow line one has typed before this script is there. What the browser itself puts back into
// a page gone back to, or loaded again, was there before.
function asItCame(form) {
  const twin = form.cloneNode(true);
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") twin.reset();
  return twin;
}

function guard(form, came) {
  let atRest = changed(came);
  const warn = (event) => {
    if (form.isConnected && changed(form) !== atRest) event.preventDefault();
  };
  addEventListener("beforeunload", warn);
  form.addEventListener("submit", () => removeEventListener("beforeunload", warn));
  form.addEventListener("zb:saved", () => {
    atRest = changed(form);
  });
}

function autosave(form, came) {
  let timer;
  let kept = changed(came);
  const note = form.querySelector("[data-saved]");
  const save = async () => {
    const now = changed(form);
    if (now === kept || !form.isConnected) return;
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Zhibu-Autosave": "1" },
      redirect: "manual",
    }).catch(() => null);
    if (answer?.ok) {
      kept = now;
      form.dispatchEvent(new Event("zb:saved"));
    }
    if (note) {
      const time = new Date().toTimeString().slice(0, 5);
      note.textContent = answer?.ok ? note.dataset.saved.replace("%s", time) : note.dataset.failed;
    }
    if (!answer?.ok) timer = setTimeout(save, AGAIN_AFTER);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER);
  };
  form.addEventListener("input", later);
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save();
  });
  addEventListener("online", save);
  if (changed(form) !== kept) later();
}

// A version someone else saved, put into the field it belongs to.
function take(button) {
  button.addEventListener("click", () => {
    const box = document.getElementById(button.dataset.take);
    const text = document.getElementById(button.dataset.takeFrom);
    if (!box || !text) return;
    box.value = text.value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}

// "reply consented filed": the field must not be empty while the field `reply` has one of these answers.
function askWhenNeeded(form) {
  const asked = [...form.querySelectorAll("[data-needed]")];
  if (!asked.length) return;
  const look = () => {
    const given = new FormData(form);
    for (const field of asked) {
      const [name, ...answers] = field.dataset.needed.split(" ");
      field.required = answers.includes(given.get(name));
    }
  };
  form.addEventListener("change", look);
  look();
}

// One box ticks all that bear the name, and says how many are chosen.
function tickAll(form) {
  const all = form.querySelector("input[data-all]");
  if (!all) return;
  const boxes = [...form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.all)}"]`)];
  const count = form.querySelector("[data-chosen]");
  const look = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    if (count) count.textContent = chosen ? count.dataset.chosen.replace("%s", chosen) : "";
  };
  all.closest("[hidden]")?.removeAttribute("hidden");
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    look();
  });
  look();
}

// The server knows a second submission by its token; this spares it the question.
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
    // the answer was a file, or the line was lost on the way: nothing tells, and the form must not stay dead
    setTimeout(() => makeReady(form), AGAIN_AFTER);
  });
}

function makeReady(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

// coming back by the browser's own button finds the form ready again
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(makeReady);
});

export function startForms(root) {
  for (const form of root.querySelectorAll("form[method=post]:not([data-ready])")) {
    form.dataset.ready = "1";
    const came = form.matches("[data-guard], [data-keep], [data-autosave]") && asItCame(form);
    if ("guard" in form.dataset) guard(form, came);
    if (form.dataset.keep) keep(form, came);
    if (form.dataset.autosave) autosave(form, came);
    askWhenNeeded(form);
    tickAll(form);
    if (!form.matches("[hx-post]")) sendOnce(form);
  }
  for (const button of root.querySelectorAll("[data-take]")) take(button);
  for (const box of root.querySelectorAll("textarea[data-grow]")) {
    const grow = () => {
      box.style.height = "auto";
      box.style.height = `${box.scrollHeight + 2}px`;
    };
    if (!CSS.supports("field-sizing", "content")) box.addEventListener("input", grow);
  }
}
