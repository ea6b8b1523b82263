/* Comfort on top of pages that work without it: the panel of a trace, what one typed is kept, the line is down. */
"use strict";

/* A dotted figure opens "Where this comes from" beside the page; without this script it is an ordinary link. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-trace]");
  const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const panel = document.getElementById("trace");
  if (!link || !plain || !panel || !panel.showModal) return;
  event.preventDefault();
  openTrace(panel, link.href);
});

async function openTrace(panel, address) {
  const body = panel.querySelector(".body");
  panel.querySelector(".more a").href = address;
  body.replaceChildren(panel.querySelector("template").content.cloneNode(true));
  if (!panel.open) panel.showModal();
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("main") || page.body;
    if (panel.querySelector(".more a").href === answer.url || panel.querySelector(".more a").href === address)
      body.replaceChildren(...found.childNodes);
  } catch {
    window.location.assign(address);
  }
}

/* The account menu closes on Escape and when one goes elsewhere. */
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".account details[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  const menu = document.querySelector(".account details[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

/* What is typed into <form data-keep="key"> is kept on this device until the server has it. */
const WEEK = 7 * 24 * 60 * 60 * 1000;
const PREFIX = "milepost-kept:";

function store() {
  try {
    return window.localStorage;
  } catch {
    return null; // the browser forbids it: nothing is kept, everything else works
  }
}

function nameOf(key) {
  return `${PREFIX}${document.body.dataset.reader || ""}:${key}`;
}

function kept(name) {
  const text = store()?.getItem(name);
  if (!text) return null;
  try {
    const draft = JSON.parse(text);
    if (Date.now() - draft.at < WEEK) return draft;
  } catch {
    // not ours, or half-written: dropped below
  }
  store().removeItem(name);
  return null;
}

function keepable(field) {
  return field.name && field.name !== "csrfmiddlewaretoken" && !field.disabled && !field.readOnly
    && !["password", "file", "hidden", "submit", "button", "reset", "image"].includes(field.type);
}

function typed(form) {
  const values = {};
  for (const field of form.elements) {
    if (!keepable(field)) continue;
    const ticked = field.type === "checkbox" || field.type === "radio";
    if (ticked && !field.checked) continue;
    const given = field.multiple ? [...field.selectedOptions].map((option) => option.value) : [field.value];
    values[field.name] = (values[field.name] || []).concat(given);
  }
  return values;
}

function restore(form, values) {
  const taken = {};
  for (const field of form.elements) {
    if (!keepable(field)) continue;
    const given = values[field.name] || [];
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = given.includes(field.value);
    } else if (field.multiple) {
      for (const option of field.options) option.selected = given.includes(option.value);
    } else {
      const place = (taken[field.name] = (taken[field.name] ?? -1) + 1);
      if (place < given.length) field.value = given[place];
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function same(one, other) {
  const sorted = (values) => JSON.stringify(Object.entries(values).filter(([, given]) => given.join("")).sort());
  return sorted(one) === sorted(other);
}

function moment(at, element) {
  const time = new Date(at);
  element.dateTime = time.toISOString();
  element.textContent = time.toLocaleString(document.documentElement.lang, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
}

function said(form, at) {
  let line = form.querySelector(":scope > .kept");
  if (!line) {
    form.append(document.getElementById("keep-said").content.cloneNode(true));
    line = form.querySelector(":scope > .kept");
  }
  moment(at, line.querySelector("time"));
}

function offer(form, name, draft) {
  form.prepend(document.getElementById("keep-offer").content.cloneNode(true));
  const note = form.querySelector(":scope > .keep");
  moment(draft.at, note.querySelector("time"));
  note.querySelector("[data-restore]").addEventListener("click", () => {
    restore(form, draft.values);
    note.remove();
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  note.querySelector("[data-drop]").addEventListener("click", () => {
    store().removeItem(name);
    note.remove();
  });
}

const watched = new WeakSet();

function watch(form) {
  if (watched.has(form)) return;
  watched.add(form);
  const name = nameOf(form.dataset.keep);
  const atFirst = typed(form);
  const wrong = form.querySelector(".error-summary, [aria-invalid=true]") !== null;
  const draft = kept(name);
  if (draft && !wrong) {
    const arrived = draft.sent && document.querySelector("#messages .success") !== null;
    if (arrived || same(draft.values, atFirst)) store().removeItem(name);
    else offer(form, name, draft);
  }
  let waiting = 0;
  const keep = (sent) => {
    window.clearTimeout(waiting);
    const values = typed(form);
    if (!sent && !wrong && same(values, atFirst)) return;
    const at = Date.now();
    try {
      store()?.setItem(name, JSON.stringify({ at, values, ...(sent ? { sent: window.location.pathname } : {}) }));
    } catch {
      return; // no room left on this device
    }
    if (!sent && store()) said(form, at);
  };
  form.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(keep, 400);
  });
  form.addEventListener("submit", () => keep(true));
}

/* A draft that was sent is dropped once another page of ours answers it; not after a page that says it failed. */
function dropWhatArrived() {
  if (document.body.dataset.page !== "done" || !store() || !document.referrer.startsWith(window.location.origin)) return;
  const from = new URL(document.referrer).pathname;
  const here = new Set([...document.querySelectorAll("form[data-keep]")].map((form) => nameOf(form.dataset.keep)));
  for (const name of Object.keys(store())) {
    if (name.startsWith(PREFIX) && !here.has(name) && kept(name)?.sent === from) store().removeItem(name);
  }
}

function forgetAll() {
  for (const name of Object.keys(store() || {})) if (name.startsWith(PREFIX)) store().removeItem(name);
}

/* A form that saves while one types is sent once what is on its way has come back with the new revision; what is
   typed last is in the form that is sent, so that no save starts after it. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[hx-post]")) return;
  form.dataset.sending = "true";
  if (!form.classList.contains("htmx-request")) return;
  event.preventDefault();
  const again = () => window.setTimeout(() => form.requestSubmit(event.submitter));
  form.addEventListener("htmx:afterRequest", again, { once: true });
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.dataset.sending) event.preventDefault();
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending; // it came back
});

/* The line is down. */
function line() {
  const banner = document.getElementById("offline");
  if (banner) banner.hidden = navigator.onLine;
}

window.addEventListener("online", line);
window.addEventListener("offline", line);
line();
dropWhatArrived();
document.querySelectorAll("form[data-keep]").forEach(watch);
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll("form[data-keep]").forEach(watch));
document.querySelectorAll("form[data-forget]").forEach((form) => form.addEventListener("submit", forgetAll));
document.querySelector(".error-summary")?.focus();
