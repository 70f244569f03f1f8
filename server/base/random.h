// File: random.h
//
// Randomness: injected where it steers behaviour, from the operating system where it makes identity.
#ifndef SERVER_BASE_RANDOM_H_
#define SERVER_BASE_RANDOM_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::base {

// A number in [0, 1). Implementations are thread-safe; tests supply scripted ones.
using Uniform = std::function<double()>;

// A thread-safe Uniform with a fixed seed: the same seed gives the same sequence.
Uniform SeededUniform(uint64_t seed);

// A random (version 4) UUID in lower-case text.
std::string NewUuid();

// A UUID whose text sorts by creation (version 7 layout): strictly within a process, by the millisecond
// across processes. Database keys are appended, not scattered. `unix_millis` is the wall time.
std::string NewTimeOrderedUuid(int64_t unix_millis);
// From now on they sort after `uuid`, which another process made when the wall clock may have been ahead of
// ours. What is not such a UUID has no effect.
void StartTimeOrderedUuidsAfter(absl::string_view uuid);

// `size` bytes from the operating system's generator. Dies if the system has none to give.
std::string RandomBytes(size_t size);

}  // namespace satudata::base

#endif  // SERVER_BASE_RANDOM_H_
