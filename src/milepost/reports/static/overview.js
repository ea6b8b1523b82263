// Finds indicators by words and verdict. The page is complete without it.
"use strict";
{
  const form = document.querySelector(".filter");
  const rows = [...document.querySelectorAll(".index tr[data-for]")].map((row) => ({
    row,
    article: document.getElementById(`i-${row.dataset.for}`),
    text: row.textContent.toLowerCase(),
    verdict: row.dataset.verdict,
  }));
  const show = (element, shown) => element.toggleAttribute("data-hidden", !shown);
  const find = () => {
    const words = form.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, article, text, verdict } of rows) {
      const shown = (!form.verdict.value || verdict === form.verdict.value) && words.every((word) => text.includes(word));
      count += shown;
      show(row, shown);
      show(article, shown);
    }
    for (const group of document.querySelectorAll(".index tbody, section.goal")) {
      show(group, group.querySelector("[data-for]:not([data-hidden]), article:not([data-hidden])") !== null);
    }
    const output = form.querySelector("output");
    output.value = count === rows.length ? "" : output.dataset.of.replace("#", count);
  };
  form.addEventListener("input", find);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;

  // A figure leads to its row: open the table that holds it.
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (details && !details.open) {
      details.open = true;
      target.scrollIntoView({ block: "center" });
    }
  };
  addEventListener("hashchange", open);
  open();

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not([open])")) {
      details.open = true;
      details.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details[data-printed]")) {
      details.open = false;
      delete details.dataset.printed;
    }
  });
}
