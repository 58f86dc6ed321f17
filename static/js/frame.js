/* Tells the page around a frame how high its content is, and nothing else. */
const tell = () => parent.postMessage({ type: "poll-height", height: document.documentElement.getBoundingClientRect().height }, "*");
if (parent !== window) {
  new ResizeObserver(tell).observe(document.documentElement);
  addEventListener("message", ({ source, data }) => {
    if (source === parent && data?.type === "poll-height-wanted") tell();
  });
}
