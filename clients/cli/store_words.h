// File: store_words.h
//
// What the verbs of `store` say, in the user's language. Pure.
#ifndef CLIENTS_CLI_STORE_WORDS_H_
#define CLIENTS_CLI_STORE_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clients/cli/language.h"
#include "server/store/store_tools.h"

namespace satudata::cli {

// What is wrong and what to do about it, on one line.
std::string Words(const store::Trouble& trouble, Language language);

// The text under the help of the verb: what to do step by step, for both engines.
absl::string_view StoreHelp(Language language);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_STORE_WORDS_H_
