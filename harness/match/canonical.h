// The form in which two requests that mean the same are the same text. Headers take no part in it:
// they hold secrets, versions and identifiers (WIRE 11.1).
#ifndef PLAYHEAD_MATCH_CANONICAL_H_
#define PLAYHEAD_MATCH_CANONICAL_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace playhead::match {

// JSON: no blanks, members sorted by name, numbers by value, items in their order. Anything else,
// and JSON above the limits of json_node.h: the bytes themselves. Idempotent.
std::string canonical_body(std::string_view body);

// The two halves of a request target. Percent escapes of unreserved characters are decoded, the
// others get upper-case digits (RFC 3986 6.2.2), a percent sign that begins no escape is `%25`;
// nothing else of the path changes. Idempotent.
struct CanonicalTarget {
  std::string path;
  std::string query;  // "a=1&b=2" sorted by its bytes, without is_ignored_query()

  // The path, and the query behind `?` where there is one.
  std::string text() const;

  bool operator==(const CanonicalTarget&) const = default;
};
CanonicalTarget canonical_target(std::string_view target);

// Whether the query value of that name takes no part: credentials, which recordings hold masked
// (recording/redaction_secrets.h), and what clients make anew for each request.
bool is_ignored_query(std::string_view name);

// A secret in a recording is masked by kMaskByte, or by what reads so in base64 or hex
// (recording/redaction_masker.h), in equal length.
struct MaskSpan {
  std::size_t begin = 0;
  std::string bytes;  // the mask

  auto operator<=>(const MaskSpan&) const = default;
};

// Where a text of a redacted recording is masked: what could be the mask of a secret of
// kSecretBytesMin bytes or more, in order. Shorter ones are only masked where they are ignored.
std::vector<MaskSpan> mask_spans(std::string_view recorded);

// `sent` with the masks at their places, which makes it the recorded text if nothing else differs.
// Empty where it is too short, or where a mask would stand for a quotation mark although
// `in_json`: a mask stays within its string.
std::string masked_at(const std::vector<MaskSpan>& spans, std::string_view sent, bool in_json);

}  // namespace playhead::match

#endif  // PLAYHEAD_MATCH_CANONICAL_H_
