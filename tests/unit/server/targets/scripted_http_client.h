// File: scripted_http_client.h
//
// An HttpClient that gives prepared results in order and remembers what it was asked. Not thread-safe.
#ifndef TESTS_UNIT_SERVER_TARGETS_SCRIPTED_HTTP_CLIENT_H_
#define TESTS_UNIT_SERVER_TARGETS_SCRIPTED_HTTP_CLIENT_H_

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/http/http_client.h"

namespace satudata::targets {

class ScriptedHttpClient final : public http::HttpClient {
 public:
  struct Log {
    std::vector<http::Request> requests;
    std::vector<size_t> answer_limits;
    int aborts = 0;
  };

  // `log` must outlive the client.
  ScriptedHttpClient(std::deque<http::Result> results, Log& log) : results_(std::move(results)), log_(log) {}

  http::Result Do(const http::Request& request, const http::Limits& limits) override {
    log_.requests.push_back(request);
    log_.answer_limits.push_back(limits.max_answer_bytes);
    if (results_.empty()) return {.error = http::TransportError::kConnect, .error_detail = "script is over"};
    http::Result result = std::move(results_.front());
    results_.pop_front();
    return result;
  }
  void Abort() override { ++log_.aborts; }

 private:
  std::deque<http::Result> results_;
  Log& log_;
};

inline http::Result AnswerOf(int status, std::string body) {
  return {.answer = http::Answer{.status = status, .body = std::move(body)}};
}

inline http::Result FailureOf(http::TransportError error, std::string detail) {
  return {.error = error, .error_detail = std::move(detail)};
}

}  // namespace satudata::targets

#endif  // TESTS_UNIT_SERVER_TARGETS_SCRIPTED_HTTP_CLIENT_H_
