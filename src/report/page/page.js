/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- The page

  byId("title").textContent = data.title;
  byId("made").textContent = `Made by ionsift ${data.version}, ${data.made}. Everything in this page is inside it, its downloads too.`;
  document.title = data.title;
  for (const [id, content] of [["summary", summary()], ["gallery", gallery()], ["lists", listsSection()], ["trust", data.summary || data.evaluation || data.crossvalidations.length ? trust() : null], ["retrospect", recoverySection()], ["runs", runs()]]) {
    content ? byId(`${id}-body`).append(content) : byId(id).remove();
  }
  if (rowCount) {
    const cut = screened.structures > rowCount ? ` This page has the first ${count(rowCount)} of ${count(screened.structures)} by P_SI; ranking.csv, which ionsift screen wrote, has all.` : "";
    byId("all").textContent = `${plural(rowCount, "structure", "structures")} with what became of ${rowCount === 1 ? "it" : "each"}.${cut} A heading sorts, once more the other way round. ` +
      "A formula opens the structure: its picture, cell, lithium sites, CIF, nearest measured compounds, and what each filter said.";
    byId("list").append(...Object.keys(lists).map((name) => make("option", { value: name }, name)));
    if (!Object.keys(lists).length) { byId("list").parentElement.remove(); delete inputs.list; }
    for (const [id, name] of Object.entries(inputs)) {
      byId(id).addEventListener("input", () => { state[name] = byId(id).value; changed(); });
    }
    byId("save").addEventListener("click", saveTable);
    byId("reset").addEventListener("click", () => {
      Object.assign(state, { words: "", low: "", far: "", gap: "", order: "", list: "", fates: null, sort: "rank", rising: true, lit: null });
      state.elements.clear();
      state.systems.clear();
      state.open.clear();
      showState();
      changed();
    });
    const start = () => {
      const isNamed = readAddress();
      drawColumnChoice();
      drawTable();
      if (isNamed) {
        byId("candidates").open = true;
        state.lit ? leadTo(state.lit) : byId("candidates").scrollIntoView();
      }
    };
    window.addEventListener("hashchange", start);
    queueMicrotask(start);
  } else {
    byId("candidates").remove();
  }
  if (!data.figures.length) { byId("figures").remove(); }
  const sections = [...document.querySelectorAll("main > details")];
  for (const section of sections) {
    byId("nav").append(make("a", { href: `#${section.id}`, onclick: () => { section.open = true; } }, section.querySelector("h2").textContent));
  }
  if (isNarrow()) {
    for (const section of sections) { section.open = ["summary", "candidates"].includes(section.id); }
    if (byId("by-elements")) { byId("by-elements").open = false; }
  }
  if (data.figures.length) {
    drawFigures();
    byId("figures").addEventListener("toggle", () => charts.forEach((chart) => chart.fit()));
  }

  // On paper everything is unfolded, and figures are drawn for half of its width.
  let folded = [];
  const beforePrint = () => {
    if (printing) { return; }
    printing = true;
    folded = [...document.querySelectorAll("main > details, details.fold, #meanings")].filter((fold) => !fold.open);
    folded.forEach((fold) => { fold.open = true; });
    charts.forEach((chart) => chart.draw(430));
  };
  const afterPrint = () => {
    printing = false;
    folded.forEach((fold) => { fold.open = false; });
    charts.forEach((chart) => { chart.draw(Math.max(200, Math.floor(chart.box.clientWidth))); });
  };
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  window.ionsiftReport = { charts, leadTo, state, rowById, beforePrint, afterPrint, current: () => current, csv, chartFile };
})();
