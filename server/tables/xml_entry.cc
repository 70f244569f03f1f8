#include "server/tables/xml_entry.h"

#include "absl/strings/str_cat.h"

namespace satudata::tables {
namespace {

constexpr size_t kPieceBytes = 32 << 10;

}  // namespace

absl::StatusOr<std::unique_ptr<XmlEntry>> XmlEntry::Open(ZipArchive& archive, absl::string_view name,
                                                         XmlHandler& handler, const TableLimits& limits) {
  absl::StatusOr<std::unique_ptr<ZipEntry>> entry = archive.OpenEntry(name);
  if (!entry.ok()) return entry.status();
  return std::unique_ptr<XmlEntry>(new XmlEntry(*std::move(entry), name, handler, limits.max_xml_depth));
}

absl::StatusOr<bool> XmlEntry::Advance() {
  while (is_paused_ || !is_at_end_) {
    const absl::StatusOr<bool> parsed = is_paused_ ? parser_.Resume() : ParseMore();
    if (!parsed.ok()) {
      return absl::Status(parsed.status().code(), absl::StrCat(name_, ": ", parsed.status().message()));
    }
    is_paused_ = !*parsed;
    if (is_paused_) return true;
  }
  return false;
}

absl::StatusOr<bool> XmlEntry::ParseMore() {
  char* buffer = parser_.Buffer(kPieceBytes);
  if (buffer == nullptr) return absl::ResourceExhaustedError("an element is too long");
  const absl::StatusOr<size_t> got = entry_->Read(buffer, kPieceBytes);
  if (!got.ok()) return got.status();
  is_at_end_ = *got == 0;
  return parser_.Parse(*got, is_at_end_);
}

absl::Status ReadXml(ZipArchive& archive, absl::string_view name, XmlHandler& handler,
                     const TableLimits& limits) {
  const absl::StatusOr<std::unique_ptr<XmlEntry>> entry = XmlEntry::Open(archive, name, handler, limits);
  if (!entry.ok()) return entry.status();
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more) more = (*entry)->Advance();
  return more.status();
}

}  // namespace satudata::tables
