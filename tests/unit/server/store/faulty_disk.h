// File: faulty_disk.h
//
// A disk that fails when a test says so, between SQLite and the real one: every file that SQLite opens while
// this lives. One at a time in a process.
#ifndef TESTS_UNIT_SERVER_STORE_FAULTY_DISK_H_
#define TESTS_UNIT_SERVER_STORE_FAULTY_DISK_H_

#include <cstdint>

namespace satudata::store {

enum class Fault { kNone, kRead, kWrite, kSync };

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();  // Files that are still open work as on the real disk.
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // That operation answers with an I/O error; kNone heals the disk, and empties it.
  void Fail(Fault fault);
  // There is room for so many bytes more.
  void FillUpAfter(int64_t bytes);
  // How many writes were refused.
  int64_t refused() const;
};

}  // namespace satudata::store

#endif  // TESTS_UNIT_SERVER_STORE_FAULTY_DISK_H_
