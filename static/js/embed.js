/* Gives the frames of this site on a page their height. Loaded by the page that holds them. */
(() => {
  const site = new URL(document.currentScript.src).origin;
  const frames = () => [...document.querySelectorAll("iframe")].filter((frame) => frame.src.startsWith(`${site}/embed/`));
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== site || data?.type !== "poll-height" || !Number.isFinite(data.height)) return;
    const frame = frames().find((one) => one.contentWindow === source);
    if (frame) frame.style.height = `${Math.min(4000, Math.max(80, Math.ceil(data.height)))}px`;
  });
  for (const frame of frames()) frame.contentWindow.postMessage({ type: "poll-height-wanted" }, "*");
})();
