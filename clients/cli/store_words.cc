#include "clients/cli/store_words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

using store::Obstacle;

struct Wording {
  absl::string_view indonesian;
  absl::string_view english;
};

// $place and $detail are the trouble's.
Wording WordingOf(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::kMissing:
      return {"tidak ada basis data layanan ini di $place; arahkan DATABASE_URL atau --data-dir ke sana",
              "there is no database of this service at $place; point DATABASE_URL or --data-dir at it"};
    case Obstacle::kInUse:
      return {"$place sedang dipakai server atau perintah lain; hentikan dahulu, lalu ulangi",
              "$place is in use by a server or by another such command; stop that one, then try again"};
    case Obstacle::kStaleLog:
      return {"$detail milik basis data yang tadinya ada di $place; hapus berkas itu, lalu ulangi",
              "$detail belongs to the database that was at $place before; remove that file, then try again"};
    case Obstacle::kExists:
      return {"$place sudah ada dan tidak ditimpa; pilih nama lain",
              "$place is there already and is not overwritten; choose another name"};
    case Obstacle::kNotSqlite:
      return {"$place bukan SQLite; untuk PostgreSQL pakai pg_dump (lihat store --help)",
              "$place is not SQLite; for PostgreSQL use pg_dump (see store --help)"};
    case Obstacle::kNotPostgres:
      return {"tujuannya harus basis data PostgreSQL: postgresql://user:password@host:port/database",
              "the target must be a PostgreSQL database: postgresql://user:password@host:port/database"};
    case Obstacle::kOtherSchema:
      return {
          "$place memakai skema $detail, bukan skema program ini; jalankan dahulu server versi ini di sana "
          "sekali",
          "$place has schema $detail, not this program's; start the server of this version on it once "
          "first"};
    case Obstacle::kNotEmpty:
      return {"$place sudah berisi (tabel $detail), jadi tidak disentuh; buat basis data baru yang kosong",
              "$place has rows already (table $detail), so it was left alone; create a new, empty database"};
    case Obstacle::kStopped:
      return {"dihentikan; tidak ada yang diubah", "stopped; nothing was changed"};
    case Obstacle::kFailed:
      break;
  }
  return {"gagal: $detail", "failed: $detail"};
}

constexpr absl::string_view kHelpIndonesian =
    "Basis data: --database-url, DATABASE_URL dari lingkungan, dari --env-file, atau "
    "<data-dir>/integration.db.\n"
    "--database-url terlihat dalam daftar proses, lebih baik dua cara berikutnya.\n"
    "\n"
    "Mencadangkan SQLite, sementara server berjalan:\n"
    "  integrationctl store backup cadangan.db\n"
    "Mencadangkan PostgreSQL, sementara server berjalan:\n"
    "  pg_dump --format=custom --file=cadangan.dump \"$DATABASE_URL\"\n"
    "Sesudahnya salin CONTENT_DIR (isi berkas) dan <data-dir>/jwt_secret. Cadangan memuat hash kata sandi.\n"
    "\n"
    "Memulihkan: hentikan server, lalu\n"
    "  SQLite: pindahkan integration.db, hapus integration.db-wal dan -shm, salin cadangan ke tempatnya\n"
    "  PostgreSQL, ke basis data kosong: pg_restore --no-owner --exit-on-error --dbname=\"$DATABASE_URL\" "
    "cadangan.dump\n"
    "  integrationctl store restored\n"
    "  jalankan server, impor lagi katalog dari portal, lalu sync-all\n"
    "Tanpa `store restored`, apa yang dikonfirmasi setelah cadangan dibuat dapat dikirim dua kali. "
    "Sesudahnya\n"
    "setiap nilai dibaca dahulu di sistem tujuan: yang sudah ada tidak dikirim lagi. Pengguna masuk lagi; "
    "jeda\n"
    "(pause-target) yang dibuat setelah cadangan harus dibuat lagi.\n"
    "\n"
    "Pindah ke PostgreSQL: hentikan server, buat basis data kosong (ENCODING 'UTF8'), lalu\n"
    "  integrationctl store copy --from sqlite:///data/integration.db --env-file baru.env\n"
    "dengan DATABASE_URL baru dalam baru.env, dan jalankan server dengannya. Berkas SQLite tetap seperti "
    "semula.";

constexpr absl::string_view kHelpEnglish =
    "Database: --database-url, DATABASE_URL of the environment, of the --env-file, or "
    "<data-dir>/integration.db.\n"
    "Others can see --database-url in the list of processes: rather use one of the next two.\n"
    "\n"
    "To back up SQLite, while the server runs:\n"
    "  integrationctl store backup backup.db\n"
    "To back up PostgreSQL, while the server runs:\n"
    "  pg_dump --format=custom --file=backup.dump \"$DATABASE_URL\"\n"
    "Then copy CONTENT_DIR (the files' content) and <data-dir>/jwt_secret. A backup holds hashes of "
    "passwords.\n"
    "\n"
    "To restore: stop the server, then\n"
    "  SQLite: move integration.db away, remove integration.db-wal and -shm, copy the backup to its place\n"
    "  PostgreSQL, into an empty database: pg_restore --no-owner --exit-on-error --dbname=\"$DATABASE_URL\" "
    "backup.dump\n"
    "  integrationctl store restored\n"
    "  start the server, import the portal's catalogue again, then sync-all\n"
    "Without `store restored`, what was confirmed after the backup was made may be sent twice. With it "
    "every\n"
    "value is first looked up at the target: what is there is not sent again. People sign in anew; pauses\n"
    "(pause-target) made after the backup have to be made again.\n"
    "\n"
    "To move to PostgreSQL: stop the server, create an empty database (ENCODING 'UTF8'), then\n"
    "  integrationctl store copy --from sqlite:///data/integration.db --env-file new.env\n"
    "with the new DATABASE_URL in new.env, and start the server with that. The SQLite file stays as it is.";

}  // namespace

std::string Words(const store::Trouble& trouble, Language language) {
  const Wording wording = WordingOf(trouble.obstacle);
  return Printable(absl::StrReplaceAll(Say(language, wording.indonesian, wording.english),
                                       {{"$place", trouble.place}, {"$detail", trouble.detail}}));
}

absl::string_view StoreHelp(Language language) { return Say(language, kHelpIndonesian, kHelpEnglish); }

}  // namespace satudata::cli
