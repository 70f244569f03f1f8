#!/usr/bin/env python3
"""How long Python takes to read a table to its end: peer.py csv|openpyxl FILE. Prints seconds and cells."""
import sys
import time


def csv_cells(path):
    import csv

    with open(path, encoding="utf-8", newline="") as file:
        return sum(len(row) for row in csv.reader(file))


def openpyxl_cells(path):
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(len(row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))


def main():
    begin = time.monotonic()
    cells = {"csv": csv_cells, "openpyxl": openpyxl_cells}[sys.argv[1]](sys.argv[2])
    print(time.monotonic() - begin, cells)


if __name__ == "__main__":
    main()
