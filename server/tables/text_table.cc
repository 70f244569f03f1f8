#include "server/tables/text_table.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace satudata::tables {
namespace {

constexpr size_t kUnwrittenBytes = 64 << 10;

absl::Status DiskFailure(absl::string_view what) {
  return absl::UnavailableError(absl::StrCat(what, " a temporary file: ", std::strerror(errno)));
}

int OpenUnnamed(const std::string& folder) {
  const int fd = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  // Some file systems cannot.
  std::string path = absl::StrCat(folder, "/satudata-XXXXXX");
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

}  // namespace

std::string TooLongText(const TableLimits& limits) { return std::string(limits.max_cell_bytes + 1, '#'); }

TextTable::TextTable(const TableLimits& limits, std::string folder)
    : limits_(limits), folder_(std::move(folder)) {}

TextTable::~TextTable() {
  if (fd_ >= 0) close(fd_);
}

absl::Status TextTable::Add(absl::string_view text) {
  if (ends_.size() >= limits_.max_shared_texts) {
    return absl::ResourceExhaustedError(absl::StrCat("shared texts > ", limits_.max_shared_texts));
  }
  if (end_ + text.size() > std::numeric_limits<uint32_t>::max()) {
    return absl::ResourceExhaustedError("shared texts > 4 GiB");
  }
  const bool is_kept = end_ == kept_end_ && kept_.size() + text.size() <= limits_.max_texts_in_memory;
  if (is_kept) {
    // Growing by doubling would take twice as much for a moment.
    if (kept_.capacity() < kept_.size() + text.size()) {
      kept_.reserve(std::min(limits_.max_texts_in_memory, kept_.size() + text.size() + (1 << 20)));
    }
    kept_.append(text.data(), text.size());
    kept_end_ += text.size();
  } else if (absl::Status spilt = Spill(text); !spilt.ok()) {
    return spilt;
  }
  end_ += text.size();
  ends_.push_back(static_cast<uint32_t>(end_));
  return absl::OkStatus();
}

absl::Status TextTable::Spill(absl::string_view text) {
  if (fd_ < 0) fd_ = OpenUnnamed(folder_);
  if (fd_ < 0) return DiskFailure("making");
  unwritten_.append(text.data(), text.size());
  return unwritten_.size() < kUnwrittenBytes ? absl::OkStatus() : Flush();
}

absl::Status TextTable::Flush() {
  size_t done = 0;
  while (done < unwritten_.size()) {
    const auto at = static_cast<off_t>(written_ + done);
    const ssize_t wrote = pwrite(fd_, unwritten_.data() + done, unwritten_.size() - done, at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return DiskFailure("writing");
    done += static_cast<size_t>(wrote);
  }
  written_ += done;
  unwritten_.clear();
  return absl::OkStatus();
}

absl::Status TextTable::Get(size_t index, std::string& text) const {
  if (index >= ends_.size()) return absl::DataLossError(absl::StrCat("there is no shared text ", index));
  const uint64_t begin = index == 0 ? 0 : ends_[index - 1];
  const size_t length = ends_[index] - begin;
  if (begin + length <= kept_end_) {
    text.assign(kept_, begin, length);
    return absl::OkStatus();
  }
  const uint64_t from = begin - kept_end_;
  if (from >= written_) {
    text.assign(unwritten_, from - written_, length);
    return absl::OkStatus();
  }
  text.resize(length);
  for (size_t done = 0; done < length;) {
    const ssize_t got = pread(fd_, &text[done], length - done, static_cast<off_t>(from + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return DiskFailure("reading");
    done += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

}  // namespace satudata::tables
