/* The value under the pointer: the drawing holds a place for each, with its words. Without this script the table has them. */
"use strict";
{
  const SVG = "http://www.w3.org/2000/svg";
  const GAP = 8;

  const nearest = (svg, event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    let found = null;
    let least = Infinity;
    for (const point of svg.querySelectorAll("circle.point")) {
      const across = Math.abs(point.cx.baseVal.value - at.x);
      const up = Math.abs(point.cy.baseVal.value - at.y);
      const distance = across * 4 + up; // the year first, then the line
      if (distance < least) [least, found] = [distance, point];
    }
    return found;
  };

  const make = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return parent.appendChild(element);
  };

  const hide = (svg) => svg.querySelector(".tip")?.remove();

  const show = (svg, point) => {
    hide(svg);
    const tip = make("g", { class: "tip", "aria-hidden": "true" }, svg);
    const [x, y] = [point.cx.baseVal.value, point.cy.baseVal.value];
    make("circle", { cx: x, cy: y, r: 5 }, tip);
    const box = make("rect", { rx: 2 }, tip);
    const text = make("text", { x: 0, y: 0 }, tip);
    text.textContent = point.dataset.words;
    const size = text.getBBox();
    const view = svg.viewBox.baseVal;
    const left = Math.max(2, Math.min(x - size.width / 2, view.width - size.width - GAP));
    const top = y - size.height - GAP * 2 > 0 ? y - GAP * 1.5 - size.height : y + GAP * 1.5;
    text.setAttribute("x", left);
    text.setAttribute("y", top - size.y);
    const edges = { x: left - 4, y: top - 2, width: size.width + 8, height: size.height + 4 };
    for (const [key, value] of Object.entries(edges)) box.setAttribute(key, value);
  };

  document.addEventListener("pointermove", (event) => {
    const svg = event.target.closest?.("svg.chart");
    document.querySelectorAll("svg.chart:has(.tip)").forEach((other) => other !== svg && hide(other));
    const point = svg && nearest(svg, event);
    if (point) show(svg, point);
  });
  document.addEventListener("pointerleave", () => document.querySelectorAll("svg.chart").forEach(hide));
  document.addEventListener("keydown", (event) => event.key === "Escape" && document.querySelectorAll("svg.chart").forEach(hide));
}
