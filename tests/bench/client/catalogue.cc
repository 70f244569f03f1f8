#include "tests/bench/client/catalogue.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace satudata::bench {
namespace {

constexpr int kThemes = 34;
constexpr int kYears = 10;
constexpr int kFirstYear = 2014;

// Of the national form: a business area, a group, and a serial number.
std::string IndicatorCode(int64_t serial) {
  return absl::StrFormat("%d.%02d.%06d", 1 + serial % 2, 1 + serial / 2 % 12, serial / 24);
}

std::string Values(int64_t index, int values) {
  std::string text;
  for (int i = 0; i < values; ++i) {
    const int64_t serial = index * values + i;
    absl::StrAppend(&text, i == 0 ? "" : ",", R"({"kodeindikator":")", IndicatorCode(serial / kYears),
                    R"(","tahun":")", kFirstYear + serial % kYears, R"(","nilai":")", serial % 90'000,
                    ".25\"}");
  }
  return text;
}

}  // namespace

std::string FileId(int64_t index) { return absl::StrFormat("5e24f0ca%016x", index); }

std::string ExportLine(int64_t index, int values) {
  const int64_t theme = index % kThemes;
  std::string line = absl::StrCat(
      R"({"_id":{"$oid":")", FileId(index), R"("},"name":"Jumlah Capaian Sasaran Pembangunan Daerah Nomor )",
      index, R"( Menurut Kecamatan Tahun 2018-2023","temadataset":"Tema Urusan )", theme,
      R"(","metaData":{"produsen":"Dinas Urusan )", theme,
      R"(","cakupandata":"Kecamatan","frekuensi":"Tahunan","dimensidataset":"Kecamatan",)"
      R"("createdAt":{"$date":"2020-01-20T00:14:02.674Z"},"updatedAt":{"$date":"2020-02-17T01:42:56.540Z"}},)"
      R"("filename":")",
      1'579'479'242'674 + index, "-jumlah-capaian-sasaran-pembangunan-daerah.csv\"",
      R"(,"fileType":"csv","isPublic":true,"StatusVerifikasi":"Sudah Verifikasi")");
  if (values > 0) absl::StrAppend(&line, ",\"indicatorValues\":[", Values(index, values), "]");
  return line + "}\n";
}

}  // namespace satudata::bench
