// The verbs for the database, as typed; what they do to it is in tests/unit/server/store.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/random.h"
#include "server/store/durable_store.h"
#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class StoreVerbsTest : public testing::Test {
 protected:
  StoreVerbsTest()
      : directory_(std::filesystem::temp_directory_path() / absl::StrCat("cli-", base::NewUuid())) {
    std::filesystem::create_directories(directory_);
    EXPECT_TRUE(
        store::OpenStore({.database_url = absl::StrCat("sqlite:///", Path("integration.db"))}, shell_.clock)
            .ok());
  }
  ~StoreVerbsTest() override { std::filesystem::remove_all(directory_); }
  std::string Path(const std::string& name) const { return (directory_ / name).string(); }
  Ran Store(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"store"});
    return shell_.RunExactly(arguments);
  }

  TestShell shell_;
  std::filesystem::path directory_;
};

TEST_F(StoreVerbsTest, TheDatabaseIsTheDataDirectorysUnlessSomethingNamesAnother) {
  const std::string url = absl::StrCat("sqlite:///", Path("integration.db"));
  EXPECT_EQ(Store({"backup", Path("1"), "--data-dir", directory_.string()}).exit_code, ExitCode::kGood);
  std::ofstream(Path("env")) << "# the server's\nexport DATABASE_URL='" << url << "'\n";
  EXPECT_EQ(Store({"backup", Path("2"), "--env-file", Path("env")}).exit_code, ExitCode::kGood);
  shell_.variables["DATABASE_URL"] = absl::StrCat("sqlite:///", Path("none.db"));
  const Ran none = Store({"backup", Path("3"), "--env-file", Path("env")});
  EXPECT_EQ(none.exit_code, ExitCode::kNotSucceeded);
  EXPECT_THAT(none.err, HasSubstr(absl::StrCat("no database of this service at ", Path("none.db"))));
  EXPECT_EQ(Store({"backup", Path("4"), "--database-url", url}).exit_code, ExitCode::kGood);
}

TEST_F(StoreVerbsTest, ADatabaseThatOnlyTheConfigFileNamesIsAskedFor) {
  shell_.variables["CONFIG_FILE"] = "/etc/integration.yaml";
  const Ran ran = Store({"restored", "--data-dir", directory_.string()});
  EXPECT_EQ(ran.exit_code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("CONFIG_FILE is not read here"));
  EXPECT_EQ(Store({"restored", "--env-file", Path("gone")}).exit_code, ExitCode::kUsage);
}

TEST_F(StoreVerbsTest, SayWhatTheyDidAndWhatIsWrongInOneLine) {
  shell_.variables["DATABASE_URL"] = absl::StrCat("sqlite:///", Path("integration.db"));
  EXPECT_THAT(Store({"backup", Path("b")}).out, HasSubstr("Backed up: "));
  const Ran again = Store({"backup", Path("b"), "--lang", "id"});
  EXPECT_EQ(again.err,
            absl::StrCat("integrationctl: ", Path("b"), " sudah ada dan tidak ditimpa; pilih nama lain\n"));
  EXPECT_THAT(Store({"restored"}).out, HasSubstr("0 values are read before they are believed"));
  EXPECT_THAT(Store({"restored", "-o", "json"}).out,
              HasSubstr(R"({"unprovenCount":"0","openDeliveryCount":"0","endedSessionCount":"0"})"));
  EXPECT_THAT(Store({"copy", "--from", "sqlite:///a"}).err, HasSubstr("must be a PostgreSQL database"));
}

TEST_F(StoreVerbsTest, APasswordIsNeverSaid) {
  shell_.variables["DATABASE_URL"] = "postgresql://siti:rahasia@127.0.0.1:1/satudata?connect_timeout=2";
  const Ran ran = Store({"restored"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNotSucceeded);
  EXPECT_THAT(ran.err, HasSubstr("satudata at 127.0.0.1:1"));
  EXPECT_THAT(ran.err, Not(HasSubstr("rahasia")));
}

TEST_F(StoreVerbsTest, TheHelpSaysWhatToDoStepByStep) {
  EXPECT_THAT(Store({"--help"}).out, HasSubstr("pg_restore --no-owner"));
  EXPECT_THAT(Store({"--help", "--lang", "id"}).out, HasSubstr("Memulihkan: hentikan server"));
}

}  // namespace
}  // namespace satudata::cli
