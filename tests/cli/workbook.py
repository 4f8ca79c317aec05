#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""workbook.py XLSX SHEET=CSV ...: every sheet has the cells of its table, ids and formulas as text, numbers as numbers."""
import csv
import sys

try:
    import openpyxl
except ImportError:
    print("nothing to read workbooks with: python3-openpyxl is needed")
    raise SystemExit(77)

book = openpyxl.load_workbook(sys.argv[1], read_only=False)
wanted = dict(argument.split("=", 1) for argument in sys.argv[2:])
assert book.sheetnames == list(wanted), book.sheetnames
numbers = 0
for name, path in wanted.items():
    with open(path, encoding="utf-8", newline="") as table:
        rows = list(csv.reader(table))
    sheet = book[name]
    assert sheet.max_row == len(rows), (name, sheet.max_row, len(rows))
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref, f"{name}: header and filter"
    for row, cells in zip(rows, sheet.iter_rows(values_only=True)):
        for heading, text, value in zip(rows[0], row, cells):
            if value is None:
                assert text == "", (name, heading, text)
            elif isinstance(value, (int, float)):
                assert float(text) == value and heading not in ("id", "formula"), (name, heading, text, value)
                numbers += 1
            else:
                assert str(value).replace("\r\n", "\n") == text.replace("\r\n", "\n"), (name, heading, text, value)
assert numbers > 20, f"only {numbers} numbers"
print(f"{len(wanted)} sheets, {numbers} numbers")
