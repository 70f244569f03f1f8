// File: running_simulator.h
//
// A simulator on a free port and a client for it, for one test. Not thread-safe, but more clients may be
// made.
#ifndef TESTS_UNIT_SIMULATOR_RUNNING_SIMULATOR_H_
#define TESTS_UNIT_SIMULATOR_RUNNING_SIMULATOR_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "httplib.h"
#include "nlohmann/json.hpp"
#include "tests/simulator/simulator.h"

namespace satudata::simulator {

// Waits of the wire so short that a test takes no noticeable time, and still long enough to be seen.
inline Options QuickOptions() {
  Options options;
  options.hold = absl::Milliseconds(40);
  options.drip_interval = absl::Milliseconds(5);
  options.slow = absl::Milliseconds(20);
  // Late means when the test says so, by Truth::Flush.
  options.late_min = options.late_max = absl::Hours(1);
  return options;
}

inline Options WithQuirk(const std::string& name, double rate = 1) {
  Options options = QuickOptions();
  options.quirks = {{name, rate}};
  return options;
}

class RunningSimulator {
 public:
  explicit RunningSimulator(Options options, base::Clock* clock = nullptr) {
    absl::StatusOr<std::unique_ptr<Simulator>> started = Simulator::Start(std::move(options), clock);
    EXPECT_TRUE(started.ok()) << started.status();
    simulator_ = *std::move(started);
    client_ = NewClient();
  }

  std::unique_ptr<httplib::Client> NewClient() const {
    auto client = std::make_unique<httplib::Client>(simulator_->base_url());
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    return client;
  }

  Simulator* operator->() { return simulator_.get(); }
  httplib::Client& client() { return *client_; }

  httplib::Result Get(const std::string& path, const httplib::Headers& headers = {}) {
    return client_->Get(path, headers);
  }
  httplib::Result Post(const std::string& path, const std::string& body,
                       const httplib::Headers& headers = {}) {
    return client_->Post(path, headers, body, "application/json");
  }
  httplib::Result Put(const std::string& path, const std::string& body) {
    return client_->Put(path, body, "application/json");
  }

 private:
  std::unique_ptr<Simulator> simulator_;
  std::unique_ptr<httplib::Client> client_;
};

// 0 when no whole answer came.
inline int StatusOf(const httplib::Result& result) { return result ? result->status : 0; }

// Empty when no whole answer came.
inline std::string BodyOf(const httplib::Result& result) { return result ? result->body : std::string(); }

inline nlohmann::json JsonOf(const httplib::Result& result) {
  return result ? nlohmann::json::parse(result->body, nullptr, false) : nlohmann::json();
}

// A whole dataset; `name` makes two of them differ.
inline std::string DatasetBody(const std::string& id, const std::string& name = "Jumlah Penduduk") {
  return nlohmann::json({{"dataset_id", id},
                         {"dataset_name", name},
                         {"theme", "Kependudukan"},
                         {"producer", "Dinas Kependudukan"},
                         {"coverage", "Kabupaten"},
                         {"frequency", "Tahunan"},
                         {"dimension", "Kecamatan"},
                         {"file_name", "penduduk.csv"},
                         {"file_type", "csv"},
                         {"updated_at", "2024-01-01T00:00:00Z"}})
      .dump();
}

inline nlohmann::json PushRow(const std::string& code, const std::string& data,
                              const std::string& year = "2024") {
  return {{"kodeindikator", code}, {"kodepemda", "1612"}, {"tahun", year}, {"data", data}};
}

// A vector, because braces around one row would copy the row instead of listing it.
inline std::string PushBody(const std::vector<nlohmann::json>& rows) {
  return nlohmann::json({{"data", rows}}).dump();
}

inline constexpr char kCode[] = "1.02.000318";
inline constexpr char kKey[] = "1612.1.02.000318.2024";

}  // namespace satudata::simulator

#endif  // TESTS_UNIT_SIMULATOR_RUNNING_SIMULATOR_H_
