/* Each cell of the grid is saved as it is typed; without this script the button saves all. */
"use strict";

(() => {
  const form = document.querySelector("form[data-cells]");
  if (!form) return;
  const said = form.querySelector("[data-said]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const waiting = new Map(); // number -> cell whose content is not on the server yet
  const place = nameOf(form.dataset.cells); // of the same cells on this device, until the server has them
  let sending = false;
  let again = 0;

  const cellOf = (element) => element.closest(".cell[data-number]");
  const part = (cell, letter) => cell.querySelector(`[name="${letter}-${cell.dataset.number}"]`);
  const seen = (cell) => part(cell, "r").value;
  const content = (cell) => `${part(cell, "s").value}:${part(cell, "v").value.trim()}`;
  const shown = (cell) => seen(cell).slice(seen(cell).indexOf(":") + 1);

  function say(words, failed = false) {
    said.textContent = words;
    said.classList.toggle("failed", failed);
  }

  /* What waits outlives the page: a session that ended, a closed window. */
  function keepWaiting() {
    const cells = [...waiting.values()].map((cell) => ({
      number: cell.dataset.number, value: part(cell, "v").value, status: part(cell, "s").value, seen: seen(cell),
    }));
    try {
      if (cells.length) store()?.setItem(place, JSON.stringify({ at: Date.now(), cells }));
      else store()?.removeItem(place);
    } catch {
      // no room left on this device: the cells wait in the page
    }
  }

  /* Cells that were kept come back as they were typed, with what was seen then: changed meanwhile is a conflict. */
  function bringBack() {
    for (const one of kept(place)?.cells ?? []) {
      const cell = form.querySelector(`.cell[data-number="${Number(one.number)}"]`);
      if (!cell || content(cell) === `${one.status}:${one.value.trim()}`) continue;
      part(cell, "v").value = one.value;
      part(cell, "s").value = one.status;
      part(cell, "r").value = one.seen;
      waiting.set(cell.dataset.number, cell);
      cell.classList.add("waiting");
    }
    keepWaiting();
    send();
  }

  function changed(cell) {
    if (content(cell) === shown(cell) && !waiting.has(cell.dataset.number)) return;
    waiting.set(cell.dataset.number, cell);
    cell.classList.add("waiting");
    cell.classList.remove("saved");
    keepWaiting();
    send();
  }

  async function send() {
    if (sending || waiting.size === 0) return;
    sending = true;
    window.clearTimeout(again);
    say(said.dataset.saving);
    const cells = [...waiting.values()].slice(0, 500);
    const sent = new Map(cells.map((cell) => [cell.dataset.number, content(cell)]));
    const typed = cells.map((cell) => ({
      number: Number(cell.dataset.number),
      value: part(cell, "v").value,
      status: part(cell, "s").value,
      seen: seen(cell),
    }));
    try {
      const answer = await fetch(form.dataset.cells, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(typed),
      });
      if (!answer.ok || answer.redirected) {
        say(said.dataset.refused, true); // signed out, or no longer a draft: another try would not help
        sending = false;
        return;
      }
      const told = new Map((await answer.json()).cells.map((one) => [String(one.number), one]));
      const lines = [];
      for (const cell of cells) took(cell, told.get(cell.dataset.number), sent.get(cell.dataset.number), lines);
      keepWaiting();
      if (waiting.size === 0) say(lines.join(" · "));
      count();
    } catch {
      say(said.dataset.failed, true);
      again = window.setTimeout(send, 5000);
      sending = false;
      return;
    }
    sending = false;
    send();
  }

  /* What the server says of one cell; what was typed meanwhile waits for its turn. */
  function took(cell, now, sent, lines) {
    const number = cell.dataset.number;
    const same = content(cell) === sent;
    if (same) waiting.delete(number);
    if (!now) {
      if (same) cell.classList.remove("waiting");
      return;
    }
    part(cell, "r").value = now.seen;
    const input = part(cell, "v");
    const words = now.conflict ? [now.conflict] : now.problems;
    if (same) {
      cell.classList.remove("waiting");
      if (!now.conflict) {
        input.value = now.value;
        part(cell, "s").value = now.status;
        cell.classList.add("saved");
        const figure = [now.value, now.status].filter(Boolean).join(" ") || said.dataset.cleared;
        lines.push(`${said.dataset.saved} ${input.getAttribute("aria-label")}: ${figure}`);
      } else {
        lines.push(`${input.getAttribute("aria-label")}: ${now.conflict}`);
      }
    }
    const saying = cell.querySelector(".said");
    saying.replaceChildren(...words.map((text) => Object.assign(document.createElement("p"), { className: "error", textContent: text })));
    cell.classList.toggle("wrong", words.length > 0);
    if (words.length) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", saying.id);
    } else {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }

  function count() {
    const filled = [...form.querySelectorAll(".cell[data-number]")].filter((cell) => shown(cell) !== ":" && seen(cell)).length;
    const number = document.querySelector("[data-filled]");
    if (number) number.textContent = filled;
  }

  /* Where to go: the same column of another line, or the neighbour. */
  function move(cell, down, right) {
    const box = cell.closest("td");
    const row = box.parentElement;
    let target = row;
    let column = box.cellIndex + right;
    if (down) {
      column = box.cellIndex;
      do target = down > 0 ? target.nextElementSibling : target.previousElementSibling;
      while (target && !target.cells[column]?.querySelector("input"));
    }
    const input = target?.cells[column]?.querySelector("input:not([type=hidden])");
    if (input) {
      input.focus();
      input.select();
    }
    return Boolean(input);
  }

  form.addEventListener("keydown", (event) => {
    const input = event.target;
    const cell = input.matches("input") ? cellOf(input) : null;
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const first = whole || (input.selectionStart === 0 && input.selectionEnd === 0);
    const last = whole || input.selectionStart === input.value.length;
    const steps = {
      Enter: [event.shiftKey ? -1 : 1, 0],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowLeft: first ? [0, -1] : null,
      ArrowRight: last ? [0, 1] : null,
    };
    const step = steps[event.key];
    if (step) {
      event.preventDefault(); // Enter saves the cell by leaving it, not the whole form
      if (!move(cell, ...step) && event.key === "Enter") changed(cell);
    }
  });

  form.addEventListener("change", (event) => {
    const cell = cellOf(event.target);
    if (cell) changed(cell);
  });

  /* A block copied from a spreadsheet fills cells from here to the right and down. */
  form.addEventListener("paste", (event) => {
    const cell = event.target.matches("input") ? cellOf(event.target) : null;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const start = cell.closest("td").cellIndex;
    let row = cell.closest("tr");
    for (const line of text.replace(/\r/g, "").replace(/\n+$/, "").split("\n")) {
      while (row && !row.querySelector(".cell[data-number]")) row = row.nextElementSibling;
      if (!row) break;
      line.split("\t").forEach((figure, step) => {
        const target = row.cells[start + step]?.querySelector(".cell[data-number]");
        if (!target) return;
        part(target, "v").value = figure.trim();
        if (content(target) !== shown(target)) {
          waiting.set(target.dataset.number, target);
          target.classList.add("waiting");
        }
      });
      row = row.nextElementSibling;
    }
    keepWaiting();
    send();
  });

  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });
  form.addEventListener("submit", () => waiting.clear());
  bringBack();
})();
