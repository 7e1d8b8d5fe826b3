#!/usr/bin/env bash
# Installs the grader beside this file, in the versions of the machine on which the zip was made.
# Gradescope runs it once, as root, when the autograder is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
python="python$(cat python-version)"

if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -y software-properties-common
    add-apt-repository -y ppa:deadsnakes/ppa # Ubuntu itself has one version of Python in each release
    apt-get install -y "$python" "$python-venv"
fi

"$python" -m venv venv
install=(venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check)
# Those two alone from torch's own index, which has builds without CUDA: a tenth of the size.
"${install[@]}" --no-deps --index-url "${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}" --requirement torch.txt
"${install[@]}" --constraint constraints.txt "$(echo ./*.whl)[grade]"
venv/bin/autograder --version
