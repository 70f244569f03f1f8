// File: check.h
//
// How a fuzz target says that something does not hold.
#ifndef TESTS_FUZZ_CHECK_H_
#define TESTS_FUZZ_CHECK_H_

#include <cstdlib>
#include <iostream>

namespace satudata::fuzz {

// Ends the process, having named the place, unless `holds`.
inline void Check(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (holds) return;
  std::cerr << file << ":" << line << ": does not hold" << std::endl;
  std::abort();
}

}  // namespace satudata::fuzz

#endif  // TESTS_FUZZ_CHECK_H_
