#!/usr/bin/env python3
"""Writes a table as people publish them, of so many rows: make.py ROWS FILE, by its extension CSV or XLSX."""
import csv
import random
import sys

HEADINGS = ["kode", "wilayah", "tahun", "nilai", "jumlah", "satuan", "catatan"]


def rows(count):
    source = random.Random(1)
    for i in range(count):
        yield [
            f"35.{i:07d}",
            source.choice(["Kota Utara", "Kota Selatan", "Kecamatan Barat, Tengah"]),
            2000 + i % 25,
            round(source.random() * 1000, 2),
            source.randrange(10**7),
            "jiwa",
            f"catatan ke-{source.randrange(10**6)}",
        ]


def write_csv(path, count):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(count))


def write_xlsx(path, count):
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for number, row in enumerate(rows(count), start=1):
        sheet.write_row(number, 0, row)
    book.close()


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    (write_xlsx if path.endswith(".xlsx") else write_csv)(path, count)


if __name__ == "__main__":
    main()
