// bench-read-table FILE: reads a table to its end and says how long that took and what it held in memory.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "nlohmann/json.hpp"
#include "server/tables/open_table.h"

namespace satudata::tables {
namespace {

struct Counts {
  int64_t rows = 0;
  int64_t cells = 0;
};

absl::StatusOr<Counts> ReadAll(int fd) {
  absl::StatusOr<std::unique_ptr<TableReader>> reader = OpenTable(fd, OpenOptions());
  if (!reader.ok()) return reader.status();
  Counts counts;
  Sheet sheet;
  Row row;
  absl::StatusOr<bool> more = (*reader)->NextSheet(sheet);
  for (; more.ok() && *more; more = (*reader)->NextSheet(sheet)) {
    absl::StatusOr<bool> next = (*reader)->NextRow(row);
    for (; next.ok() && *next; next = (*reader)->NextRow(row)) {
      ++counts.rows;
      counts.cells += static_cast<int64_t>(row.cells.size());
    }
    if (!next.ok()) return next.status();
  }
  if (!more.ok()) return more.status();
  return counts;
}

// The most that it ever held. What getrusage tells includes the process that started this one.
double MostMemoryMib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

int Main(const char* path) {
  const auto begin = std::chrono::steady_clock::now();
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  const absl::StatusOr<Counts> counts = ReadAll(fd);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  close(fd);
  nlohmann::json told = {{"seconds", seconds.count()}, {"memory_mib", MostMemoryMib()}};
  if (counts.ok()) {
    told["rows"] = counts->rows;
    told["cells"] = counts->cells;
  } else {
    told["error"] = counts.status().ToString();
  }
  std::cout << told << std::endl;
  return counts.ok() ? 0 : 1;
}

}  // namespace
}  // namespace satudata::tables

int main(int argc, char** argv) {
  if (argc == 2) return satudata::tables::Main(argv[1]);
  std::cerr << "usage: bench-read-table FILE" << std::endl;
  return 2;
}
