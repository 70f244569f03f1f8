#include "server/tables/xls_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/tables/compound_file.h"
#include "server/tables/xls_texts.h"

namespace satudata::tables {
namespace {

constexpr size_t kMaxRows = 65'536;

absl::StatusOr<std::unique_ptr<CompoundStream>> OpenWorkbook(std::shared_ptr<const InputFile> file) {
  const absl::StatusOr<std::string> head = file->ReadAt(0, 2);
  if (!head.ok()) return head.status();
  const bool is_bare = !head->empty() && (*head)[0] == '\x09';
  if (is_bare) return absl::UnimplementedError("XLS from before 1997");
  const absl::StatusOr<std::unique_ptr<CompoundFile>> compound = CompoundFile::Open(std::move(file));
  if (!compound.ok()) return compound.status();
  const bool is_old = !(*compound)->Has("Workbook") && (*compound)->Has("Book");
  if (is_old) return absl::UnimplementedError("XLS from before 1997");
  return (*compound)->OpenStream("Workbook");
}

}  // namespace

absl::StatusOr<std::unique_ptr<XlsReader>> XlsReader::Create(std::shared_ptr<const InputFile> file,
                                                             const TableLimits& limits,
                                                             const std::string& temp_folder) {
  absl::StatusOr<std::unique_ptr<CompoundStream>> stream = OpenWorkbook(std::move(file));
  if (!stream.ok()) return stream.status();
  std::unique_ptr<XlsReader> reader(new XlsReader(*std::move(stream), limits, temp_folder));
  absl::StatusOr<XlsWorkbook> workbook = ReadXlsWorkbook(reader->records_, reader->limits_, reader->texts_);
  if (!workbook.ok()) return workbook.status();
  reader->workbook_ = *std::move(workbook);
  return reader;
}

XlsReader::XlsReader(std::unique_ptr<CompoundStream> stream, const TableLimits& limits,
                     const std::string& temp_folder)
    : limits_(limits), records_(std::move(stream)), texts_(limits_, temp_folder), merges_(limits_) {}

absl::StatusOr<bool> XlsReader::NextSheet(Sheet& sheet) {
  rows_.reset();
  if (next_sheet_ >= workbook_.sheets.size()) return false;
  const XlsWorkbook::SheetPart& part = workbook_.sheets[next_sheet_++];
  sheet = part.sheet;
  if (absl::Status opened = OpenSheet(part); !opened.ok()) {
    End();
    return opened;
  }
  return true;
}

// Looks at all of the sheet first, since merged ranges stand behind the cells.
absl::Status XlsReader::OpenSheet(const XlsWorkbook::SheetPart& part) {
  merges_.Clear();
  is_row_hidden_.assign(kMaxRows, false);
  rows_.emplace(merges_, part.sheet.is_hidden, limits_);
  if (absl::Status begun = BeginSheet(part.position); !begun.ok()) return begun;
  size_t width = 0;
  BiffRecord record;
  absl::StatusOr<bool> more = NextInSheet(record);
  for (; more.ok() && *more; more = NextInSheet(record)) {
    if (absl::Status looked = Look(record, width); !looked.ok()) return looked;
  }
  if (!more.ok()) return more.status();
  merges_.Prepare(width);
  return BeginSheet(part.position);
}

absl::Status XlsReader::BeginSheet(int64_t position) {
  records_.Seek(position);
  BiffRecord record;
  const absl::StatusOr<bool> more = records_.Next(record);
  if (!more.ok()) return more.status();
  if (!*more || record.type != BiffType::kBeginOfPart) return absl::DataLossError("a sheet leads nowhere");
  return absl::OkStatus();
}

absl::Status XlsReader::Look(const BiffRecord& record, size_t& width) {
  constexpr uint16_t kHiddenColumn = 1;
  constexpr uint16_t kHiddenRow = 0x20;
  if (HoldsCells(record.type)) width = std::max(width, LastColumn(record) + 1);
  if (record.type == BiffType::kMerges) return AddMerges(record);
  const bool hides_columns =
      record.type == BiffType::kColumns && ((record.U16(8) & kHiddenColumn) != 0 || record.U16(4) == 0);
  if (hides_columns) rows_->HideColumns(record.U16(0), record.U16(2));
  if (record.type == BiffType::kRow && (record.U16(12) & kHiddenRow) != 0) {
    is_row_hidden_[record.U16(0)] = true;
  }
  return absl::OkStatus();
}

absl::Status XlsReader::AddMerges(const BiffRecord& record) {
  constexpr size_t kRangeBytes = 8;
  const size_t count = record.U16(0);
  for (size_t i = 0; i < count && 2 + (i + 1) * kRangeBytes <= record.bytes.size(); ++i) {
    const size_t at = 2 + i * kRangeBytes;
    absl::Status added =
        merges_.Add({record.U16(at), record.U16(at + 2), record.U16(at + 4), record.U16(at + 6)});
    if (!added.ok()) return added;
  }
  return absl::OkStatus();
}

// The records of the sheet itself, without the charts in it. False at its end.
absl::StatusOr<bool> XlsReader::NextInSheet(BiffRecord& record) {
  for (int depth = 0; depth >= 0;) {
    absl::StatusOr<bool> more = records_.Next(record);
    if (!more.ok()) return more;
    if (!*more) return absl::DataLossError("a sheet without an end");
    if (record.type == BiffType::kBeginOfPart) {
      ++depth;
    } else if (record.type == BiffType::kEndOfPart) {
      --depth;
    } else if (depth == 0) {
      return true;
    }
  }
  return false;
}

absl::StatusOr<bool> XlsReader::NextRow(Row& row) {
  if (!rows_.has_value()) return false;
  absl::StatusOr<bool> more = ReadRow(row);
  if (!more.ok()) {
    End();
  } else if (!*more) {
    rows_.reset();
  }
  return more;
}

absl::StatusOr<bool> XlsReader::ReadRow(Row& row) {
  BiffRecord record;
  bool has_begun = false;
  while (true) {
    const absl::StatusOr<bool> more = NextInSheet(record);
    if (!more.ok()) return more.status();
    if (*more && !HoldsCells(record.type)) continue;
    const bool is_other = has_begun && (!*more || record.U16(0) != rows_->row());
    if (is_other) {
      // The end is met again when there is no other row.
      records_.Repeat();
      has_begun = false;
      absl::StatusOr<bool> ended = rows_->EndRow();
      if (ended.ok() && *ended) rows_->TakeRow(row);
      if (!ended.ok() || *ended) return ended;
      continue;
    }
    if (!*more) return false;
    if (!has_begun) {
      absl::Status begun = rows_->BeginRow(record.U16(0), is_row_hidden_[record.U16(0)]);
      if (!begun.ok()) return begun;
      has_begun = true;
    }
    if (absl::Status taken = TakeCells(record); !taken.ok()) return taken;
  }
}

absl::Status XlsReader::TakeCells(const BiffRecord& record) {
  cells_.clear();
  bool is_text_behind = false;
  absl::Status taken = ReadXlsCells(record, workbook_, texts_, cells_, is_text_behind);
  if (taken.ok() && is_text_behind) taken = TakeFormulaText(cells_.back().cell);
  for (XlsCell& cell : cells_) {
    if (!taken.ok()) return taken;
    taken = rows_->AddCell(cell.column, std::move(cell.cell));
  }
  return taken;
}

// Between the two may stand the formula that several cells share.
absl::Status XlsReader::TakeFormulaText(Cell& cell) {
  BiffRecord record;
  while (true) {
    const absl::StatusOr<bool> more = records_.Next(record);
    if (!more.ok()) return more.status();
    const bool is_over = !*more || HoldsCells(record.type) || record.type == BiffType::kEndOfPart;
    if (is_over) return absl::DataLossError("a formula without its text");
    if (record.type == BiffType::kFormulaText) break;
  }
  const absl::StatusOr<std::string> text = ReadXlsText(record, records_, limits_);
  if (text.ok()) SetXlsText(*text, cell);
  return text.status();
}

void XlsReader::End() {
  rows_.reset();
  next_sheet_ = workbook_.sheets.size();
}

}  // namespace satudata::tables
