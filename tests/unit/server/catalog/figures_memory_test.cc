// What reading figures holds in memory at most: 64 MiB for the most values that a file may have, whatever is
// wrong with them. A program of its own, since it counts all memory that is taken.
#include <malloc.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/catalog/figures.h"
#include "server/tables/table.h"
#include "tests/fakes/fake_table.h"

namespace {

std::atomic<int64_t> held = 0;
std::atomic<int64_t> most = 0;

int64_t SizeOf(void* memory) {
  constexpr int64_t kHeader = 8;
  return static_cast<int64_t>(malloc_usable_size(memory)) + kHeader;
}

}  // namespace

// Not inlined: the compiler would take the pair apart and warn of a `free` without its `malloc`.
__attribute__((noinline)) void* operator new(size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  const int64_t now = held += SizeOf(memory);
  if (now > most) most = now;
  return memory;
}

__attribute__((noinline)) void operator delete(void* memory) noexcept {
  if (memory != nullptr) held -= SizeOf(memory);
  std::free(memory);
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }

namespace satudata::catalog {
namespace {

constexpr int64_t kValues = 100'000;
constexpr double kMostMib = 56;  // Of 64: room for the reader, and for what the heap loses between pieces.

struct MemoryCase {
  const char* name;
  std::string (*code)(int64_t i);
  std::string (*figure)(int64_t i);
  std::vector<std::string> more;  // Further cells.
  Reason reason;                  // Of all values.

  friend void PrintTo(const MemoryCase& c, std::ostream* out) { *out << c.name; }
};

// Rows as they are asked for, so that the table costs nothing.
class Rows final : public tables::TableReader {
 public:
  explicit Rows(const MemoryCase& c) : case_(c) {}

  absl::StatusOr<bool> NextSheet(tables::Sheet& sheet) override {
    sheet = tables::Sheet();
    return !std::exchange(has_begun_, true);
  }
  absl::StatusOr<bool> NextRow(tables::Row& row) override {
    if (next_ > kValues) return false;
    row.number = next_ + 1;
    row.cells = {tables::Text("kodepemda"), tables::Text("kodeindikator"), tables::Text("tahun"),
                 tables::Text("nilai"), tables::Text("satuan")};
    if (next_ > 0) {
      row.cells = {tables::Text("1612"), tables::Text(case_.code(next_)), tables::Text("2024"),
                   tables::Text(case_.figure(next_)), tables::Text("Kabupaten/Kota")};
      for (const std::string& text : case_.more) row.cells.push_back(tables::Text(text));
    }
    ++next_;
    return true;
  }

 private:
  const MemoryCase& case_;
  bool has_begun_ = false;
  int64_t next_ = 0;
};

std::string CodeOf(int64_t i) { return absl::StrCat("1.02.", 100'000 + i); }
std::string CodeOfPair(int64_t i) { return CodeOf(i / 2); }
std::string OneCode(int64_t) { return CodeOf(0); }
std::string NoCode(int64_t i) { return absl::StrCat("1.02-", 100'000 + i); }
std::string Alike(int64_t) { return "1.234.567,25"; }
std::string Different(int64_t i) { return absl::StrCat("1.234.", 100 + i % 800, ",25"); }
std::string Ambiguous(int64_t i) { return absl::StrCat(100 + i % 800, ".234"); }
std::string Marker(int64_t) { return "-"; }
std::string Words(int64_t i) { return absl::StrCat("tak ada ", i); }

class FiguresMemoryTest : public ::testing::TestWithParam<MemoryCase> {};

TEST_P(FiguresMemoryTest, StaysWithinItsBounds) {
  Rows rows(GetParam());
  const int64_t before = held;
  most = before;
  const auto values = ReadFigures(rows, "besar.csv", {}, {});
  const double mib = static_cast<double>(most - before) / (1 << 20);
  RecordProperty("mib", absl::StrCat(mib));
  ASSERT_TRUE(values.ok()) << values.status();
  ASSERT_EQ(static_cast<int64_t>(values->size()), kValues);
  for (size_t i : {size_t{1}, values->size() / 2 + 1})
    EXPECT_EQ((*values)[i].finding.reason, GetParam().reason);
  EXPECT_LT(mib, kMostMib);
}

INSTANTIATE_TEST_SUITE_P(
    All, FiguresMemoryTest,
    ::testing::Values(MemoryCase{"Good", CodeOf, Different, {}, Reason::kNone},
                      MemoryCase{"Contradict", CodeOfPair, Different, {}, Reason::kValuesContradict},
                      MemoryCase{"Duplicate", OneCode, Alike, {}, Reason::kDuplicateValue},
                      MemoryCase{"Ambiguous", CodeOf, Ambiguous, {}, Reason::kNumberAmbiguous},
                      MemoryCase{"Absent", CodeOf, Marker, {}, Reason::kValueAbsent},
                      MemoryCase{"Invalid", CodeOf, Words, {}, Reason::kNumberInvalid},
                      MemoryCase{"Codes", NoCode, Different, {}, Reason::kIndicatorCodeInvalid},
                      MemoryCase{"Widths", CodeOf, Different, {"x"}, Reason::kRowWidthWrong}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace satudata::catalog
