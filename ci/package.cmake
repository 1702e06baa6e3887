# Installs the program, the libraries and what find_package(playhead) needs. Included by the root
# CMakeLists.txt once all rooms are there: `core_rooms` are the targets of those that are installed
# beside the one for GoogleTest. Rooms that stand on `net` are not: they belong to the program.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/playhead)

if(TARGET playhead_cli)
  install(TARGETS playhead_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

set(installed_rooms ${core_rooms})
if(TARGET playhead_gtest)
  list(APPEND installed_rooms playhead_gtest)
endif()
foreach(room ${installed_rooms})
  get_target_property(folder ${room} SOURCE_DIR)
  install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/playhead
          FILES_MATCHING PATTERN "*.h" PATTERN "testing.h" EXCLUDE
          PATTERN "*_seeds" EXCLUDE PATTERN "testdata" EXCLUDE)
endforeach()

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
foreach(room ${installed_rooms})
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

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/playheadConfig.cmake.in
  ${PROJECT_BINARY_DIR}/playheadConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/playheadConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/playheadConfig.cmake
              ${PROJECT_BINARY_DIR}/playheadConfigVersion.cmake
        DESTINATION ${package_dir})
