#include "tests/simulator/sipd_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "tests/simulator/decimal.h"

namespace satudata::simulator {
namespace {

// Appends members of one object. A table has thousands of rows of twenty fields: no tree is built for it.
class RowWriter {
 public:
  explicit RowWriter(std::string* out) : out_(out) { out_->push_back('{'); }
  ~RowWriter() { out_->push_back('}'); }

  void Text(absl::string_view name, absl::string_view text) {
    Name(name);
    absl::StrAppend(out_, "\"", base::JsonEscape(text), "\"");
  }
  void Null(absl::string_view name) {
    Name(name);
    out_->append("null");
  }
  void Number(absl::string_view name, size_t number) {
    Name(name);
    absl::StrAppend(out_, number);
  }

 private:
  void Name(absl::string_view name) {
    absl::StrAppend(out_, first_ ? "\"" : ",\"", name, "\":");
    first_ = false;
  }

  std::string* const out_;
  bool first_ = true;
};

// "1.02" of "1.02.000318".
absl::string_view FieldCode(absl::string_view code) { return code.substr(0, 4); }

// "URUSAN …" of "1.02 - URUSAN …".
absl::string_view FieldName(absl::string_view bidangurusan) {
  const size_t dash = bidangurusan.find(" - ");
  return dash == absl::string_view::npos ? bidangurusan : bidangurusan.substr(dash + 3);
}

// Jakarta's time, without a zone, as the system writes it.
std::string LocalTime(absl::Time time) {
  constexpr int kWibSeconds = 7 * 60 * 60;
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::FixedTimeZone(kWibSeconds));
}

void AppendVerification(const TableRow& row, RowWriter& writer) {
  const std::string updated = LocalTime(row.updated);
  writer.Text("status_verifikasi_walidata", row.by_walidata ? "Y" : "N");
  writer.Null("catatan_verifikasi_walidata");
  if (row.by_walidata) {
    writer.Text("tanggal_verifikasi_walidata", updated);
  } else {
    writer.Null("tanggal_verifikasi_walidata");
  }
  if (row.by_pembina) {
    writer.Text("status_verifikasi_pembinadata", "Y");
    writer.Text("tanggal_verifikasi_pembinadata", updated);
  } else {
    writer.Null("status_verifikasi_pembinadata");
    writer.Null("tanggal_verifikasi_pembinadata");
  }
  writer.Text("idtransaksi", row.transaction_id);
  writer.Text("lastupdate", updated);
}

void AppendRow(const TableRow& row, size_t number, size_t total, Spelling spelling, std::string* out) {
  RowWriter writer(out);
  writer.Text("kodeindikator", row.key.kodeindikator);
  writer.Text("uraian_indikator", row.reference.uraian_indikator);
  writer.Text("satuan", row.reference.satuan);
  writer.Text("kodebidang", FieldCode(row.key.kodeindikator));
  writer.Text("uraibidang", FieldName(row.reference.bidangurusan));
  writer.Text("bidangurusan", row.reference.bidangurusan);
  writer.Text("kodepemda", row.key.kodepemda);
  writer.Null("kodekec");
  writer.Text("tahun", row.key.tahun);
  if (row.data == nullptr) {
    writer.Null("data");
  } else {
    writer.Text("data", spelling == Spelling::kPadded ? PaddedDecimal(*row.data) : *row.data);
  }
  writer.Text("status", row.reference.status);
  AppendVerification(row, writer);
  writer.Number("rownum", number);
  // An int in one column and its text in the other, as the real rows have it.
  writer.Text("rowtotal", absl::StrCat(total));
}

}  // namespace

std::string TableJson(const TablePage& page, size_t offset, Spelling spelling) {
  constexpr size_t kTypicalRow = 700;
  std::string out = "[";
  out.reserve(page.rows.size() * kTypicalRow + 2);
  size_t number = offset;
  for (const TableRow& row : page.rows) {
    if (out.size() > 1) out.push_back(',');
    AppendRow(row, ++number, page.total, spelling, &out);
  }
  out.push_back(']');
  return out;
}

std::string ReferenceJson(const std::vector<Reference>& references) {
  std::string out = "[";
  for (const Reference& reference : references) {
    if (out.size() > 1) out.push_back(',');
    RowWriter writer(&out);
    writer.Text("kodeindikator", reference.kodeindikator);
    writer.Text("uraian_indikator", reference.uraian_indikator);
    writer.Text("satuan", reference.satuan);
    writer.Text("bidangurusan", reference.bidangurusan);
    writer.Text("status", reference.status);
  }
  out.push_back(']');
  return out;
}

}  // namespace satudata::simulator
