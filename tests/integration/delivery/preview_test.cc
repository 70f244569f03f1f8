// A preview of the sample catalogue against the run that follows it: what it shows is what happens.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/delivery/delivery_system.h"

namespace satudata {
namespace {

using sync::State;

std::string SamplePath(absl::string_view name) { return absl::StrCat(SATUDATA_SAMPLE_DIR, "/", name); }

simulator::Options SampleState() {
  simulator::Options options;
  options.request_log = 10'000;
  options.state = *simulator::ReadState(SamplePath("targets.json"));
  return options;
}

// What becomes of what a preview shows as this, if all goes well.
State Becomes(State shown) { return shown == State::kQueued ? State::kConfirmed : shown; }

// By target and file.
using Details = std::map<std::pair<std::string, std::string>, sync::DeliveryDetail>;

class PreviewTest : public testing::Test {
 protected:
  PreviewTest() : system_(SampleState(), SamplePath("content")) {
    system_.Import(ReadFileOrDie(SamplePath("catalog.jsonl")));
  }

  static sync::SyncRequest Preview(sync::SyncRequest request) {
    request.kind = sync::RunKind::kPreview;
    return request;
  }
  static sync::SyncRequest One(const std::string& file_id) {
    return {.kind = sync::RunKind::kSyncFile,
            .file_id = file_id,
            .targets = {"sipd", "splp"},
            .requested_by = "tester"};
  }
  Details DetailsOf(const sync::Run& run) {
    Details details;
    for (sync::DeliveryDetail& detail : system_.Deliveries(run.run_id)) {
      const auto key = std::pair(detail.delivery.target, detail.delivery.file_id);
      details[key] = std::move(detail);
    }
    return details;
  }
  uint64_t Writes() {
    simulator::Truth& truth = system_.simulator().truth();
    return truth.TotalsOf(simulator::System::kSipd).applies +
           truth.TotalsOf(simulator::System::kSplp).applies;
  }
  int64_t WriteRequests() {
    return system_.RequestCount("sipd.push_dssd") + system_.RequestCount("splp.post") +
           system_.RequestCount("splp.put");
  }
  static void ExpectSame(const sync::DeliveryDetail& shown, const sync::DeliveryDetail& done) {
    const std::string name = absl::StrCat(shown.delivery.target, " ", shown.delivery.file_id);
    EXPECT_EQ(Becomes(shown.delivery.state), done.delivery.state) << name;
    EXPECT_EQ(shown.delivery.failure.reason, done.delivery.failure.reason) << name;
    ASSERT_EQ(shown.records.size(), done.records.size()) << name;
    for (size_t i = 0; i < shown.records.size(); ++i) {
      const sync::Record& a = shown.records[i];
      const sync::Record& b = done.records[i];
      EXPECT_EQ(a.key, b.key) << name;
      EXPECT_EQ(a.value, b.value) << a.key;
      EXPECT_EQ(Becomes(a.state), b.state) << a.key;
      EXPECT_EQ(a.failure.reason, b.failure.reason) << a.key;
      EXPECT_EQ(a.change, b.change) << a.key;
      EXPECT_EQ(a.previous_value, b.previous_value) << a.key;
    }
  }
  // The bodies of the requests that wrote, in order.
  static std::vector<std::pair<std::string, std::string>> Sent(const sync::DeliveryDetail& done) {
    std::vector<std::pair<std::string, std::string>> sent;
    for (const sync::Attempt& attempt : done.attempts) {
      const sync::Exchange& exchange = attempt.exchange;
      if (exchange.operation == "push_dssd" || exchange.operation == "create_dataset") {
        sent.emplace_back(exchange.operation, exchange.request_body);
      }
    }
    return sent;
  }
  static std::vector<std::pair<std::string, std::string>> Shown(const sync::DeliveryDetail& shown) {
    std::vector<std::pair<std::string, std::string>> bodies;
    for (const sync::PlannedRequest& request : shown.previews) {
      bodies.emplace_back(request.operation, request.body);
    }
    return bodies;
  }

  DeliverySystem system_;
};

TEST_F(PreviewTest, WhatIsShownOfAllIsWhatARunDoes) {
  const sync::Run preview = system_.RunToTheEnd(Preview(system_.SyncAll()));
  EXPECT_EQ(Writes(), 0u) << "nothing was written";
  EXPECT_EQ(WriteRequests(), 0) << "nothing was even tried";
  const Details shown = DetailsOf(preview);

  const sync::Run run = system_.RunToTheEnd(system_.SyncAll());
  EXPECT_EQ(preview.skipped_file_count, run.skipped_file_count);
  const Details done = DetailsOf(run);
  for (const auto& [key, detail] : done) {
    // What another file has brought meanwhile has a row in the run.
    if (detail.delivery.state == State::kUnchanged && !shown.contains(key)) continue;
    ASSERT_TRUE(shown.contains(key)) << key.first << " " << key.second;
    ExpectSame(shown.at(key), detail);
  }
  for (const auto& [key, detail] : shown) EXPECT_TRUE(done.contains(key)) << key.first << " " << key.second;
  for (const std::string target : {"sipd", "splp"}) {
    EXPECT_EQ(preview.counts.at(target)[State::kUnchanged], run.counts.at(target)[State::kUnchanged])
        << target;
  }
  EXPECT_EQ(preview.forecasts.at("splp").request_count, system_.RequestCount("splp.post"));
  EXPECT_LE(preview.forecasts.at("sipd").request_count, system_.RequestCount("sipd.push_dssd"));
  const Judgement judgement = system_.Judge();
  EXPECT_TRUE(judgement.Clean()) << judgement;

  const int64_t requests = WriteRequests();
  const sync::Run again = system_.RunToTheEnd(Preview(system_.SyncAll()));
  EXPECT_EQ(again.Counts()[State::kQueued], 0) << "all is there by now";
  EXPECT_EQ(WriteRequests(), requests);
}

TEST_F(PreviewTest, WhatIsShownOfAFileIsSentBodyForBody) {
  std::vector<std::string> ids;
  const auto rows = system_.store().ListFiles({}, {.limit = 1000});
  ASSERT_TRUE(rows.ok()) << rows.status();
  for (const sync::FileRow& row : *rows) {
    if (row.file.verification == catalog::Verification::kVerified) ids.push_back(row.file.file_id);
  }
  std::set<std::string> expected;
  for (size_t i = 0; i < ids.size(); i += 12) {
    const Details shown = DetailsOf(system_.RunToTheEnd(Preview(One(ids[i]))));
    const Details done = DetailsOf(system_.RunToTheEnd(One(ids[i])));
    ASSERT_EQ(shown.size(), done.size()) << ids[i];
    for (const auto& [key, detail] : done) {
      ExpectSame(shown.at(key), detail);
      EXPECT_EQ(Shown(shown.at(key)), Sent(detail)) << key.first << " " << key.second;
      for (const auto& [operation, body] : Shown(shown.at(key))) expected.insert(body.substr(0, 2048));
    }
  }
  EXPECT_GT(expected.size(), 20u) << "there is something to compare";
  std::set<std::string> arrived;  // As the simulator has it, whatever we say that we sent.
  for (const nlohmann::json& request : system_.Requests()) {
    if (request["method"] == "POST") arrived.insert(request["body"].get<std::string>());
  }
  EXPECT_EQ(arrived, expected);
}

}  // namespace
}  // namespace satudata
