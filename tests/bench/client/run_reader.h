// File: run_reader.h
//
// Reads a stream of run events and keeps what a bench wants to know of it. One thread.
#ifndef TESTS_BENCH_CLIENT_RUN_READER_H_
#define TESTS_BENCH_CLIENT_RUN_READER_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "nlohmann/json.hpp"
#include "satudata/integration/v1/integration_service.pb.h"

namespace satudata::bench {

class RunReader {
 public:
  void Take(const integration::v1::RunEvent& event);

  const std::string& run_id() const { return run_id_; }
  // What was seen: the run as the last snapshot has it, deliveries by the state they were told in, whether
  // sequences rose, and the seconds to the first delivery and to the end.
  nlohmann::json Account() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  double SecondsUntil(Time time) const { return std::chrono::duration<double>(time - start_).count(); }

  const Time start_ = std::chrono::steady_clock::now();
  Time first_delivery_ = start_;
  Time last_event_ = start_;
  std::string run_id_;
  integration::v1::Run run_;
  std::map<std::string, int64_t> told_;
  int64_t events_ = 0;
  int64_t sequence_ = 0;
  bool ordered_ = true;
};

}  // namespace satudata::bench

#endif  // TESTS_BENCH_CLIENT_RUN_READER_H_
