// File: exchange.h
//
// One request on its way through the simulator. Lives on the thread that serves it.
#ifndef TESTS_SIMULATOR_EXCHANGE_H_
#define TESTS_SIMULATOR_EXCHANGE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "httplib.h"
#include "tests/simulator/gateway.h"
#include "tests/simulator/operation.h"
#include "tests/simulator/quirks.h"

namespace satudata::simulator {

struct Exchange {
  const httplib::Request& request;
  Operation operation;
  absl::string_view id;  // The dataset in the path, where there is one.
  uint64_t ordinal = 0;

  // Filled on the way, for the books.
  Quirk quirk = Quirk::kNone;
  Refusal refusal = Refusal::kNone;

  // What shaped the answer, in a word.
  absl::string_view cause() const { return refusal != Refusal::kNone ? NameOf(refusal) : NameOf(quirk); }
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_EXCHANGE_H_
