// Evidence opens beside the page it belongs to: a dialog at the right, filled by htmx.
export function startPanel(htmx) {
  const panel = document.getElementById("zb-panel");
  if (!panel) return;
  const body = document.getElementById("zb-panel-body");

  const show = async (url) => {
    panel.querySelector(".zb-panel-open").href = url;
    await htmx.ajax("GET", url, { target: body, swap: "innerHTML" });
    if (!body.childElementCount) {
      location.assign(url);
      return;
    }
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link.getAttribute("href"));
  });
  document.addEventListener("zb:panel", (event) => show(event.detail));
  panel.addEventListener("click", (event) => {
    if (event.target === panel) panel.close();
  });
  panel.addEventListener("close", () => body.replaceChildren());
}
