// Whether the data of an unterminated frame came whole after all.
#include "provider/payload.h"

#include "base/json_view.h"

namespace playhead::provider {

bool is_whole_payload(std::string_view data) {
  if (data.starts_with(kDoneMark)) return true;
  JsonReader reader;
  const auto root = reader.read(data);
  return root && (root->is_object() || root->is_array());
}

}  // namespace playhead::provider
