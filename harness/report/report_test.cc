#include <gtest/gtest.h>

#include "report/verdict_text.h"

namespace playhead::report {
namespace {

check::Verdict failed_verdict() {
  check::Verdict verdict;
  verdict.file = "a.md";
  verdict.line = 3;
  verdict.name = "A case";
  verdict.kind = check::VerdictKind::failed;
  verdict.differences = {{"/outcome/completed", "true", "false"}};
  verdict.reproduce = "playhead check a.md --case 'A case'";
  return verdict;
}

TEST(VerdictText, SaysWhereExpectedActualAndHowToReproduce) {
  EXPECT_EQ(verdict_text(failed_verdict()),
            "failed: a.md:3: A case\n"
            "  at /outcome/completed\n"
            "    expected: true\n"
            "    actual:   false\n"
            "  reproduce: playhead check a.md --case 'A case'\n");
}

TEST(VerdictText, SummaryCountsEveryKind) {
  check::Verdict passed;
  passed.no_expectation = true;
  EXPECT_EQ(summary_text({failed_verdict(), passed}),
            "1 passed, 1 failed, 0 broken, 0 skipped (1 without expectation)");
}

TEST(VerdictText, DocumentHoldsValuesAsJson) {
  EXPECT_EQ(verdicts_document({failed_verdict()}),
            R"({"passed":0,"failed":1,"broken":0,"skipped":0,"verdicts":[{"file":"a.md",)"
            R"("case":"A case","line":3,"verdict":"failed","differences":[{"at":)"
            R"("/outcome/completed","expected":true,"actual":false}],"reproduce":)"
            R"("playhead check a.md --case 'A case'"}]})");
}

}  // namespace
}  // namespace playhead::report
