// The table of quirks in README.md is the catalogue's.
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/simulator/quirks.h"

namespace satudata::simulator {
namespace {

TEST(Readme, TellsOfEveryQuirk) {
  std::ifstream file(SIMULATOR_README);
  std::ostringstream text;
  text << file.rdbuf();
  for (const QuirkInfo& info : QuirkCatalogue()) {
    EXPECT_THAT(text.str(), ::testing::HasSubstr(absl::StrCat("| `", info.name, "`"))) << info.name;
    EXPECT_THAT(text.str(), ::testing::HasSubstr(std::string(info.effect))) << info.name;
  }
}

}  // namespace
}  // namespace satudata::simulator
