#include "server/tables/zip_archive.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/tables/little_endian.h"

namespace satudata::tables {
namespace {

// The directory of an archive stands at its end, behind it a comment of up to 64 KiB and, in large ones,
// two more records.
constexpr size_t kTailBytes = (64 << 10) + 200;
constexpr size_t kEndBytes = 22;
// libzip reads the directory as a whole, whatever number of entries it claims.
constexpr uint64_t kMaxDirectoryBytes = 4 << 20;

std::string PartName(absl::string_view name) {
  return absl::AsciiStrToLower(absl::StrReplaceAll(name, {{"\\", "/"}}));
}

absl::Status CheckDirectoryBytes(uint64_t bytes) {
  if (bytes <= kMaxDirectoryBytes) return absl::OkStatus();
  return absl::ResourceExhaustedError("directory of the archive > 4 MiB");
}

// In a large archive the record that says where the directory is says where another one is that does.
absl::Status CheckLargeDirectory(const InputFile& file, int64_t offset) {
  constexpr size_t kBytes = 56;
  const absl::StatusOr<std::string> end = file.ReadAt(offset, kBytes);
  if (!end.ok()) return end.status();
  const bool is_there = end->size() == kBytes && absl::StartsWith(*end, "PK\x06\x06");
  return is_there ? CheckDirectoryBytes(ReadU64(&(*end)[40])) : absl::OkStatus();
}

// Before libzip allocates for it. There may be several ends that look like one: libzip reads the directory of
// each, and chooses.
absl::Status CheckDirectory(const InputFile& file) {
  constexpr int kMaxEnds = 16;
  const int64_t begin = std::max<int64_t>(0, file.size() - static_cast<int64_t>(kTailBytes));
  const absl::StatusOr<std::string> tail = file.ReadAt(begin, kTailBytes);
  if (!tail.ok()) return tail.status();
  int ends = 0;
  absl::Status checked;
  for (size_t at = tail->find("PK"); at != std::string::npos && checked.ok(); at = tail->find("PK", at + 1)) {
    const absl::string_view record = absl::string_view(*tail).substr(at, kEndBytes);
    if (record.size() >= kEndBytes && absl::StartsWith(record, "PK\x05\x06")) {
      const uint32_t bytes = ReadU32(record.data() + 12);
      const bool is_in_other_record = bytes == 0xFFFFFFFFU;
      if (!is_in_other_record) checked = CheckDirectoryBytes(bytes);
      if (++ends > kMaxEnds) return absl::DataLossError("the archive has many ends");
    } else if (record.size() >= 20 && absl::StartsWith(record, "PK\x06\x07")) {
      const uint64_t offset = ReadU64(record.data() + 8);
      if (offset < static_cast<uint64_t>(file.size())) {
        checked = CheckLargeDirectory(file, static_cast<int64_t>(offset));
      }
      if (++ends > kMaxEnds) return absl::DataLossError("the archive has many ends");
    }
  }
  return checked;
}

}  // namespace

// What libzip reads from. Its own sources move the descriptor's position, which others share.
struct ZipArchive::Source {
  std::shared_ptr<const InputFile> file;
  int64_t at = 0;
  zip_error_t error = {};
  absl::Status disk;

  static zip_int64_t Call(void* self, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    return static_cast<Source*>(self)->Do(data, length, command);
  }

 private:
  zip_int64_t Do(void* data, zip_uint64_t length, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_OPEN:
        at = 0;
        return 0;
      case ZIP_SOURCE_READ:
        return Read(static_cast<char*>(data), length);
      case ZIP_SOURCE_SEEK:
        return Seek(data, length);
      case ZIP_SOURCE_TELL:
        return at;
      case ZIP_SOURCE_STAT:
        return Stat(static_cast<zip_stat_t*>(data));
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&error, data, length);
      case ZIP_SOURCE_CLOSE:
      case ZIP_SOURCE_FREE:
        return 0;
      case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
      default:
        zip_error_set(&error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
  }

  zip_int64_t Read(char* out, zip_uint64_t length) {
    const absl::StatusOr<size_t> got = file->ReadAt(at, out, length);
    if (!got.ok()) {
      disk = got.status();
      zip_error_set(&error, ZIP_ER_READ, 0);
      return -1;
    }
    at += static_cast<int64_t>(*got);
    return static_cast<zip_int64_t>(*got);
  }

  zip_int64_t Seek(void* data, zip_uint64_t length) {
    const zip_int64_t to = zip_source_seek_compute_offset(
        static_cast<zip_uint64_t>(at), static_cast<zip_uint64_t>(file->size()), data, length, &error);
    if (to < 0) return -1;
    at = to;
    return 0;
  }

  zip_int64_t Stat(zip_stat_t* stat) const {
    zip_stat_init(stat);
    stat->size = static_cast<zip_uint64_t>(file->size());
    stat->valid = ZIP_STAT_SIZE;
    return sizeof(*stat);
  }
};

absl::StatusOr<std::unique_ptr<ZipArchive>> ZipArchive::Open(std::shared_ptr<const InputFile> file,
                                                             const TableLimits& limits) {
  if (absl::Status checked = CheckDirectory(*file); !checked.ok()) return checked;
  auto source = std::make_unique<Source>();
  source->file = std::move(file);
  std::unique_ptr<ZipArchive> archive(new ZipArchive(std::move(source), limits));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* from = zip_source_function_create(&Source::Call, archive->source_.get(), &error);
  if (from != nullptr) archive->zip_ = zip_open_from_source(from, ZIP_RDONLY, &error);
  if (archive->zip_ == nullptr) {
    if (from != nullptr) zip_source_free(from);
    absl::Status failure = archive->Failure("the archive", error);
    zip_error_fini(&error);
    return failure;
  }
  if (absl::Status taken = archive->TakeNames(); !taken.ok()) return taken;
  return archive;
}

ZipArchive::ZipArchive(std::unique_ptr<Source> source, const TableLimits& limits)
    : source_(std::move(source)), limits_(limits) {}

ZipArchive::~ZipArchive() {
  if (zip_ != nullptr) zip_discard(zip_);
}

absl::Status ZipArchive::Failure(absl::string_view name, const zip_error_t& error) const {
  if (!source_->disk.ok()) return source_->disk;
  zip_error_t copy = error;
  copy.str = nullptr;
  absl::Status failure = absl::DataLossError(absl::StrCat(name, ": ", zip_error_strerror(&copy)));
  zip_error_fini(&copy);
  return failure;
}

absl::Status ZipArchive::TakeNames() {
  const zip_int64_t count = zip_get_num_entries(zip_, 0);
  if (count > static_cast<zip_int64_t>(limits_.max_entries)) {
    return absl::ResourceExhaustedError(absl::StrCat("entries of the archive > ", limits_.max_entries));
  }
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    const char* name = zip_get_name(zip_, i, 0);
    if (name == nullptr) continue;
    std::unique_ptr<ZipEntry::Part>& part = parts_[PartName(name)];
    if (part != nullptr) {
      part->is_ambiguous = true;
      continue;
    }
    part = std::make_unique<ZipEntry::Part>();
    part->index = i;
  }
  return absl::OkStatus();
}

bool ZipArchive::Has(absl::string_view name) const { return parts_.contains(PartName(name)); }

absl::StatusOr<std::unique_ptr<ZipEntry>> ZipArchive::OpenEntry(absl::string_view name) {
  const auto found = parts_.find(PartName(name));
  if (found == parts_.end()) return absl::DataLossError(absl::StrCat(name, " is missing"));
  ZipEntry::Part& part = *found->second;
  if (part.is_ambiguous) return absl::DataLossError(absl::StrCat(name, " is there twice"));
  zip_stat_t stat;
  if (zip_stat_index(zip_, part.index, 0, &stat) != 0) return Failure(name, *zip_get_error(zip_));
  if (stat.encryption_method != ZIP_EM_NONE) {
    return absl::PermissionDeniedError(absl::StrCat(name, " is encrypted"));
  }
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
    return absl::DataLossError(absl::StrCat(name, ": compression ", stat.comp_method));
  }
  part.compressed = std::min<int64_t>(static_cast<int64_t>(stat.comp_size), source_->file->size());
  zip_file_t* file = zip_fopen_index(zip_, part.index, 0);
  if (file == nullptr) return Failure(name, *zip_get_error(zip_));
  return std::unique_ptr<ZipEntry>(new ZipEntry(*this, part, std::string(name), file));
}

absl::StatusOr<size_t> ZipEntry::Read(char* out, size_t length) {
  const zip_int64_t got = zip_fread(file_.get(), out, length);
  if (got < 0) return archive_.Failure(name_, *zip_file_get_error(file_.get()));
  read_ += got;
  if (read_ > part_.counted) {
    archive_.read_ += read_ - part_.counted;
    part_.counted = read_;
  }
  if (absl::Status checked = CheckSize(); !checked.ok()) return checked;
  return static_cast<size_t>(got);
}

absl::Status ZipEntry::CheckSize() {
  const TableLimits& limits = archive_.limits_;
  if (read_ > limits.max_entry_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat(name_, " > ", limits.max_entry_bytes, " byte"));
  }
  if (archive_.read_ > limits.max_archive_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat("the archive > ", limits.max_archive_bytes, " byte"));
  }
  if (read_ > limits.ratio_from_bytes && read_ / limits.max_ratio > part_.compressed) {
    return absl::ResourceExhaustedError(absl::StrCat(name_, " unpacks to over ", limits.max_ratio, " times"));
  }
  return absl::OkStatus();
}

}  // namespace satudata::tables
