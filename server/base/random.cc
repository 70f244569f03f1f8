#include "server/base/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/mutex.h"

namespace satudata::base {
namespace {

struct SeededState {
  explicit SeededState(uint64_t seed) : engine(seed) {}
  Mutex mu;
  std::mt19937_64 engine ABSL_GUARDED_BY(mu);
};

constexpr size_t kUuidBytes = 16;

// Random bytes for one UUID. Drawn in larger portions: a call of the generator costs some microseconds,
// whatever it is asked for.
std::string UuidBytes() {
  thread_local std::string portion;
  if (portion.empty()) portion = RandomBytes(64 * kUuidBytes);
  std::string bytes = portion.substr(portion.size() - kUuidBytes);
  portion.resize(portion.size() - kUuidBytes);
  return bytes;
}

std::string FormatUuid(absl::string_view bytes) {
  const std::string hex = absl::BytesToHexString(bytes);
  const absl::string_view digits = hex;
  return absl::StrCat(digits.substr(0, 8), "-", digits.substr(8, 4), "-", digits.substr(12, 4), "-",
                      digits.substr(16, 4), "-", digits.substr(20));
}

// 48 bits of time and 12 of a counter, never the same twice and never going back in one process, even when
// the clock does (RFC 9562, 6.2, method 1). The one piece of process-wide state that identity needs.
std::atomic<uint64_t>& LastStamp() {
  static std::atomic<uint64_t> last{0};
  return last;
}

// Of `xxxxxxxx-xxxx-7xxx-…`: the time, and the counter after the version.
std::optional<uint64_t> StampOf(absl::string_view uuid) {
  if (uuid.size() != 36 || uuid[8] != '-' || uuid[13] != '-' || uuid[14] != '7') return std::nullopt;
  uint64_t stamp = 0;
  const std::string digits = absl::StrCat(uuid.substr(0, 8), uuid.substr(9, 4), uuid.substr(15, 3));
  if (!absl::SimpleHexAtoi(digits, &stamp)) return std::nullopt;
  return stamp;
}

std::string WithVersion(std::string bytes, unsigned version) {
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0fU) | (version << 4U));
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3fU) | 0x80U);
  return bytes;
}

}  // namespace

Uniform SeededUniform(uint64_t seed) {
  auto state = std::make_shared<SeededState>(seed);
  return [state] {
    MutexLock lock(&state->mu);
    return std::uniform_real_distribution<double>(0.0, 1.0)(state->engine);
  };
}

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1) std::abort();
  return bytes;
}

std::string NewUuid() { return FormatUuid(WithVersion(UuidBytes(), 4)); }

std::string NewTimeOrderedUuid(int64_t unix_millis) {
  uint64_t previous = LastStamp().load();
  uint64_t stamp = 0;
  do {
    stamp = std::max(static_cast<uint64_t>(unix_millis) << 12U, previous + 1);
  } while (!LastStamp().compare_exchange_weak(previous, stamp));

  std::string bytes = UuidBytes();
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<char>((stamp >> (52 - 8 * i)) & 0xffU);
  bytes[6] = static_cast<char>((stamp >> 8U) & 0x0fU);
  bytes[7] = static_cast<char>(stamp & 0xffU);
  return FormatUuid(WithVersion(std::move(bytes), 7));
}

void StartTimeOrderedUuidsAfter(absl::string_view uuid) {
  const std::optional<uint64_t> stamp = StampOf(uuid);
  if (!stamp.has_value()) return;
  uint64_t previous = LastStamp().load();
  while (previous < *stamp && !LastStamp().compare_exchange_weak(previous, *stamp)) {
  }
}

}  // namespace satudata::base
