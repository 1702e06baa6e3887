#include "gtest/playhead_gtest.h"

PLAYHEAD_TEST_CASES(Fixtures, PLAYHEAD_SOURCE_DIR "/fixtures");
