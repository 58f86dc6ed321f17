/* Copies the text of a field by a button. Without this script the button stays hidden and the text is
   selected by hand. <button data-copies="id of the field" data-copied="…" data-not-copied="…" hidden> */
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.copied;
    } catch {
      field.focus();
      field.select();
      status.textContent = button.dataset.notCopied;
    }
  });
}
