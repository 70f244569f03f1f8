// File: hidden_input.h
//
// A line typed on the terminal without showing it.
#ifndef CLIENTS_CLI_HIDDEN_INPUT_H_
#define CLIENTS_CLI_HIDDEN_INPUT_H_

#include <optional>
#include <string>

#include "clients/cli/interrupt.h"

namespace satudata::cli {

// Reads the terminal `descriptor` up to its next line end. nullopt when the input ends before, when it is
// longer than any password, or when `interrupt` is raised. The terminal shows again what is typed when it
// returns. Nobody else may have read from it through a buffer.
std::optional<std::string> ReadHiddenLine(int descriptor, const Interrupt& interrupt);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_HIDDEN_INPUT_H_
