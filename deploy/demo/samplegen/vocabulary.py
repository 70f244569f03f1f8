"""Words of the made-up regency: its fields of government, their indicators and how these are broken down.

One line of INDICATORS is `text | unit | size of its figures (figures.py) | breakdown`. The texts are invented
in the manner of sector statistics; the codes given to them later are not those of the national list.
"""

REGION = "Kabupaten Teluk Cendana"
KODEPEMDA = "9901"
LOCAL_PREFIX = "99.01"

# Field of government -> (its name, theme in the portal, the agency that owns its figures).
FIELDS = {
    "1.01": ("PENDIDIKAN", "Pendidikan", "Dinas Pendidikan"),
    "1.02": ("KESEHATAN", "Kesehatan", "Dinas Kesehatan"),
    "1.03": ("PEKERJAAN UMUM DAN PENATAAN RUANG", "Infrastruktur", "Dinas Pekerjaan Umum dan Penataan Ruang"),
    "1.04": ("PERUMAHAN DAN KAWASAN PERMUKIMAN", "Infrastruktur", "Dinas Perumahan dan Kawasan Permukiman"),
    "1.05": ("KETENTERAMAN DAN KETERTIBAN UMUM SERTA PERLINDUNGAN MASYARAKAT", "Kebencanaan",
             "Badan Penanggulangan Bencana Daerah"),
    "1.06": ("SOSIAL", "Sosial", "Dinas Sosial"),
    "2.07": ("TENAGA KERJA", "Ketenagakerjaan", "Dinas Tenaga Kerja dan Transmigrasi"),
    "2.08": ("PEMBERDAYAAN PEREMPUAN DAN PERLINDUNGAN ANAK", "Sosial",
             "Dinas Pemberdayaan Perempuan, Perlindungan Anak, dan Keluarga Berencana"),
    "2.11": ("LINGKUNGAN HIDUP", "Lingkungan Hidup", "Dinas Lingkungan Hidup"),
    "2.12": ("ADMINISTRASI KEPENDUDUKAN DAN PENCATATAN SIPIL", "Kependudukan",
             "Dinas Kependudukan dan Pencatatan Sipil"),
    "2.13": ("PEMBERDAYAAN MASYARAKAT DAN DESA", "Pemerintahan", "Dinas Pemberdayaan Masyarakat dan Desa"),
    "2.15": ("PERHUBUNGAN", "Perhubungan", "Dinas Perhubungan"),
    "2.17": ("KOPERASI, USAHA KECIL, DAN MENENGAH", "Ekonomi",
             "Dinas Koperasi, Usaha Mikro, dan Perdagangan"),
    "3.25": ("KELAUTAN DAN PERIKANAN", "Kelautan dan Perikanan", "Dinas Perikanan"),
    "3.26": ("PARIWISATA", "Pariwisata dan Kebudayaan", "Dinas Pariwisata dan Kebudayaan"),
    "3.27": ("PERTANIAN", "Pertanian", "Dinas Pertanian dan Ketahanan Pangan"),
    "5.02": ("KEUANGAN", "Pemerintahan", "Badan Pengelolaan Keuangan dan Aset Daerah"),
}
# Agencies that publish documents only.
MORE_AGENCIES = (
    ("Badan Pusat Statistik Kabupaten Teluk Cendana", "Ekonomi"),
    ("Badan Perencanaan Pembangunan, Riset, dan Inovasi Daerah", "Pemerintahan"),
    ("Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "Pemerintahan"),
    ("Dinas Komunikasi dan Informatika", "Pemerintahan"),
)

# Breakdown -> (how a title calls it, its items).
BREAKDOWNS = {
    "jk": ("Jenis Kelamin", "Laki-laki;Perempuan"),
    "jenjang": ("Jenjang Pendidikan", "PAUD;SD/MI;SMP/MTs;SMA/MA;SMK;Pendidikan Kesetaraan;SLB"),
    "milik": ("Status Kepemilikan",
        "Pemerintah Pusat;Pemerintah Provinsi;Pemerintah Kabupaten;BUMN/BUMD;Swasta"),
    "kondisi": ("Kondisi", "Baik;Sedang;Rusak Ringan;Rusak Berat"),
    "umur": ("Kelompok Umur",
        "0-4 Tahun;5-9 Tahun;10-14 Tahun;15-19 Tahun;20-24 Tahun;25-29 Tahun;30-34 Tahun;"
        "35-39 Tahun;40-44 Tahun;45-49 Tahun;50-54 Tahun;55-59 Tahun;60-64 Tahun;"
        "65 Tahun ke Atas"),
    "ijazah": ("Pendidikan Terakhir",
        "Tidak/Belum Sekolah;SD/Sederajat;SMP/Sederajat;SMA/Sederajat;Diploma;Sarjana (S1);"
        "Pascasarjana (S2/S3)"),
    "tw": ("Triwulan", "Triwulan I;Triwulan II;Triwulan III;Triwulan IV"),
    "tenaga": ("Jenis Tenaga",
        "Dokter Umum;Dokter Gigi;Dokter Spesialis;Perawat;Bidan;Apoteker;Ahli Gizi;Sanitarian"),
    "penyakit": ("Jenis Penyakit",
        "Tuberkulosis;Demam Berdarah Dengue;Malaria;Diare;Pneumonia Balita;Hipertensi;"
        "Diabetes Melitus;Kusta"),
    "jalan": ("Jenis Permukaan", "Aspal/Hotmix;Beton/Rigid;Kerikil;Tanah"),
    "bencana": ("Jenis Bencana",
        "Banjir;Tanah Longsor;Angin Puting Beliung;Kebakaran Hutan dan Lahan;"
        "Gelombang Pasang/Abrasi;Kekeringan"),
    "ppks": ("Jenis PPKS",
        "Lanjut Usia Terlantar;Anak Terlantar;Penyandang Disabilitas;Tuna Susila;Gelandangan;"
        "Fakir Miskin"),
    "sektor": ("Lapangan Usaha",
        "Pertanian;Pertambangan;Industri Pengolahan;Konstruksi;Perdagangan;Transportasi;"
        "Akomodasi dan Makan Minum;Jasa Keuangan;Jasa Lainnya"),
    "sampah": ("Sumber Timbulan", "Rumah Tangga;Pasar;Perkantoran;Fasilitas Publik;Kawasan Industri"),
    "dokumen": ("Jenis Dokumen",
        "KTP-el;Kartu Keluarga;Akta Kelahiran;Akta Kematian;Akta Perkawinan;"
        "Kartu Identitas Anak"),
    "kendaraan": ("Jenis Kendaraan", "Mobil Penumpang;Mobil Bus;Mobil Barang;Sepeda Motor;Kendaraan Khusus"),
    "usaha": ("Skala Usaha", "Mikro;Kecil;Menengah"),
    "ikan": ("Jenis Ikan", "Tongkol;Kembung;Tenggiri;Kakap;Bandeng;Nila;Lele;Udang Vaname"),
    "wisata": ("Jenis Destinasi", "Wisata Alam;Wisata Bahari;Wisata Budaya;Wisata Buatan;Desa Wisata"),
    "tani": ("Komoditas", "Padi Sawah;Padi Ladang;Jagung;Kedelai;Kacang Tanah;Ubi Kayu;Ubi Jalar"),
    "kebun": ("Komoditas Perkebunan", "Kelapa Sawit;Karet;Kelapa Dalam;Kopi Robusta;Lada;Kakao"),
    "ternak": ("Jenis Ternak", "Sapi Potong;Kerbau;Kambing;Domba;Babi;Ayam Buras;Ayam Ras Pedaging;Itik"),
    "apbd": ("Uraian APBD",
        "Pendapatan Asli Daerah;Transfer Pusat;Transfer Antar Daerah;Belanja Operasi;"
        "Belanja Modal;Belanja Tidak Terduga;Pembiayaan Neto"),
    "pajak": ("Jenis Pajak Daerah", "PBB-P2;BPHTB;Hotel;Restoran;Hiburan;Reklame;Parkir;Air Tanah"),
    "kec": ("Kecamatan",
        "Cendana Kota;Cendana Ulu;Muara Rindang;Batu Lawang;Sungai Pelita;Pantai Teduh;"
        "Rawa Kencana;Bukit Serunai;Tanjung Arai;Pulau Sembilang Kecil;Hulu Nirmala;"
        "Telaga Merbau;Simpang Damar;Kuala Permai"),
}

INDICATORS = {
    "1.01": """
Jumlah Satuan Pendidikan | unit | some | jenjang
Jumlah Peserta Didik | orang | thousands | jenjang
Jumlah Guru | orang | hundreds | jenjang
Jumlah Guru Bersertifikat Pendidik | orang | hundreds | jenjang
Jumlah Rombongan Belajar | rombel | hundreds | jenjang
Jumlah Ruang Kelas SD | ruang | hundreds | kondisi
Jumlah Ruang Kelas SMP | ruang | hundreds | kondisi
Angka Partisipasi Kasar (APK) | persen | percent | jenjang
Angka Partisipasi Murni (APM) | persen | percent | jenjang
Angka Putus Sekolah | persen | rate | jenjang
Rasio Guru terhadap Murid | rasio | ratio | jenjang
Jumlah Tenaga Kependidikan | orang | hundreds | ijazah
Jumlah Penerima Beasiswa Daerah | orang | some | jenjang
Rata-rata Lama Sekolah | tahun | ratio | jk
Harapan Lama Sekolah | tahun | ratio | jk
Jumlah Perpustakaan Sekolah | unit | some | kondisi
Jumlah Laboratorium Sekolah | ruang | few | kondisi
Jumlah Lembaga PAUD Terakreditasi | lembaga | some | kec""",
    "1.02": """
Jumlah Tenaga Kesehatan di Puskesmas | orang | some | tenaga
Jumlah Tenaga Kesehatan di Rumah Sakit | orang | some | tenaga
Jumlah Kasus Penyakit | kasus | hundreds | penyakit
Angka Kesakitan per 100.000 Penduduk | per 100.000 penduduk | ratio | penyakit
Persentase Pengobatan Sesuai Standar | % | percent | penyakit
Jumlah Kunjungan Rawat Jalan | kunjungan | thousands | tw
Jumlah Kunjungan Rawat Inap | kunjungan | hundreds | tw
Jumlah Posyandu Aktif | unit | some | kec
Persentase Balita Stunting | persen | rate | kec
Cakupan Imunisasi Dasar Lengkap | persen | percent | kec
Jumlah Ibu Hamil Mendapat Tablet Tambah Darah (Fe3) | orang | hundreds | kec
Jumlah Kematian Bayi | kasus | few | jk
Jumlah Kematian Ibu Melahirkan | kasus | few | umur
Usia Harapan Hidup | tahun | percent | jk
Jumlah Peserta Jaminan Kesehatan | jiwa | millions | milik
Persentase Rumah Tangga Ber-PHBS | persen | percent | tw
Rasio Tempat Tidur Rumah Sakit terhadap Penduduk | rasio | rate | milik""",
    "1.03": """
Panjang Jalan Kabupaten | km | area | kondisi
Panjang Ruas Jalan | km | area | jalan
Jumlah Jembatan | unit | some | kondisi
Panjang Saluran Irigasi Primer | meter | area | kondisi
Panjang Saluran Irigasi Sekunder | meter | area | kondisi
Luas Daerah Irigasi Fungsional | ha | area | kec
Persentase Penduduk Berakses Air Minum Layak | persen | percent | kec
Persentase Penduduk Berakses Sanitasi Aman | persen | rate | kec
Jumlah Sambungan Rumah Air Minum | SR | hundreds | kec
Jumlah Bangunan Gedung Negara | unit | few | kondisi
Jumlah Izin Mendirikan Bangunan/PBG Terbit | dokumen | some | tw
Panjang Drainase Perkotaan | km | ratio | kondisi
Jumlah Tenaga Kerja Konstruksi Bersertifikat | orang | some | ijazah
Luas Ruang Terbuka Hijau Publik | hektar | ratio | kec
Jumlah Embung dan Situ | buah | few | kondisi
Panjang Tanggul Sungai | km | rate | kondisi""",
    "1.04": """
Jumlah Rumah Tidak Layak Huni (RTLH) | unit | hundreds | kec
Jumlah RTLH yang Direhabilitasi | unit | some | kec
Luas Kawasan Kumuh | ha | ratio | kec
Persentase Rumah Tangga Berakses Listrik | persen | percent | kec
Jumlah Perumahan Formal | unit | few | milik
Panjang Jalan Lingkungan Permukiman | km | ratio | kondisi
Jumlah Penerima Bantuan Stimulan Rumah Swadaya | KK | some | tw
Jumlah Rusunawa | tower | few | kondisi
Backlog Kepemilikan Rumah | unit | hundreds | kec
Jumlah Sertifikat Tanah Rumah MBR | dokumen | some | tw
Luas Pemakaman Umum | ha | rate | kec
Jumlah Penerangan Jalan Lingkungan | titik | hundreds | kondisi""",
    "1.05": """
Jumlah Kejadian Bencana | kejadian | few | bencana
Jumlah Korban Terdampak Bencana | jiwa | hundreds | bencana
Jumlah Rumah Rusak akibat Bencana | unit | some | bencana
Taksiran Kerugian akibat Bencana | rupiah | rupiah | bencana
Indeks Risiko Bencana | indeks | percent | bencana
Jumlah Desa Tangguh Bencana | desa | few | kec
Jumlah Kejadian Kebakaran Permukiman | kejadian | few | kec
Waktu Tanggap Pemadam Kebakaran | menit | ratio | kec
Jumlah Pelanggaran Perda yang Ditindak | kasus | some | tw
Jumlah Anggota Satlinmas | orang | some | kec
Jumlah Personel Satpol PP | orang | some | ijazah
Jumlah Pos Kamling Aktif | pos | some | kec""",
    "1.06": """
Jumlah Pemerlu Pelayanan Kesejahteraan Sosial (PPKS) | jiwa | hundreds | ppks
Jumlah PPKS yang Mendapat Rehabilitasi Sosial | jiwa | some | ppks
Jumlah Keluarga Penerima Manfaat PKH | KPM | hundreds | kec
Jumlah Keluarga Penerima Bantuan Sembako | KPM | hundreds | kec
Persentase Penduduk Miskin | persen | rate | kec
Jumlah Karang Taruna Aktif | kelompok | few | kec
Jumlah Taruna Siaga Bencana (Tagana) | orang | few | jk
Jumlah Panti/Lembaga Kesejahteraan Sosial | lembaga | few | milik
Jumlah Penyandang Disabilitas | jiwa | some | umur
Jumlah Lanjut Usia Penerima Bantuan | jiwa | some | jk
Nilai Bantuan Sosial yang Disalurkan | rupiah | rupiah | tw
Jumlah Pekerja Sosial Masyarakat | orang | some | kec""",
    "2.07": """
Jumlah Angkatan Kerja | orang | thousands | ijazah
Jumlah Penduduk Bekerja | orang | thousands | sektor
Jumlah Pencari Kerja Terdaftar | orang | some | ijazah
Jumlah Penempatan Tenaga Kerja | orang | some | sektor
Tingkat Pengangguran Terbuka (TPT) | persen | rate | jk
Tingkat Partisipasi Angkatan Kerja (TPAK) | persen | percent | jk
Rata-rata Upah Pekerja per Bulan | rupiah | millions | sektor
Jumlah Perusahaan Wajib Lapor | perusahaan | some | sektor
Jumlah Peserta Pelatihan Kerja | orang | some | tw
Jumlah Perselisihan Hubungan Industrial | kasus | few | tw
Jumlah Kecelakaan Kerja | kasus | few | sektor
Jumlah Tenaga Kerja Disabilitas | orang | few | sektor""",
    "2.08": """
Jumlah Kasus Kekerasan terhadap Anak | kasus | few | kec
Jumlah Kasus Kekerasan terhadap Perempuan | kasus | few | kec
Jumlah Perkawinan Usia Anak | kasus | few | kec
Jumlah Perempuan Kepala Keluarga | orang | hundreds | kec
Jumlah Forum Anak Aktif | forum | few | kec
Jumlah Perempuan Pelaku Usaha | orang | some | sektor
Persentase Perempuan di Lembaga Pemerintah | persen | rate | ijazah""",
    "2.11": """
Jumlah Timbulan Sampah | ton | area | sampah
Persentase Sampah Terangkut | persen | percent | sampah
Indeks Kualitas Air | indeks | percent | tw
Indeks Kualitas Udara | indeks | percent | tw
Indeks Kualitas Tutupan Lahan | indeks | percent | kec
Kadar BOD Air Sungai | mg/L | rate | tw
Luas Lahan Kritis | ha | area | kec
Jumlah Bank Sampah | unit | few | kec
Jumlah Pohon yang Ditanam | batang | thousands | kec
Emisi Gas Rumah Kaca | ton CO2eq | area | sektor
Jumlah Dokumen Lingkungan (AMDAL/UKL-UPL) Terbit | dokumen | few | sektor
Jumlah Pengaduan Lingkungan | pengaduan | few | tw
Luas Hutan Mangrove | hektare | area | kondisi""",
    "2.12": """
Jumlah Penduduk | jiwa | thousands | kec
Jumlah Penduduk Tetap | jiwa | thousands | umur
Jumlah Penduduk Berijazah | jiwa | thousands | ijazah
Jumlah Dokumen Kependudukan Terbit | lembar | thousands | dokumen
Cakupan Kepemilikan Dokumen | persen | percent | dokumen
Jumlah Kepala Keluarga | KK | thousands | kec
Laju Pertumbuhan Penduduk | persen | growth | kec
Rasio Jenis Kelamin | rasio | percent | kec
Kepadatan Penduduk | jiwa/km2 | ratio | kec
Jumlah Perpindahan Penduduk Keluar | jiwa | some | kec
Jumlah Perpindahan Penduduk Masuk | jiwa | some | kec
Jumlah Wajib KTP | jiwa | thousands | jk
Jumlah Kelahiran Tercatat | jiwa | hundreds | tw""",
    "2.13": """
Jumlah Desa/Kelurahan | desa | few | kec
Jumlah Badan Usaha Milik Desa (BUMDes) Aktif | unit | few | kec
Jumlah Dana Desa Tersalur | rupiah | rupiah | kec
Jumlah Aparatur Desa | orang | some | kec
Jumlah Lembaga Kemasyarakatan Desa | lembaga | some | kec
Indeks Desa Membangun | indeks | percent | kec
Jumlah Kader Pemberdayaan Masyarakat | orang | some | jk""",
    "2.15": """
Jumlah Kendaraan Bermotor | unit | thousands | kendaraan
Jumlah Kendaraan Wajib Uji | unit | hundreds | kendaraan
Persentase Kendaraan Lulus Uji | persen | percent | kendaraan
Jumlah Penumpang Angkutan Umum | orang | millions | tw
Jumlah Kecelakaan Lalu Lintas | kejadian | few | kendaraan
Jumlah Rambu Lalu Lintas | unit | some | kondisi
Jumlah Alat Penerangan Jalan | unit | hundreds | kondisi
Panjang Marka Jalan | meter | area | kondisi
Jumlah Dermaga Rakyat | unit | few | kondisi
Jumlah Bongkar Muat Barang | ton | area | tw
Jumlah Retribusi Parkir | rupiah | rupiah | tw
Jumlah Izin Trayek | izin | few | kendaraan""",
    "2.17": """
Jumlah Usaha Mikro, Kecil, dan Menengah (UMKM) | unit | hundreds | usaha
Jumlah Tenaga Kerja UMKM | orang | thousands | usaha
Omzet UMKM | rupiah | rupiah | usaha
Jumlah UMKM Binaan | unit | hundreds | sektor
Jumlah Koperasi Aktif | unit | some | kec
Jumlah Anggota Koperasi | orang | hundreds | kec
Volume Usaha Koperasi | rupiah | rupiah | tw
Jumlah Pasar Rakyat | unit | few | kondisi
Jumlah Pedagang Pasar | orang | some | kec
Laju Inflasi Kelompok Pangan | persen | growth | tw
Jumlah UMKM Ber-NIB | unit | hundreds | kec""",
    "3.25": """
Produksi Perikanan Tangkap | ton | area | ikan
Produksi Perikanan Budidaya | ton | area | ikan
Harga Rata-rata Ikan di Tingkat Produsen | rupiah/kg | thousands | ikan
Nilai Produksi Perikanan | ribu rupiah | millions | ikan
Jumlah Nelayan | orang | hundreds | kec
Jumlah Pembudidaya Ikan | orang | hundreds | kec
Luas Tambak | Ha | area | kec
Jumlah Kapal Perikanan | unit | some | kondisi
Angka Konsumsi Ikan | kg/kapita | ratio | tw
Jumlah Unit Pengolahan Ikan | unit | some | kec
Jumlah Benih Ikan Ditebar | ekor | millions | ikan""",
    "3.26": """
Jumlah Kunjungan Wisatawan Nusantara | orang | thousands | wisata
Jumlah Kunjungan Wisatawan Mancanegara | orang | some | wisata
Jumlah Destinasi Wisata | lokasi | few | wisata
Rata-rata Lama Menginap Tamu | hari | rate | tw
Tingkat Hunian Kamar Hotel | persen | percent | tw
Jumlah Kamar Hotel/Penginapan | kamar | some | kec
Jumlah Rumah Makan dan Restoran | unit | some | kec
Pendapatan Retribusi Objek Wisata | rupiah | rupiah | wisata
Jumlah Kelompok Sadar Wisata | kelompok | few | kec
Jumlah Tenaga Kerja Pariwisata | orang | some | ijazah
Jumlah Kegiatan Festival Budaya | kegiatan | few | tw""",
    "3.27": """
Luas Panen | ha | area | tani
Produksi Tanaman Pangan | ton | area | tani
Produktivitas Tanaman Pangan | kuintal/ha | ratio | tani
Luas Areal Perkebunan Rakyat | hektar | area | kebun
Produksi Perkebunan Rakyat | ton | area | kebun
Jumlah Petani Pekebun | KK | hundreds | kebun
Populasi Ternak | ekor | thousands | ternak
Produksi Daging | kg | millions | ternak
Luas Lahan Sawah | Ha | area | kec
Jumlah Kelompok Tani | kelompok | some | kec
Jumlah Penyuluh Pertanian | orang | few | ijazah
Nilai Tukar Petani | indeks | percent | tw
Skor Pola Pangan Harapan | skor | percent | tw
Jumlah Alat dan Mesin Pertanian | unit | some | kondisi""",
    "5.02": """
Anggaran APBD | rupiah | rupiah | apbd
Realisasi APBD | rupiah | rupiah | apbd
Persentase Realisasi APBD | persen | percent | apbd
Target Pajak Daerah | rupiah | rupiah | pajak
Realisasi Pajak Daerah | rupiah | rupiah | pajak
Jumlah Wajib Pajak Daerah | wajib pajak | hundreds | pajak
Jumlah Aset Tanah Bersertifikat | bidang | some | kec
Nilai Aset Tetap | rupiah | rupiah | milik
Rasio Kemandirian Keuangan Daerah | persen | rate | tw
Jumlah Sisa Lebih Perhitungan Anggaran | rupiah | rupiah | tw
Realisasi Belanja Kecamatan | rupiah | rupiah | kec""",
}
