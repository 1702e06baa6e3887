// A folder of case files as tests of this project.
#include <gtest/playhead_gtest.h>

PLAYHEAD_TEST_CASES(Streams, CASES_DIR);
