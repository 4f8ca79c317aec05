/* SPDX-License-Identifier: BSD-3-Clause */
  // ---- Looking back: where the conductors that were found later would have stood

  function recoverySection() {
    const back = data.recovery;
    if (!back || !back.scenarios) { return null; }
    const scenarios = back.scenarios.filter((one) => one.rankings.length);
    if (!scenarios.length) { return null; }
    const isYear = (one) => one.held_back !== "a chemistry";
    const chemistries = scenarios.filter((one) => !isYear(one));
    const pooled = back.pooled_over_chemistries || [];
    const percent = (one) => `${Math.round(100 * one.value)} (${Math.round(100 * one.low)}..${Math.round(100 * one.high)})`;
    const shares = Object.keys(scenarios[0].rankings[0].recovered);

    const scores = (rankings, name) => frame(table(["ranking", ...shares.map((share) => `first ${Math.round(100 * Number(share))} %`), "median rank, %"],
      rankings.map((one) => [one.ranking, ...shares.map((share) => percent(one.recovered[share])),
        `${(100 * one.median_rank.value).toFixed(1)} (${(100 * one.median_rank.low).toFixed(1)}..${(100 * one.median_rank.high).toFixed(1)})`]),
      [...shares.map((_, i) => i + 1), shares.length + 1]), `recovery ${name}`);

    const choices = [...scenarios.filter(isYear), ...(pooled.length ? [null] : []), ...chemistries];
    const titleOf = (one) => (one === null ? "all chemistries, each left out in turn" : isYear(one) ? `trained on what was published until ${one.name}` : `without the chemistry ${one.name}`);
    const chosen = make("select", { id: "recovery-scenario" }, ...choices.map((one, i) => make("option", { value: i }, titleOf(one))));
    const body = make("div", { id: "recovery-scores", "aria-live": "polite" });

    const listOf = (one) => {
      const names = Object.keys(one.lists);
      if (!names.length) { return null; }
      const ranking = make("select", { id: "recovery-ranking" }, ...names.map((name) => make("option", { value: name }, name)));
      const place = make("div", {});
      const put = () => {
        const entries = one.lists[ranking.value];
        place.replaceChildren(frame(table(["", "formula", "id", ranking.value, "measured later"], entries.map(([written, id, score, became], i) => [i + 1, formula(written),
          database(id) ? make("a", { href: database(id), rel: "noreferrer" }, id) : id, score === "" ? "–" : fixed(Number(score), 2),
          became === "superionic" ? make("b", {}, became) : became === "poor" ? "not superionic" : make("span", { class: "quiet" }, "not measured")]), [0, 3]), "list of that time"));
      };
      ranking.addEventListener("input", put);
      put();
      return make("details", { class: "fold", open: true }, make("summary", {}, `The first ${count(one.lists[names[0]].length)} of that list, and what became of them`),
        make("div", { class: "controls" }, make("div", {}, make("label", { for: "recovery-ranking" }, "ordered by"), ranking)), place);
    };
    const show = () => {
      const one = choices[Number(chosen.value)];
      const rankings = one === null ? pooled : one.rankings;
      body.replaceChildren(make("p", {}, one === null ? `${plural(chemistries.reduce((sum, s) => sum + s.superionic, 0), "compound", "compounds")} of ${plural(chemistries.length, "chemistry", "chemistries")}.`
        : `Trained on ${plural(one.trained, "label", "labels")}, ${count(one.trained_superionic)} of them superionic. Of ${count(one.ranked)} compositions that were not known, ` +
          `${count(one.superionic + one.poor)} have been measured since, and ${count(one.superionic)} of them are superionic.`),
      scores(rankings, titleOf(one)), ...(one === null ? [] : [listOf(one)].filter(Boolean)));
    };
    chosen.addEventListener("input", show);
    show();
    return make("div", {}, make("p", { class: "quiet" }, `Ensembles trained on what was known before rank today's candidates (${back.trained_on.replace(/[^\s,]*\//g, "")}). The table gives, in per cent with 95 % intervals, the compounds found superionic ` +
      "later that stand in the first per cents of each list, and their median rank. They are few: read the intervals."),
    make("div", { class: "controls" }, make("div", {}, make("label", { for: "recovery-scenario" }, "scenario"), chosen)), body);
  }

