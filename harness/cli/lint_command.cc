// `playhead lint`: what is wrong with recordings that somebody wants to keep or share.
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/json.h"
#include "check/case_file.h"
#include "cli/command.h"
#include "cli/recording_paths.h"
#include "recording/lint.h"

namespace playhead::cli {
namespace {

struct LintOptions {
  std::vector<std::string> paths;
  std::string cases;
  std::string root;
  bool json = false;
};

// The recordings that cases name, beside the case file and below the root, as `check` looks for
// them.
Result<std::vector<std::string>> referenced_by(const std::string& cases, const std::string& root) {
  const auto files = check::find_case_files({cases});
  if (!files) return files.error();
  std::vector<std::string> paths;
  for (const std::string& file : *files) {
    const auto loaded = check::load_case_file(file);
    if (!loaded) return loaded.error();
    for (const check::Case& c : loaded->cases) {
      if (!c.recording_path) continue;
      paths.push_back((std::filesystem::path(file).parent_path() / *c.recording_path).string());
      paths.push_back((std::filesystem::path(root) / *c.recording_path).string());
    }
  }
  return paths;
}

void write_findings(JsonWriter& json, std::string_view key, bool notes,
                    const std::vector<recording::LintFinding>& findings) {
  json.key(key).begin_array();
  for (const recording::LintFinding& finding : findings) {
    if (finding.note != notes) continue;
    json.begin_object().key("kind").string(name_of(finding.kind));
    json.key("file").string(finding.file).key("exchange").number(finding.exchange);
    json.key("place").string(finding.place).key("what").string(finding.what);
    json.key("advice").string(finding.advice).end_object();
  }
  json.end_array();
}

std::string document_of(const std::vector<recording::LintFinding>& findings, std::size_t files) {
  JsonWriter json;
  json.begin_object().key("files").number(static_cast<std::int64_t>(files));
  write_findings(json, "findings", false, findings);
  write_findings(json, "notes", true, findings);
  json.end_object();
  return json.take() + "\n";
}

int run_lint(const LintOptions& options) {
  const auto paths = find_recordings(options.paths);
  if (!paths) return fail(paths.error());
  std::vector<recording::LintFinding> findings;
  const auto add = [&findings](const std::vector<recording::LintFinding>& more) {
    findings.insert(findings.end(), more.begin(), more.end());
  };
  for (const std::string& path : *paths) {
    const auto found = recording::lint_file(path);
    if (!found) return fail(found.error());
    add(*found);
  }
  if (!options.cases.empty()) {
    const auto referenced = referenced_by(options.cases, options.root);
    if (!referenced) return fail(referenced.error());
    add(recording::lint_references(*paths, *referenced));
  }
  for (const recording::LintFinding& finding : findings) say(recording::finding_text(finding));
  if (options.json && !print(document_of(findings, paths->size()))) {
    return fail(Error{"stdout: cannot be written"});
  }
  const auto notes = static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(), [](const auto& finding) { return finding.note; }));
  const std::size_t wrong = findings.size() - notes;
  say(std::to_string(paths->size()) + " files, " + std::to_string(wrong) + " findings" +
      (notes > 0 ? ", " + std::to_string(notes) + " notes" : ""));
  return wrong == 0 ? kHeld : kFailed;
}

}  // namespace

void add_lint(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<LintOptions>();
  CLI::App* command =
      program.add_subcommand("lint", "look for secrets, damage and missing origins in recordings");
  command->add_option("RECORDINGS", options->paths, "recordings, raw bodies, or folders of them")
      ->required();
  command->add_option("--cases", options->cases,
                      "case files: a recording that none of them uses is a finding");
  command->add_option("--root", options->root, "folder that recordings of cases are named from");
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->callback([options, &exit_code] { exit_code = run_lint(*options); });
}

}  // namespace playhead::cli
