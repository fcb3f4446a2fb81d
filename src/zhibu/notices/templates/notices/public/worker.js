// Keeps the last page of a screen on the player, so that one that starts without a network still shows it.
const NAME = "screen";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  event.respondWith(answer(event.request));
});
async function answer(request) {
  const kept = await caches.open(NAME);
  try {
    const found = await fetch(request);
    if (found.ok) await kept.put(request, found.clone());
    if (found.status === 404) await kept.delete(request);
    return found;
  } catch (error) {
    const before = await kept.match(request);
    if (before) return before;
    throw error;
  }
}
