#include "server/tables/open_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/tables/xls_reader.h"
#include "server/tables/xlsx_reader.h"

namespace satudata::tables {
namespace {

template <typename Reader>
absl::StatusOr<std::unique_ptr<TableReader>> AsTable(absl::StatusOr<std::unique_ptr<Reader>> reader) {
  if (!reader.ok()) return reader.status();
  return std::unique_ptr<TableReader>(*std::move(reader));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenTable(int fd, const OpenOptions& options) {
  const absl::StatusOr<std::shared_ptr<const InputFile>> file = InputFile::Create(fd);
  if (!file.ok()) return file.status();
  const absl::StatusOr<FileKind> kind = SniffKind(*file);
  if (!kind.ok()) return kind.status();
  switch (*kind) {
    case FileKind::kText:
      return AsTable(DelimitedReader::Create(*file, options.limits, options.rank_headings));
    case FileKind::kXlsx:
    case FileKind::kXlsm:
      return AsTable(XlsxReader::Create(*file, options.limits, options.temp_folder));
    case FileKind::kXls:
      return AsTable(XlsReader::Create(*file, options.limits, options.temp_folder));
    case FileKind::kEncryptedOoxml:
      return absl::PermissionDeniedError("encrypted");
    default:
      return absl::UnimplementedError(absl::StrCat("no table: ", ExtensionOf(*kind)));
  }
}

}  // namespace satudata::tables
