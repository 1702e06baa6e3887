// The parts of a multipart body (RFC 2046 5.1), whatever boundary stands between them: clients make
// a random one for each request.
#ifndef PLAYHEAD_MATCH_MULTIPART_H_
#define PLAYHEAD_MATCH_MULTIPART_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace playhead::match {

// RFC 2046 5.1.1.
inline constexpr std::size_t kBoundaryBytesMax = 70;
// Our choice: parts of one body, each with what stands around it. An upload has a handful.
inline constexpr std::size_t kMultipartPartsMax = 1000;

struct MultipartPart {
  std::string label;       // `part 2 (purpose)`, `preamble`, `epilogue`
  std::string_view bytes;  // its headers and content as they are; borrowed from the body
};

// In order; nothing but them and the boundary makes the body. None where the content type names no
// boundary, and where the body is not closed by it or exceeds the limits.
std::optional<std::vector<MultipartPart>> multipart_parts(std::string_view content_type,
                                                          std::string_view body);

// The value of a parameter behind the first `;` of a header's value, as a token or as a quoted
// string, whose escapes are undone. None where there is no such parameter.
std::optional<std::string> header_parameter(std::string_view value, std::string_view name);

}  // namespace playhead::match

#endif  // PLAYHEAD_MATCH_MULTIPART_H_
