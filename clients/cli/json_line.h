// File: json_line.h
//
// Messages as JSON, one on a line, for other programs.
#ifndef CLIENTS_CLI_JSON_LINE_H_
#define CLIENTS_CLI_JSON_LINE_H_

#include <google/protobuf/message.h>

#include <string>

namespace satudata::cli {

// protobuf's JSON form of `message` with a line end; fields that are not set included, so that a script finds
// each field that it asks for. Control characters are escaped, so the line is harmless on a terminal. Pure.
std::string JsonLine(const google::protobuf::Message& message);

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_JSON_LINE_H_
