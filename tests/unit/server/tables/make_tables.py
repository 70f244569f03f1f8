#!/usr/bin/env python3
"""Writes the same tables with several programs, for the readers' tests.

    make_tables.py FOLDER

Beside each workbook stands what it says: NAME.csv for a table as such, NAME.txt in the notation of reading.h.
"""
import csv
import datetime
import pathlib
import sys

import openpyxl
import xlsxwriter
import xlwt

HEADINGS = ["Kode", "Kecamatan", "Tahun", "Luas (km²)", "Penduduk", "Tanggal", "Waktu", "Aktif", "Catatan"]


def places(count):
    """Rows of every kind of value, some of them missing, texts that come again and texts that do not."""
    for i in range(count):
        yield [
            f"35.{i:04d}",
            ["Kota Baru", "Désa −Tua", "Ngaglik & <Timur>", " tepi "][i % 4],
            2000 + i % 25,
            round(12.5 + i * 0.1, 2) if i % 7 else None,
            1_000_003 * i,
            datetime.date(2024, 1, 31) + datetime.timedelta(days=i),
            datetime.datetime(2023, 12, 31, 23, 59, 58) + datetime.timedelta(hours=i),
            i % 3 == 0,
            None if i % 5 else f'baris "{i}", dua\nbaris',
        ]


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value).strip()


def write_csv(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([text(value) for value in row] for row in rows)


def by_openpyxl(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def by_xlsxwriter(path, rows, **options):
    book = xlsxwriter.Workbook(path, options)
    sheet = book.add_worksheet()
    formats = {
        datetime.date: book.add_format({"num_format": "dd/mm/yyyy"}),
        datetime.datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
    }
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value, formats.get(type(value)))
    book.close()


def by_xlwt(path, rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    styles = {
        datetime.date: xlwt.easyxf(num_format_str="dd/mm/yyyy"),
        datetime.datetime: xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm:ss"),
    }
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value, styles.get(type(value), xlwt.Style.default_style))
    book.save(str(path))


def write_same(folder, name, rows):
    rows = list(rows)
    makers = {
        "openpyxl.xlsx": by_openpyxl,
        "xlsxwriter.xlsx": by_xlsxwriter,
        "constant-memory.xlsx": lambda path, rows: by_xlsxwriter(path, rows, constant_memory=True),
        "xlwt.xls": by_xlwt,
    }
    for kind, make in makers.items():
        make(folder / f"{name}-{kind}", rows)
        write_csv(folder / f"{name}-{kind}.csv", rows)


def write_expected(folder, name, lines):
    (folder / f"{name}.txt").write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def details_by_openpyxl(folder):
    book = openpyxl.Workbook()
    first = book.active
    first.title = "Rekap"
    first["A1"] = "Jumlah per tahun"
    first.merge_cells("A1:C1")
    first["A2"], first["B2"], first["C2"] = "Wilayah", "Persen", "Ribu"
    first["A3"], first["B3"], first["C3"] = "Utara", 0.456, 1234567
    first["B4"], first["C4"] = 1, "=B3+B4"
    first.merge_cells("A3:A4")
    first["B3"].number_format = first["B4"].number_format = "0.0%"
    first["C3"].number_format = "#,##0,"
    first["A5"], first["B5"] = "tersembunyi", datetime.date(2024, 5, 1)
    first["B5"].number_format = "yyyy"
    first.row_dimensions[5].hidden = True
    first.column_dimensions["C"].hidden = True
    second = book.create_sheet("Mentah")
    second["B2"] = "x"
    second.sheet_state = "hidden"
    third = book.create_sheet("Kosong")
    third.sheet_state = "veryHidden"
    book.create_chartsheet("Grafik")
    last = book.create_sheet("Akhir")
    last["A1"] = True
    last["B1"] = "#DIV/0!"
    book.save(folder / "details-openpyxl.xlsx")
    write_expected(folder, "details-openpyxl.xlsx", [
        "# Rekap",
        "1:Jumlah per tahun|Jumlah per tahun^|Jumlah per tahun?^",
        "2:Wilayah|Persen|Ribu?",
        "3:Utara|n:0.456{45.6}|n:1234567{1234.567}?",
        "4:Utara^|n:1{100}|e:?",
        "5:tersembunyi?|d:2024?",
        "# Mentah?",
        "2:?|x?",
        "# Kosong?",
        "# Akhir",
        "1:b:TRUE|e:#DIV/0!",
    ])


def details_by_xlsxwriter(folder):
    book = xlsxwriter.Workbook(folder / "details-xlsxwriter.xlsx", {"default_date_format": "d mmm yyyy"})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Data")
    sheet.merge_range("B1:C1", "Tahun", bold)
    sheet.merge_range("A1:A2", "Wilayah", bold)
    sheet.write_row("B2", [2022, 2023])
    sheet.write_rich_string("A3", "Kota ", bold, "Baru", " Utara")
    sheet.write_number("B3", 1e-7)
    sheet.write_number("C3", 12345678901234567890)
    sheet.write_formula("A4", "=B2&\"x\"", None, "2022x")
    sheet.write_formula("B4", "=B2+1", None, 2023)
    sheet.write_formula("C4", "=B2+2")
    sheet.write_boolean("A5", False)
    sheet.write_formula("B5", "=1/0", None, "#DIV/0!")
    sheet.write_datetime("C5", datetime.datetime(1900, 2, 28))
    sheet.write_datetime("D5", datetime.datetime(1900, 3, 1, 6, 30))
    sheet.write_number("A6", 0.125, book.add_format({"num_format": 9}))
    sheet.write_number("B6", 45292, book.add_format({"num_format": '"per" [$-421]dd mmmm yyyy;@'}))
    sheet.write_number("C6", 3, book.add_format({"num_format": ";;;"}))
    sheet.write_string("A7", "_x000D_ apa adanya")
    sheet.set_column("D:E", 10, None, {"hidden": True})
    sheet.set_row(6, 15, None, {"hidden": True})
    sheet.write_comment("A1", "catatan")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$B$2:$C$2"})
    book.add_chartsheet("Grafik").set_chart(chart)
    book.close()
    write_expected(folder, "details-xlsxwriter.xlsx", [
        "# Data",
        "1:Wilayah|Tahun|Tahun^",
        "2:Wilayah^|n:2022|n:2023",
        "3:Kota Baru Utara|n:0.0000001|n:12345678901234600000",
        "4:2022x|n:2023|e:",
        "5:b:FALSE|e:#DIV/0!|d:1900-02-28|d:1900-03-01 06:30:00?",
        "6:n:0.125{12.5}|d:2024-01-01|n:3?",
        "7:_x000D_ apa adanya?",
    ])


def details_by_xlsxwriter_1904(folder):
    book = xlsxwriter.Workbook(folder / "dates-1904.xlsx", {"date_1904": True})
    sheet = book.add_worksheet("D")
    sheet.write_datetime("A1", datetime.datetime(2024, 2, 29), book.add_format({"num_format": "dd.mm.yy"}))
    book.close()
    write_expected(folder, "dates-1904.xlsx", ["# D", "1:d:2024-02-29"])


def details_by_xlwt(folder):
    book = xlwt.Workbook()
    book.dates_1904 = False
    sheet = book.add_sheet("Rekap")
    sheet.write_merge(0, 0, 0, 2, "Jumlah per tahun")
    sheet.write_merge(1, 2, 0, 0, "Utara")
    sheet.write(1, 1, 0.456, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write(1, 2, 1234567, xlwt.easyxf(num_format_str="#,##0,"))
    sheet.write(2, 1, xlwt.Formula("1+1"))
    sheet.write(2, 2, True)
    sheet.write(3, 0, "tersembunyi")
    sheet.write(3, 1, datetime.date(2024, 5, 1), xlwt.easyxf(num_format_str="yyyy"))
    sheet.row(3).hidden = True
    sheet.write(4, 0, -1.5)
    sheet.write(4, 1, 123456789012)
    sheet.write(4, 2, 33.33)
    sheet.write_rich_text(5, 0, [("Kota ", xlwt.easyfont("bold on")), "Baru"])
    sheet.col(2).hidden = True
    hidden = book.add_sheet("Mentah")
    hidden.write(1, 1, "x")
    hidden.visibility = 1
    book.add_sheet("Kosong")
    book.save(str(folder / "details-xlwt.xls"))
    write_expected(folder, "details-xlwt.xls", [
        "# Rekap",
        "1:Jumlah per tahun|Jumlah per tahun^|Jumlah per tahun?^",
        "2:Utara|n:0.456{45.6}|n:1234567{1234.567}?",
        "3:Utara^||b:TRUE?",
        "4:tersembunyi?|d:2024?",
        "5:n:-1.5|n:123456789012|n:33.33?",
        "6:Kota Baru",
        "# Mentah?",
        "2:?|x?",
        "# Kosong",
    ])


def long_texts_by_xlwt(folder):
    """Shared texts that run on over the ends of records, in one byte and in two."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("T")
    lines = ["# T"]
    for i in range(600):
        value = f"{i}-" + ("désa" if i % 2 else "деревня") * (i % 90) + "."
        sheet.write(i, 0, value)
        lines.append(f"{i + 1}:{value}")
    book.save(str(folder / "long-texts.xls"))
    write_expected(folder, "long-texts.xls", lines)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_same(folder, "places", [HEADINGS, *places(500)])
    write_same(folder, "single", [["satu"]])
    details_by_openpyxl(folder)
    details_by_xlsxwriter(folder)
    details_by_xlsxwriter_1904(folder)
    details_by_xlwt(folder)
    long_texts_by_xlwt(folder)


if __name__ == "__main__":
    main()
