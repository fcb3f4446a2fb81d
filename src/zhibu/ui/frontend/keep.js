// What is typed stays on this device until the server has answered: a closed lid, a lost line or a dead battery
// loses nothing. A copy is of one account and one form, and is gone as soon as the server has the words.
const DAYS = 7;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "zb_token", "version"]);

function words(form) {
  return [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");
}

function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    if (found && Date.now() - found.at < DAYS * 86400000) return found;
  } catch {
    // not ours, or no storage on this device
  }
  forget(key);
  return null;
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // no storage on this device
  }
}

function put(form, kept) {
  const seen = {};
  for (const [name, value] of kept) {
    const boxes = [...form.elements].filter((each) => each.name === name);
    const box = boxes[(seen[name] = (seen[name] ?? -1) + 1)] ?? boxes[0];
    if (!box) continue;
    if (box.type === "checkbox" || box.type === "radio") box.checked = boxes.some((each) => each.value === value);
    else box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function offer(form, key, found) {
  const box = document.createElement("div");
  box.className = "zb-callout zb-callout-soon";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = form.dataset.keepFound.replace("%s", new Date(found.at).toLocaleString());
  const take = document.createElement("button");
  const drop = document.createElement("button");
  for (const [button, label] of [[take, form.dataset.keepTake], [drop, form.dataset.keepDrop]]) {
    button.type = "button";
    button.className = "btn";
    button.textContent = label;
    box.append(button, " ");
  }
  box.prepend(text);
  take.addEventListener("click", () => {
    put(form, found.words);
    box.remove();
  });
  drop.addEventListener("click", () => {
    forget(key);
    box.remove();
  });
  form.before(box);
}

/** `came` is the form before anything was typed into it. */
export function keep(form, came) {
  const key = `zhibu.keep.${form.dataset.keep}`;
  const same = (kept) => JSON.stringify(kept) === JSON.stringify(words(form));
  const version = () => form.elements.version?.value ?? "";
  const found = read(key);
  if (found && (same(found.words) || (found.sent && found.version !== version()))) forget(key);
  else if (found) offer(form, key, found);
  const start = JSON.stringify(words(came));
  let timer;
  let taken = "";
  const write = (sent) => {
    clearTimeout(timer);
    const now = words(form);
    if (JSON.stringify(now) === start || JSON.stringify(now) === taken) return;
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), version: version(), sent, words: now }));
    } catch {
      // no storage on this device
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => write(false), 250);
  };
  form.addEventListener("input", later);
  if (!found && JSON.stringify(words(form)) !== start) later();
  form.addEventListener("submit", () => write(true));
  addEventListener("pagehide", () => timer && write(Boolean(form.dataset.sent)));
  form.addEventListener("zb:saved", () => {
    taken = JSON.stringify(words(form));
    forget(key);
  });
}
