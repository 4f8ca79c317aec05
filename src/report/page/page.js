/* SPDX-License-Identifier: BSD-3-Clause */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);

  /// An element with text and attributes; children are elements or text, never markup.
  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "onclick") {
        element.addEventListener("click", value);
      } else if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(key, value);
      }
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }
  const text = (value, digits = 3) =>
    value === null || value === undefined || value === "" ? "–"
      : typeof value === "number" ? String(Number(value.toFixed(digits))) : String(value);

  /// With all its digits: in a column of scores 0.8 is 0.800.
  const fixed = (value, digits = 3) => (typeof value === "number" ? value.toFixed(digits) : text(value));

  // ---- What was found, whether to trust it, how it was made

  function table(header, rows, numeric = []) {
    const cell = (kind, content, i) => make(kind, { class: numeric.includes(i) ? "number" : null, scope: kind === "th" ? "col" : null }, content);
    return make("table", {},
      make("thead", {}, make("tr", {}, ...header.map((h, i) => cell("th", h, i)))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((c, i) => cell("td", c, i))))));
  }

  /// "1e-4 S/cm", as the ensemble was trained.
  function threshold() {
    const known = data.ensemble && data.ensemble.threshold_S_per_cm;
    return known ? `${known < 0.001 ? known.toExponential() : known} S/cm` : "the threshold of its labels";
  }

  /// By what the candidates were judged.
  function judge() {
    const ensemble = data.ensemble;
    return ensemble ? make("p", { class: "quiet", id: "ensemble" }, `Judged by the ensemble ${ensemble.sha256.slice(0, 12)}, trained on ` +
      `${ensemble.structures} structures${ensemble.labels ? ` of ${ensemble.labels}` : ""}${ensemble.unit ? ` (${ensemble.unit})` : ""}; ` +
      `superionic is a conductivity above ${threshold()} at room temperature.`) : null;
  }

  function summary() {
    const funnel = data.summary && data.summary.funnel;
    if (!funnel) {
      return null;
    }
    const best = (data.candidates ? data.candidates.rows.length : 0);
    const asked = funnel.filters.filter((f) => f.dropped > 0);
    const rows = [["structures", "", text(funnel.structures)],
      ...asked.map((f) => [f.reason || f.filter.replaceAll("_", " "), text(f.dropped), text(f.left)])];
    const gaps = data.summary.band_gaps || {};
    return make("div", {},
      make("p", {}, `${funnel.structures} structures were screened; ${funnel.kept} passed every filter that was asked, ` +
        `and ${best} of them are in the table below.`),
      table(["filter", "dropped", "left"], rows, [1, 2]), judge(),
      gaps.both ? make("p", { class: "quiet" }, `Predicted band gaps: mean error ${text(gaps.mean_absolute_error_eV, 2)} eV, bias ` +
        `${text(gaps.bias_eV, 2)} eV against ${gaps.both} known ones.`) : null);
  }

  function trust() {
    const evaluation = data.evaluation;
    const body = make("div", {});
    if (evaluation && evaluation.scores) {
      const names = { average_precision: "average precision", auc_pr: "AUC-PR", mcc: "MCC", roc_auc: "ROC-AUC", brier: "Brier score (less is better)",
        precision: "precision", recall: "recall" };
      const rows = Object.entries(names).filter(([key]) => evaluation.scores[key]).map(([key, name]) => {
        const score = evaluation.scores[key];
        return [name, fixed(score.value), `${fixed(score.low)} .. ${fixed(score.high)}`, fixed(score.shuffled), fixed(score.mean_control)];
      });
      body.append(
        make("p", {}, `${evaluation.structures} structures with measured conductivities that the ensemble was not trained on, ` +
          `${evaluation.positive} of them superionic (more than ${threshold()} at room temperature).`),
        table(["score", "value", "interval", "labels shuffled", "training mean"], rows, [1, 2, 3, 4]),
        make("p", { class: "quiet" }, "Read the interval before the value, and both beside the controls. P_SI is the members' mean probability of a conductivity " +
          `above ${threshold()}; it says nothing of stability, of synthesis or of electronic conduction. SD tells how much the members disagree, ` +
          "not how wrong they are together."));
    } else {
      body.append(make("p", {}, "No evaluation was given to this report: nothing here says how good the ensemble is. Run ionsift evaluate on labelled " +
        "structures that were not trained on, and name its folder with --evaluation."));
    }
    return body;
  }

  function runs() {
    if (!data.runs.length) {
      return null;
    }
    return table(["command", "started", "status", "ranks", "seconds", "memory a rank, MB", "version"],
      data.runs.map((run) => [run.command, text(run.started), text(run.status), text(run.ranks), text(run.seconds, 1), text(run.peak_rss_mb, 0), text(run.version)]),
      [3, 4, 5]);
  }

  // ---- The table of candidates

  const columns = [
    { name: "rank", title: "rank", number: true },
    { name: "formula", title: "formula" },
    { name: "id", title: "id", minor: true },
    { name: "P_SI", title: "P_SI", number: true },
    { name: "SD", title: "SD", number: true },
    { name: "band_gap_eV", title: "gap, eV", number: true },
    { name: "band_gap_source", title: "gap from", minor: true },
    { name: "d_training", title: "d_training", number: true },
    { name: "nearest_training_formula", title: "nearest measured", minor: true },
  ];
  const at = {};
  (data.candidates ? data.candidates.columns : []).forEach((name, i) => { at[name] = i; });
  const all = data.candidates ? data.candidates.rows : [];
  const state = { sort: "rank", rising: true, limit: 50, open: new Set(), lit: null };
  const field = (row, name) => (at[name] === undefined ? "" : row[at[name]]);
  const numeric = (row, name) => (field(row, name) === "" ? NaN : Number(field(row, name)));

  function matching() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const bound = (id) => (byId(id).value === "" ? NaN : Number(byId(id).value));
    const [p, d, gap, order] = [bound("min-p"), bound("max-d"), bound("min-gap"), byId("order").value];
    return all.filter((row) => {
      const where = `${field(row, "formula")} ${field(row, "id")} ${field(row, "source")}`.toLowerCase();
      return words.every((word) => where.includes(word)) && !(numeric(row, "P_SI") < p) && !(numeric(row, "d_training") > d) &&
        (Number.isNaN(gap) || numeric(row, "band_gap_eV") >= gap) && (order === "" || field(row, "ordered") === order);
    });
  }

  function sorted(rows) {
    const column = columns.find((c) => c.name === state.sort);
    const sign = state.rising ? 1 : -1;
    return rows.map((row, i) => [row, i]).sort(([a, i], [b, j]) => {
      if (column.number) {
        const [x, y] = [numeric(a, column.name), numeric(b, column.name)];
        // What has no number stays at the end, whichever way.
        if (Number.isNaN(x) || Number.isNaN(y)) {
          return Number.isNaN(x) - Number.isNaN(y) || i - j;
        }
        return sign * (x - y) || i - j;
      }
      return sign * field(a, column.name).localeCompare(field(b, column.name), "en", { numeric: true }) || i - j;
    }).map(([row]) => row);
  }

  function list(title, entries) {
    return make("div", {}, make("h3", {}, title),
      make("dl", {}, ...entries.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, text(value))])));
  }

  function details(row) {
    const id = field(row, "id");
    const verdicts = data.candidates.verdicts[id] || [];
    const shown = new Set();
    const take = (names) => names.map(([name, title]) => { shown.add(name); return [title, field(row, name)]; });
    const words = { 1: "passed", 0: "failed", "-1": "not asked" };
    const prediction = take([["P_SI", "P_SI"], ["SD", "SD"], ["P_SI_05", "5 % of members below"], ["P_SI_25", "25 %"], ["P_SI_50", "50 %"], ["P_SI_75", "75 %"],
      ["P_SI_95", "95 %"]]);
    const nearest = take([["nearest_training_formula", "formula"], ["nearest_training_id", "id"], ["nearest_training_class", "class (1 superionic)"],
      ["d_training", "d_training"], ["d_centroid", "to the centre"], ["composition_distance", "composition distance"],
      ["nearest_composition_id", "nearest composition"]]);
    const gap = take([["band_gap_eV", "used, eV"], ["band_gap_source", "from"], ["known_band_gap_eV", "known, eV"], ["predicted_band_gap_eV", "predicted, eV"]]);
    ["rank", "formula"].forEach((name) => shown.add(name));
    const rest = data.candidates.columns.filter((name) => !shown.has(name)).map((name) => [name.replaceAll("_", " "), field(row, name)]);
    return make("div", { class: "facts" }, list("Prediction", prediction), list("Nearest measured compound", nearest), list("Band gap", gap),
      list("Filters", data.candidates.filters.map((name, i) => [name.replaceAll("_", " "), words[verdicts[i]]])), list("Structure", rest));
  }

  function toggle(id) {
    state.open.has(id) ? state.open.delete(id) : state.open.add(id);
    draw();
    const button = byId("table").querySelector(`button[data-id="${CSS.escape(id)}"]`);
    if (button) {
      button.focus();
    }
  }

  function rowOf(row) {
    const id = field(row, "id");
    const open = state.open.has(id);
    const cells = columns.map((column) => {
      const value = field(row, column.name);
      const content = column.name === "formula"
        ? make("button", { type: "button", "data-id": id, "aria-expanded": String(open), onclick: () => toggle(id) }, value) : text(value);
      return make("td", { class: [column.number ? "number" : "", column.minor ? "minor" : ""].join(" ").trim() || null }, content);
    });
    const line = make("tr", { id: `row-${id}`, class: state.lit === id ? "lit" : null }, ...cells);
    return open ? [line, make("tr", { class: "details" }, make("td", { colspan: columns.length }, details(row)))] : [line];
  }

  function draw() {
    const rows = sorted(matching());
    const head = columns.map((column) => {
      const active = state.sort === column.name;
      const mark = active ? (state.rising ? " ▲" : " ▼") : "";
      const sort = () => {
        state.rising = active ? !state.rising : !(column.number && column.name !== "rank" && column.name !== "d_training");
        state.sort = column.name;
        draw();
        byId("table").querySelector(`button[data-column="${column.name}"]`).focus();
      };
      return make("th", { scope: "col", "aria-sort": active ? (state.rising ? "ascending" : "descending") : "none",
        class: [column.number ? "number" : "", column.minor ? "minor" : ""].join(" ").trim() || null },
      make("button", { type: "button", "data-column": column.name, onclick: sort }, column.title + mark));
    });
    byId("table").replaceChildren(make("thead", {}, make("tr", {}, ...head)),
      make("tbody", {}, ...rows.slice(0, state.limit).flatMap(rowOf)));
    const listed = data.candidates.listed > all.length ? ` (of ${data.candidates.listed} in candidates.csv)` : "";
    byId("shown").textContent = `${Math.min(state.limit, rows.length)} shown of ${rows.length} that match, ${all.length} in this page${listed}`;
    byId("more").hidden = rows.length <= state.limit;
  }

  function leadTo(id) {
    const position = () => sorted(matching()).findIndex((row) => field(row, "id") === id);
    if (position() < 0) {
      for (const input of ["search", "min-p", "max-d", "min-gap", "order"]) {
        byId(input).value = "";
      }
    }
    state.limit = Math.max(state.limit, position() + 1);
    state.open.add(id);
    state.lit = id;
    draw();
    byId(`row-${id}`).scrollIntoView({ block: "center" });
    byId("table").querySelector(`button[data-id="${CSS.escape(id)}"]`).focus({ preventScroll: true });
  }

  // ---- Figures, by Chart.js

  const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8c8c8c"];
  const shapes = ["circle", "rect", "triangle", "rectRot", "crossRot", "star", "cross"];
  // Shifted from one round of colours to the next, so that two series never share both.
  const shape = (i) => shapes[(i + Math.floor(i / palette.length)) % shapes.length];
  const viridis = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
  function shade(share) {
    const place = Math.min(Math.max(share, 0), 1) * (viridis.length - 1);
    const low = Math.min(Math.floor(place), viridis.length - 2);
    return `rgb(${viridis[low].map((c, i) => Math.round(c + (viridis[low + 1][i] - c) * (place - low))).join(",")})`;
  }

  const charts = [];
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /// Of several lines each has some eight marks, so that colour is not needed; those of the next begin a little later.
  function some(points, line) {
    const step = Math.max(1, Math.round(points / 8));
    return (context) => (context.dataIndex !== undefined && (context.dataIndex + step - Math.round(line * step / 5) % step) % step ? 0 : 4);
  }

  function datasets(figure, from) {
    const values = figure.series.flatMap((s) => s.value).filter((v) => v !== null);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const isLine = (s) => s.mark === "line" && !s.dashed;
    const several = figure.series.filter(isLine).length > 1;
    return figure.series.map((series, i) => {
      const colour = series.dashed || series.background ? style("--quiet") : palette[i % palette.length];
      const marked = several && isLine(series) && !series.x.includes(null);
      const radius = series.mark === "points" ? (series.background ? 2 : 3.5) : marked ? some(series.x.length, i) : 0;
      // A line that comes down at the inset's edge belongs to what is left of it.
      const inside = (p) => p.x >= from && !(series.mark === "line" && series.x[p.at + 1] <= from);
      const points = series.x.map((x, k) => ({ x, y: series.y[k], at: k })).filter((p) => from === null || p.x === null || inside(p))
        .map((p) => (p.x === null ? { x: NaN, y: NaN, at: p.at } : p));
      const colours = series.value.length ? points.map((p) => shade((series.value[p.at] - least) / (most - least || 1))) : colour;
      return { label: series.name, data: points, series, type: series.mark === "bars" ? "bar" : "scatter", showLine: series.mark === "line", spanGaps: false,
        borderDash: series.dashed ? [6, 4] : [], borderColor: series.value.length ? style("--quiet") : colours,
        backgroundColor: colours, borderWidth: series.mark === "line" ? 2 : series.value.length ? 0.5 : 1,
        pointStyle: series.mark === "line" && !radius ? "line" : shape(i), pointRadius: radius, pointHitRadius: radius && 6, pointHoverRadius: radius && 6,
        // Chart.js draws what has the larger order first, and thus below: later series are seen before earlier ones.
        order: series.mark === "points" ? figure.series.length - i : 0, parsing: { xAxisKey: "x", yAxisKey: "y" } };
    });
  }

  /// In lines that are short enough for the axis of a phone.
  function wrapped(title, most) {
    const lines = [""];
    for (const word of title.split(" ")) {
      const line = lines[lines.length - 1];
      if (line && line.length + 1 + word.length > most) { lines.push(word); } else { lines[lines.length - 1] = line ? `${line} ${word}` : word; }
    }
    return lines;
  }

  /// Powers of ten, and others only where there would be one or two of these.
  function decade(value, _, ticks) {
    const wide = ticks[ticks.length - 1].value / ticks[0].value >= 100;
    return wide && !Number.isInteger(Math.log10(value)) ? "" : value.toLocaleString("en");
  }

  function axis(description, categories, low, upright) {
    const scale = { type: description.logarithmic ? "logarithmic" : "linear", grid: { color: style("--line") }, ticks: { color: style("--text") },
      title: { display: true, text: wrapped(description.title, upright ? 26 : 32), color: style("--text") } };
    if (description.logarithmic) { scale.ticks.callback = decade; }
    if (description.low !== undefined) { scale.min = description.low; }
    if (description.high !== undefined) { scale.max = description.high; }
    if (low !== null) { scale.min = low; }
    if (categories.length) {
      Object.assign(scale, { min: -0.5, max: categories.length - 0.5 });
      scale.afterBuildTicks = (built) => { built.ticks = categories.map((_, i) => ({ value: i })); };
      scale.ticks = { color: style("--text"), autoSkip: categories.length > 24, maxRotation: 60, minRotation: categories.length > 8 ? 40 : 0,
        callback: (value) => categories[value] ?? "" };
    }
    return scale;
  }

  function chart(figure, canvas, from) {
    const label = (item) => {
      const series = item.dataset.series;
      const k = item.raw.at;
      const category = figure.categories.length ? figure.categories[Math.round(item.raw.x)] : null;
      const name = series.label[k] || category || series.name;
      const colour = series.value.length ? `, ${figure.value} ${text(series.value[k])}` : "";
      return `${name}: ${category !== null ? "" : `${text(item.raw.x)}, `}${text(item.raw.y)}${colour}`;
    };
    const y = from === null ? figure.y : { ...figure.y, logarithmic: false, low: 0 };
    return new Chart(canvas, {
      data: { datasets: datasets(figure, from) },
      options: { responsive: true, maintainAspectRatio: false, animation: false,
        onClick: (event, elements) => {
          const hit = elements.map((e) => figure.series[e.datasetIndex].row[datasetPoint(e)]).find(Boolean);
          if (hit) { leadTo(hit); }
          function datasetPoint(e) { return event.chart.data.datasets[e.datasetIndex].data[e.index].at; }
        },
        scales: { x: axis(figure.x, figure.categories, from, false), y: axis(y, [], null, true) },
        plugins: { legend: { position: "bottom", labels: { color: style("--text"), usePointStyle: true,
          sort: (a, b) => a.datasetIndex - b.datasetIndex } }, tooltip: { callbacks: { label, title: () => "" } } } },
    });
  }

  function numbers(figure) {
    const rows = figure.series.filter((s) => !s.dashed).flatMap((s) => s.x.map((x, k) => [s.name, s.label[k] || figure.categories[Math.round(x)] || "", text(x), text(s.y[k])]))
      .filter((row) => row[3] !== "–");
    const most = 200;
    return make("details", { class: "more" }, make("summary", {}, "as numbers"),
      rows.length > most ? make("p", { class: "quiet" }, `the first ${most} of ${rows.length}; ${figure.name}.csv has all`) : null,
      make("div", { class: "scroll", tabindex: "0" }, table(["series", "what", figure.x.title, figure.y.title], rows.slice(0, most), [2, 3])));
  }

  function drawFigures() {
    charts.splice(0).forEach((c) => c.destroy());
    byId("figures-body").replaceChildren(...data.figures.map((figure) => {
      const described = `${figure.title}. ${figure.caption}`;
      const canvas = () => make("canvas", { role: "img", "aria-label": described });
      const files = data.figure_files.filter((file) => file.replace(/\.[a-z]+$/, "").endsWith(figure.name));
      // A program that was built without Chart.js shows what gnuplot drew beside the page, if it did.
      const drawn = typeof Chart !== "undefined";
      const picture = files.find((file) => file.endsWith(".svg")) || files.find((file) => file.endsWith(".png"));
      const still = picture ? make("img", { src: picture, alt: described }) : make("p", { class: "quiet" }, "The numbers stand below; this ionsift was built without Chart.js.");
      const main = drawn ? canvas() : still;
      const inset = !drawn || figure.inset_from === undefined ? null : canvas();
      const element = make("figure", { id: `figure-${figure.name}` }, make("h3", {}, figure.title), make("div", { class: "canvas" }, main),
        inset && make("div", { class: "canvas" }, inset), make("figcaption", {}, figure.caption), numbers(figure),
        files.length ? make("p", { class: "quiet more" }, ...files.flatMap((file) => [make("a", { href: file }, file.split(".").pop().toUpperCase()), " "])) : null);
      drawn && queueMicrotask(() => {
        charts.push(chart(figure, main, null));
        if (inset) { charts.push(chart(figure, inset, figure.inset_from)); }
      });
      return element;
    }));
  }

  // ---- The page

  byId("title").textContent = data.title;
  byId("made").textContent = `Made by ionsift ${data.version}, ${data.made}. Everything in this page is inside it.`;
  document.title = data.title;
  const parts = [["summary", summary()], ["trust", trust()], ["runs", runs()]];
  for (const [id, content] of parts) {
    content ? byId(`${id}-body`).append(content) : byId(id).remove();
  }
  if (all.length) {
    for (const input of ["search", "min-p", "max-d", "min-gap", "order"]) {
      byId(input).addEventListener("input", () => { state.limit = 50; draw(); });
    }
    byId("more").addEventListener("click", () => { state.limit += 200; draw(); });
    window.addEventListener("beforeprint", () => { state.limit = Math.max(state.limit, 100); draw(); });
    draw();
  } else {
    byId("candidates").remove();
  }
  data.figures.length ? drawFigures() : byId("figures").remove();
  for (const section of document.querySelectorAll("main > section")) {
    byId("nav").append(make("a", { href: `#${section.id}` }, section.querySelector("h2").textContent));
  }
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => data.figures.length && drawFigures());
  window.ionsiftReport = { charts, leadTo };
})();
