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

// The browser says its time zone, for pages that show times to people whose clock nobody knows.
try {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [prefix, secure] = location.protocol === "https:" ? ["__Host-", "; secure"] : ["", ""];
  if (zone && !document.cookie.split("; ").includes(`${prefix}zone=${zone}`)) {
    document.cookie = `${prefix}zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
  }
} catch { /* An old browser: times are shown in UTC, and say so. */ }

// What is typed into a long form survives a reload, in this window only: it is gone with the window, once the form is sent, and once
// someone else (or nobody) is signed in. Passwords, files and hidden fields are never kept.
const drafts = {
  who: () => document.body.dataset.who || "",
  forms: () => [...document.querySelectorAll("form[method=post]")].filter((form) =>
    !form.querySelector("input[type=password]") && (form.querySelector("textarea") || form.querySelectorAll("input:not([type=hidden]), select").length > 5)),
  key: (form) => `draft:${location.pathname}:${[...document.forms].indexOf(form)}`,
  fields: (form) => [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type)),
  value: (field) => ["checkbox", "radio"].includes(field.type) ? field.checked : field.value,
  clear: () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:")).forEach((key) => sessionStorage.removeItem(key)),
};
document.addEventListener("DOMContentLoaded", () => {
  if (sessionStorage.getItem("drafts-of") !== drafts.who()) drafts.clear();
  sessionStorage.setItem("drafts-of", drafts.who());
  drafts.forms().forEach((form) => {
    const kept = JSON.parse(sessionStorage.getItem(drafts.key(form)) || "null");
    // A page that the server has filled in with what was sent (its faults beside it) knows better.
    if (kept && performance.getEntriesByType("navigation")[0]?.type === "reload") {
      drafts.fields(form).forEach((field, index) => {
        const [name, value] = kept[index] || [];
        if (name !== field.name) return;
        if (["checkbox", "radio"].includes(field.type)) field.checked = value; else field.value = value;
      });
      branch(form);
    } else sessionStorage.removeItem(drafts.key(form));
  });
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || !drafts.forms().includes(form)) return;
  sessionStorage.setItem(drafts.key(form), JSON.stringify(drafts.fields(form).map((field) => [field.name, drafts.value(field)])));
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.method === "post") sessionStorage.removeItem(drafts.key(event.target));
});
