// Case files as GoogleTest tests of your project, with one line:
//
//   PLAYHEAD_TEST_CASES(Streams, "tests/streams");
//
// registers every case below that folder (or in that file) as a test of suite Streams, played
// through Playhead's engine. Against your own engine (model/engine.h: inputs in, facts out):
//
//   PLAYHEAD_TEST_CASES_WITH(Streams, "tests/streams",
//                            [](const playhead::Policy&) { return std::make_unique<MyEngine>(); });
//
// Put it at namespace scope of a file that is linked with gtest_main. A relative path counts from
// the working directory of the test program. A path without cases, or a file that cannot be parsed,
// is a failing test.
#ifndef PLAYHEAD_GTEST_PLAYHEAD_GTEST_H_
#define PLAYHEAD_GTEST_PLAYHEAD_GTEST_H_

#include <string>

#include "model/engine.h"
#include "model/policy.h"
#include "suite/suite.h"

namespace playhead {

// Registers the cases; returns how many tests there are now. `engine` empty: Playhead's own. Call
// it before testing::InitGoogleTest has run, as the macros do.
int register_test_cases(const std::string& suite_name, const std::string& path,
                        suite::EngineFactory engine = {});

}  // namespace playhead

#define PLAYHEAD_TEST_CASES(suite_name, path)                        \
  [[maybe_unused]] static const int playhead_cases_of_##suite_name = \
      ::playhead::register_test_cases(#suite_name, path)

#define PLAYHEAD_TEST_CASES_WITH(suite_name, path, make_engine)      \
  [[maybe_unused]] static const int playhead_cases_of_##suite_name = \
      ::playhead::register_test_cases(#suite_name, path, make_engine)

#endif  // PLAYHEAD_GTEST_PLAYHEAD_GTEST_H_
