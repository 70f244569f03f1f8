// File: made_catalogue.h
//
// Catalogues of any size for tests that need many files and do not care what is in them: all are verified,
// and there is nothing in them for a target to refuse.
#ifndef TESTS_INTEGRATION_DELIVERY_MADE_CATALOGUE_H_
#define TESTS_INTEGRATION_DELIVERY_MADE_CATALOGUE_H_

#include <string>
#include <vector>

#include "server/catalog/catalog_file.h"

namespace satudata {

struct MadeCatalogue {
  int files = 100;
  // So many of them, from the first on, have another name than without.
  int renamed = 0;
  // One indicator value each: something for SIPD as well.
  bool with_values = false;
};

// Files `file-0`, `file-1`, … in this order.
std::vector<catalog::FileWithValues> MakeCatalogue(const MadeCatalogue& wanted);

// The record at SIPD of the value in file `index`, where the region is 9901.
std::string MadeKey(int index);

}  // namespace satudata

#endif  // TESTS_INTEGRATION_DELIVERY_MADE_CATALOGUE_H_
