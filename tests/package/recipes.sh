#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# recipes.sh ROOT: the recipes name the dependencies of the build. Neither Spack nor Apptainer is run.
set -euo pipefail
packaging=$1/cmake/packaging
python3 - "$packaging/spack/package.py" <<'END'
import ast, sys
tree = ast.parse(open(sys.argv[1]).read())
needs = {c.args[0].value.split("@")[0].split("+")[0].split("~")[0].split()[0] for c in ast.walk(tree)
         if isinstance(c, ast.Call) and getattr(c.func, "id", "") == "depends_on"}
wanted = {"cmake", "mpi", "hdf5", "boost", "eigen", "fmt", "spdlog", "nlohmann-json", "libarchive", "openssl",
          "gemmi", "spglib", "xxhash", "py-torch", "catch2"}
assert wanted <= needs, wanted - needs
END
for definition in "$packaging"/apptainer/*.def; do
  for section in Bootstrap: From: %files %post %environment %runscript %test; do
    grep -q "^$section" "$definition" || { echo "$definition has no $section"; exit 1; }
  done
done
python3 - "$packaging/conda/meta.yaml" <<'END'
import re, sys
text = open(sys.argv[1]).read()
host = set(re.findall(r"^    - ([a-z_0-9-]+)", text[text.index("host:"):text.index("  run:")], re.M))
wanted = {"openmpi", "hdf5", "libtorch", "eigen", "gemmi", "fmt", "spdlog", "nlohmann_json", "libboost-devel", "libarchive", "openssl",
          "xxhash"}
assert wanted <= host, wanted - host
END
# Recipes that were not run are marked as untried.
for recipe in "$packaging/spack/package.py" "$packaging/conda/meta.yaml" "$1/docs/install.md"; do
  grep -q untried "$recipe" || { echo "$recipe does not mark what is untried"; exit 1; }
done
# Every library that the build looks for is a dependency of the libraries' Debian package, and of jobs/lib.sh.
needed=$(sed -n '/^set(needed/,/)$/p; /APPEND needed/p; /^set(mpi_packages openmpi/p' "$1/cmake/IonsiftPackage.cmake" |
  grep -oE 'lib[a-z0-9-]+-dev|[a-z]+-dev|nlohmann-json3-dev' | sort -u)
(($(wc -l <<<"$needed") >= 14)) || { echo "IonsiftPackage.cmake names only: $needed"; exit 1; }
for package in $needed; do
  grep -q -- "$package" "$1/jobs/lib.sh" || { echo "jobs/lib.sh does not install $package"; exit 1; }
done
