// Enhancement only: every page works without this file.
"use strict";

// Errors on a form: read them first.
document.querySelector("[data-error-summary]")?.focus();

// A second click on a button that was sent does nothing (the server would answer it with the first one's result).
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// <form data-autosave="Saved" data-autosave-failed="Not saved"><… data-saved role="status">: saved a moment after a change.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const state = form.querySelector("[data-saved]");
  const save = async () => {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Autosave": "1" },
    }).catch(() => null);
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    if (state) state.textContent = `${answer?.ok ? form.dataset.autosave : form.dataset.autosaveFailed} ${time}`;
  };
  let waiting;
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 800);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

// <button data-copy="id-of-what-to-copy" data-copied="Copied" hidden>
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.copied;
  });
}

// A long list of checkboxes or radio buttons gets a box that narrows it.
for (const list of document.querySelectorAll("[data-narrow]")) {
  const box = document.createElement("input");
  box.type = "search";
  box.className = "usa-input portal-narrow";
  box.setAttribute("aria-label", `${list.dataset.narrow}: ${list.closest("fieldset").querySelector("legend").textContent.trim()}`);
  box.placeholder = list.dataset.narrow;
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLocaleLowerCase();
    for (const choice of list.children) choice.hidden = !choice.textContent.toLocaleLowerCase().includes(wanted);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.before(box);
}

// allauth's scripts tell of a key or passkey that was refused in the console only.
document.addEventListener("allauth.error", () => {
  const place = document.querySelector("[data-key-failure]");
  if (place) place.textContent = place.dataset.keyFailure;
});
