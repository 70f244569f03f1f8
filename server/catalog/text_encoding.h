// File: text_encoding.h
//
// base/text_encoding.h under the names that this folder calls it by.
#ifndef SERVER_CATALOG_TEXT_ENCODING_H_
#define SERVER_CATALOG_TEXT_ENCODING_H_

#include "server/base/text_encoding.h"

namespace satudata::catalog {

using base::IsUtf8;
using base::ToUtf8;

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_TEXT_ENCODING_H_
