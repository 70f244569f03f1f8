#include "server/targets/dataset_rest/dataset_rest_target.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/targets/scripted_server.h"

namespace satudata::targets::dataset_rest {
namespace {

using sync::Effect;
using sync::Ruling;
using sync::VerdictKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

catalog::CatalogFile Puskesmas() {
  return {.file_id = "65/f0",  // Opaque: it need not be fit for a path.
          .name = "Jumlah Puskesmas",
          .theme = "Kesehatan",
          .producer = "Dinas Kesehatan",
          .coverage = "Kabupaten",
          .frequency = "Tahunan",
          .dimension = "Kecamatan",
          .file_name = "puskesmas.csv",
          .file_type = "csv",
          .verification = catalog::Verification::kVerified,
          .source_update_time = absl::FromUnixSeconds(1'700'000'000)};
}

constexpr char kSaved[] = R"({"status":"success","message":"ok","data":{"dataset_id":"65/f0"}})";
constexpr char kError[] = R"({"status":"error","message":"tidak"})";

class DatasetRestTargetTest : public ::testing::Test {
 protected:
  DatasetRestTarget NewTarget(Options options = {}) {
    options.gateway.base_path = "/splp";
    options.gateway.credentials[0].secret = [] { return std::string("key"); };
    return DatasetRestTarget(std::move(options), server_.NewClient(clock_), clock_);
  }

  static sync::OutboundRecord Record(const DatasetRestTarget& target) {
    return target.Project(Puskesmas(), {}, {}).records.at(0).record;
  }

  sync::SendResult Send() {
    DatasetRestTarget target = NewTarget();
    const std::vector<sync::OutboundRecord> records = {Record(target)};
    return target.Send(records, Soon(), "");
  }

  base::Deadline Soon() { return base::Deadline::After(clock_, absl::Seconds(10)); }

  std::vector<std::string> SeenLines() {
    std::vector<std::string> lines;
    for (const SeenRequest& request : server_.Seen()) lines.push_back(request.line);
    return lines;
  }

  base::SystemClock clock_;
  ScriptedServer server_;
};

TEST_F(DatasetRestTargetTest, ProjectsOneRecordPerFile) {
  const DatasetRestTarget target = NewTarget();
  const sync::Projection projection =
      target.Project(Puskesmas(), {}, {.reason = catalog::Reason::kContentMissing});
  EXPECT_TRUE(projection.skipped.ok());
  EXPECT_TRUE(projection.rejected.ok());
  ASSERT_EQ(projection.records.size(), 1U);
  EXPECT_EQ(projection.records[0].record.key, "65/f0");
}

TEST_F(DatasetRestTargetTest, RejectsWhatTheTargetWouldNotTake) {
  catalog::CatalogFile file = Puskesmas();
  file.dimension = "";
  const sync::Projection projection = NewTarget().Project(file, {}, {});
  EXPECT_EQ(projection.rejected.reason, catalog::Reason::kMetadataMissing);
  EXPECT_TRUE(projection.records.empty());
}

TEST_F(DatasetRestTargetTest, PrivateFilesAreWithheldOnlyOnDemand) {
  catalog::CatalogFile file = Puskesmas();
  file.is_public = false;
  EXPECT_EQ(NewTarget().Project(file, {}, {}).records.size(), 1U);
  Options options;
  options.traits.withhold_private_files = true;
  EXPECT_EQ(NewTarget(options).Project(file, {}, {}).skipped.reason, catalog::Reason::kFilePrivate);
}

TEST_F(DatasetRestTargetTest, CreatesAndIsConfirmedByTheAnswer) {
  server_.Answer("POST /splp/datasets", 201, kSaved);
  const sync::SendResult result = Send();
  ASSERT_EQ(result.verdict.kind, VerdictKind::kJudged);
  EXPECT_EQ(result.verdict.records.at(0).ruling, Ruling::kConfirmed);
  EXPECT_EQ(result.verdict.records.at(0).remote_id, "65/f0");
  EXPECT_THAT(SeenLines(), ElementsAre("POST /splp/datasets"));
  EXPECT_EQ(server_.Seen()[0].Header("Authorization"), "Bearer key");
  EXPECT_THAT(server_.Seen()[0].body, HasSubstr("\"dataset_id\":\"65/f0\""));
  ASSERT_EQ(result.exchanges.size(), 1U);
  EXPECT_EQ(result.exchanges[0].operation, "create_dataset");
  EXPECT_EQ(result.exchanges[0].http_code, 201);
}

TEST_F(DatasetRestTargetTest, WhatIsThereAndEqualIsConfirmedWithoutWriting) {
  const std::string held = absl::StrReplaceAll(Record(NewTarget()).payload, {{"2023-", "1999-"}});
  server_.Answer("POST", 409, kError);
  server_.Answer("GET", 200, held);
  const sync::SendResult result = Send();
  ASSERT_EQ(result.verdict.kind, VerdictKind::kJudged);
  EXPECT_EQ(result.verdict.records.at(0).ruling, Ruling::kConfirmed);
  EXPECT_THAT(SeenLines(), ElementsAre("POST /splp/datasets", "GET /splp/datasets/65%2Ff0"));
  EXPECT_EQ(result.exchanges.size(), 2U);
}

TEST_F(DatasetRestTargetTest, WhatIsThereAndDiffersIsUpdated) {
  const std::string held = absl::StrReplaceAll(Record(NewTarget()).payload, {{"Tahunan", "Bulanan"}});
  server_.Answer("POST", 409, kError);
  server_.Answer("GET", 200, held);
  server_.Answer("PUT", 200, kSaved);
  const sync::SendResult result = Send();
  ASSERT_EQ(result.verdict.kind, VerdictKind::kJudged);
  EXPECT_EQ(result.verdict.records.at(0).ruling, Ruling::kConfirmed);
  EXPECT_THAT(SeenLines(),
              ElementsAre("POST /splp/datasets", "GET /splp/datasets/65%2Ff0", "PUT /splp/datasets/65%2Ff0"));
  EXPECT_EQ(result.exchanges.at(2).operation, "update_dataset");
}

TEST_F(DatasetRestTargetTest, AnUpdateThatFailsMayHaveBeenApplied) {
  server_.Answer("POST", 409, kError);
  server_.Answer("GET", 200, absl::StrReplaceAll(Record(NewTarget()).payload, {{"Tahunan", "Bulanan"}}));
  server_.Answer("PUT", 502, "<html><body>Bad Gateway</body></html>", "text/html");
  const sync::SendResult result = Send();
  EXPECT_EQ(result.verdict.kind, VerdictKind::kOutage);
  EXPECT_EQ(result.verdict.effect, Effect::kPossible);
}

TEST_F(DatasetRestTargetTest, AConflictThatCannotBeReadHasChangedNothing) {
  server_.Answer("POST", 409, kError);
  server_.Answer("GET", 503, "");
  const sync::SendResult result = Send();
  EXPECT_EQ(result.verdict.kind, VerdictKind::kOutage);
  EXPECT_EQ(result.verdict.effect, Effect::kNone);
}

TEST_F(DatasetRestTargetTest, AConflictAboutNothingIsUnknown) {
  server_.Answer("POST", 409, kError);
  server_.Answer("GET", 404, kError);
  EXPECT_EQ(Send().verdict.kind, VerdictKind::kUnknown);
}

TEST_F(DatasetRestTargetTest, ReadsWhatTheTargetHolds) {
  DatasetRestTarget target = NewTarget();
  server_.Answer("GET", 200, Record(target).payload);
  const sync::ReadResult result = target.Read("65/f0", Soon());
  ASSERT_TRUE(result.observation.has_value());
  EXPECT_EQ(result.verdict.kind, VerdictKind::kJudged);
  EXPECT_EQ(result.observation->values.at("65/f0").hash, Record(target).hash);
}

TEST_F(DatasetRestTargetTest, ReadsThatThereIsNothing) {
  server_.Answer("GET", 404, kError);
  const sync::ReadResult result = NewTarget().Read("65/f0", Soon());
  ASSERT_TRUE(result.observation.has_value());
  EXPECT_TRUE(result.observation->values.empty());
}

TEST_F(DatasetRestTargetTest, AReadThatFailsObservesNothing) {
  server_.Answer("GET", 404,
                 R"({"code":"404","type":"Status report","message":"Not Found","description":"x"})");
  const sync::ReadResult result = NewTarget().Read("65/f0", Soon());
  EXPECT_FALSE(result.observation.has_value());
  EXPECT_EQ(result.verdict.kind, VerdictKind::kWarmingUp);
}

TEST_F(DatasetRestTargetTest, CheckIsGoodWhenTheServiceKnowsNoSuchDataset) {
  server_.Answer("GET /splp/datasets/_check", 404, kError);
  const sync::CheckResult check = NewTarget().Check(Soon());
  EXPECT_TRUE(check.healthy);
  EXPECT_TRUE(check.failure.ok());
  EXPECT_EQ(check.http_code, 404);
}

TEST_F(DatasetRestTargetTest, CheckSaysWhatToMend) {
  server_.Answer("GET", 401, R"({"code":"900901","message":"Invalid Credentials","description":"x"})");
  const sync::CheckResult check = NewTarget().Check(Soon());
  EXPECT_FALSE(check.healthy);
  EXPECT_EQ(check.failure.reason, catalog::Reason::kCredentialsRefused);
  EXPECT_EQ(check.failure.target_code, "900901");
}

TEST_F(DatasetRestTargetTest, CallsItselfWhatTheSettingsCallIt) {
  const DatasetRestTarget target = NewTarget();
  EXPECT_EQ(target.traits().name, "splp");
  EXPECT_EQ(target.traits().confirmation, sync::Confirmation::kResponse);
  EXPECT_EQ(target.traits().rules_version, "dataset-rest-1");
}

}  // namespace
}  // namespace satudata::targets::dataset_rest
