# SPDX-License-Identifier: BSD-3-Clause
# Spack recipe of ionsift, untried: there was no Spack. Put this folder's file into packages/ionsift/ of a repository of yours
# (spack repo create, spack repo add), then: spack install ionsift
from spack.package import *


class Ionsift(CMakePackage, CudaPackage):
    """Screens databases of crystals for superionic lithium conductors, under MPI."""

    # Where your site keeps the source: a clone, or `spack develop --path SOURCE ionsift@main`.
    git = "file:///path/to/ionsift"

    license("BSD-3-Clause")

    version("main", branch="main")

    variant("learn", default=True, description="With classifiers and screening, which need libtorch")
    variant("shared", default=False, description="Build shared libraries")
    variant("tests", default=False, description="Build the tests")
    variant("native", default=False, description="Compile for this machine's processor")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("git", type="build")

    depends_on("mpi")
    depends_on("hdf5@1.10.2:+mpi+hl")
    # For ionsift-bench alone, which +tests builds, too; libtorch has its own.
    depends_on("blas", when="+tests")
    depends_on("boost@1.74:+program_options")
    depends_on("eigen@3.4:")
    depends_on("fmt@9:")
    depends_on("spdlog@1.10:+fmt_external")
    depends_on("nlohmann-json@3.11:")
    depends_on("libarchive")
    depends_on("openssl")
    depends_on("gemmi@0.5.7:")
    depends_on("spglib@2:")
    depends_on("xxhash")
    depends_on("py-torch@1.13:", when="+learn")
    depends_on("py-torch+cuda", when="+learn+cuda")
    depends_on("py-torch~cuda", when="+learn~cuda")
    depends_on("catch2@2.13:", when="+tests", type=("build", "test"))

    conflicts("%gcc@:11", msg="C++20 as ionsift uses it needs GCC 12")

    generator("ninja")

    def cmake_args(self):
        arguments = [
            self.define_from_variant("IONSIFT_WITH_LEARN", "learn"),
            self.define_from_variant("IONSIFT_BUILD_TESTS", "tests"),
            self.define_from_variant("IONSIFT_NATIVE", "native"),
            self.define_from_variant("BUILD_SHARED_LIBS", "shared"),
            self.define("IONSIFT_UNITY", True),
        ]
        if self.spec.satisfies("+learn"):
            # libtorch comes inside Python's package.
            torch = self.spec["py-torch"].package.cmake_prefix_paths[0]
            arguments.append(self.define("Torch_DIR", join_path(torch, "Torch")))
        return arguments
