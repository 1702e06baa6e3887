// RequestForm: what of a request is compared in a given mode, and its text, which is the same for
// requests that match.
#ifndef PLAYHEAD_MATCH_REQUEST_FORM_H_
#define PLAYHEAD_MATCH_REQUEST_FORM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "match/canonical.h"
#include "match/json_node.h"
#include "match/match_options.h"
#include "recording/recording.h"

namespace playhead {

// Why a recording has not kept a request's body.
enum class BodyLoss : std::uint8_t {
  none,
  compressed,  // it could not be searched for secrets and is masked whole
  masked,      // masked whole for another reason
  missing,     // it could not be written
};

namespace match {

// A part of the body that is compared.
struct FormPart {
  // Its JSON pointer, or the label of a part of a multipart body (multipart.h); empty: the whole
  // body.
  std::string at;
  std::optional<JsonNode> value;  // none: the body has no such part
};

struct RequestForm {
  std::string method;
  CanonicalTarget target;
  // exact: the body, or the parts of a multipart one; sequence: none; fields: those, in their order
  std::vector<FormPart> parts;
  // Of a recording with masked secrets: what looks like a mask (canonical.h) is one.
  bool redacted = false;
  // Where the body is compared and lost: it is that of no request, but for one that is masked whole
  // itself.
  BodyLoss loss = BodyLoss::none;

  // Whether the body is compared as JSON.
  bool is_json() const;
  // One text of all of it.
  std::string text() const;
};

// A body that is no JSON is compared whole in mode `fields` too. `content_type` tells the boundary
// of a multipart body, which takes no part.
RequestForm request_form(std::string_view method, std::string_view target, std::string_view body,
                         const MatchOptions& options, std::string_view content_type = {});

// The form of a recorded request. `redacted`: the recording's meta says so. That a body is missing
// is told by its Content-Length: one that came chunked cannot be told from none.
RequestForm recorded_form(const RecordedExchange& exchange, bool redacted,
                          const MatchOptions& options);

}  // namespace match
}  // namespace playhead

#endif  // PLAYHEAD_MATCH_REQUEST_FORM_H_
