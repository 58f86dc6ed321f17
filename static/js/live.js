/* Keeps the figures of an open question current: live.html */
const box = document.querySelector("[data-live-every]"), every = box.dataset.liveEvery;
const sentence = () => document.querySelector(".lead").textContent;
let skips = 0, left = 0; // turns without a request

setInterval(() => {
  if (document.hidden || "paused" in box.dataset) left = skips = 0;
  else if (box.isConnected && left-- < 1) ask();
}, every * 1000);

const ask = () => {
  left = skips = Math.min(2 * skips + 1, 600 / every - 1);
  const request = new XMLHttpRequest(); // the browser adds the tag of what it has
  request.open("GET", "");
  request.responseType = "document";
  request.onload = () => request.status === 200 && show(request.responseXML);
  request.send();
};

const show = (page) => {
  if (page.title !== document.title) return box.remove(); // reworded
  const said = sentence(), fresh = page.querySelectorAll("[data-live]");
  if (!page.querySelector("[data-live-every]")) box.remove(); // voting is over
  document.querySelectorAll("[data-live]").forEach((part, i) => {
    // Not what somebody stands on.
    if (!part.contains(document.activeElement) && !part.isEqualNode(fresh[i])) part.replaceWith(fresh[i]);
  });
  if (sentence() === said) return;
  box.querySelector("[role=status]").textContent = sentence();
  left = skips = 0;
};

box.querySelector("button").onclick = () => box.toggleAttribute("data-paused");
box.hidden = false;
