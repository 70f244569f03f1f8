#include "server/base/time_zones.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::base {
namespace {

TEST(TimeZones, AreFoundByName) {
  TimeZones zones;
  const absl::Time noon = absl::FromUnixSeconds(1'700'000'000);
  const auto jayapura = zones.Find("Asia/Jayapura");
  ASSERT_TRUE(jayapura.has_value());
  EXPECT_EQ(jayapura->At(noon).offset, 9 * 3600);
  EXPECT_TRUE(zones.Find("UTC").has_value());
}

TEST(TimeZones, NothingElseIsOpened) {
  TimeZones zones;
  for (const char* name : {"", "Asia", "Asia/Atlantis", "/etc/localtime", "../../etc/passwd", "Asia/../UTC",
                           "file:/etc/localtime", "libc:localtime", "UTC\n", "Asia/Jakarta "}) {
    EXPECT_FALSE(zones.Find(name).has_value()) << name;
  }
  EXPECT_FALSE(zones.Find(std::string(100'000, 'A')).has_value());
  EXPECT_FALSE(zones.Find(absl::string_view("UTC\0", 4)).has_value());
}

TEST(TimeZones, OnlySoManyNamesAreLookedUp) {
  TimeZones zones(/*most_names=*/3);
  EXPECT_TRUE(zones.Find("UTC").has_value());
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(zones.Find(absl::StrCat("Nowhere/", i)).has_value());
  EXPECT_TRUE(zones.Find("UTC").has_value());
  EXPECT_FALSE(zones.Find("Asia/Jakarta").has_value());
}

}  // namespace
}  // namespace satudata::base
