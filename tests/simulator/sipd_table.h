// File: sipd_table.h
//
// SIPD's tables as it writes them: a bare JSON array of rows with all their fields. Pure functions.
#ifndef TESTS_SIMULATOR_SIPD_TABLE_H_
#define TESTS_SIMULATOR_SIPD_TABLE_H_

#include <string>
#include <vector>

#include "tests/simulator/truth.h"

namespace satudata::simulator {

// How values are spelled: as they were pushed, or with trailing zeros.
enum class Spelling { kAsPushed, kPadded };

// `offset` is the number of rows before the page: rownum counts from the table's first row.
std::string TableJson(const TablePage& page, size_t offset, Spelling spelling);
std::string ReferenceJson(const std::vector<Reference>& references);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_SIPD_TABLE_H_
