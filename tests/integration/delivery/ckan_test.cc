// Datasets with their files at CKAN: what is claimed of them, against what it holds.
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "server/base/hash.h"
#include "server/base/random.h"
#include "tests/integration/delivery/await.h"
#include "tests/integration/delivery/delivery_system.h"
#include "tests/integration/delivery/made_catalogue.h"

namespace satudata {
namespace {

using catalog::Reason;
using nlohmann::json;
using simulator::NamedRate;
using simulator::System;
using sync::State;

std::string BytesOf(int index, int version = 1) {
  std::string bytes = "kecamatan;jumlah\n";
  for (int row = 0; row < 40; ++row)
    absl::StrAppend(&bytes, "Kecamatan ", row, ";", index * 100 + row * version, "\n");
  return bytes;
}

DeliveryTimes CkanTimes() {
  return {.request_deadline = absl::Seconds(1),
          .settle_time = absl::Seconds(1),
          .confirm_wait = absl::Seconds(60),
          .read_interval = absl::Milliseconds(100)};
}

simulator::Options CkanOptions() {
  simulator::Options options;
  options.hold = absl::Milliseconds(1500);
  options.drip_interval = absl::Milliseconds(20);
  options.late_min = absl::Milliseconds(100);
  options.late_max = absl::Milliseconds(900);
  options.slow = absl::Milliseconds(300);
  options.throttle_wait = absl::Milliseconds(500);
  options.ckan_max_upload = 1 << 20;
  return options;
}

// A content directory of the test's own.
class ContentDirectory {
 public:
  ContentDirectory()
      : path_(std::filesystem::temp_directory_path() / absl::StrCat("ckan-", base::NewUuid())) {
    std::filesystem::create_directories(path_);
  }
  ~ContentDirectory() { std::filesystem::remove_all(path_); }
  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  void Remove(const std::string& name) const { std::filesystem::remove(path_ / name); }
  std::string path() const { return path_.string(); }

 private:
  const std::filesystem::path path_;
};

class CkanDeliveryTest : public testing::Test {
 protected:
  explicit CkanDeliveryTest(int files = 3)
      : system_(CkanOptions(), content_.path(), CkanTimes(), QuickEngine(), SplpProfile::kCkan),
        files_(files) {
    for (int i = 0; i < files; ++i) content_.Write(absl::StrCat("file-", i, ".csv"), BytesOf(i));
    system_.Import(MakeCatalogue({.files = files}));
  }

  sync::Run Sync(bool force = false) {
    sync::SyncRequest request = system_.SyncAll({"splp"});
    request.force = force;
    return system_.RunToTheEnd(std::move(request));
  }
  // The package of file `index`, as the simulator holds it.
  json Held(int index) {
    const auto record = system_.simulator().truth().SplpRecord(absl::StrCat("file-", index));
    return record.has_value() && record->Holds() ? json::parse(*record->value) : json();
  }
  // The hash of the bytes that arrived; empty unless there is exactly one file.
  std::string HeldBytes(int index) {
    const json package = Held(index);
    if (!package.is_object() || package["state"] != "active" || package["resources"].size() != 1) return "";
    return package["resources"][0].value("bytes_sha256", "");
  }
  void Replace(int index, json package) {
    simulator::State state;
    state.datasets = {{absl::StrCat("file-", index), package.dump()}};
    system_.simulator().truth().Merge(state);
  }
  sync::Record RecordOf(const sync::Run& run, int index) {
    for (sync::DeliveryDetail& detail : system_.Deliveries(run.run_id)) {
      if (detail.delivery.file_id != absl::StrCat("file-", index)) continue;
      if (detail.records.empty()) return {.state = detail.delivery.state, .failure = detail.delivery.failure};
      return detail.records.front();
    }
    ADD_FAILURE() << "no delivery of file-" << index;
    return {};
  }
  uint64_t Applies() { return system_.simulator().truth().TotalsOf(System::kSplp).applies; }
  // All that is claimed is so, and each file's bytes are there, once.
  void ExpectAllThere(int version = 1) {
    const Judgement judgement = system_.JudgeAtRest();
    EXPECT_TRUE(judgement.Clean()) << judgement;
    for (int i = 0; i < files_; ++i) EXPECT_EQ(HeldBytes(i), base::Sha256Hex(BytesOf(i, version))) << i;
  }

  ContentDirectory content_;
  DeliverySystem system_;
  const int files_;
};

TEST_F(CkanDeliveryTest, CreatesEachDatasetWithItsFileAndThenNothing) {
  const sync::Run run = Sync();
  EXPECT_EQ(run.state, sync::RunState::kSucceeded);
  EXPECT_EQ(run.Counts()[State::kConfirmed], 3);
  ExpectAllThere();
  EXPECT_EQ(Held(0)["title"], "Dataset 0");
  EXPECT_EQ(Held(0)["owner_org"], "walidata");
  EXPECT_EQ(Applies(), 6U);
  EXPECT_EQ(Sync().Counts()[State::kUnchanged], 3);
  EXPECT_EQ(Sync(/*force=*/true).Counts()[State::kConfirmed], 3);
  EXPECT_EQ(Applies(), 6U) << "what is there is looked at, not written";
}

TEST_F(CkanDeliveryTest, ANewTitleIsOnePatchUnderTheSameName) {
  Sync();
  const std::string name = Held(0)["name"];
  system_.Import(MakeCatalogue({.files = 3, .renamed = 1}));
  EXPECT_EQ(Sync().Counts()[State::kConfirmed], 1);
  EXPECT_EQ(Held(0)["title"], "Dataset 0 (baru)");
  EXPECT_EQ(Held(0)["name"], name);
  EXPECT_EQ(Applies(), 7U);
  ExpectAllThere();
}

TEST_F(CkanDeliveryTest, NewBytesReplaceTheFileInItsPlace) {
  Sync();
  const json resource = Held(1)["resources"][0]["id"];
  content_.Write("file-1.csv", BytesOf(1, 2));
  EXPECT_EQ(Sync().Counts()[State::kConfirmed], 0) << "they were not verified";
  EXPECT_EQ(HeldBytes(1), base::Sha256Hex(BytesOf(1)));
  ASSERT_TRUE(
      system_.catalog().SetVerification("file-1", catalog::Verification::kVerified, std::nullopt).ok());
  EXPECT_EQ(Sync().Counts()[State::kConfirmed], 1);
  EXPECT_EQ(HeldBytes(1), base::Sha256Hex(BytesOf(1, 2)));
  EXPECT_EQ(Held(1)["resources"][0]["id"], resource);
  EXPECT_TRUE(system_.JudgeAtRest().Clean());
}

TEST_F(CkanDeliveryTest, RefusedTypesAndSizesAndMissingFilesSendNothing) {
  content_.Write("file-0.csv", "%PDF-1.7\n");
  content_.Write("file-1.csv", std::string((1 << 20) + 1, 'x'));
  content_.Remove("file-2.csv");
  system_.Import(MakeCatalogue({.files = 3}));
  const sync::Run run = Sync();
  EXPECT_EQ(RecordOf(run, 0).failure.reason, Reason::kContentTypeRefused);
  EXPECT_EQ(RecordOf(run, 1).failure.reason, Reason::kContentTooLarge);
  EXPECT_EQ(RecordOf(run, 2).failure.reason, Reason::kContentMissing);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(RecordOf(run, i).state, State::kRejected);
  EXPECT_EQ(system_.RequestCount("splp.package_show"), 0);
}

TEST_F(CkanDeliveryTest, WhatCkanRefusesNamesTheFields) {
  ASSERT_TRUE(system_.simulator().quirks().SetRates({{"refused-fields", 1.0}}).ok());
  const sync::Record record = RecordOf(Sync(), 0);
  EXPECT_EQ(record.state, State::kRejected);
  EXPECT_EQ(record.failure.reason, Reason::kRefusedByTarget);
  EXPECT_THAT(record.failure.field_violations,
              testing::Contains(catalog::FieldViolation{"title", "Judul tidak sesuai"}));
  EXPECT_EQ(Applies(), 0U);
}

TEST_F(CkanDeliveryTest, AFileThatIsRefusedLeavesNoDatasetWithoutOne) {
  ASSERT_TRUE(system_.simulator().quirks().SetRates({{"splp.resource_create/refused-fields", 1.0}}).ok());
  const sync::Record record = RecordOf(Sync(), 0);
  EXPECT_EQ(record.failure.reason, Reason::kRefusedByTarget);
  for (int i = 0; i < files_; ++i) EXPECT_EQ(Held(i)["state"], "deleted") << i;
  EXPECT_TRUE(system_.JudgeAtRest().Clean());
  system_.simulator().quirks().Clear();
  EXPECT_EQ(Sync(/*force=*/true).Counts()[State::kConfirmed], files_);
  ExpectAllThere();
}

TEST_F(CkanDeliveryTest, ADatasetThatIsLeftWithoutItsFileIsNamed) {
  ASSERT_TRUE(system_.simulator()
                  .quirks()
                  .SetRates({{"splp.resource_create/refused-fields", 1.0},
                             {"splp.package_delete/error-500-before", 1.0}})
                  .ok());
  const sync::Record record = RecordOf(Sync(), 0);
  EXPECT_EQ(record.state, State::kRejected);
  EXPECT_EQ(record.failure.field_violations.back().field, Held(0)["name"]);
  EXPECT_EQ(Held(0)["state"], "active");
  EXPECT_TRUE(Held(0)["resources"].empty());
  system_.simulator().quirks().Clear();
  EXPECT_EQ(Sync(/*force=*/true).Counts()[State::kConfirmed], files_);
  ExpectAllThere();
}

TEST_F(CkanDeliveryTest, ADeletedDatasetIsRevivedUnderItsName) {
  Sync();
  json package = Held(0);
  package["state"] = "deleted";
  Replace(0, package);
  EXPECT_EQ(HeldBytes(0), "");
  EXPECT_EQ(Sync(/*force=*/true).Counts()[State::kConfirmed], 3);
  ExpectAllThere();
  EXPECT_EQ(Held(0)["id"], package["id"]);
}

TEST_F(CkanDeliveryTest, SomebodyElsesDatasetIsNotTouched) {
  Sync();
  json package = Held(0);
  package["extras"] = json::array();
  package["title"] = "Milik orang lain";
  Replace(0, package);
  const sync::Run run = Sync(/*force=*/true);
  EXPECT_EQ(RecordOf(run, 0).failure.reason, Reason::kNameTaken);
  EXPECT_EQ(Held(0)["title"], "Milik orang lain");
}

TEST_F(CkanDeliveryTest, ExtrasOfOthersStay) {
  Sync();
  json package = Held(0);
  package["extras"].push_back({{"key", "catatan"}, {"value", "dari pembina"}});
  Replace(0, package);
  system_.Import(MakeCatalogue({.files = 3, .renamed = 1}));
  Sync();
  EXPECT_EQ(Held(0)["title"], "Dataset 0 (baru)");
  EXPECT_THAT(Held(0)["extras"].dump(), testing::HasSubstr("dari pembina"));
}

// A run in which uploads never arrive, then one in which they do.
TEST_F(CkanDeliveryTest, AnUploadThatBrokeOffIsFinishedNotBegunAnew) {
  ASSERT_TRUE(system_.simulator().quirks().SetRates({{"splp.resource_create/reset-before", 1.0}}).ok());
  const auto run = system_.engine().StartRun(system_.SyncAll({"splp"}));
  ASSERT_TRUE(run.ok());
  Await([&] { return system_.RequestCount("splp.resource_create") >= 3; });
  EXPECT_EQ(system_.Judge().false_confirmed.size(), 0U);
  EXPECT_EQ(Applies(), 3U) << "the packages alone";
  system_.simulator().quirks().Clear();
  Await([&] { return system_.store().GetRun(run->run_id)->counts["splp"][State::kConfirmed] == 3; });
  system_.WatchToTheEnd(run->run_id);
  ExpectAllThere();
  EXPECT_EQ(Applies(), 6U);
}

TEST_F(CkanDeliveryTest, WithoutPermissionTheTargetIsPausedNotTheFilesBlamed) {
  ASSERT_TRUE(system_.simulator().quirks().SetRates({{"forbidden", 1.0}}).ok());
  const auto run = system_.engine().StartRun(system_.SyncAll({"splp"}));
  ASSERT_TRUE(run.ok());
  Await([&] { return system_.store().GetRun(run->run_id)->counts["splp"][State::kDeferred] == 3; });
  system_.simulator().quirks().Clear();
  Await([&] { return system_.store().GetRun(run->run_id)->counts["splp"][State::kConfirmed] == 3; });
  system_.WatchToTheEnd(run->run_id);
  ExpectAllThere();
}

struct Fault {
  const char* name;
  std::vector<NamedRate> quirks;
  int enough = 12;  // So many befallen requests.
};
void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

// CKAN at its worst in one way at a time, then healed.
class CkanChaosTest : public CkanDeliveryTest, public testing::WithParamInterface<Fault> {
 protected:
  static constexpr int kFiles = 12;
  CkanChaosTest() : CkanDeliveryTest(kFiles) {}
  int64_t Befallen() {
    int64_t sum = 0;
    const auto stats = system_.Stats();
    for (const auto& [operation, figures] : stats["operations"].items()) {
      for (const auto& [quirk, count] : figures["quirks"].items()) sum += count.get<int64_t>();
    }
    return sum;
  }
  bool HasAll(const std::string& run_id) {
    return system_.store().GetRun(run_id)->counts["splp"][State::kConfirmed] == kFiles;
  }
  std::string Start() {
    const auto run = system_.engine().StartRun(system_.SyncAll({"splp"}));
    EXPECT_TRUE(run.ok()) << run.status();
    return run->run_id;
  }
  // Something goes wrong, nothing untrue is said; then all arrives by itself.
  void SurviveARun(int version) {
    ASSERT_TRUE(system_.simulator().quirks().SetRates(GetParam().quirks).ok());
    const int64_t before = Befallen();
    const std::string run_id = Start();
    Await([&] { return Befallen() - before >= GetParam().enough || HasAll(run_id); });
    const Judgement judgement = system_.Judge();
    EXPECT_THAT(judgement.false_confirmed, testing::IsEmpty());
    EXPECT_EQ(judgement.needless_second_effects, 0);
    system_.simulator().quirks().Clear();
    Await([&] { return HasAll(run_id); });
    system_.WatchToTheEnd(run_id);
    ExpectAllThere(version);
  }
};

TEST_P(CkanChaosTest, WhatRecoversHasEverythingOnceByItself) {
  SurviveARun(1);
  // And again with both title and bytes changed.
  for (int i = 0; i < kFiles; ++i) content_.Write(absl::StrCat("file-", i, ".csv"), BytesOf(i, 2));
  system_.Import(MakeCatalogue({.files = kFiles, .renamed = kFiles}));
  SurviveARun(2);
}

constexpr double kMost = 0.6;
constexpr double kHalf = kMost / 2;
constexpr double kThird = kMost / 3;
constexpr int kFewThatHang = 4;

INSTANTIATE_TEST_SUITE_P(
    Faults, CkanChaosTest,
    testing::Values(Fault{"ExecutesThenTimesOut", {{"hang-after", kMost}}, kFewThatHang},
                    Fault{"ExecutesLate", {{"hang-late", kHalf}, {"resource-late", kHalf}}, kFewThatHang},
                    Fault{"Resets", {{"reset-before", kHalf}, {"reset-after", kHalf}}},
                    Fault{"ServerErrors", {{"error-500-before", kThird}, {"error-503-after", kThird}}},
                    Fault{"Throttles", {{"throttle-bare", kThird}, {"throttle-200", kThird}}, 6},
                    Fault{"ShowsWhatWas", {{"stale-show", kMost}}},
                    Fault{"SaysOtherThings",
                          {{"success-false-200", kThird}, {"wrong-id", kThird}, {"missing-id", kThird}}},
                    Fault{"AnswersHalf", {{"truncated", kThird}, {"cut-short", kThird}}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace satudata
