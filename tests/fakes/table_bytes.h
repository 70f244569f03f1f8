// File: table_bytes.h
//
// Bytes that are no file as a table, read as a file's would be.
#ifndef TESTS_FAKES_TABLE_BYTES_H_
#define TESTS_FAKES_TABLE_BYTES_H_

#include <sys/mman.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/tables/open_table.h"

namespace satudata::fakes {

inline absl::StatusOr<std::unique_ptr<tables::TableReader>> OpenTableBytes(absl::string_view bytes,
                                                                           tables::HeadingRanker ranker) {
  const int fd = memfd_create("table", MFD_CLOEXEC);
  if (fd < 0 || write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    return absl::UnavailableError("memfd");
  }
  auto table = tables::OpenTable(fd, {.rank_headings = std::move(ranker)});
  close(fd);
  return table;
}

}  // namespace satudata::fakes

#endif  // TESTS_FAKES_TABLE_BYTES_H_
