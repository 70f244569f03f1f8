// The C++ client as it is installed: a program that finds it with CMake, built and run against the service.
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/stack.h"

namespace satudata::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CppClient, AnInstalledClientIsFoundBuiltWithAndSyncs) {
  Stack stack({.simulator_flags = {"--state", SamplePath("targets.json")}});
  const Finished installed = stack.RunProgram({"cmake", "--install", SATUDATA_BUILD_DIR, "--component",
                                               "client_dev", "--prefix", stack.Path("prefix")});
  ASSERT_EQ(installed.code, 0) << installed.errors;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stack.Path("prefix/include"))) {
    EXPECT_THAT(entry.path().string(), Not(HasSubstr("/google"))) << "not ours to install";
  }
  const Finished configured = stack.RunProgram(
      {"cmake", "-S", SATUDATA_CPP_CLIENT_DIR, "-B", stack.Path("portal"), "-G", "Ninja",
       "-DCMAKE_PREFIX_PATH=" + stack.Path("prefix"), std::string("-DCMAKE_CXX_FLAGS=") + SATUDATA_CPP_FLAGS,
       std::string("-DSATUDATA_EXAMPLE=") + SATUDATA_EXAMPLE});
  ASSERT_EQ(configured.code, 0) << configured.output << configured.errors;
  const Finished built = stack.RunProgram({"cmake", "--build", stack.Path("portal")});
  ASSERT_EQ(built.code, 0) << built.output << built.errors;

  ASSERT_EQ(stack.Ctl({"import", SamplePath("catalog.jsonl")}).code, 0);
  const Finished token = stack.Ctl({"token", "--role", "Operator", "--user", "portal"});
  ASSERT_EQ(token.code, 0) << token.errors;
  std::ofstream(stack.Path("token")) << token.output;
  const std::string a_good_file = "6294832a9f3ac417e25b0b78";
  const Finished synced =
      stack.RunProgram({stack.Path("portal/sync"), stack.server_address(), stack.Path("token"), a_good_file});
  EXPECT_THAT(synced.output, HasSubstr(" -> splp: STATE_CONFIRMED\n")) << synced.errors;
  EXPECT_THAT(synced.output, HasSubstr("\nrun "));
  const Finished unknown = stack.RunProgram(
      {stack.Path("portal/sync"), stack.server_address(), stack.Path("token"), "no-such-file"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.errors, HasSubstr("[FILE_NOT_FOUND]"));
}

}  // namespace
}  // namespace satudata::e2e
