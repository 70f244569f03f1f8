#include "server/tables/compound_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/text_encoding.h"
#include "server/tables/little_endian.h"

namespace satudata::tables {
namespace {

constexpr int64_t kMaxBytes = int64_t{256} << 20;
constexpr size_t kHeaderBytes = 512;
constexpr size_t kEntryBytes = 128;
constexpr size_t kSmallSectorBytes = 64;
constexpr size_t kSectorsInHeader = 109;
constexpr uint32_t kLastSector = 0xFFFFFFFAU;  // Beyond it are marks: end of chain, free.
constexpr size_t kMaxStreams = 10'000;

absl::Status Broken(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("compound file: ", what));
}

std::string EntryName(absl::string_view bytes) {
  const size_t length = std::min<size_t>(ReadU16(bytes.data() + 64), 64);
  std::string name;
  for (size_t i = 0; i + 2 < length; i += 2) base::AppendUtf8(ReadU16(bytes.data() + i), name);
  return name;
}

}  // namespace

CompoundStream::CompoundStream(std::shared_ptr<const InputFile> file, std::vector<int64_t> pieces,
                               size_t piece_bytes, int64_t size)
    : file_(std::move(file)),
      pieces_(std::move(pieces)),
      piece_bytes_(piece_bytes),
      size_(std::min(size, static_cast<int64_t>(pieces_.size() * piece_bytes))) {}

absl::StatusOr<size_t> CompoundStream::ReadAt(int64_t offset, char* out, size_t length) const {
  const int64_t left = std::max<int64_t>(0, size_ - offset);
  length = std::min(length, static_cast<size_t>(left));
  size_t done = 0;
  while (done < length) {
    const size_t at = static_cast<size_t>(offset) + done;
    const size_t within = at % piece_bytes_;
    const size_t wanted = std::min(piece_bytes_ - within, length - done);
    const int64_t from = pieces_[at / piece_bytes_] + static_cast<int64_t>(within);
    const absl::StatusOr<size_t> got = file_->ReadAt(from, out + done, wanted);
    if (!got.ok()) return got.status();
    if (*got < wanted) return Broken("truncated");
    done += wanted;
  }
  return done;
}

absl::StatusOr<std::unique_ptr<CompoundFile>> CompoundFile::Open(std::shared_ptr<const InputFile> file) {
  if (file->size() > kMaxBytes) return absl::ResourceExhaustedError("compound file > 256 MiB");
  std::unique_ptr<CompoundFile> compound(new CompoundFile(std::move(file)));
  if (absl::Status read = compound->ReadHeader(); !read.ok()) return read;
  return compound;
}

absl::Status CompoundFile::ReadHeader() {
  const absl::StatusOr<std::string> header = file_->ReadAt(0, kHeaderBytes);
  if (!header.ok()) return header.status();
  if (header->size() < kHeaderBytes) return Broken("truncated");
  if (!absl::StartsWith(*header, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return Broken("no such file");
  const uint16_t shift = ReadU16(&(*header)[30]);
  if (shift != 9 && shift != 12) return Broken("sector size");
  sector_bytes_ = size_t{1} << shift;
  small_below_ = ReadU32(&(*header)[56]);
  small_table_first_ = ReadU32(&(*header)[60]);
  if (absl::Status read = ReadTable(*header); !read.ok()) return read;
  return ReadDirectory(ReadU32(&(*header)[48]));
}

// The allocation table's own sectors are listed in the header and, beyond 7 MiB, in a chain of lists.
absl::Status CompoundFile::ReadTable(absl::string_view header) {
  std::string list(header.substr(76, kSectorsInHeader * 4));
  uint32_t next = ReadU32(header.data() + 68);
  const size_t most = static_cast<size_t>(file_->size()) / sector_bytes_ + 1;
  for (size_t lists = 0; lists <= most; ++lists) {
    for (size_t at = 0; at + 4 <= list.size(); at += 4) {
      const uint32_t sector = ReadU32(&list[at]);
      if (sector > kLastSector) continue;
      if (table_.size() > most) return absl::OkStatus();  // It says something of every sector there is.
      if (absl::Status added = AddTableSector(sector); !added.ok()) return added;
    }
    if (next > kLastSector) return absl::OkStatus();
    absl::StatusOr<std::string> more = ReadSector(next);
    if (!more.ok()) return more.status();
    list = *std::move(more);
    next = ReadU32(&list[list.size() - 4]);
    list.resize(list.size() - 4);
  }
  return Broken("lists without end");
}

absl::Status CompoundFile::AddTableSector(uint32_t sector) {
  const absl::StatusOr<std::string> bytes = ReadSector(sector);
  if (!bytes.ok()) return bytes.status();
  for (size_t at = 0; at < bytes->size(); at += 4) table_.push_back(ReadU32(&(*bytes)[at]));
  return absl::OkStatus();
}

int64_t CompoundFile::OffsetOf(uint32_t sector) const {
  return (static_cast<int64_t>(sector) + 1) * static_cast<int64_t>(sector_bytes_);
}

absl::StatusOr<std::string> CompoundFile::ReadSector(uint32_t sector) const {
  absl::StatusOr<std::string> bytes = file_->ReadAt(OffsetOf(sector), sector_bytes_);
  // The last one need not be whole.
  if (bytes.ok() && bytes->empty()) return Broken("truncated");
  if (bytes.ok()) bytes->resize(sector_bytes_);
  return bytes;
}

absl::StatusOr<std::vector<uint32_t>> CompoundFile::Chain(const std::vector<uint32_t>& table,
                                                          uint32_t first) const {
  std::vector<uint32_t> chain;
  for (uint32_t sector = first; sector <= kLastSector; sector = table[sector]) {
    if (sector >= table.size()) return Broken("a chain leads nowhere");
    if (chain.size() >= table.size()) return Broken("a chain without end");
    chain.push_back(sector);
  }
  return chain;
}

absl::Status CompoundFile::ReadDirectory(uint32_t first) {
  const absl::StatusOr<std::vector<uint32_t>> chain = Chain(table_, first);
  if (!chain.ok()) return chain.status();
  for (const uint32_t sector : *chain) {
    const absl::StatusOr<std::string> bytes = ReadSector(sector);
    if (!bytes.ok()) return bytes.status();
    for (size_t at = 0; at < bytes->size(); at += kEntryBytes) {
      absl::Status taken = TakeEntry(absl::string_view(*bytes).substr(at, kEntryBytes));
      if (!taken.ok()) return taken;
    }
  }
  return absl::OkStatus();
}

absl::Status CompoundFile::TakeEntry(absl::string_view bytes) {
  constexpr char kStream = 2;
  constexpr char kRoot = 5;
  const char type = bytes[66];
  if (type != kStream && type != kRoot) return absl::OkStatus();
  if (streams_.size() >= kMaxStreams) return absl::ResourceExhaustedError("streams > 10000");
  // The upper half of the size means something in files with large sectors alone.
  Entry entry = {EntryName(bytes), ReadU32(bytes.data() + 116), ReadU32(bytes.data() + 120)};
  if (type == kRoot) {
    root_ = std::move(entry);
  } else {
    streams_.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

bool CompoundFile::Has(absl::string_view name) const {
  return std::any_of(streams_.begin(), streams_.end(),
                     [name](const Entry& entry) { return absl::EqualsIgnoreCase(entry.name, name); });
}

absl::StatusOr<std::unique_ptr<CompoundStream>> CompoundFile::OpenStream(absl::string_view name) const {
  const auto entry = std::find_if(streams_.begin(), streams_.end(),
                                  [name](const Entry& e) { return absl::EqualsIgnoreCase(e.name, name); });
  if (entry == streams_.end()) return Broken(absl::StrCat(name, " is missing"));
  const bool is_small = entry->size < small_below_;
  std::vector<int64_t> pieces;
  if (is_small) {
    absl::StatusOr<std::vector<int64_t>> found = SmallPieces(entry->first);
    if (!found.ok()) return found.status();
    pieces = *std::move(found);
  } else {
    const absl::StatusOr<std::vector<uint32_t>> chain = Chain(table_, entry->first);
    if (!chain.ok()) return chain.status();
    for (const uint32_t sector : *chain) pieces.push_back(OffsetOf(sector));
  }
  return std::make_unique<CompoundStream>(file_, std::move(pieces),
                                          is_small ? kSmallSectorBytes : sector_bytes_, entry->size);
}

// Streams of less than 4 KiB lie in small sectors within the root's own stream.
absl::StatusOr<std::vector<int64_t>> CompoundFile::SmallPieces(uint32_t first) const {
  const absl::StatusOr<std::vector<uint32_t>> large = Chain(table_, root_.first);
  if (!large.ok()) return large.status();
  const absl::StatusOr<std::vector<uint32_t>> sectors = Chain(table_, small_table_first_);
  if (!sectors.ok()) return sectors.status();
  std::vector<uint32_t> table;
  for (const uint32_t sector : *sectors) {
    const absl::StatusOr<std::string> bytes = ReadSector(sector);
    if (!bytes.ok()) return bytes.status();
    for (size_t at = 0; at < bytes->size(); at += 4) table.push_back(ReadU32(&(*bytes)[at]));
  }
  const absl::StatusOr<std::vector<uint32_t>> chain = Chain(table, first);
  if (!chain.ok()) return chain.status();
  std::vector<int64_t> pieces;
  for (const uint32_t small : *chain) {
    const size_t at = size_t{small} * kSmallSectorBytes;
    if (at / sector_bytes_ >= large->size()) return Broken("a small stream leads nowhere");
    pieces.push_back(OffsetOf((*large)[at / sector_bytes_]) + static_cast<int64_t>(at % sector_bytes_));
  }
  return pieces;
}

}  // namespace satudata::tables
