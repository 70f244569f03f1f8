// File: surroundings.h
//
// What the program finds around it: streams, terminal, environment, time. main makes the real one; tests make
// their own, so that every command runs in a test as it runs in a shell.
#ifndef CLIENTS_CLI_SURROUNDINGS_H_
#define CLIENTS_CLI_SURROUNDINGS_H_

#include <functional>
#include <istream>
#include <optional>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "clients/cli/interrupt.h"
#include "clients/cli/language.h"
#include "server/base/clock.h"
#include "server/base/random.h"

namespace satudata::cli {

// What an output stream leads to.
enum class Surface { kFile, kTerminal };

// Everything pointed to must outlive the run of the program.
struct Surroundings {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;  // Results.
  std::ostream* err = nullptr;  // Progress, notices, errors.
  Surface out_surface = Surface::kFile;
  Surface err_surface = Surface::kFile;
  // A line typed without being shown; nullopt when none comes. Empty where standard input is no terminal.
  std::function<std::optional<std::string>()> hidden_line;
  std::function<int()> columns;  // Width of the terminal behind `err`, asked again for every picture.
  Variable variable;
  base::Clock* clock = nullptr;
  base::Uniform uniform;  // Jitter between reconnects.
  Interrupt* interrupt = nullptr;
  absl::TimeZone zone;  // In which times are shown.
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_SURROUNDINGS_H_
