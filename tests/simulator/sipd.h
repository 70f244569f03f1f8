// File: sipd.h
//
// SIPD e-walidata: push_dssd, push_disable_dssd, get_dssd, get_dssd_final, get_ref_dssd. Thread-safe.
#ifndef TESTS_SIMULATOR_SIPD_H_
#define TESTS_SIMULATOR_SIPD_H_

#include <vector>

#include "tests/simulator/exchange.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/services.h"

namespace satudata::simulator {

class Sipd {
 public:
  // `services` must outlive it, with all it refers to.
  explicit Sipd(const Services& services) : services_(services) {}

  // For the five SIPD operations.
  Reply Answer(Exchange& exchange) const;

 private:
  Reply Push(Exchange& exchange) const;
  Reply Read(Exchange& exchange) const;
  Reply Rows(const Exchange& exchange, const Fate& fate) const;

  const Services& services_;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_SIPD_H_
