#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""page.py PAGE RANKING: opens a report in headless Chromium and operates it: sorts, searches, filters by fate, element and chemical system, opens,
turns a picture, hovers, clicks, downloads, follows links into it, prints, at desktop and phone width, light and dark. RANKING is the ranking.csv
that it was made from. Exit status 77 where browser or Selenium are missing (1 with CI=true)."""
import base64
import collections
import csv
import io
import json
import os
import sys
import time

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    webdriver = None
DRIVER = "/usr/bin/chromedriver"


def open_browser():
    options = webdriver.ChromeOptions()
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "window-size=1280,900"):
        options.add_argument("--" + argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)


class Page:
    def __init__(self, browser, address):
        self.browser = browser
        self.address = address

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def column(self, name):
        return self.run("return [...document.querySelectorAll('#table tbody tr[id] .c-' + arguments[0])].map((cell) => cell.innerText.trim())", name)

    def formulas(self):
        return [text.lstrip("▸▾ ").replace("\n", "") for text in self.column("formula")]

    def count(self):
        return self.run("return ionsiftReport.current().length")

    def put(self, name, value):
        """As typed by hand: Selenium's own clearing sends the page no event."""
        self.run("const e = document.getElementById(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event('input'))", name, value)

    def open(self, hash_=""):
        self.browser.get("about:blank")
        self.browser.get(self.address + hash_)
        settled(lambda: self.run("return document.readyState === 'complete' && document.querySelectorAll('#table tbody tr').length"))


def check(condition, what):
    if not condition:
        raise SystemExit(f"the page fails: {what}")
    print("ok:", what)


def settled(ask):
    """The answer, once there is one and it is stable for a while, or its value after 10 seconds."""
    last = None
    for _ in range(50):
        answer = ask()
        if answer and answer == last:
            break
        last = answer
        time.sleep(0.2)
    return answer


def fates(page, ranking):
    """Every structure is in the page, with its fate."""
    page.one("#fates button").click()
    check(page.count() == len(ranking), f"all {len(ranking)} structures are in the page, also those that could not be read")
    found = collections.Counter(row["status"].split(": ")[0] for row in ranking)
    chips = {chip.text.rsplit(" ", 1)[0]: int(chip.text.rsplit(" ", 1)[1]) for chip in page.all("#fates button")}
    chips.pop("all")
    check(chips == dict(found), f"counts of fates agree {chips}")
    of = {row["id"]: row["status"].split(": ")[0] for row in ranking}
    check(all(of[name] == status for name, status in zip(page.column("id"), page.column("status"))), "and are in the rows")
    for fate, count in found.items():
        if page.count() != len(ranking):
            page.one("#fates button").click()
        page.run("[...document.querySelectorAll('#fates button')].find((b) => b.textContent.startsWith(arguments[0] + ' ')).click()", fate)
        check(page.count() == count, f"{fate}: only its {count} rows are shown")
    page.one("#reset").click()
    check(page.count() == found["candidate"], "candidates are shown first")


def sorting(page):
    page.one("button[data-column=P_SI]").click()
    values = page.run("return ionsiftReport.current()")
    check(values == sorted(values), "the first click on P_SI sorts it falling, in the order of ranks")
    page.one("button[data-column=P_SI]").send_keys(Keys.ENTER)
    shown = [float(value) for value in page.column("P_SI")]
    check(shown == sorted(shown) and len(shown) >= 3, "and the keyboard sorts it rising")
    check(page.one("th[aria-sort=ascending]").text.startswith("P_SI"), "screen readers get the order")
    check(page.run("return document.activeElement.dataset.column") == "P_SI", "the focus stays on the heading")
    page.one("button[data-column=formula]").click()
    check(page.one("th[aria-sort=ascending]").text.startswith("formula"), "the first click on a text column sorts it rising")
    page.one("button[data-column=rank]").click()
    check(all(len(heading.get_attribute("title")) > 20 for heading in page.all("#table th button")), "every heading has an explanation")


def filtering(page):
    everything = page.column("id")
    page.one("#search").send_keys(everything[0])
    check(page.column("id") and all(everything[0] in name for name in page.column("id")), "the search finds an id")
    page.put("search", "no such compound")
    check(page.column("id") == [] and page.one("#shown").text.startswith("0"), "and nothing if there is no match")
    page.put("search", "")
    middle = sorted(float(value) for value in page.column("P_SI"))[len(everything) // 2]
    page.put("min-p", str(middle))
    check(0 < page.count() <= len(everything) and all(float(value) >= middle - 0.005 for value in page.column("P_SI")), "the bound of P_SI is applied")
    page.put("min-p", "")
    check(page.column("id") == everything, "without bounds all rows are shown again")


def elements(page, ranking):
    page.one("#fates button").click()
    everything = page.formulas()
    symbol = page.run("""return [...document.querySelectorAll('.element:not(:disabled)')].map((e) => e.textContent)
      .find((s) => { const n = arguments[0].filter((f) => (f.match(/[A-Z][a-z]?/g) || []).includes(s)).length; return n > 0 && n < arguments[0].length; })""", everything)

    def has(formula):
        return page.run("return (arguments[0].match(/[A-Z][a-z]?/g) || []).includes(arguments[1])", formula, symbol)

    page.one(f"[data-element={symbol}]").send_keys(Keys.ENTER)
    check(page.formulas() and all(has(formula) for formula in page.formulas()), f"{symbol} clicked once: it must be included")
    check(page.run("return document.activeElement.dataset.element") == symbol, "the focus stays on the element")
    included = page.count()
    page.run("document.activeElement.click()")
    check(page.formulas() and not any(has(formula) for formula in page.formulas()), f"{symbol} clicked twice: it must be absent")
    check(included + page.count() == len(ranking), "and every structure is in one of the two")
    check("must not" in page.one(f"[data-element={symbol}]").get_attribute("aria-label"), "and screen readers get it")
    page.run("document.activeElement.click()")
    check(page.count() == len(ranking), "clicked three times: as before")
    chip = page.one("#systems button")
    name, count = chip.get_attribute("data-system"), int(chip.text.rsplit(" ", 1)[1])
    chip.click()
    check(page.count() == count and all(set(page.run("return arguments[0].match(/[A-Z][a-z]?/g)", formula)) == set(name.split("-")) for formula in page.formulas()),
          f"the chip {name} shows the {count} of this system")
    page.one("#reset").click()


def columns(page):
    page.one(".drop summary").click()
    box = next(label for label in page.all("#columns label") if label.text.strip() == "id").find_element(By.TAG_NAME, "input")
    box.click()
    check(page.column("id") == [] and "columns=" in page.run("return location.hash"), "a column is hidden, and the address stores it")
    box.click()
    check(page.column("id") != [], "and shown again")
    page.one(".drop summary").click()


def saved(page, click):
    """The file that a button gives to the browser."""
    page.run("""window.handed = null; const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => { blob.text().then((text) => { window.handed = text; }); URL.createObjectURL = make; return make(blob); };""")
    click()
    return settled(lambda: page.run("return window.handed"))


def details(page, ranking):
    page.one("#table tbody button[data-id]").send_keys(Keys.ENTER)
    text = page.one("tr.details").text
    for part in ("Nearest measured compounds", "space group", "Lithium sites", "passed", "P_SI by kind of member"):
        check(part in text, f"an opened row has: {part}")
    check(page.run("return document.activeElement.getAttribute('aria-expanded')") == "true", "the focus stays on the row")
    picture = page.one("tr.details .turning")
    before = picture.get_attribute("innerHTML")
    check(before.count("lithium-ring") >= 1 and page.all("tr.details .key .lithium-swatch"), "lithium is marked in the picture, and in its key")
    picture.send_keys(Keys.ARROW_RIGHT)
    check(picture.get_attribute("innerHTML") != before, "arrow keys turn the picture")
    inside = page.run("""const box = arguments[0].querySelector('svg').getBoundingClientRect();
      return [...arguments[0].querySelectorAll('circle')].every((c) => { const b = c.getBoundingClientRect();
        return b.left >= box.left - 1 && b.right <= box.right + 1 && b.top >= box.top - 1 && b.bottom <= box.bottom + 1; })""", picture)
    check(inside, "no atom is cut off")
    cif = saved(page, page.one("tr.details [data-cif]").click)
    check("\ndata_" in cif and "_atom_site_occupancy" in cif, "its CIF is in the page")
    page.one("#table tbody button[data-id]").click()
    check(not page.all("tr.details"), "and the row closes")
    table = list(csv.DictReader(io.StringIO(saved(page, page.one("#save").click))))
    wanted = [row for row in ranking if row["status"].split(": ")[0] == "candidate"]
    check([row["id"] for row in table] == [row["id"] for row in wanted], "the filtered table is saved as CSV, in its order")
    check(all(abs(float(a["P_SI"]) - float(b["P_SI"])) < 1e-4 and a["source"] == b["source"] for a, b in zip(table, wanted)), "with the numbers and sources of ranking.csv")
    figure = page.one("figure .saves button")
    check(len(saved(page, figure.click).splitlines()) > 2, "and the numbers of a figure are saved")


def links(page, ranking):
    name = next(row["id"] for row in ranking if row["status"].startswith("candidate"))
    other = next(row["id"] for row in ranking if not row["status"].startswith("candidate"))
    page.open("#" + name)
    check(page.all("tr.lit")[0].get_attribute("id") == "row-" + name and page.all("tr.details"), "an address with an id opens its structure")
    page.open("#" + other)
    check(page.all("tr.lit")[0].get_attribute("id") == "row-" + other, "also one that is not a candidate")
    page.open("#fate=all&sort=-formula&q=" + other)
    check(page.one("#search").get_attribute("value") == other and page.column("id") and all(other in found for found in page.column("id")), "filters come from the address")
    page.open()


def pointing(page, figure):
    """A point of a candidate: the tooltip has its name, a click leads to its row."""
    place = settled(lambda: page.run("""
      document.getElementById(arguments[0]).scrollIntoView({block: 'center'});
      const chart = window.ionsiftReport.charts.find((c) => c.figure.name === arguments[0].slice(7) && c.from === null);
      const item = chart.items.find((i) => i.series.row[i.k]);
      const box = chart.picture.getBoundingClientRect();
      return [box.left + item.x, box.top + item.y, item.series.row[item.k]];""", figure))
    x, y, row = place
    actions = ActionChains(page.browser)
    actions.w3c_actions.pointer_action.move_to_location(int(x), int(y))
    actions.perform()
    shown = settled(lambda: page.run("const tip = document.querySelector('#' + arguments[0] + ' .tip'); return tip.hidden ? '' : tip.textContent", figure))
    check("(" in shown, f"{figure}: hovering names the compound ({shown})")
    actions.w3c_actions.pointer_action.click()
    actions.perform()
    lit = settled(lambda: page.all("tr.lit"))
    check(len(lit) == 1 and lit[0].get_attribute("id").startswith("row-"), f"a click leads to a row (of {row})")


def looks(page):
    """Colour is never the only distinction; a series has one colour; colours of numbers have a scale."""
    found = page.run("""return ionsiftReport.charts.map((c) => [c.figure.name, c.figure.series.filter((s) => !s.dashed && s.mark !== 'bars' && !/SD$|interval/.test(s.name))
      .map((s) => [s.name, s.colour, s.shape]), c.figure.series.some((s) => s.value.length), c.box.querySelectorAll('.chart-scale').length])""")
    colours = {}
    for name, series, has_values, scale in found:
        check(len({tuple(one[1:]) for one in series}) == len({one[0] for one in series}), f"{name}: no two series look the same")
        check((scale > 5) == has_values, f"{name}: a scale if colour is a number, and only then")
        for one in series:
            if one[0].startswith("by "):
                check(colours.setdefault(one[0], one[1]) == one[1], f"{one[0]} has one colour in all figures")
    curves = dict((name, series) for name, series, _, _ in found)["training-mcc"]
    check(len({one[2] for one in curves}) == len(curves) >= 2, f"every line has its own marks {curves}")


OVERLAPS = """
  const boxes = [...document.querySelectorAll(arguments[0])].map((e) => [e.getBoundingClientRect(), e.id || e.textContent.trim().slice(0, 30)]).filter(([b]) => b.width > 1 && b.height > 1);
  const found = [];
  for (let i = 0; i < boxes.length; ++i) for (let j = i + 1; j < boxes.length; ++j) {
    const [a, b] = [boxes[i][0], boxes[j][0]];
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1) { found.push(boxes[i][1] + ' | ' + boxes[j][1]); }
  }
  return [boxes.length, found];"""
CHART_TEXTS = """
  const problems = [];
  for (const chart of ionsiftReport.charts) {
    const frame = chart.picture.getBoundingClientRect();
    if (frame.width < 1) { continue; }
    const texts = [...chart.picture.querySelectorAll('text')].map((t) => [t.getBoundingClientRect(), t.textContent, t.hasAttribute('transform')]);
    for (const [b, words] of texts) {
      if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1) { problems.push(chart.figure.name + ' cut: ' + words); }
    }
    const level = texts.filter(([, , turned]) => !turned);
    for (let i = 0; i < level.length; ++i) for (let j = i + 1; j < level.length; ++j) {
      const [a, b] = [level[i][0], level[j][0]];
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2.5) { problems.push(chart.figure.name + ' over: ' + level[i][1] + ' | ' + level[j][1]); }
    }
  }
  return problems;"""
WIDE = """
  const width = arguments[0];
  return [...document.querySelectorAll('main *')].filter((e) => !e.closest('.scroll, .tip, svg, .drop')).filter((e) => { const b = e.getBoundingClientRect(); return b.width > 0 && b.right > width + 1; })
    .map((e) => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 20)).slice(0, 5);"""


def geometry(page, width, name):
    wide = page.run(WIDE, width)
    check(not wide, f"{name}: nothing is cut off on the right {wide}")
    for selector in ("figure", ".card", ".tile", "main > details", ".canvas", "#table tbody tr[id]", ".element", ".chip"):
        count, found = page.run(OVERLAPS, selector)
        check(not found, f"{name}: {count} {selector} do not overlap {found[:3]}")
    problems = page.run(CHART_TEXTS)
    check(not problems, f"{name}: texts of figures are complete and do not overlap {problems[:4]}")


def emulate(page, width, mobile, scheme, media=""):
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": mobile})
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})


COLOURS = """const sum = (c) => c.match(/[\\d.]+/g).slice(0, 3).map(Number).reduce((a, b) => a + b);
  return [sum(getComputedStyle(document.body).backgroundColor), ...[...document.querySelectorAll(arguments[0])].slice(0, 400).map((e) => sum(getComputedStyle(e)[arguments[1]]))]"""


def widths(page):
    for width, mobile in ((1280, False), (390, True)):
        for scheme in ("light", "dark"):
            emulate(page, width, mobile, scheme)
            page.open()
            name = f"{width} pixels, {scheme}"
            folded = page.run("return [...document.querySelectorAll('main > details')].filter((d) => !d.open).length")
            check((folded > 0) == mobile, f"{name}: {folded} parts are folded")
            page.run("document.querySelectorAll('main > details').forEach((d) => { d.open = true; })")
            settled(lambda: page.run("return [document.documentElement.scrollWidth, ...ionsiftReport.charts.map((c) => c.picture && c.picture.getBoundingClientRect().width)]"))
            check(page.run("return document.documentElement.scrollWidth") <= width, f"{name}: nothing is wider than the window")
            ground, *texts = page.run(COLOURS, "body, p, td, th button, h2, figcaption", "color")
            check((ground > 400) == (scheme == "light") and all(abs(ground - text) > 200 for text in texts), f"{name}: text has enough contrast")
            ground, *texts = page.run(COLOURS, ".chart-text", "fill")
            check(len(texts) > 20 and all(abs(ground - text) > 400 for text in texts), f"{name}: also texts in figures")
            geometry(page, width, name)
            page.run("document.querySelector('#table tbody button[data-id]').click()")
            check(page.run("return document.documentElement.scrollWidth") <= width, f"{name}: nor is an opened structure")
            count, found = page.run(OVERLAPS, ".facts > div")
            check(count >= 4 and not found, f"{name}: its facts do not overlap {found}")


def printing(page):
    """Printed on A4, between its margins, from a dark desktop."""
    emulate(page, 1280, False, "dark")
    page.open()
    paper = 703  # 186 mm
    emulate(page, paper, False, "dark", "print")
    page.run("ionsiftReport.beforePrint()")
    settled(lambda: page.run("return document.documentElement.scrollHeight"))
    check(page.run("return document.documentElement.scrollWidth") <= paper, "the printed page is not wider than its paper")
    geometry(page, paper, "on paper")
    wide = page.run("return [...document.querySelectorAll('table')].filter((t) => t.getBoundingClientRect().right > arguments[0] + 1).map((t) => t.id || t.textContent.slice(0, 30))", paper)
    check(not wide, f"no table is cut off {wide}")
    check(page.run("return [...document.querySelectorAll('main > details, details.fold')].every((d) => d.open)"), "nothing is folded on paper")
    ground, *texts = page.run(COLOURS, "body, p, td, th button, h2, figcaption, .quiet", "color")
    check(ground > 700 and max(texts) < 250, "text is dark on white, though the desktop is dark")
    ground, *texts = page.run(COLOURS, ".chart-text", "fill")
    check(len(texts) > 20 and max(texts) < 250, "also texts in figures")
    check(page.run("return getComputedStyle(document.querySelector('.controls')).display") == "none", "controls are not printed")
    check("fate: candidate" in page.one("#filters-in-words").text, "but the active filters are")
    page.run("ionsiftReport.afterPrint()")
    emulate(page, 1280, False, "dark")
    pdf = base64.b64decode(page.browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    check(pdf.startswith(b"%PDF") and len(pdf) > 20000, f"the page is printed ({len(pdf)} bytes)")
    check(page.run("return ionsiftReport.charts.every((c) => c.picture.viewBox.baseVal.width > 430)"), "and figures have their size again afterwards")
    page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def retrospect(page):
    scenarios = [option.text for option in page.all("#recovery-scenario option")]
    check(any("until 2010" in name for name in scenarios) and any("Q-P" in name for name in scenarios), f"scenarios of recover {scenarios}")
    before = page.one("#recovery-scores table").text
    check(page.one("#recovery-scores p").text.startswith("Trained on ") and "rule of thumb" in before, "scores of the first scenario")
    names = [option.get_attribute("value") for option in page.all("#recovery-ranking option")]
    check(names[0] != names[-1], f"several rankings {names}")
    rows = lambda: [row.text for row in page.all("#recovery-scores details tbody tr")]
    first = rows()
    check(len(first) >= 3 and any("superionic" in row for row in first), f"a list of that time, with what became of it {first}")
    page.put("recovery-ranking", names[-1])
    check(rows() != first and len(rows()) == len(first), "another order of the list")
    page.put("recovery-scenario", str(len(scenarios) - 1))
    check(page.one("#recovery-scores table").text != before, "another scenario has other scores")


def main():
    if webdriver is None or not os.path.exists(DRIVER):
        print("no browser to test with: python3-selenium, chromium and chromium-driver are needed")
        raise SystemExit(1 if os.environ.get("CI") == "true" else 77)
    with open(sys.argv[2], encoding="utf-8", newline="") as table:
        ranking = list(csv.DictReader(table))
    browser = open_browser()
    try:
        page = Page(browser, "file://" + os.path.abspath(sys.argv[1]))
        page.open()
        check(page.one("h1").text == "Golden <run>", "the title is text, not markup")
        judge = page.one("#ensemble").text
        check("trained on" in judge and "above 1e-4 S/cm" in judge, f"the page describes the ensemble that judged the candidates ({judge})")
        check(len(page.all(".crossvalidation")) == 1 and "nothing here says" not in page.one("#trust").text, "scores of the cross-validation are shown if it is given")
        check(len(page.all("svg.chart")) >= 6, "there are figures")
        check(len(page.all(".card svg.crystal")) >= 2, "and pictures of the first candidates")
        check(page.one("#lists table tbody tr"), "and the lists of candidates")
        retrospect(page)
        fates(page, ranking)
        sorting(page)
        filtering(page)
        elements(page, ranking)
        columns(page)
        details(page, ranking)
        links(page, ranking)
        pointing(page, "figure-p-si-against-d-training")
        pointing(page, "figure-principal-components")
        looks(page)
        widths(page)
        printing(page)
        problems = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        check(not problems, f"no errors on the console {problems}")
        requests = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
        urls = {m["params"]["request"]["url"] for m in requests if m["method"] == "Network.requestWillBeSent"}
        check(all(url.startswith(("file:", "data:", "blob:", "about:")) for url in urls), f"nothing is requested from a network: {len(urls)} addresses")
    finally:
        browser.quit()


if __name__ == "__main__":
    main()
