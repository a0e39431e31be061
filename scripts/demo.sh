#!/bin/sh
# The whole job on a fresh project: personas, inputs, validation, review, a bundle, a test run of the sample agent.
# No key and no network are needed. The project stays in demo/ to play with.
set -eu

FOLDER="${1:-demo}"
rm -rf "$FOLDER"

step() {
    printf '\n\033[1m%s\033[0m\n' "$1"
    shift
    printf '$ %s\n' "$*"
    "$@"
}

step "1. A project" fluxloop init "$FOLDER"
cd "$FOLDER"
step "2. Who writes" fluxloop personas list
step "3. What would be written" fluxloop inputs plan
step "4. 150 inputs, in the shares of configs/input.yaml" fluxloop inputs generate
step "5. A look at some" fluxloop inputs list --limit 15
step "6. Are they sound?" fluxloop inputs validate
step "7. Review: without a terminal it lists what is pending" sh -c 'fluxloop inputs review < /dev/null | tail -n 6'
step "8. Approve what passes validation" fluxloop inputs approve
step "9. Freeze them" fluxloop bundles create --name regression_v1 --description "The first 150"
step "10. Run the sample agent on them" fluxloop test --bundle regression_v1
printf '\n\033[1m%s\033[0m\n' "11. A stricter check: the agent must know an answer (it does not always: exit code 10)"
printf '$ echo "    - not_contains: I%sm not sure" >> fluxloop.yaml; fluxloop test --bundle regression_v1\n' "'"
printf '    - not_contains: "I%sm not sure"\n' "'" >> fluxloop.yaml
code=0
fluxloop test --bundle regression_v1 || code=$?
[ "$code" -eq 10 ] || { echo "expected exit code 10, got $code" >&2; exit 1; }
printf '\nThe project is in %s/. Next: your own agent into fluxloop.yaml, your product into configs/input.yaml.\n' "$FOLDER"
