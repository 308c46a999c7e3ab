// Enhancement only: every page works without this file.
"use strict";

// Errors on a form: read them first.
document.querySelector("[data-error-summary]")?.focus();

// <form data-autosave="Saved" data-autosave-failed="Not saved yet"> with a <… data-saved role="status">: posted a moment
// after a change, with "stay", to a view that answers with the same page. Hidden fields, such as the version that was
// read, are taken from the answer. A person who presses the button meanwhile waits for it.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  let waiting, saving;
  const save = async () => {
    const body = new FormData(form);
    body.append("stay", "");
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    for (const field of page ? form.querySelectorAll("input[type=hidden]") : []) {
      field.value = page.querySelector(`form[data-autosave] input[name="${field.name}"]`)?.value ?? field.value;
    }
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    const words = page ? form.dataset.autosave : form.dataset.autosaveFailed;
    form.querySelector("[data-saved]").textContent = `${words} ${time}`;
    saving = undefined;
  };
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { saving = (saving ?? Promise.resolve()).then(save); }, 800);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (!saving) return;
    event.preventDefault();
    saving.then(() => form.requestSubmit(event.submitter));
  });
}

// A second click on a button that was sent does nothing (the server would answer it with the first one's result).
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

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

// Steps that stand in one row on a narrow screen: the one where we are comes into sight.
for (const here of document.querySelectorAll(".portal-steps .is-here")) {
  const row = here.parentElement;
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.clientWidth) / 2;
}

// allauth's scripts tell of a key or passkey that was refused in the console only.
document.addEventListener("allauth.error", () => {
  const place = document.querySelector("[data-key-failure]");
  if (place) place.textContent = place.dataset.keyFailure;
});
