// The same case files against an engine of this project.
#include <gtest/playhead_gtest.h>

#include <memory>

#include "own_engine.h"

PLAYHEAD_TEST_CASES_WITH(OwnEngine, CASES_DIR, [](const playhead::Policy&) {
  return std::make_unique<consumer::OwnEngine>();
});
