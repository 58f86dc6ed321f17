// Shows the forms that need a passkey where the browser knows passkeys, and puts into them what the
// device answers. Without this script they stay hidden: a password always works.
(() => {
  "use strict";
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;

  const ask = {
    create: (options) =>
      navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
      }),
    get: (options) =>
      navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
      }),
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const problem = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      try {
        const options = JSON.parse(form.dataset.options);
        const credential = await ask[form.dataset.passkey](options);
        form.elements.credential.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  }
})();
