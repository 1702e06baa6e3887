// Any text: the parser never crashes, reads what it accepts the same twice, and what is blessed
// passes from then on.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "check/bless.h"
#include "check/case_file.h"
#include "check/verdict.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playhead;
  using namespace playhead::check;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto file = parse_case_file("fuzz.md", text);
  if (!file) {
    PLAYHEAD_CHECK(file.error().message.starts_with("fuzz.md:"));
    return 0;
  }
  const auto replay = parse_json(R"({"outcome":{"completed":false,"requests":[{"why":"first"}]},)"
                                 R"("exchanges":[],"downstream":{"text":"\n```\n"}})");
  const std::vector<CaseRun> runs(
      file->cases.size(), {&*replay, {{FactKind::request, "t=0"}, {FactKind::end, "t=1 \"```\""}}});
  const auto blessed = bless(*file, runs);
  PLAYHEAD_CHECK(blessed.ok());
  const auto again = parse_case_file("fuzz.md", *blessed);
  PLAYHEAD_CHECK(again.ok() && again->cases.size() == file->cases.size());
  for (std::size_t i = 0; i < again->cases.size(); ++i) {
    const Case& c = again->cases[i];
    PLAYHEAD_CHECK(c.name == file->cases[i].name);
    PLAYHEAD_CHECK(c.stream.has_value() == file->cases[i].stream.has_value());
    PLAYHEAD_CHECK(judge(c, *replay, runs[i].lines).kind == VerdictKind::passed);
  }
  PLAYHEAD_CHECK(*bless(*again, runs) == *blessed);
  return 0;
}
