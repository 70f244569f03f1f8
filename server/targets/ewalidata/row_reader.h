// File: row_reader.h
//
// Reads the tables of e-walidata in one pass, without building a tree: a whole table in one answer can be 64
// MiB.
#ifndef SERVER_TARGETS_EWALIDATA_ROW_READER_H_
#define SERVER_TARGETS_EWALIDATA_ROW_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace satudata::targets::ewalidata {

// The fields of a row that matter to us; a number is as its digits stand, null is empty.
struct TargetRow {
  std::string kodeindikator;
  std::string kodepemda;
  std::string tahun;
  std::optional<std::string> data;  // nullopt: null or not there.
  std::string status_verifikasi_pembinadata;
  std::string idtransaksi;
  std::string lastupdate;
  // Of the reference list.
  std::string uraian_indikator;
  std::string satuan;
  std::string bidangurusan;
  std::string status;
};

// Of the reference list: it does not apply to the region.
bool IsDisabled(const TargetRow& row);

// What one answer to a table read says.
struct RowTable {
  // The answer is rows, all of it: a bare array, {"data":[…]} or {"result":[…]}, each element an object that
  // names its kodeindikator, and nothing around them that speaks of an error. Only then does the absence of a
  // row mean anything.
  bool is_rows = false;
  std::vector<TargetRow> rows;
  // Otherwise, where an object said so: its `code` and its `msg` or `message`.
  std::string error_code;
  std::string error_text;
};

// Pure. Anything that is not a whole JSON text of a known shape has is_rows == false.
RowTable ReadRows(absl::string_view json);

}  // namespace satudata::targets::ewalidata

#endif  // SERVER_TARGETS_EWALIDATA_ROW_READER_H_
