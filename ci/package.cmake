# Installs the program, the libraries and what find_package(playhead) needs. Included by the root
# CMakeLists.txt once all rooms are there: `rooms` and `core_rooms` are their targets.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/playhead)

if(TARGET playhead_cli)
  install(TARGETS playhead_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

install(TARGETS playhead_playhead ${core_rooms} EXPORT playheadTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT playheadTargets NAMESPACE playhead:: DESTINATION ${package_dir})
# Apart, so that who does not use GoogleTest need not have it.
if(TARGET playhead_gtest)
  install(TARGETS playhead_gtest EXPORT playheadGTestTargets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT playheadGTestTargets NAMESPACE playhead:: DESTINATION ${package_dir})
endif()

# The packages whose targets the rooms link, privately or not: static libraries pass both on.
set(linked)
foreach(room ${rooms})
  foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
    get_target_property(items ${room} ${property})
    if(items)
      list(APPEND linked ${items})
    endif()
  endforeach()
endforeach()
# RapidJSON has no target to link; its headers are part of base/json.h.
set(PLAYHEAD_DEPENDENCIES "find_dependency(RapidJSON)\n")
foreach(package simdjson zstd fmt Threads)
  if(linked MATCHES "(^|;)${package}::")
    string(APPEND PLAYHEAD_DEPENDENCIES "find_dependency(${package})\n")
  endif()
endforeach()
if(linked MATCHES "PkgConfig::httplib")
  string(APPEND PLAYHEAD_DEPENDENCIES
    "find_dependency(PkgConfig)\npkg_check_modules(httplib REQUIRED QUIET IMPORTED_TARGET cpp-httplib)\n")
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/playheadConfig.cmake.in
  ${PROJECT_BINARY_DIR}/playheadConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/playheadConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/playheadConfig.cmake
              ${PROJECT_BINARY_DIR}/playheadConfigVersion.cmake
        DESTINATION ${package_dir})
