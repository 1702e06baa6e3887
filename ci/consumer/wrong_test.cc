// A case whose expectation is wrong: a test program that must fail.
#include <gtest/playhead_gtest.h>

PLAYHEAD_TEST_CASES(Wrong, WRONG_DIR);
