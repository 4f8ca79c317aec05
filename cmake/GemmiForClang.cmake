# SPDX-License-Identifier: BSD-3-Clause
# Clang 14 instantiates the destructor of std::vector<Item> where gemmi's struct Block has its constructors, before Item is
# complete, if the vector is libstdc++'s constexpr one. Here they are defined behind Item, in a copy of the headers.
function(ionsift_gemmi_for_clang variable)
  set(copy ${CMAKE_BINARY_DIR}/gemmi-for-clang)
  file(COPY ${${variable}}/gemmi DESTINATION ${copy})
  file(READ ${copy}/gemmi/cifdoc.hpp text)
  string(REPLACE "explicit Block(const std::string& name_) : name(name_) {}\n  Block() {}"
    "explicit Block(const std::string& name_);\n  Block();" text "${text}")
  string(REPLACE "inline void Loop::set_all_values"
    "inline Block::Block(const std::string& name_) : name(name_) {}\ninline Block::Block() {}\n\ninline void Loop::set_all_values"
    text "${text}")
  file(WRITE ${copy}/gemmi/cifdoc.hpp "${text}")
  set(${variable} ${copy} PARENT_SCOPE)
endfunction()
