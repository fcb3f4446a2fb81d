// A row opens on click and on Enter; its own links and buttons keep their meaning.
function open(row, aside) {
  const link = row.querySelector(`a[href="${CSS.escape(row.dataset.href)}"][data-panel]`);
  if (link) link.click();
  else if (aside) window.open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
}

export function startTables(root) {
  for (const row of root.querySelectorAll("tr[data-href]:not([tabindex])")) {
    row.tabIndex = 0;
    row.addEventListener("click", (event) => {
      if (event.target.closest("a, button, input, label, select, summary")) return;
      if (getSelection()?.toString()) return;
      open(row, event.ctrlKey || event.metaKey);
    });
    row.addEventListener("keydown", (event) => {
      if (event.target !== row) return;
      if (event.key === "Enter") open(row, event.ctrlKey || event.metaKey);
      const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
      if (!next?.dataset.href) return;
      event.preventDefault();
      next.focus();
    });
  }
}
