#!/usr/bin/env bash
# Runs moto's own tests against Groundplane: moto.sh CHECKOUT [SERVICE...]. CHECKOUT is a clone of moto's repository, without
# its directory `moto`, which the released package takes the place of. Needs a build (./groundplane up makes one) and a JDK 25
# as `java`. Prints how many tests passed, by service; each test's outcome and reason is in CHECKOUT/outcomes.jsonl.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
venv=$here/.venv
checkout=${1:?names a clone of moto}
shift
[ $# -gt 0 ] || set -- iam sts organizations s3 cloudtrail secretsmanager ssm logs

if ! "$venv/bin/python" -c 'import moto, pytest, freezegun' 2>/dev/null; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/../../bench/requirements.txt" pytest freezegun
fi

coproc stand_in { exec "$venv/bin/python" "$here/stand_in.py"; }
read -r _ <&"${stand_in[0]}"

export TEST_SERVER_MODE=true AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
export PYTHONPATH=$here MOTO_OUTCOMES=$checkout/outcomes.jsonl
rm -f "$MOTO_OUTCOMES"
cd "$checkout"
# The two that are left out start Lambda functions in Docker and wait for them.
"$venv/bin/python" -m pytest -p moto_plugin -q --tb=no "${@/#/tests/test_}" \
    --ignore tests/test_s3/test_s3_lambda_integration.py --ignore tests/test_secretsmanager/test_server.py || true
"$venv/bin/python" "$here/pass_rates.py" "$MOTO_OUTCOMES"
