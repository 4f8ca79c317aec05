#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""page.py PAGE: opens a report in headless Chromium and uses it: sort, search, filter, open, hover, click, print, at desktop and
phone width, light and dark. Exit status 77 where browser or Selenium are missing (1 with CI=true)."""
import base64
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
    def __init__(self, browser):
        self.browser = browser

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def column(self, number):
        return [cell.text for cell in self.all(f"#table tbody tr[id] td:nth-child({number})")]

    def clear(self, name):
        """As a hand would: Selenium's own clearing tells the page nothing."""
        self.run("const e = document.getElementById(arguments[0]); e.value = ''; e.dispatchEvent(new Event('input'))", name)

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)


def check(condition, what):
    if not condition:
        raise SystemExit(f"the page fails: {what}")
    print("ok:", what)


def sorting(page):
    before = page.column(2)
    check(len(before) >= 3, "the table has rows")
    page.one("button[data-column=P_SI]").click()
    values = [float(value) for value in page.column(4)]
    check(values == sorted(values, reverse=True), "P_SI sorts falling first")
    page.one("button[data-column=P_SI]").send_keys(Keys.ENTER)
    values = [float(value) for value in page.column(4)]
    check(values == sorted(values), "and rising by the keyboard")
    check(page.one("th[aria-sort=ascending]").text.startswith("P_SI"), "the order is told to screen readers")
    page.one("button[data-column=rank]").click()


def filtering(page):
    everything = page.column(3)
    page.one("#search").send_keys(everything[0])
    check(page.column(3) and all(everything[0] in name for name in page.column(3)), "the search finds an id")
    page.clear("search")
    page.one("#search").send_keys("no such compound")
    check(page.column(3) == [] and "0 shown of 0" in page.one("#shown").text, "and nothing where there is nothing")
    page.clear("search")
    page.one("#min-p").send_keys("0.5")
    shown = [float(value) for value in page.column(4)]
    check(all(value >= 0.5 for value in shown), "the bound of P_SI holds")
    page.clear("min-p")
    check(len(page.column(3)) == len(everything), "without bounds all are back")


def details(page):
    button = page.one("#table tbody button[data-id]")
    button.send_keys(Keys.ENTER)
    text = page.one("tr.details").text
    check("Nearest measured compound" in text and "probability" in text and "passed" in text, "a row opens to facts and verdicts")
    check(page.run("return document.activeElement.getAttribute('aria-expanded')") == "true", "the focus stays on it")
    page.run("document.activeElement.click()")
    check(not page.all("tr.details"), "and closes")


def settled(ask):
    """The answer, once it is one and stays the same for a while, or what it is after 10 seconds."""
    last = None
    for _ in range(50):
        answer = ask()
        if answer and answer == last:
            break
        last = answer
        time.sleep(0.2)
    return answer


def pointing(page, figure):
    """A point of a candidate: its name in the tooltip, its row by a click."""
    where = """
      document.getElementById(arguments[0]).scrollIntoView({block: 'center'});
      const chart = window.ionsiftReport.charts.find((c) => c.canvas.closest('figure').id === arguments[0]);
      const set = chart.data.datasets.findIndex((d) => d.series.row.length);
      const point = chart.getDatasetMeta(set).data[0];
      const box = chart.canvas.getBoundingClientRect();
      return [box.left + point.x, box.top + point.y, chart.data.datasets[set].series.row[0], chart.data.datasets[set].series.label[0]];"""
    # Figures move until they have been drawn.
    place = settled(lambda: page.run(where, figure))
    x, y, row, label = place
    actions = ActionChains(page.browser)
    actions.w3c_actions.pointer_action.move_to_location(int(x), int(y))
    actions.perform()
    shown = settled(lambda: page.run("""
      const chart = window.ionsiftReport.charts.find((c) => c.canvas.closest('figure').id === arguments[0]);
      return chart.tooltip.opacity > 0 ? chart.tooltip.body.flatMap((b) => b.lines).join(' ') : '';""", figure))
    check(label in shown, f"{figure}: hovering names the compound ({shown})")
    actions.w3c_actions.pointer_action.click()
    actions.perform()
    lit = settled(lambda: page.all("tr.lit"))
    check(len(lit) == 1 and lit[0].get_attribute("id").startswith("row-"), f"a click leads to a row (of {row})")


def shapes(page):
    """Nothing is told by colour alone."""
    found = page.run("""
      const chart = window.ionsiftReport.charts.find((c) => c.canvas.closest('figure').id === 'figure-principal-components');
      return chart.data.datasets.map((d) => d.pointStyle);""")
    check(len(found) >= 3 and len(set(found)) == len(found), f"every kind of point has a shape of its own {found}")
    found = page.run("""
      const chart = window.ionsiftReport.charts.find((c) => c.canvas.closest('figure').id === arguments[0]);
      return chart.data.datasets.map((d, i) => [d.pointStyle, chart.getDatasetMeta(i).data.filter((p) => p.options.radius > 0).length, d.series.name]);""",
                     "figure-training-mcc")
    check(found[-1][2] == "labels shuffled", "training curves have their control")
    found.pop()
    check(len(found) >= 2 and len({line[0] for line in found}) == len(found) and all(line[1] >= 2 for line in found),
          f"and every line marks of its own {found}")


def axes(page, width):
    """Chart.js cuts titles that are longer than their axis."""
    sizes = page.run("""
      return window.ionsiftReport.charts.flatMap((chart) => Object.values(chart.scales).flatMap((scale) => {
        chart.ctx.font = `${Chart.defaults.font.size}px ${Chart.defaults.font.family}`;
        const longest = Math.max(...[scale.options.title.text].flat().map((line) => chart.ctx.measureText(line).width));
        return [[scale.options.title.text, longest, scale.isHorizontal() ? scale.width : scale.height]];
      }));""")
    cut = [title for title, longest, room in sizes if longest > room]
    check(len(sizes) >= 12 and not cut, f"{width} pixels: the titles of {len(sizes)} axes are whole {cut}")
    ticks = page.run("""return window.ionsiftReport.charts.flatMap((c) => Object.values(c.scales)).filter((s) => s.type === 'logarithmic')
      .flatMap((s) => s.ticks.map((t) => t.label)).filter(Boolean)""")
    check(ticks and not any(tick.endswith(".0") for tick in ticks), f"logarithmic axes count in plain numbers {sorted(set(ticks))}")


def widths(page):
    for width, mobile in ((1280, False), (390, True)):
        for scheme in ("light", "dark"):
            page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                         {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": mobile})
            page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            # Charts follow the window a moment later.
            settled(lambda: page.run("return [document.documentElement.scrollWidth, ...window.ionsiftReport.charts.map((c) => c.width)]"))
            check(page.run("return document.documentElement.scrollWidth") <= width, f"{width} pixels, {scheme}: nothing sticks out")
            ground, text = page.run("""const s = getComputedStyle(document.body);
              return [s.backgroundColor, s.color].map((c) => c.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b))""")
            check((ground > text) == (scheme == "light") and abs(ground - text) > 400, f"{width} pixels, {scheme}: text can be read")
        axes(page, width)
    page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def main():
    if webdriver is None or not os.path.exists(DRIVER):
        print("no browser to test with: python3-selenium, chromium and chromium-driver are needed")
        raise SystemExit(1 if os.environ.get("CI") == "true" else 77)
    browser = open_browser()
    try:
        page = Page(browser)
        browser.get("file://" + os.path.abspath(sys.argv[1]))
        check(page.one("h1").text == "Golden <run>", "the title is text, not markup")
        judge = page.one("#ensemble").text
        check("trained on" in judge and "above 1e-4 S/cm" in judge, f"the page tells by what candidates were judged ({judge})")
        check(len(page.all("canvas")) >= 6, "there are figures")
        check(page.run("return window.ionsiftReport.charts.every((c) => c.data.datasets.length > 0)"), "with data in them")
        sorting(page)
        filtering(page)
        details(page)
        pointing(page, "figure-p-si-against-d-training")
        pointing(page, "figure-principal-components")
        shapes(page)
        widths(page)
        pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
        check(pdf.startswith(b"%PDF") and len(pdf) > 20000, f"it prints ({len(pdf)} bytes)")
        problems = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        check(not problems, f"no errors on the console {problems}")
        requests = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
        urls = {m["params"]["request"]["url"] for m in requests if m["method"] == "Network.requestWillBeSent"}
        check(all(url.startswith(("file:", "data:", "blob:")) for url in urls), f"nothing is asked of a network: {len(urls)} addresses")
    finally:
        browser.quit()


if __name__ == "__main__":
    main()
