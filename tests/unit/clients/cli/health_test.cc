// health: what it says and how it ends for a server that serves, one that stops, and none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/clients/cli/shell.h"

namespace satudata::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(HealthTest, IsGoodWhileTheServerServes) {
  TestShell shell;
  const Ran ran = shell.Run({"health"});
  EXPECT_EQ(ran.exit_code, ExitCode::kGood) << ran.err;
  EXPECT_EQ(ran.out, "SERVING\n");
  EXPECT_THAT(ran.err, IsEmpty());
  EXPECT_EQ(shell.Run({"health", "-o", "json"}).out, "{\"status\":\"SERVING\"}\n");
}

TEST(HealthTest, IsNotGoodOnceTheServerStops) {
  TestShell shell;
  shell.server.StopAdvertising();
  const Ran ran = shell.Run({"health"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNotSucceeded);
  EXPECT_EQ(ran.out, "NOT_SERVING\n");
}

// A token file that is not there yet says nothing about the server.
TEST(HealthTest, NeedsNoToken) {
  TestShell shell;
  EXPECT_EQ(shell.Run({"health", "--token-file", "/no/such/file"}).exit_code, ExitCode::kGood);
}

TEST(HealthTest, SaysWhenThereIsNoServer) {
  TestShell shell;
  const Ran ran = shell.RunExactly({"--server", "127.0.0.1:1", "health", "--wait", "100ms"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNoAccess) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("127.0.0.1:1"));
}

TEST(HealthTest, RefusesAWaitThatIsNone) {
  TestShell shell;
  EXPECT_EQ(shell.Run({"health", "--wait", "soon"}).exit_code, ExitCode::kUsage);
}

}  // namespace
}  // namespace satudata::cli
