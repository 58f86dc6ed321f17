/* Keeps the figures of an open question current: asks for its own page again, politely, and swaps the
   parts marked data-live. Without this script its box stays hidden.
   <div data-live-every="60" hidden>… <button aria-pressed="false">…</button> <span role="status"></span></div> */
(() => {
  const box = document.querySelector("[data-live-every]");
  if (!box) return;
  const button = box.querySelector("button"), status = box.querySelector("[role=status]");
  const parts = (page) => [...page.querySelectorAll("[data-live]")];
  const sentence = () => document.querySelector("[data-live] .lead")?.textContent.trim();
  const most = 600, none = '"none"';
  let every = Number(box.dataset.liveEvery), wait = every, last = Date.now(), tag = none, timer = 0, over = false;
  const rests = () => over || document.hidden || button.getAttribute("aria-pressed") === "true";
  const plan = () => {
    clearTimeout(timer);
    if (!rests()) timer = setTimeout(ask, Math.max(0, last + wait * 1000 - Date.now()));
  };
  const ask = () => {
    last = Date.now();
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.responseType = "document";
    // A condition of our own, so that the browser asks the server: its copy may be a minute old.
    request.setRequestHeader("If-None-Match", tag);
    request.onloadend = () => {
      const changed = request.status === 200 && request.responseXML && !rests() && show(request.responseXML, request);
      wait = changed ? every : Math.min(2 * wait, most);
      plan();
    };
    request.send();
  };
  const show = (page, request) => {
    const old = parts(document), fresh = parts(page), said = sentence(), next = page.querySelector("[data-live-every]");
    tag = request.getResponseHeader("ETag") ?? none;
    over = !next || old.length !== fresh.length;
    if (over) box.hidden = true;
    else every = Number(next.dataset.liveEvery);
    if (old.length !== fresh.length) return false;
    // What somebody stands on stays until the next time.
    const swapped = old.filter((part, i) => {
      const moves = !part.isEqualNode(fresh[i]) && !part.contains(document.activeElement);
      if (moves) part.replaceWith(document.adoptNode(fresh[i]));
      return moves;
    });
    if (sentence() !== said) status.textContent = sentence();
    return swapped.length > 0;
  };
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    plan();
  });
  document.addEventListener("visibilitychange", plan);
  box.hidden = false;
  plan();
})();
