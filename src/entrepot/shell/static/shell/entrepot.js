// Pages work without this file. It asks before what cannot be undone, submits a choice as soon as it is made, and copies.
"use strict";
document.documentElement.classList.add("js");

// In the capture phase, so that a "no" also stops htmx, which listens on the form itself.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-autosubmit]")) event.target.form.requestSubmit();
});

// data-copy names the element to copy; data-copied is what the button says once it is done.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    if (button.dataset.copied) button.textContent = button.dataset.copied;
  } catch {
    window.getSelection().selectAllChildren(source); // No clipboard here: mark it, to be copied by hand.
  }
});

// The account menu closes on Escape and on a click elsewhere.
const closeMenus = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
  if (!menu.contains(except)) menu.open = false;
});
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest("details.menu[open]")?.querySelector("summary").focus();
  closeMenus(null);
});

// data-if names a field, data-is the answers to it for which a part is shown. Without this file every part is there, and says so.
const branch = (form) => form.querySelectorAll("[data-if]").forEach((part) => {
  const chosen = new FormData(form).getAll(part.dataset.if);
  part.hidden = !part.dataset.is.split(",").some((value) => chosen.includes(value));
});
const branching = (event) => event.target.form?.querySelector("[data-if]") && branch(event.target.form);
document.addEventListener("change", branching);
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form").forEach(branch));
