// Walks along all parts of a recording.
#include "recording/lint.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/json.h"
#include "recording/import.h"
#include "recording/lint_shapes.h"
#include "recording/load.h"
#include "recording/reader.h"
#include "recording/redaction_note.h"
#include "recording/redaction_secrets.h"
#include "recording/redaction_words.h"

namespace playhead::recording {
namespace {

constexpr std::string_view kMaskAdvice =
    "mask it in equal length: playhead unpack, edit, playhead pack; and revoke it";

class Linter {
 public:
  Linter(const Recording& recording, const std::string& file)
      : recording_(recording), file_(file) {}

  std::vector<LintFinding> run() {
    text("meta", recording_.meta.json);
    if (!is_raw_body(file_)) provenance();
    for (const RecordedMark& mark : recording_.marks) text("mark", mark.text);
    bool torn_exchange = false;
    for (const RecordedExchange& exchange : recording_.exchanges) {
      exchange_ = exchange.index;
      lint(exchange);
      torn_exchange = torn_exchange || exchange.end.reason == EndReason::torn;
    }
    exchange_ = 0;
    if (recording_.torn && !torn_exchange) {
      add(LintKind::torn, "end of file", "the file stops inside a record",
          "record it again, or load and write it once to drop the rest");
    }
    unfinished();
    return std::move(findings_);
  }

 private:
  void add(LintKind kind, std::string place, std::string what, std::string_view advice,
           bool note = false) {
    if (findings_.size() > kFindingsOfFileMax) return;
    if (findings_.size() == kFindingsOfFileMax) {
      place.clear();
      what = "further findings are left out";
      advice = "see to those above first";
    }
    findings_.push_back(
        {kind, file_, exchange_, std::move(place), std::move(what), std::string(advice), note});
  }

  // Secrets by their shape. `bytes`: the place says where in it.
  void text(const std::string& place, std::string_view content, bool bytes = false) {
    for (const ShapeMatch& match : find_secret_shapes(content)) {
      const std::string at = bytes ? ", byte " + std::to_string(match.begin) : "";
      add(LintKind::secret, place + at,
          std::string(match.what) + ": " +
              shortened_secret(content.substr(match.begin, match.size)),
          kMaskAdvice);
    }
  }

  void credential(const std::string& place, std::string_view value) {
    if (value.empty() || is_masked(value)) return;
    const Span span = secret_part(value);
    add(LintKind::unmasked_credential, place,
        "its value is not masked: " + shortened_secret(value.substr(span.begin, span.size)),
        kMaskAdvice);
  }

  void parameters(const std::string& place, std::string_view target) {
    for (const TargetSecret& found : target_secrets(target)) {
      credential(place + ", parameter " + found.name,
                 target.substr(found.value.begin, found.value.size));
    }
  }

  void headers(const std::string& side, const std::vector<Header>& list, bool request) {
    for (const auto& [name, value] : list) {
      const std::string small = lower_case(name);
      const std::string place = side + " " + name;
      const bool is_cookie = small == "set-cookie" || (request && small == "cookie");
      if (is_cookie) {
        for (const Span span : cookie_values(value, small == "set-cookie")) {
          credential(place, std::string_view(value).substr(span.begin, span.size));
        }
      } else if (request && is_credential_header(name)) {
        credential(place, value);
      } else {
        if (!request && (small == "location" || small == "content-location")) {
          parameters(place, value);
        }
        text(place, value);
      }
    }
  }

  void lint(const RecordedExchange& exchange) {
    parameters("request target", exchange.target);
    text("request target", exchange.target);
    headers("request header", exchange.request_headers, true);
    text("request body", exchange.request_body, true);
    headers("response header", exchange.response_headers, false);
    text("response body", exchange.body, true);
    headers("trailer", exchange.trailers, false);
    text("end", exchange.end.detail);
    for (const RecordedMark& mark : exchange.marks) text("mark", mark.text);
    if (exchange.end.reason == EndReason::torn) {
      add(LintKind::torn, "end", "the exchange has no end",
          "record it again, or say how it ended: playhead unpack, add end.json, playhead pack");
    }
  }

  void unfinished() {
    const RedactionSummary note = redaction_summary(recording_.meta);
    if (note.is_unfinished && !recording_.torn) {
      add(LintKind::torn, "meta", "its recorder was killed or still runs",
          "wait for it, or record it again; to keep what is there: playhead unpack, correct "
          "meta.json, playhead pack");
    }
    if (note.bodies_masked_whole > 0) {
      add(LintKind::torn, "meta",
          std::to_string(note.bodies_masked_whole) + " bodies are masked whole",
          "they were compressed: record them again, sent plain", true);
    }
  }

  void provenance() {
    const auto missing = [this](const char* member, std::string_view advice, bool note = false) {
      add(LintKind::provenance, "meta", std::string("no `") + member + "`", advice, note);
    };
    const RecordingMeta& meta = recording_.meta;
    const bool known =
        meta.origin == "captured" || meta.origin == "reconstructed" || meta.origin == "imported";
    // What was captured tells by itself where it comes from: by what, when, from which provider.
    const bool captured = meta.origin == "captured";
    if (meta.title.empty()) {
      missing("title", "say in a sentence what the recording shows", captured);
    }
    if (!known) missing("origin", "one of captured, reconstructed, imported");
    if (meta.source.empty()) {
      missing("source", "link the report, or say how it was captured", captured);
    }
    if (captured && meta.recorder.empty()) {
      missing("recorder", "name the program and version that captured it");
    }
    const auto document = parse_json(meta.json);
    if (!document.ok() || member(*document, "redacted") == nullptr) {
      missing("redacted", "say what was masked, or [] where nothing had to be");
    }
    const bool has_mark = !recording_.marks.empty() ||
                          std::any_of(recording_.exchanges.begin(), recording_.exchanges.end(),
                                      [](const auto& exchange) { return !exchange.marks.empty(); });
    if (meta.origin == "reconstructed" && !has_mark) {
      add(LintKind::provenance, "mark", "a reconstructed recording without a mark",
          "say in one what was reported and what is made up");
    }
  }

  const Recording& recording_;
  const std::string& file_;
  int exchange_ = 0;
  std::vector<LintFinding> findings_;
};

std::string canonical(const std::string& path) {
  std::error_code error;
  const auto found = std::filesystem::weakly_canonical(path, error);
  return error ? path : found.string();
}

}  // namespace

std::vector<LintFinding> lint_recording(const Recording& recording, const std::string& file) {
  return Linter(recording, file).run();
}

Result<std::vector<LintFinding>> lint_file(const std::string& path) {
  if (const auto opened = RecordReader::open(path); !opened.ok()) return opened.error();
  std::vector<LintFinding> findings;
  const Status status = each_recording(path, {}, [&](const Recording& recording) -> Status {
    for (LintFinding& finding : lint_recording(recording, path)) {
      findings.push_back(std::move(finding));
    }
    return Done{};
  });
  if (!status.ok()) {
    std::string_view what = status.error().message;
    if (what.starts_with(path + ": ")) what.remove_prefix(path.size() + 2);
    findings.push_back({LintKind::damaged, path, 0, "file", std::string(what),
                        "take it from where it is whole, or record it again"});
  }
  return findings;
}

std::vector<LintFinding> lint_references(const std::vector<std::string>& paths,
                                         const std::vector<std::string>& referenced) {
  std::set<std::string> known;
  for (const std::string& path : referenced) known.insert(canonical(path));
  std::vector<LintFinding> findings;
  for (const std::string& path : paths) {
    if (known.contains(canonical(path))) continue;
    findings.push_back({LintKind::unreferenced, path, 0, "file", "no case uses it",
                        "write one, or remove the recording"});
  }
  return findings;
}

std::string finding_text(const LintFinding& finding) {
  std::string text = finding.file + ": ";
  if (finding.exchange > 0) text += "exchange " + std::to_string(finding.exchange) + ", ";
  if (!finding.place.empty()) text += finding.place + ": ";
  return text + (finding.note ? "note: " : "") + finding.what + "; " + finding.advice;
}

}  // namespace playhead::recording
