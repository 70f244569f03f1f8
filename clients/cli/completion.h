// File: completion.h
//
// Scripts that teach a shell the verbs and flags. Pure.
#ifndef CLIENTS_CLI_COMPLETION_H_
#define CLIENTS_CLI_COMPLETION_H_

#include <string>
#include <vector>

namespace satudata::cli {

enum class Shell { kBash, kZsh, kFish };

// What can be typed after a verb.
struct VerbShape {
  std::string name;
  std::string description;
  std::vector<std::string> flags;  // `--target`.
  std::vector<std::string> verbs;  // Of a verb that has verbs of its own.
};

struct CommandShape {
  std::vector<VerbShape> verbs;
  std::vector<std::string> global_flags;
};

// The script to source (bash, fish) or to put into a directory of $fpath (zsh).
std::string CompletionScript(Shell shell, const CommandShape& shape);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_COMPLETION_H_
