// Files and their content through the built programs: uploaded, read, sent to CKAN, and shown before that.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "tests/e2e/stack.h"

namespace satudata::e2e {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

constexpr int kGood = 0;
constexpr int kNotSucceeded = 1;
constexpr int kWrongInput = 2;
constexpr char kFileId[] = "65f0aa000000000000000001";
constexpr char kOtherId[] = "65f0aa000000000000000002";
constexpr char kTable[] = "kodeindikator,tahun,nilai\n1.02.000300,2023,\"2,24\"\n1.02.000300,2024,9\n";
constexpr int64_t kMostBytes = 100LL << 20;

json LastSnapshot(const Finished& stream) {
  const std::vector<json> lines = stream.Lines();
  return lines.empty() ? json() : lines.back().value("snapshot", json());
}

json ExportedFile(const std::string& id, const std::string& name) {
  return {{"_id", {{"$oid", id}}},
          {"name", name},
          {"temadataset", "Kesehatan"},
          {"metaData",
           {{"produsen", "Dinas Kesehatan"},
            {"cakupandata", "Kabupaten"},
            {"frekuensi", "Tahunan"},
            {"dimensidataset", "Kecamatan"}}},
          {"filename", absl::StrCat(id, ".csv")},
          {"fileType", "csv"},
          {"isPublic", true},
          {"StatusVerifikasi", "Belum Verifikasi"}};
}

// Two files in the catalogue, without content.
class ContentTest : public testing::Test {
 protected:
  ContentTest() {
    std::string path = (fs::temp_directory_path() / "content-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    directory_ = path;
    fs::create_directories(directory_ / "content");
    std::ofstream(directory_ / "catalog.jsonl") << ExportedFile(kFileId, "Jumlah Puskesmas").dump() << "\n"
                                                << ExportedFile(kOtherId, "Jumlah Posyandu").dump() << "\n";
    std::ofstream(directory_ / "table.csv") << kTable;
  }
  ~ContentTest() override { fs::remove_all(directory_); }

  Stack::Options With(std::map<std::string, std::string> settings) const {
    settings["CONTENT_DIR"] = (directory_ / "content").string();
    return {.simulator_flags = {}, .settings = std::move(settings)};
  }
  std::string Path(const std::string& name) const { return (directory_ / name).string(); }
  void Import(Stack& stack) const { ASSERT_EQ(stack.Ctl({"import", Path("catalog.jsonl")}).code, kGood); }
  void Upload(Stack& stack, const std::string& id) const {
    const Finished uploaded = stack.Ctl({"upload", id, Path("table.csv"), "-o", "json"});
    ASSERT_EQ(uploaded.code, kGood) << uploaded.errors;
    EXPECT_EQ(uploaded.Lines().at(0)["sha256"], base::Sha256Hex(kTable));
    ASSERT_EQ(stack.Ctl({"verify", id}).code, kGood);
  }
  // What the simulator holds of a dataset.
  static json Package(const Stack& stack, const std::string& id) {
    const json datasets = stack.Truth()["splp"];
    return datasets.contains(id) ? datasets[id]["value"] : json();
  }

  fs::path directory_;
};

TEST_F(ContentTest, CkanHasEachDatasetWithItsFileAndASecondSyncSendsNothing) {
  Stack stack(With({{"SPLP_PROFILE", "ckan"}, {"SPLP_CKAN_OWNER_ORG", "walidata"}}));
  Import(stack);
  Upload(stack, kFileId);
  Upload(stack, kOtherId);
  const Finished synced = stack.Ctl({"sync-all", "--target", "splp", "-o", "json"});
  EXPECT_EQ(synced.code, kGood) << synced.errors;
  const std::string run = LastSnapshot(synced)["runId"];
  int claims = 0;
  EXPECT_THAT(stack.FalseClaims(run, &claims), testing::IsEmpty());
  EXPECT_EQ(claims, 2);
  const json package = Package(stack, kFileId);
  EXPECT_EQ(package["title"], "Jumlah Puskesmas");
  ASSERT_EQ(package["resources"].size(), 1U);
  EXPECT_EQ(package["resources"][0]["bytes_sha256"], base::Sha256Hex(kTable));

  const json before = stack.Truth()["totals"];
  const json requests = stack.Stats()["operations"];
  EXPECT_EQ(stack.Ctl({"sync-all", "--target", "splp"}).code, kGood);
  EXPECT_EQ(stack.Truth()["totals"], before);
  EXPECT_EQ(stack.Stats()["operations"], requests) << "it is not even asked";
  const Judgement judgement = stack.JudgeAtTheEnd({"splp"});
  EXPECT_TRUE(judgement.Clean()) << judgement;
}

TEST_F(ContentTest, AnUploadIsReadAndOneThatIsNotWhatItSaysIsRefused) {
  Stack stack(With({}));
  Import(stack);
  EXPECT_TRUE(stack.Ctl({"values", kFileId, "-o", "json"}).Lines().empty());
  Upload(stack, kFileId);
  const std::vector<json> values = stack.Ctl({"values", kFileId, "-o", "json"}).Lines();
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values[0]["kodeindikator"], "1.02.000300");
  EXPECT_EQ(values[0]["rawValue"], "2,24");
  EXPECT_EQ(values[0]["value"], "2.24");
  EXPECT_EQ(values[1]["tahun"], "2024");

  std::ofstream(Path("other.csv")) << "kodeindikator,tahun,nilai\n1.02.000300,2024,10\n";
  const Finished lies =
      stack.Ctl({"upload", kFileId, Path("other.csv"), "--sha256", base::Sha256Hex("another")});
  EXPECT_EQ(lies.code, kWrongInput) << lies.errors;
  EXPECT_THAT(lies.errors, HasSubstr("CONTENT_NOT_AS_STATED"));
  std::ofstream(Path("large.csv")) << "a";
  fs::resize_file(Path("large.csv"), kMostBytes + 1);
  const Finished large = stack.Ctl({"upload", kFileId, Path("large.csv")});
  EXPECT_EQ(large.code, kWrongInput);
  EXPECT_THAT(large.errors, HasSubstr("CONTENT_TOO_LARGE"));
  EXPECT_THAT(large.errors, HasSubstr("large.csv"));
  EXPECT_EQ(stack.Ctl({"values", kFileId, "-o", "json"}).Lines(), values) << "what was there is still there";
  EXPECT_EQ(stack.Ctl({"upload", "65f0aa00000000000000ffff", Path("table.csv")}).code, kNotSucceeded);
}

TEST_F(ContentTest, ADryRunForecastsAndWritesNothing) {
  Stack stack(With({{"SPLP_PROFILE", "ckan"}, {"SPLP_CKAN_OWNER_ORG", "walidata"}}));
  Import(stack);
  Upload(stack, kFileId);
  const json before = stack.Truth()["totals"];
  const Finished shown = stack.Ctl({"sync-all", "--dry-run", "-o", "json"});
  EXPECT_EQ(shown.code, kGood) << shown.errors;
  const json run = LastSnapshot(shown);
  EXPECT_EQ(run["kind"], "KIND_PREVIEW");
  std::map<std::string, std::string> forecasts;
  for (const json& forecast : run["forecasts"])
    forecasts[forecast["target"]] = forecast.value("requestCount", "0");
  EXPECT_EQ(forecasts["splp"], "1");
  EXPECT_EQ(forecasts["sipd"], "1");
  EXPECT_EQ(stack.Truth()["totals"], before);
  const json stats = stack.Stats();
  for (const auto& [operation, figures] : stats["operations"].items()) {
    EXPECT_TRUE(operation.find("get_") != std::string::npos || operation == "splp.package_show") << operation;
  }
}

TEST_F(ContentTest, AWithdrawalReachesTheTargetAndTheValueStaysAway) {
  Stack::Options options = With({});
  options.simulator_flags = {"--state", SamplePath("targets.json")};  // With a list of indicators.
  Stack stack(std::move(options));
  Import(stack);
  Upload(stack, kFileId);
  ASSERT_EQ(stack.Ctl({"sync-file", kFileId, "--target", "sipd"}).code, kGood);
  const Finished withdrawn = stack.Ctl(
      {"withdraw", "1.02.000300", "--tahun", "2024", "--reason", "tidak ada puskesmas", "-o", "json"});
  EXPECT_EQ(withdrawn.code, kGood) << withdrawn.errors;
  const json run = LastSnapshot(withdrawn);
  EXPECT_EQ(run["kind"], "KIND_WITHDRAW");
  EXPECT_EQ(stack.Stats()["operations"]["sipd.push_disable_dssd"]["requests"], 1);
  const Finished retry = stack.Ctl({"retry", run["runId"]});
  EXPECT_EQ(retry.code, kNotSucceeded);
  EXPECT_THAT(retry.errors, HasSubstr("NOTHING_OPEN"));
  const json pushes = stack.Stats()["operations"]["sipd.push_dssd"]["requests"];
  EXPECT_EQ(stack.Ctl({"sync-all", "--target", "sipd"}).code, kNotSucceeded);
  EXPECT_EQ(stack.Stats()["operations"]["sipd.push_dssd"]["requests"], pushes);
}

}  // namespace
}  // namespace satudata::e2e
