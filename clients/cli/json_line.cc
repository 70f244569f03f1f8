#include "clients/cli/json_line.h"

#include <google/protobuf/util/json_util.h>

#include <cstdlib>
#include <iostream>

namespace satudata::cli {

std::string JsonLine(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(message, &line, options);
  if (!status.ok()) {  // Our messages hold no Any and no depth to speak of: cannot happen.
    std::cerr << "integrationctl: " << status.ToString() << "\n";
    std::abort();
  }
  line += '\n';
  return line;
}

}  // namespace satudata::cli
