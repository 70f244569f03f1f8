#include "server/targets/ewalidata/ewalidata_target.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/targets/ewalidata/codec.h"
#include "tests/unit/server/targets/scripted_server.h"

namespace satudata::targets::ewalidata {
namespace {

using sync::Effect;
using sync::Ruling;
using sync::VerdictKind;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

constexpr char kKey[] = "1612.1.02.000318.2024";
constexpr char kOtherKey[] = "1612.1.02.000319.2024";

std::string RowJson(const std::string& code, const std::string& data) {
  return absl::StrCat(R"({"kodeindikator":")", code, R"(","kodepemda":"1612","tahun":"2024","data":)", data,
                      R"(,"status_verifikasi_pembinadata":null,"idtransaksi":"id-)", code, R"("})");
}

class EwalidataTargetTest : public ::testing::Test {
 protected:
  EwalidataTarget NewTarget(Options options = {}) {
    options.gateway.base_path = "/ewalidata/serv";
    options.gateway.credentials[0].secret = [] { return std::string("key"); };
    return EwalidataTarget(std::move(options), server_.NewClient(clock_), clock_);
  }
  base::Deadline Soon() { return base::Deadline::After(clock_, absl::Seconds(10)); }
  std::vector<std::string> SeenLines() {
    std::vector<std::string> lines;
    for (const SeenRequest& request : server_.Seen()) lines.push_back(request.line);
    return lines;
  }

  base::SystemClock clock_;
  ScriptedServer server_;
  const std::vector<sync::OutboundRecord> records_ = {{.key = kKey, .value = "2.24"},
                                                      {.key = kOtherKey, .value = "9"}};
};

TEST_F(EwalidataTargetTest, PushesABatchAndBelievesTheLog) {
  server_.Answer("POST /ewalidata/serv/push_dssd", 200,
                 absl::StrCat(R"({"code":200,"msg":"Sukses","log":[")", kKey, R"( OK","ERROR: )", kOtherKey,
                              R"( ditolak","COMMIT TRANS"]})"));
  const sync::SendResult result = NewTarget().Send(records_, Soon(), "");
  ASSERT_EQ(result.verdict.kind, VerdictKind::kJudged);
  EXPECT_EQ(result.verdict.records.at(0).ruling, Ruling::kAccepted);
  EXPECT_EQ(result.verdict.records.at(1).ruling, Ruling::kRejected);
  ASSERT_EQ(server_.Seen().size(), 1U);
  EXPECT_EQ(server_.Seen()[0].Header("Authorization"), "Bearer key");
  EXPECT_EQ(server_.Seen()[0].body,
            R"({"data":[{"kodeindikator":"1.02.000318","kodepemda":"1612","tahun":"2024","data":"2.24"},)"
            R"({"kodeindikator":"1.02.000319","kodepemda":"1612","tahun":"2024","data":"9"}]})");
  EXPECT_EQ(result.exchanges.at(0).operation, "push_dssd");
}

TEST_F(EwalidataTargetTest, ShowsWhatItWouldSendWithoutSending) {
  const std::vector<sync::PlannedRequest> shown = NewTarget().Render(records_);
  EXPECT_TRUE(server_.Seen().empty());
  server_.Answer("POST", 200, "{}");
  const sync::SendResult sent = NewTarget().Send(records_, Soon(), "");
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].operation, sent.exchanges.at(0).operation);
  EXPECT_EQ(shown[0].body, sent.exchanges.at(0).request_body);
  EXPECT_EQ(shown[0].body, server_.Seen().at(0).body);
  EXPECT_FALSE(shown[0].truncated);
}

TEST_F(EwalidataTargetTest, WhatIsShownIsRedactedAndCut) {
  Options options;
  options.gateway.kept_body_bytes = 100;
  std::vector<sync::OutboundRecord> records = {{.key = kKey, .hash = std::string(sync::kWithdrawnHash)}};
  records[0].payload = "the key is key";
  const std::vector<sync::PlannedRequest> shown = NewTarget(options).Render(records);
  EXPECT_TRUE(shown.at(0).truncated);
  EXPECT_EQ(shown[0].body.size(), 100U);
  EXPECT_THAT(NewTarget().Render(records).at(0).body, ::testing::HasSubstr("the [redacted] is [redacted]"));
}

TEST_F(EwalidataTargetTest, WithdrawsWithItsOwnEndpointAndFieldNames) {
  const sync::Withdrawal withdrawal{"1.02.000318", "1612", "2024", "tidak ada"};
  server_.Answer("POST", 200, absl::StrCat(R"({"code":200,"log":[")", kKey, R"( OK","COMMIT TRANS"]})"));
  Options options;
  options.withdraw_path = "/cabut";
  options.withdrawal_fields = {{"alasan", "keterangan"}, {"tahun", ""}};
  EwalidataTarget target = NewTarget(options);
  const sync::ProjectedRecord projected = target.ProjectWithdrawal(withdrawal);
  EXPECT_TRUE(projected.failure.ok());
  EXPECT_EQ(projected.record.key, kKey);
  EXPECT_EQ(projected.record.scope, "1612/2024/withdrawn");
  const std::vector<sync::OutboundRecord> records = {projected.record};
  const sync::SendResult result = target.Send(records, Soon(), "");
  EXPECT_EQ(result.verdict.records.at(0).ruling, Ruling::kAccepted);
  EXPECT_EQ(result.exchanges.at(0).operation, "push_disable_dssd");
  EXPECT_EQ(SeenLines(), std::vector<std::string>{"POST /ewalidata/serv/cabut"});
  EXPECT_EQ(server_.Seen()[0].body,
            R"({"data":[{"kodeindikator":"1.02.000318","kodepemda":"1612","keterangan":"tidak ada"}]})");
}

TEST_F(EwalidataTargetTest, ReadsWhichIndicatorsAreWithdrawn) {
  server_.Answer(
      "GET /ewalidata/serv/get_dssd?", 200,
      absl::StrCat("[", RowJson("1.02.000318", "\"2\""), ",", RowJson("1.02.000319", "\"3\""), "]"));
  server_.Answer("GET /ewalidata/serv/get_ref_dssd?", 200,
                 R"([{"kodeindikator":"1.02.000318","status":"DISABLED"},)"
                 R"({"kodeindikator":"1.02.000319","status":"AKTIF"}])");
  EwalidataTarget target = NewTarget();
  const sync::ReadResult result = target.Read("1612/2024/withdrawn", Soon());
  ASSERT_TRUE(result.observation.has_value());
  EXPECT_EQ(result.observation->scope, "1612/2024/withdrawn");
  EXPECT_EQ(result.observation->values.at(kKey).hash, sync::kWithdrawnHash);
  EXPECT_EQ(result.observation->values.at(kKey).value, "2");
  EXPECT_EQ(result.observation->values.at(kOtherKey).hash, HashValue(kOtherKey, "3"));
  ASSERT_EQ(target.CachedReferenceLists().size(), 1U) << "what was read is known from then on";
  EXPECT_TRUE(target.CachedReferenceLists()[0]->indicators.at("1.02.000318").is_disabled);
}

TEST_F(EwalidataTargetTest, RefusesToWithdrawWhatIsNoKey) {
  EwalidataTarget target = NewTarget();
  const auto reason = [&](const sync::Withdrawal& withdrawal) {
    return target.ProjectWithdrawal(withdrawal).failure.reason;
  };
  EXPECT_EQ(reason({"1.02.000318", "", "2024", "x"}), catalog::Reason::kKodepemdaMissing);
  EXPECT_EQ(reason({"1.02.000318", "0612", "2024", "x"}), catalog::Reason::kKodepemdaInvalid);
  EXPECT_EQ(reason({"DS.1", "1612", "2024", "x"}), catalog::Reason::kIndicatorCodeLocal);
  EXPECT_EQ(reason({"1.02", "1612", "2024", "x"}), catalog::Reason::kIndicatorCodeInvalid);
  EXPECT_EQ(reason({"1.02.000318", "1612", "1024", "x"}), catalog::Reason::kYearInvalid);
}

TEST_F(EwalidataTargetTest, APushWithoutAnswerMayHaveBeenApplied) {
  server_.Answer("POST", 504, "");
  const sync::SendResult result = NewTarget().Send(records_, Soon(), "");
  EXPECT_EQ(result.verdict.kind, VerdictKind::kOutage);
  EXPECT_EQ(result.verdict.effect, Effect::kPossible);
}

TEST_F(EwalidataTargetTest, TheLogMayNameRowsInAnotherWay) {
  Options options;
  options.row_key_template = "{tahun}/{kodeindikator}/{kodepemda}";
  server_.Answer(
      "POST", 200,
      R"({"code":200,"log":["2024/1.02.000318/1612 OK","2024/1.02.000319/1612 OK","COMMIT TRANS"]})");
  const sync::SendResult result = NewTarget(options).Send(records_, Soon(), "");
  ASSERT_EQ(result.verdict.records.size(), 2U);
  EXPECT_EQ(result.verdict.records[0].ruling, Ruling::kAccepted);
}

TEST_F(EwalidataTargetTest, ReadsValuesAndWhichAreFinal) {
  server_.Answer("GET /ewalidata/serv/get_dssd?", 200,
                 absl::StrCat("[", RowJson("1.02.000318", "\"2.240\""), ",", RowJson("1.02.000319", "null"),
                              ",", RowJson("1.02.000320", "\"7\""), "]"));
  server_.Answer("GET /ewalidata/serv/get_dssd_final?", 200,
                 absl::StrCat(R"({"data":[)", RowJson("1.02.000320", "\"7\""), "]}"));
  const sync::ReadResult result = NewTarget().Read("1612/2024", Soon());
  ASSERT_TRUE(result.observation.has_value());
  EXPECT_EQ(result.observation->scope, "1612/2024");
  EXPECT_EQ(result.observation->values.size(), 2U);
  EXPECT_EQ(result.observation->values.at(kKey).hash, HashValue(kKey, "2.24"));
  EXPECT_EQ(result.observation->values.at(kKey).remote_id, "id-1.02.000318");
  EXPECT_FALSE(result.observation->values.at(kKey).final);
  EXPECT_TRUE(result.observation->values.at("1612.1.02.000320.2024").final);
  EXPECT_THAT(SeenLines(), ElementsAre("GET /ewalidata/serv/get_dssd?kodepemda=1612&tahun=2024",
                                       "GET /ewalidata/serv/get_dssd_final?kodepemda=1612&tahun=2024"));
}

TEST_F(EwalidataTargetTest, AReadThatFailsHalfWayObservesNothing) {
  server_.Answer("GET /ewalidata/serv/get_dssd?", 200, "[]");
  server_.Answer("GET /ewalidata/serv/get_dssd_final?", 200, R"({"code":500,"msg":"gagal"})");
  const sync::ReadResult result = NewTarget().Read("1612/2024", Soon());
  EXPECT_FALSE(result.observation.has_value());
  EXPECT_EQ(result.verdict.kind, VerdictKind::kOutage);
  EXPECT_EQ(result.exchanges.size(), 2U);
}

TEST_F(EwalidataTargetTest, AScopeThatIsNoTableIsNotAskedFor) {
  const sync::ReadResult result = NewTarget().Read("65f0", Soon());
  EXPECT_FALSE(result.observation.has_value());
  EXPECT_TRUE(server_.Seen().empty());
}

TEST_F(EwalidataTargetTest, PrepareFetchesWhatProjectJudgesBy) {
  server_.Answer("GET /ewalidata/serv/get_ref_dssd?kodepemda=1612", 200,
                 R"([{"kodeindikator":"1.02.000318","status":"AKTIF"}])");
  Options options;
  options.default_kodepemda = "1612";
  EwalidataTarget target = NewTarget(options);
  const std::vector<catalog::IndicatorValue> values = {
      {.kodeindikator = "1.02.000319", .tahun = "2024", .raw_value = "9", .value = "9"}};
  EXPECT_TRUE(target.Project({}, values, {}).records.at(0).failure.ok());
  EXPECT_EQ(target.reference_version(), "");

  const std::vector<std::string> regions = {"1612", ""};
  ASSERT_TRUE(target.Prepare(regions, Soon()).ok());
  EXPECT_NE(target.reference_version(), "");
  EXPECT_EQ(target.Project({}, values, {}).records.at(0).failure.reason, catalog::Reason::kIndicatorUnknown);
  EXPECT_EQ(server_.Seen().size(), 1U);
}

TEST_F(EwalidataTargetTest, AnEmptyReferenceListIsNone) {
  server_.Answer("GET", 200, "[]");
  EwalidataTarget target = NewTarget();
  const std::vector<std::string> regions = {"1612"};
  const absl::Status status = target.Prepare(regions, Soon());
  EXPECT_EQ(catalog::FailureOf(status).reason, catalog::Reason::kAnswerUnknown);
  EXPECT_EQ(target.reference_version(), "");
}

TEST_F(EwalidataTargetTest, ReferencesOfNoRegionAreRefused) {
  const auto list = NewTarget().LookAtReferenceList("16.12", Soon());
  EXPECT_EQ(list.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(catalog::FailureOf(list.status()).reason, catalog::Reason::kKodepemdaInvalid);
}

TEST_F(EwalidataTargetTest, CheckReadsOneRow) {
  server_.Answer("GET", 200, "[]");
  Options options;
  options.default_kodepemda = "1612";
  EXPECT_TRUE(NewTarget(options).Check(Soon()).healthy);
  EXPECT_THAT(
      SeenLines(),
      ElementsAre(MatchesRegex(
          "GET /ewalidata/serv/get_dssd.kodepemda=1612&tahun=[0-9][0-9][0-9][0-9]&limit=1&offset=0")));
}

TEST_F(EwalidataTargetTest, CheckSaysWhatToMend) {
  server_.Answer("GET", 200, "<html><body>pemeliharaan</body></html>", "text/html");
  const sync::CheckResult check = NewTarget().Check(Soon());
  EXPECT_FALSE(check.healthy);
  EXPECT_EQ(check.failure.reason, catalog::Reason::kBlockedByFirewall);
  EXPECT_EQ(check.http_code, 200);
}

TEST_F(EwalidataTargetTest, CallsItselfWhatTheSettingsCallIt) {
  const EwalidataTarget target = NewTarget();
  EXPECT_EQ(target.traits().name, "sipd");
  EXPECT_EQ(target.traits().confirmation, sync::Confirmation::kReadBack);
  EXPECT_TRUE(target.traits().reads_tables);
  EXPECT_EQ(target.traits().max_batch_records, 100U);
  EXPECT_EQ(target.traits().rules_version, "ewalidata-1/");
}

}  // namespace
}  // namespace satudata::targets::ewalidata
