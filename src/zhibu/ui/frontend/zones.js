// An area drawn on the plan writes its corners into the form: dragged as a rectangle, tapped corner by corner, or set with
// the keyboard. Without this they are typed.
const WHOLE = 1000;

export function startZones() {
  const sheet = document.querySelector("svg[data-draw]");
  const input = document.querySelector('input[name="shape"]');
  if (!sheet || !input) return;
  const picture = sheet.parentElement.querySelector("img");
  const mark = sheet.querySelector("[data-drawing]");
  const tools = document.querySelector("[data-zones]");
  let cursor = [500, 500];
  let from = null;
  let dragged = false;

  const corners = () => [...input.value.matchAll(/(\d{1,4})\s*[,，]\s*(\d{1,4})/g)].map((found) => [Number(found[1]), Number(found[2])]);
  const boxed = ([[left, top], [right, bottom]]) => [[left, top], [right, top], [right, bottom], [left, bottom]];
  const show = () => {
    const found = corners();
    const area = found.length === 2 ? boxed(found) : found;
    // one corner is shown as a dot
    const dot = area.length === 1 ? [[-4, -4], [4, -4], [4, 4], [-4, 4]].map(([x, y]) => [area[0][0] + x, area[0][1] + y]) : area;
    mark.setAttribute("points", dot.map((each) => each.join(",")).join(" "));
  };
  const write = (found) => {
    input.value = found.map((each) => each.join(",")).join(" ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const at = (event) => {
    const box = sheet.getBoundingClientRect();
    const part = (value, size) => Math.round(Math.min(1, Math.max(0, value / size)) * WHOLE);
    return [part(event.clientX - box.left, box.width), part(event.clientY - box.top, box.height)];
  };

  sheet.addEventListener("pointerdown", (event) => {
    // until the picture is there the sheet has no size, and no point on it a meaning
    if (!picture.naturalWidth) return;
    from = at(event);
    dragged = false;
    sheet.setPointerCapture(event.pointerId);
    event.preventDefault();
    sheet.focus({ preventScroll: true });
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = at(event);
    dragged ||= Math.abs(to[0] - from[0]) > 15 && Math.abs(to[1] - from[1]) > 15;
    if (dragged) write(boxed([from, to]));
  });
  sheet.addEventListener("pointerup", () => {
    if (from && !dragged) write([...corners(), from]);
    from = null;
  });
  sheet.addEventListener("pointercancel", () => (from = null));

  sheet.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const clamp = (value) => Math.min(WHOLE, Math.max(0, value));
    if (move) {
      const step = event.shiftKey ? 5 : 25;
      cursor = [clamp(cursor[0] + move[0] * step), clamp(cursor[1] + move[1] * step)];
      cross.setAttribute("transform", `translate(${cursor.join(" ")})`);
    } else if (event.key === "Enter") write([...corners(), cursor]);
    else if (event.key === "Backspace") write(corners().slice(0, -1));
    else return;
    event.preventDefault();
  });
  const cross = document.createElementNS("http://www.w3.org/2000/svg", "path");
  cross.setAttribute("d", "M-20 0H20M0 -20V20");
  cross.setAttribute("class", "zb-site-cross");
  cross.setAttribute("transform", "translate(500 500)");
  sheet.append(cross);

  tools?.querySelector("[data-undo]").addEventListener("click", () => write(corners().slice(0, -1)));
  tools?.querySelector("[data-clear]").addEventListener("click", () => write([]));
  if (tools) tools.hidden = false;
  sheet.removeAttribute("aria-hidden");
  sheet.setAttribute("tabindex", "0");
  sheet.setAttribute("role", "application");
  sheet.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  input.addEventListener("input", show);
  show();
}
