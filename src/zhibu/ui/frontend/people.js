// Picking people by typing a name or its pinyin initials. The ticked boxes below remain the truth.
const SHOWN = 6;

function enhance(picker) {
  const input = picker.querySelector(".zb-people-input");
  const chips = picker.querySelector(".zb-people-chips");
  const found = picker.querySelector(".zb-people-found");
  const boxes = [...picker.querySelectorAll("input[data-name]")];
  const nobody = picker.querySelector("[data-nobody]");
  let matches = [];
  let at = 0;

  const picked = () => boxes.filter((box) => box.checked);

  function showPicked() {
    chips.replaceChildren(
      ...picked().map((box) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = box.dataset.name;
        button.setAttribute("aria-label", `${picker.dataset.remove} ${box.dataset.name}`);
        button.addEventListener("click", () => {
          set(box, false);
          input.focus();
        });
        item.append(button);
        return item;
      }),
    );
  }

  function set(box, value) {
    box.checked = value;
    if (nobody && !value) nobody.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    showPicked();
  }

  // initials before whole pinyin before the middle of a name
  function rank(box, typed) {
    const [whole, initials] = box.dataset.keys.split(" ");
    if (box.dataset.name.startsWith(typed) || initials === typed) return 0;
    if (initials?.startsWith(typed)) return 1;
    if (whole.startsWith(typed)) return 2;
    return box.dataset.name.includes(typed) ? 3 : 9;
  }

  function search() {
    const typed = input.value.trim().toLowerCase().replace(/['\s]/g, "");
    matches = typed
      ? boxes
          .filter((box) => !box.checked && rank(box, typed) < 9)
          .sort((a, b) => rank(a, typed) - rank(b, typed))
          .slice(0, SHOWN)
      : [];
    at = 0;
    show(typed);
  }

  function show(typed) {
    const rows = matches.map((box, index) => {
      const row = document.createElement("li");
      row.id = `${found.id}-${index}`;
      row.role = "option";
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(index === at));
      row.append(...[...box.nextElementSibling.childNodes].map((node) => node.cloneNode(true)));
      row.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(index);
      });
      return row;
    });
    if (typed && !rows.length) {
      const row = document.createElement("li");
      row.className = "zb-note";
      row.textContent = picker.dataset.none;
      rows.push(row);
    }
    found.replaceChildren(...rows);
    found.hidden = !rows.length;
    input.setAttribute("aria-expanded", String(Boolean(matches.length)));
    if (matches.length) input.setAttribute("aria-activedescendant", `${found.id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(index) {
    set(matches[index], true);
    input.value = "";
    search();
  }

  input.addEventListener("input", (event) => {
    event.stopPropagation();
    if (!event.isComposing) search();
  });
  input.addEventListener("compositionend", search);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (input.value || matches.length)) {
      event.preventDefault();
      if (matches.length) take(at);
    } else if (event.key === "Backspace" && !input.value && picked().length) {
      set(picked().at(-1), false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!matches.length) return;
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : matches.length - 1)) % matches.length;
      show(input.value);
    } else if (event.key === "Escape" && matches.length) {
      event.stopPropagation();
      input.value = "";
      search();
    }
  });
  input.addEventListener("blur", () => {
    found.hidden = true;
  });
  input.addEventListener("focus", search);
  picker.querySelector(".zb-people-box").addEventListener("click", (event) => {
    if (event.target === event.currentTarget) input.focus();
  });
  picker.querySelector(".zb-people-list").addEventListener("change", showPicked);

  // who has begun to tick in the long list keeps it
  if (boxes.every((box) => box.checked === box.defaultChecked)) picker.querySelector("details").open = false;
  picker.classList.add("zb-ready");
  showPicked();
}

export function startPeople(root) {
  for (const picker of root.querySelectorAll("[data-people]:not(.zb-ready)")) enhance(picker);
}
