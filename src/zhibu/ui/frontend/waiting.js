// A form whose work takes long says how far it is: once sent, the page asks for its progress until the answer comes.
const EVERY = "400ms";

export function startWaiting(root, htmx) {
  for (const place of root.querySelectorAll("[data-waiting]:not([data-ready])")) {
    place.dataset.ready = "1";
    const form = place.closest("form");
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !place.hidden) return;
      const token = form.elements[place.dataset.of]?.value;
      if (!token) return;
      place.setAttribute("hx-get", `${place.dataset.waiting}?of=${encodeURIComponent(token)}`);
      place.setAttribute("hx-trigger", `load, every ${EVERY}`);
      place.hidden = false;
      htmx.process(place);
    });
  }
}

// back by the browser's own button: the form waits for nothing
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const place of document.querySelectorAll("[data-waiting]")) {
    place.removeAttribute("hx-trigger");
    place.replaceChildren();
    place.hidden = true;
  }
});
