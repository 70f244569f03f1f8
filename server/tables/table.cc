#include "server/tables/table.h"

#include <algorithm>

namespace satudata::tables {

std::string ColumnLetters(size_t column) {
  std::string letters;
  for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
    letters.push_back(static_cast<char>('A' + (rest - 1) % 26));
  }
  std::reverse(letters.begin(), letters.end());
  return letters;
}

}  // namespace satudata::tables
