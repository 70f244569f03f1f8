// File: flags.h
//
// The program's command line. For main alone.
#ifndef TESTS_SIMULATOR_FLAGS_H_
#define TESTS_SIMULATOR_FLAGS_H_

#include <optional>
#include <string>

#include "tests/simulator/options.h"

namespace satudata::simulator {

struct Flags {
  Options options;
  std::string address_file;  // Default: empty, none is written.
};

// Nothing when the program is to end at once with `*exit_code`: help was asked for (0) or a flag is wrong
// (2); what there is to say has been printed.
std::optional<Flags> ParseFlags(int argc, char** argv, int* exit_code);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_FLAGS_H_
