#include "server/tables/xlsx_reader.h"

#include <utility>

#include "server/tables/xlsx_merges.h"
#include "server/tables/xlsx_texts.h"

namespace satudata::tables {

absl::StatusOr<std::unique_ptr<XlsxReader>> XlsxReader::Create(std::shared_ptr<const InputFile> file,
                                                               const TableLimits& limits,
                                                               const std::string& temp_folder) {
  absl::StatusOr<std::unique_ptr<ZipArchive>> archive = ZipArchive::Open(std::move(file), limits);
  if (!archive.ok()) return archive.status();
  std::unique_ptr<XlsxReader> reader(new XlsxReader(*std::move(archive), limits, temp_folder));
  absl::StatusOr<XlsxWorkbook> workbook = ReadXlsxWorkbook(*reader->archive_, reader->limits_);
  if (!workbook.ok()) return workbook.status();
  reader->workbook_ = *std::move(workbook);
  const std::string& texts = reader->workbook_.shared_texts_part;
  if (texts.empty()) return reader;
  absl::Status read = ReadXlsxTexts(*reader->archive_, texts, reader->limits_, reader->texts_);
  if (!read.ok()) return read;
  return reader;
}

XlsxReader::XlsxReader(std::unique_ptr<ZipArchive> archive, const TableLimits& limits,
                       const std::string& temp_folder)
    : limits_(limits), archive_(std::move(archive)), texts_(limits_, temp_folder), merges_(limits_) {}

absl::StatusOr<bool> XlsxReader::NextSheet(Sheet& sheet) {
  entry_.reset();
  if (next_sheet_ >= workbook_.sheets.size()) return false;
  const XlsxWorkbook::SheetPart& part = workbook_.sheets[next_sheet_++];
  sheet = part.sheet;
  if (absl::Status opened = OpenSheet(part); !opened.ok()) {
    End();
    return opened;
  }
  return true;
}

absl::Status XlsxReader::OpenSheet(const XlsxWorkbook::SheetPart& part) {
  if (absl::Status read = ReadXlsxMerges(*archive_, part.part, limits_, merges_); !read.ok()) {
    return read;
  }
  sheet_ = std::make_unique<XlsxSheet>(workbook_, texts_, merges_, part.sheet.is_hidden, limits_);
  absl::StatusOr<std::unique_ptr<XmlEntry>> entry = XmlEntry::Open(*archive_, part.part, *sheet_, limits_);
  if (!entry.ok()) return entry.status();
  entry_ = *std::move(entry);
  return absl::OkStatus();
}

absl::StatusOr<bool> XlsxReader::NextRow(Row& row) {
  if (entry_ == nullptr) return false;
  absl::StatusOr<bool> more = entry_->Advance();
  if (!more.ok()) {
    End();
  } else if (*more) {
    sheet_->TakeRow(row);
  } else {
    entry_.reset();
  }
  return more;
}

void XlsxReader::End() {
  entry_.reset();
  next_sheet_ = workbook_.sheets.size();
}

}  // namespace satudata::tables
