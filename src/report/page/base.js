/* SPDX-License-Identifier: BSD-3-Clause */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);

  // ---- Elements of the page

  function fill(element, attributes, children) {
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith("on")) {
        element.addEventListener(key.slice(2), value);
      } else if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(key, value === true ? "" : value);
      }
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }
  /// An element with attributes; children are elements or text, never markup.
  const make = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  const draw = (name, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

  // ---- Numbers and words

  const count = (value) => (typeof value === "number" ? value.toLocaleString("en-US") : "–");
  const fixed = (value, digits = 3) => (typeof value === "number" && Number.isFinite(value) ? value.toFixed(digits) : "–");
  const text = (value, digits = 3) =>
    value === null || value === undefined || value === "" ? "–"
      : typeof value === "number" ? Number(value.toFixed(digits)).toLocaleString("en-US", { maximumFractionDigits: digits }) : String(value);
  const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;

  /// "Li6PS5Cl" with its numbers lowered.
  function formula(written) {
    const parts = String(written).split(/(?<=[A-Za-z)\]])(\d+(?:\.\d+)?)/);
    return make("span", { class: "formula" }, ...parts.map((part, i) => (i % 2 ? make("sub", {}, part) : part)).filter((part) => part !== ""));
  }

  /// "1.2e-02 S/cm" as people write it.
  function measured(written) {
    const parts = String(written).match(/^(.*?)(\d(?:\.\d+)?)e([+-]?\d+)(.*)$/);
    return parts ? make("span", { class: "measured" }, parts[1], `${parts[2]} × 10`, make("sup", {}, String(Number(parts[3])).replace("-", "−")), parts[4]) : written;
  }

  /// A reference, as a link where it is a DOI or an address.
  function reference(written) {
    if (!written) {
      return null;
    }
    const doi = written.match(/10\.\d{4,}\/[^\s,;]+/);
    const address = doi ? `https://doi.org/${doi[0]}` : /^https?:\/\//.test(written) ? written : null;
    return address ? make("a", { href: address, rel: "noreferrer" }, doi ? doi[0] : written) : written;
  }

  /// An id, as a link where it is one of the Materials Project.
  const database = (id) => (/^(mp|mvc)-\d+$/.test(id) ? `https://materialsproject.org/materials/${id}` : null);

  /// A table of texts and elements; `numeric` are the columns that stand right.
  function table(header, rows, numeric = [], caption = null) {
    const cell = (kind, content, i) => make(kind, { class: numeric.includes(i) ? "number" : null, scope: kind === "th" ? "col" : null }, content);
    return make("table", {}, caption && make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...header.map((h, i) => cell("th", h, i)))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((c, i) => cell("td", c, i))))));
  }
  const frame = (content, name) => make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name }, content);

  /// Hands a file to the browser; nothing leaves the page.
  function download(name, kind, content) {
    const address = URL.createObjectURL(new Blob([content], { type: kind }));
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }
  const cell = (value) => (/[",\n\r]/.test(String(value ?? "")) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? ""));
  const csv = (rows) => rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  const fileName = (name) => name.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 80);

  const isNarrow = () => window.matchMedia("(max-width: 44rem)").matches;

  /// "1e-4 S/cm", as the ensemble was trained.
  function threshold() {
    const known = data.ensemble && data.ensemble.threshold_S_per_cm;
    return known ? `${known < 0.001 ? known.toExponential() : known} S/cm` : "the threshold of its labels";
  }

