#include "tests/unit/server/store/faulty_disk.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>

#include "server/base/mutex.h"
#include "server/store/connection.h"

namespace satudata::store {
namespace {

using namespace sqlite_api;  // NOLINT(google-build-using-namespace): SOCI declares SQLite's names in there.

constexpr int64_t kEndless = std::numeric_limits<int64_t>::max();

// SQLite's callbacks carry no context of ours.
std::atomic<Fault> current_fault = Fault::kNone;
std::atomic<int64_t> room = kEndless;
std::atomic<int64_t> refused_writes = 0;

sqlite3_vfs* real_disk = nullptr;
sqlite3_vfs faulty_disk;

// What the real disk does with a kind of file (its databases differ from its logs), and what we do instead.
struct Methods {
  sqlite3_io_methods faulty;  // First: a file points to it.
  const sqlite3_io_methods* real = nullptr;
};
constexpr size_t kKinds = 4;
base::Mutex methods_mu;
std::array<Methods, kKinds> methods ABSL_GUARDED_BY(methods_mu);

const sqlite3_io_methods* RealMethods(const sqlite3_file* file) {
  return reinterpret_cast<const Methods*>(file->pMethods)->real;
}

int Read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
  if (current_fault == Fault::kRead) return SQLITE_IOERR_READ;
  return RealMethods(file)->xRead(file, bytes, count, offset);
}

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  const bool full = room != kEndless && room.fetch_sub(count) < count;
  if (full || current_fault == Fault::kWrite) {
    ++refused_writes;
    return full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }
  return RealMethods(file)->xWrite(file, bytes, count, offset);
}

int Sync(sqlite3_file* file, int flags) {
  if (current_fault == Fault::kSync) return SQLITE_IOERR_FSYNC;
  return RealMethods(file)->xSync(file, flags);
}

const sqlite3_io_methods* FaultyMethods(const sqlite3_io_methods* real) {
  base::MutexLock lock(&methods_mu);
  const auto kind = std::find_if(methods.begin(), methods.end(), [real](const Methods& item) {
    return item.real == nullptr || item.real == real;
  });
  if (kind == methods.end()) return real;
  if (kind->real == nullptr) {
    *kind = {.faulty = *real, .real = real};
    kind->faulty.xRead = Read;
    kind->faulty.xWrite = Write;
    kind->faulty.xSync = Sync;
  }
  return &kind->faulty;
}

// The file is the real disk's own, but for the three operations.
int Open(sqlite3_vfs* /*disk*/, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int result = real_disk->xOpen(real_disk, name, file, flags, out_flags);
  if (result == SQLITE_OK && file->pMethods != nullptr) file->pMethods = FaultyMethods(file->pMethods);
  return result;
}

}  // namespace

FaultyDisk::FaultyDisk() {
  // SQLite is configured by whoever comes first, which must be the store.
  static_cast<void>(Connection({.path = ":memory:"}));
  real_disk = sqlite3_vfs_find(nullptr);
  faulty_disk = *real_disk;
  faulty_disk.zName = "faulty";
  faulty_disk.xOpen = Open;
  sqlite3_vfs_register(&faulty_disk, /*makeDflt=*/1);
  refused_writes = 0;
}

FaultyDisk::~FaultyDisk() {
  Fail(Fault::kNone);
  sqlite3_vfs_unregister(&faulty_disk);
  sqlite3_vfs_register(real_disk, /*makeDflt=*/1);
}

void FaultyDisk::Fail(Fault fault) {
  current_fault = fault;
  room = kEndless;
}

void FaultyDisk::FillUpAfter(int64_t bytes) { room = bytes; }

int64_t FaultyDisk::refused() const { return refused_writes; }

}  // namespace satudata::store
