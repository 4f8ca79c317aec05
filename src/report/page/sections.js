/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- What was found

  const tile = (value, words, note) => make("div", { class: "tile" }, make("b", {}, value), make("span", {}, words), note ? make("small", {}, note) : null);

  function judge() {
    const ensemble = data.ensemble;
    return ensemble ? make("p", { class: "quiet", id: "ensemble" }, `Judged by the ensemble ${ensemble.sha256.slice(0, 12)}, trained on ` +
      `${count(ensemble.structures)} structures${ensemble.labels ? ` of ${ensemble.labels}` : ""}${ensemble.unit ? ` (${ensemble.unit})` : ""}; ` +
      `superionic is a conductivity above ${threshold()} at room temperature.`) : null;
  }

  function summary() {
    const funnel = data.summary && data.summary.funnel;
    if (!funnel || funnel.structures === undefined) { return null; }
    const statuses = data.summary.statuses || {};
    const known = (statuses["measured already"] || 0) + (statuses["composition known"] || 0);
    const near = (data.summary.lists || {}).near;
    const tiles = [tile(count(funnel.structures), "structures screened"), tile(count(funnel.kept), "passed all active filters"),
      known ? tile(count(known), "measured already, or of a known composition") : null,
      near && near.listed ? tile(fixed(near.expected_superionic, 1), `superionic expected among the first ${count(near.listed)} near ones`, "the sum of P_SI over new compositions") : null];
    const rows = [["structures", "", count(funnel.structures)],
      ...funnel.filters.filter((f) => f.dropped > 0).map((f) => [f.reason || f.filter.replaceAll("_", " "), count(f.dropped), count(f.left)])];
    const gaps = data.summary.band_gaps || {};
    const failed = statuses["failed to read"];
    return make("div", {}, make("div", { class: "tiles" }, ...tiles), judge(),
      make("div", { class: "pair" }, make("div", {}, make("h3", {}, "What each filter leaves"), frame(table(["filter", "dropped", "left"], rows, [1, 2]), "filters")),
        Object.keys(statuses).length ? make("div", {}, make("h3", {}, "Status of all structures"), frame(table(["fate", "structures"],
          Object.entries(statuses).sort((a, b) => b[1] - a[1]).map(([fate, n]) => [fate, count(n)]), [1]), "fates")) : null),
      failed ? make("p", { class: "quiet" }, `${plural(failed, "file or entry", "files or entries")} could not be read; the table has their names and the reason.`) : null,
      gaps.both ? make("p", { class: "quiet" }, `Predicted band gaps: mean error ${text(gaps.mean_absolute_error_eV, 2)} eV, bias ` +
        `${text(gaps.bias_eV, 2)} eV against ${count(gaps.both)} known ones.`) : null);
  }

  // ---- The first structures, as pictures

  function gallery() {
    const first = [];
    for (let row = 0; row < rowCount && first.length < 12; ++row) {
      if (isCandidate(row) && hasPicture(idOf(row))) { first.push(row); }
    }
    if (!first.length) { return null; }
    const card = (row) => {
      const id = idOf(row);
      const [nearest] = nearestOf(row);
      const structure = data.structures[id];
      return make("button", { type: "button", class: "card", "data-lead": id, onclick: () => leadTo(id) }, stillCrystal(id, formulaOf(row), 200, 170),
        make("b", {}, formula(formulaOf(row))), make("span", {}, `P_SI ${probability(row)}`, structure.symbol ? make("span", { class: "quiet" }, `, ${structure.symbol}`) : null),
        make("span", { class: "quiet" }, id), nearest ? make("span", { class: "quiet" }, "like ", formula(nearest.formula), nearest.conductivity ? make("br", {}) : null, nearest.conductivity ? measured(nearest.conductivity) : null) : null);
    };
    return make("div", {}, make("p", { class: "quiet" }, "The first candidates, one for each structure. Lithium is ringed; a pie is a site that several elements share, white its empty share. ",
      "A picture leads to the structure's row."), make("div", { class: "cards" }, ...first.map(card)));
  }

  // ---- Near and far lists

  function listsSection() {
    const names = Object.keys(listWords).filter((name) => lists[name] && lists[name].length);
    if (!names.length) { return null; }
    const known = (entry) => (entry.known_log10_conductivity ? make("span", {}, measured(`${(10 ** Number(entry.known_log10_conductivity)).toExponential(1)} S/cm`), entry.known_since ? `, ${entry.known_since}` : "")
      : entry.known_as ? `known as ${entry.known_as}` : "");
    const hasVerdict = names.some((name) => lists[name].some((entry) => entry.verdict));
    const hasBarrier = names.some((name) => lists[name].some((entry) => entry.barrier_3d));
    const two = (value) => (value === "" || value === undefined ? "–" : fixed(Number(value), 2));
    const header = ["", "formula", "P_SI", "SD", "expected", ...(hasVerdict ? ["verdict"] : []), ...(hasBarrier ? ["barrier, eV"] : []), "chemistry", "Li share", "known"];
    const rowsOf = (entries) => entries.map((entry) => [entry.rank, rowById.has(entry.id)
      ? make("button", { type: "button", class: "link", onclick: () => leadTo(entry.id) }, formula(entry.formula)) : formula(entry.formula),
    two(entry.P_SI), two(entry.SD), fixed(Number(entry.expected_superionic), 1), ...(hasVerdict ? [entry.verdict] : []), ...(hasBarrier ? [two(entry.barrier_3d)] : []),
    entry.chemistry, two(entry.lithium_share), known(entry)]);
    const numeric = [0, 2, 3, 4, ...(hasBarrier ? [5 + Number(hasVerdict)] : []), 6 + Number(hasVerdict) + Number(hasBarrier)];
    const first = 20;
    return make("div", {}, make("p", { class: "quiet" }, "One line for each composition, by its structure with the largest P_SI. ",
      make("i", {}, "expected"), " is the sum of P_SI down to a line over compositions that are new: so many conductors are expected among them. ",
      make("i", {}, "chemistry"), " is the majority anion and main cation; a list is ", make("i", {}, "far"), " where nothing of that chemistry was trained on."),
    ...names.map((name, i) => {
      const entries = lists[name];
      const body = make("div", {});
      const put = (all) => body.replaceChildren(frame(table(header, rowsOf(all ? entries : entries.slice(0, first)), numeric), name),
        ...(all || entries.length <= first ? [] : [make("p", { class: "more" }, make("button", { type: "button", class: "small", onclick: () => put(true) }, `all ${count(entries.length)}`))]));
      put(false);
      return make("details", { class: "fold", open: i === 0, id: `list-${name}` }, make("summary", {}, listWords[name]), body);
    }));
  }

  // ---- Whether to trust it

  const scoreWords = { average_precision: "average precision", auc_pr: "AUC-PR", mcc: "MCC", roc_auc: "ROC-AUC", brier: "Brier score (less is better)", precision: "precision", recall: "recall" };
  const interval = (score) => `${fixed(score.low)} .. ${fixed(score.high)}`;

  function evaluationScores(evaluation) {
    const rows = Object.entries(scoreWords).filter(([key]) => evaluation.scores[key]).map(([key, name]) => {
      const score = evaluation.scores[key];
      return [name, fixed(score.value), interval(score), fixed(score.shuffled), fixed(score.mean_control)];
    });
    const share = evaluation.confidence ? `${Math.round(100 * evaluation.confidence)} % interval` : "interval";
    return make("div", { id: "evaluation" }, make("p", {}, `${count(evaluation.structures)} structures with measured conductivities that the ensemble was not trained on, ` +
      `${count(evaluation.positive)} of them superionic (more than ${threshold()} at room temperature).`),
    frame(table(["score", "value", share, "labels shuffled", "training mean"], rows, [1, 2, 3, 4]), "scores"));
  }

  function crossvalidationScores(one) {
    const keys = ["average_precision", "mcc", "roc_auc"];
    const rows = one.variants.map((variant) => [variant.name, ...keys.flatMap((key) => {
      const score = variant.scores[key];
      return score ? [fixed(score.value), interval(score)] : ["–", "–"];
    })]);
    const shuffled = ["labels shuffled, mean over the folds", ...keys.flatMap((key) => [fixed(one.shuffled[key]), ""])];
    return make("div", { class: "crossvalidation" }, make("h3", {}, `Cross-validation ${one.name}`),
      make("p", {}, `${one.structures ? plural(one.structures, "structure", "structures") : "Structures"}, each judged by members that did not see its ${one.name.replace(/^by /, "").replace(/ .*/, "")}; scores pooled over the folds.`),
      frame(table(["ensemble", ...keys.flatMap((key) => [scoreWords[key], "interval"])], [...rows, shuffled], [1, 2, 3, 4, 5, 6]), `cross-validation ${one.name}`));
  }

  function trust() {
    const evaluation = data.evaluation && data.evaluation.scores ? data.evaluation : null;
    const body = make("div", {});
    if (evaluation) { body.append(evaluationScores(evaluation)); }
    for (const one of data.crossvalidations) { body.append(crossvalidationScores(one)); }
    if (!evaluation && !data.crossvalidations.length) {
      body.append(make("p", {}, "Neither an evaluation nor a cross-validation was given to this report: nothing here says how good the ensemble is. Run ionsift evaluate on labelled " +
        "structures that were not trained on, and name its folder with --evaluation."));
    } else {
      body.append(make("p", { class: "quiet" }, "Read the interval before the value, and both beside what shuffled labels give. P_SI is the members' mean probability of a conductivity " +
        `above ${threshold()}; it says nothing of stability, of synthesis or of electronic conduction. SD tells how much the members disagree, ` +
        "not how wrong they are together."));
      if (!evaluation) {
        body.append(make("p", { class: "quiet" }, "These are scores of the plan, retrained for each fold; the ensemble that judged the candidates was not itself evaluated on structures left out (--evaluation)."));
      }
    }
    return body;
  }

  // ---- Figures and runs

  function numbersOf(figure) {
    const rows = figure.series.filter((s) => !s.dashed).flatMap((s) => s.x.map((x, k) => [s.name, s.label[k] || figure.categories[Math.round(x)] || "", x, s.y[k], s.value[k] ?? ""]))
      .filter((row) => row[3] !== null);
    const most = 200;
    const fold = make("details", { class: "more" }, make("summary", {}, "as numbers"));
    // Made on demand: a page has thousands of them.
    fold.addEventListener("toggle", () => {
      if (fold.open && fold.children.length === 1) {
        fold.append(make("div", {}, rows.length > most ? make("p", { class: "quiet" }, `the first ${most} of ${count(rows.length)}; the CSV has all`) : null,
          frame(table(["series", "what", figure.x.title, figure.y.title], rows.slice(0, most).map((row) => [row[0], row[1], text(row[2]), text(row[3])]), [2, 3]), `numbers of ${figure.title}`)));
      }
    });
    const save = make("p", { class: "more saves" },
      make("button", { type: "button", class: "small", onclick: () => download(`${figure.name}.csv`, "text/csv", csv([["series", "label", figure.x.title, figure.y.title, figure.value], ...rows])) }, "CSV"),
      make("button", { type: "button", class: "small", onclick: () => download(`${figure.name}.svg`, "image/svg+xml", chartFile(figure)) }, "SVG"));
    return [save, fold];
  }

  function drawFigures() {
    byId("figures-body").replaceChildren(...data.figures.map((figure) => {
      const main = make("div", { class: "canvas" });
      const inset = figure.inset_from === undefined ? null : make("div", { class: "canvas" });
      const element = make("figure", { id: `figure-${figure.name}`, class: inset ? "two" : null }, make("h3", {}, figure.title), make("div", { class: "canvases" }, main, inset), make("figcaption", {}, figure.caption), ...numbersOf(figure));
      placeChart(figure, main, null);
      if (inset) { placeChart(figure, inset, figure.inset_from); }
      return element;
    }));
    charts.forEach((chart) => chart.fit());
  }

  function runs() {
    return data.runs.length ? frame(table(["command", "started", "status", "ranks", "seconds", "memory a rank, MB", "version"],
      data.runs.map((run) => [run.command, text(run.started), text(run.status), text(run.ranks), text(run.seconds, 1), text(run.peak_rss_mb, 0), text(run.version)]),
      [3, 4, 5]), "runs") : null;
  }

