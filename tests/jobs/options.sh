#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# options.sh ROOT IONSIFT OUT: the program accepts every option that jobs/campaign passes. Nothing is run: the
# launcher lets the program read its options and print a configuration.
set -euo pipefail
root=$1 binary=$2 out=$3
rm -rf "$out"
mkdir -p "$out/data/data" "$out/build"
ln -s "$binary" "$out/build/ionsift"
cat >"$out/launch" <<END
#!/usr/bin/env bash
echo "\$2" >>"$out/read"
exec "\$@" --dump-default >/dev/null
END
chmod +x "$out/launch"
echo release.tar.gz >"$out/releases.txt"
export IONSIFT_BUILD=$out/build IONSIFT_DATA=$out/data LAUNCH=$out/launch RELEASES=$out/releases.txt
export MEMBERS=$root/inputs/members-narrow.json
for stage in doctor featurize tune train screen release; do
  "$root/jobs/campaign/step.sh" "$stage" "$out/run" 1
done
[[ $(sort "$out/read" | uniq -c | awk '{ print $2 $1 }' | paste -sd' ') == "doctor1 featurize3 screen2 split1 train1 tune1" ]]
