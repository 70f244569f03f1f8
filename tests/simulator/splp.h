// File: splp.h
//
// SPLP with the dataset-rest contract: POST /datasets, GET and PUT /datasets/{id}. Thread-safe.
#ifndef TESTS_SIMULATOR_SPLP_H_
#define TESTS_SIMULATOR_SPLP_H_

#include "tests/simulator/exchange.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/services.h"

namespace satudata::simulator {

class Splp {
 public:
  // `services` must outlive it, with all it refers to.
  explicit Splp(const Services& services) : services_(services) {}

  // For the three SPLP operations.
  Reply Answer(Exchange& exchange) const;

 private:
  Reply Post(Exchange& exchange) const;
  Reply Put(Exchange& exchange) const;
  Reply Get(Exchange& exchange) const;
  Reply Store(Exchange& exchange, const Write& write) const;
  Reply PerformWrite(const Exchange& exchange, const Fate& fate, const Write& write) const;
  Condition ConditionOf(const Exchange& exchange, const Fate& fate) const;

  const Services& services_;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_SPLP_H_
