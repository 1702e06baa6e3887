// Addresses of hosts: looked up without waiting where they are numbers. Of this room only.
#ifndef PLAYHEAD_NET_ADDRESS_H_
#define PLAYHEAD_NET_ADDRESS_H_

#include <netdb.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace playhead::net {

// Our choice: of the addresses of one host the first so many are tried.
inline constexpr std::size_t kAddressesMax = 8;

// `host` as an address of IPv4 or IPv6; nothing where it is a name.
std::optional<sockaddr_storage> numeric_address(const std::string& host, std::uint16_t port);

// What a name lookup found, in its order, with that port.
std::vector<sockaddr_storage> addresses_of(const addrinfo* found, std::uint16_t port);

const sockaddr& as_sockaddr(const sockaddr_storage& address);

// The port of a bound socket's address.
std::uint16_t port_of(const sockaddr_storage& address);

// What a name lookup is asked for: TCP, over IPv4 or IPv6, whatever the network of this machine
// looks like: a server of its own may listen on ::1 alone.
addrinfo lookup_hints();

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_ADDRESS_H_
