#include "clients/cli/completion.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace satudata::cli {
namespace {

std::string Verbs(const CommandShape& shape, absl::string_view separator) {
  return absl::StrJoin(shape.verbs, separator,
                       [](std::string* out, const VerbShape& verb) { absl::StrAppend(out, verb.name); });
}

// A `case` branch per verb that sets its flags; `open` and `close` are the shell's marks of a list.
std::string FlagCases(const CommandShape& shape, absl::string_view open, absl::string_view close) {
  std::string cases;
  for (const VerbShape& verb : shape.verbs) {
    std::vector<std::string> words = verb.verbs;
    words.insert(words.end(), verb.flags.begin(), verb.flags.end());
    absl::StrAppend(&cases, "    ", verb.name, ") flags=", open, absl::StrJoin(words, " "), close, " ;;\n");
  }
  return cases;
}

constexpr absl::string_view kBash = R"(# Completion of integrationctl for bash. Load it with:
#   source <(integrationctl completion bash)
_integrationctl() {
  local current="${COMP_WORDS[COMP_CWORD]}" verb="" flags="" word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      @ALTERNATIVES@) verb="$word"; break ;;
    esac
  done
  case "$verb" in
    "") flags="@VERBS@" ;;
@CASES@  esac
  if [[ "$verb" == import && "$current" != -* ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "$flags @GLOBAL@" -- "$current"))
  fi
}
complete -F _integrationctl integrationctl
)";

constexpr absl::string_view kZsh = R"(#compdef integrationctl
# Completion of integrationctl for zsh. Put it into a directory of $fpath as _integrationctl, or load it with:
#   source <(integrationctl completion zsh)
_integrationctl() {
  local -a verbs flags
  local verb="" word
  verbs=(
@DESCRIPTIONS@  )
  for word in ${words[2,CURRENT-1]}; do
    case "$word" in
      @ALTERNATIVES@) verb="$word"; break ;;
    esac
  done
  if [[ -z "$verb" && "$PREFIX" != -* ]]; then
    _describe command verbs
    return
  fi
  case "$verb" in
@CASES@  esac
  if [[ "$verb" == import && "$PREFIX" != -* ]]; then
    _files
  else
    compadd -- $flags @GLOBAL@
  fi
}
if [[ "$funcstack[1]" == _integrationctl ]]; then
  _integrationctl "$@"
else
  compdef _integrationctl integrationctl
fi
)";

std::string Bash(const CommandShape& shape) {
  return absl::StrReplaceAll(kBash, {{"@ALTERNATIVES@", Verbs(shape, "|")},
                                     {"@VERBS@", Verbs(shape, " ")},
                                     {"@CASES@", FlagCases(shape, "\"", "\"")},
                                     {"@GLOBAL@", absl::StrJoin(shape.global_flags, " ")}});
}

std::string Zsh(const CommandShape& shape) {
  std::string descriptions;
  for (const VerbShape& verb : shape.verbs) {
    const std::string quoted = absl::StrReplaceAll(verb.description, {{"'", "'\\''"}, {":", "\\:"}});
    absl::StrAppend(&descriptions, "    '", verb.name, ":", quoted, "'\n");
  }
  return absl::StrReplaceAll(kZsh, {{"@DESCRIPTIONS@", descriptions},
                                    {"@ALTERNATIVES@", Verbs(shape, "|")},
                                    {"@CASES@", FlagCases(shape, "(", ")")},
                                    {"@GLOBAL@", absl::StrJoin(shape.global_flags, " ")}});
}

std::string FishFlags(absl::string_view condition, const std::vector<std::string>& flags) {
  std::string lines;
  for (const std::string& flag : flags) {
    absl::StrAppend(&lines, "complete -c integrationctl", condition, " -l ", absl::StripPrefix(flag, "--"),
                    "\n");
  }
  return lines;
}

std::string Fish(const CommandShape& shape) {
  std::string script =
      "# Completion of integrationctl for fish. Load it with:\n"
      "#   integrationctl completion fish | source\n"
      "complete -c integrationctl -f\n";
  absl::StrAppend(&script, FishFlags("", shape.global_flags));
  for (const VerbShape& verb : shape.verbs) {
    const std::string quoted = absl::StrReplaceAll(verb.description, {{"\\", "\\\\"}, {"'", "\\'"}});
    const std::string within = absl::StrCat(" -n '__fish_seen_subcommand_from ", verb.name, "'");
    absl::StrAppend(&script, "complete -c integrationctl -n __fish_use_subcommand -a ", verb.name, " -d '",
                    quoted, "'\n", FishFlags(within, verb.flags));
    if (verb.verbs.empty()) continue;
    absl::StrAppend(&script, "complete -c integrationctl", within, " -a '", absl::StrJoin(verb.verbs, " "),
                    "'\n");
  }
  return absl::StrCat(script, "complete -c integrationctl -n '__fish_seen_subcommand_from import' -F\n");
}

}  // namespace

std::string CompletionScript(Shell shell, const CommandShape& shape) {
  switch (shell) {
    case Shell::kBash:
      return Bash(shape);
    case Shell::kZsh:
      return Zsh(shape);
    case Shell::kFish:
      break;
  }
  return Fish(shape);
}

}  // namespace satudata::cli
