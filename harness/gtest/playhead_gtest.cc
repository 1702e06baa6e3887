#include "gtest/playhead_gtest.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "check/case_file.h"
#include "report/verdict_text.h"

namespace playhead {
namespace {

// A test that runs one case, or fails with the message of a file that could not be read.
class CaseTest : public testing::Test {
 public:
  CaseTest(std::shared_ptr<const check::CaseFile> file, std::size_t index, std::string failure,
           suite::EngineFactory engine)
      : file_(std::move(file)),
        index_(index),
        failure_(std::move(failure)),
        engine_(std::move(engine)) {}

  void TestBody() override {
    if (!file_) {
      FAIL() << failure_;
    }
    suite::Options options;
    options.engine = engine_;
    const check::Verdict verdict = suite::run_case(file_->cases[index_], options);
    if (verdict.kind == check::VerdictKind::passed) return;
    FAIL() << report::verdict_text(verdict);
  }

 private:
  std::shared_ptr<const check::CaseFile> file_;
  std::size_t index_;
  std::string failure_;
  suite::EngineFactory engine_;
};

// A name that GoogleTest takes: letters and digits, with the file's stem in front so that names
// stay unique.
std::string test_name(const std::string& file, const std::string& name) {
  const std::size_t slash = file.rfind('/') + 1;
  std::string out;
  for (const char c : file.substr(slash, file.rfind('.') - slash) + "_" + name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != '_') {
      out.push_back('_');
    }
  }
  return out;
}

void add_test(const std::string& suite_name, const std::string& name, const std::string& path,
              int line, std::shared_ptr<const check::CaseFile> file, std::size_t index,
              const std::string& failure, const suite::EngineFactory& engine) {
  testing::RegisterTest(
      suite_name.c_str(), name.c_str(), nullptr, nullptr, path.c_str(), line,
      [=]() -> testing::Test* { return new CaseTest(file, index, failure, engine); });
}

int add_file(const std::string& suite_name, const std::string& path,
             const suite::EngineFactory& engine) {
  auto parsed = check::load_case_file(path);
  if (!parsed) {
    add_test(suite_name, test_name(path, "parses"), path, 1, nullptr, 0, parsed.error().message,
             engine);
    return 1;
  }
  const auto file = std::make_shared<const check::CaseFile>(*std::move(parsed));
  for (std::size_t i = 0; i < file->cases.size(); ++i) {
    const check::Case& c = file->cases[i];
    add_test(suite_name, test_name(path, c.name), path, c.line, file, i, "", engine);
  }
  return static_cast<int>(file->cases.size());
}

}  // namespace

int register_test_cases(const std::string& suite_name, const std::string& path,
                        suite::EngineFactory engine) {
  const auto files = check::find_case_files({path});
  if (!files) {
    add_test(suite_name, "cases_are_found", path, 1, nullptr, 0, files.error().message, engine);
    return 1;
  }
  int count = 0;
  for (const std::string& file : *files) count += add_file(suite_name, file, engine);
  return count;
}

}  // namespace playhead
