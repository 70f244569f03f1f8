"""Titles as data offices write them: long, with slashes and parentheses, and not always clean."""

from samplegen.dice import Dice
from samplegen.tables import Table
from samplegen.vocabulary import BREAKDOWNS, MORE_AGENCIES, FIELDS, REGION

LONGEST = 247
DOCUMENTS = (
    "Laporan Kinerja Instansi Pemerintah (LKjIP) {agency} Tahun {year}",
    "Rencana Strategis (Renstra) {agency} Tahun {year}-{later}",
    "Rencana Kerja (Renja) Perubahan {agency} Tahun Anggaran {year}",
    "Laporan Realisasi Fisik dan Keuangan {agency} Triwulan {quarter} Tahun {year}",
    "Dokumen Pelaksanaan Anggaran (DPA) {agency} Tahun {year}",
    "Profil {theme} {region} Tahun {year} (Buku Saku)",
    "Indikator Kinerja Utama/Perjanjian Kinerja {agency} Tahun {year}",
    "Standar Operasional Prosedur (SOP) Pelayanan {agency}, Edisi {year}",
    "Survei Kepuasan Masyarakat (SKM) {agency} Semester {half} {year}",
    "Laporan Penyelenggaraan Pemerintahan Daerah (LPPD) Urusan {theme} Tahun {year}",
    "Daftar Informasi Publik {agency} Tahun {year}",
    "Analisis Capaian Target Pembangunan Berkelanjutan (TPB/SDGs) Bidang {theme} {region} {year}",
    "Peraturan Bupati tentang Kedudukan, Susunan Organisasi, dan Tata Kerja {agency}",
    "Notula Forum Perangkat Daerah/Lintas Sektor {agency}, {year}",
)
LONG_ENDINGS = (
    "yang Ditangani dalam Kurun Waktu Satu Tahun Anggaran",
    "Dirinci Menurut Desa/Kelurahan, Jenis Kelamin, dan Kelompok Umur",
    "sebagai Bahan Evaluasi Rencana Pembangunan Jangka Menengah Daerah (RPJMD)",
    "Berdasarkan Hasil Verifikasi Forum Satu Data Tingkat Kabupaten",
)


def table_title(table: Table) -> str:
    """Names the first groups and the years."""
    texts = [group.text for group in table.groups[:2]]
    breakdown = BREAKDOWNS[table.groups[0].breakdown][0]
    first, last = table.years[0], table.years[-1]
    years = f"Tahun {first}" if first == last else f"Tahun {first}-{last}"
    wider = " dan ".join(texts) if len(" dan ".join(texts)) < 60 else texts[0]
    place = f" di {REGION}" if len(wider) % 3 == 0 else ""
    draft = " (Revisi)" if table.kind == "revision" else ""
    return f"{wider} Menurut {breakdown}{place} {years}{draft}"


def agencies() -> list[tuple[str, str]]:
    """(agency, its theme)."""
    return [(agency, theme) for _, theme, agency in FIELDS.values()] + list(MORE_AGENCIES)


def document_titles(count: int) -> list[tuple[str, str, str, int]]:
    """`count` different (title, agency, theme, year)."""
    dice = Dice("documents")
    every = [(form, agency, theme, year) for form in DOCUMENTS for agency, theme in agencies()
             for year in range(2019, 2025)]
    titles = {}
    for form, agency, theme, year in dice.take(every, len(every)):
        title = form.format(agency=agency, region=REGION, theme=theme, year=year, later=year + 5,
                            quarter=dice.pick(("I", "II", "III", "IV")), half=dice.pick(("I", "II")))
        titles.setdefault(title, (title, agency, theme, year))
        if len(titles) == count:
            break
    return list(titles.values())


def lengthen(title: str) -> str:
    for ending in LONG_ENDINGS:
        longer = f"{title} {ending}"
        title = longer if len(longer) <= LONGEST else title
    return title


def with_markup(title: str, index: int) -> str:
    """HTML that an editor left behind."""
    if index % 3 == 0:
        return f"<b>{title}</b>"
    return f"{title} &amp; Lampirannya" if index % 3 == 1 else f"{title}<br>(<i>angka sementara</i>)"


def with_double_blank(title: str) -> str:
    head, _, tail = title.rpartition(" ")
    return f"{head}  {tail}"
