// What is wrong with a recording that somebody wants to keep or share: secrets left in, a missing
// origin, damage (DESIGN 5, `lint`; recordings/README.md, "Adding one").
#ifndef PLAYHEAD_RECORDING_LINT_H_
#define PLAYHEAD_RECORDING_LINT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/name_table.h"
#include "base/result.h"
#include "recording/recording.h"

namespace playhead::recording {

enum class LintKind : std::uint8_t {
  secret,
  unmasked_credential,
  provenance,
  torn,
  damaged,
  unreferenced,
};

inline constexpr NameTable<LintKind, 6> kLintKinds = {{
    {LintKind::secret, "secret", "something that looks like a key, a token or a password"},
    {LintKind::unmasked_credential, "unmasked_credential",
     "a header or query parameter for credentials whose value is not masked"},
    {LintKind::provenance, "provenance", "the meta does not say where the recording comes from"},
    {LintKind::torn, "torn", "the file or an exchange of it has no end"},
    {LintKind::damaged, "damaged", "the file breaks the format"},
    {LintKind::unreferenced, "unreferenced", "no case uses the recording"},
}};
static_assert(covers_enum(kLintKinds, LintKind::unreferenced));

constexpr std::string_view name_of(LintKind kind) { return name_in(kLintKinds, kind); }

struct LintFinding {
  LintKind kind = LintKind::secret;
  std::string file;
  int exchange = 0;    // 0: the recording as a whole
  std::string place;   // "request header x-api-key", "response body, byte 120", "meta", ...
  std::string what;    // a secret is shown by its first four characters only
  std::string advice;  // what to do
  bool note = false;   // worth saying, but nothing is wrong

  bool operator==(const LintFinding&) const = default;
};

// Our choice: further findings of one file say nothing new. The last one then says so.
inline constexpr std::size_t kFindingsOfFileMax = 100;

// Findings of one recording, in the order of its parts. `file` is what they call it. A raw body has
// no meta, so that provenance is not asked for there.
std::vector<LintFinding> lint_recording(const Recording& recording, const std::string& file);

// All recordings of a file; damage is a finding. Fails where the file cannot be opened.
Result<std::vector<LintFinding>> lint_file(const std::string& path);

// The paths that are not among those that cases refer to, told by their canonical form.
std::vector<LintFinding> lint_references(const std::vector<std::string>& paths,
                                         const std::vector<std::string>& referenced);

// "recordings/x.rec.zst: exchange 2, request header authorization: a bearer token sk-a... (40
// characters); mask it ..."
std::string finding_text(const LintFinding& finding);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_LINT_H_
