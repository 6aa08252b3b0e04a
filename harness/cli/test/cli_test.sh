#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The command-line contract: exit codes, JSON keys, nothing overwritten, one line for an error.
#   cli_test.sh RXCHECK      the tool; parts that need drivers or mutants run if they stand beside it
set -u

rxcheck=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
built=$(dirname "$rxcheck")/driver
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
checks=0

fail() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n' "$1" >&2
  sed 's/^/  /' out err >&2
}

# exits CODE ARGS...: rxcheck ARGS ends with CODE; its output is in out and err
exits() {
  want=$1
  shift
  checks=$((checks + 1))
  "$rxcheck" "$@" >out 2>err
  got=$?
  [ "$got" = "$want" ] || fail "rxcheck $* exited with $got, not $want"
}

# keys INDENT KEY...: the JSON in out has exactly these keys at that depth, in this order
keys() {
  indent=$1
  shift
  checks=$((checks + 1))
  found=$(sed -n "s/^ \{$indent\}\"\([a-z_0-9]*\)\": .*/\1/p" out | awk '!seen[$0]++' | tr '\n' ' ')
  [ "$found" = "$* " ] || fail "the keys are $found, not $*"
}

# says TEXT: err is one line and holds TEXT
says() {
  checks=$((checks + 1))
  [ "$(wc -l <err)" = 1 ] && grep -qF -- "$1" err || fail "standard error is not one line with: $1"
}

# shows TEXT: out holds TEXT
shows() {
  checks=$((checks + 1))
  grep -qF -- "$1" out || fail "the output does not hold: $1"
}

cat >good.rxp <<'RXP'
rxp 1
connection X: \\server\share
1 connect X: => SUCCESS
2 list X:
1 disconnect X: FALSE => SUCCESS
end
RXP
sed 's/disconnect X: FALSE => SUCCESS/disconnect X: FALSE => FILES_OPEN/' good.rxp >wrong.rxp
sed '/^end/d' good.rxp >cut.rxp
sed 's/^end/switch a1.1 NoSuchFunction call NoSuchCall #1 -> a2\nend/' good.rxp >left.rxp

# Usage.
exits 64
exits 64 no-such-command
exits 64 fuzz --no-such-flag
exits 64 fuzz --target nowhere
exits 64 fuzz --programs 0
exits 64 fuzz --shard 3/2 --target shadow
says '--shard 3/2'
exits 64 fuzz --accept no-such-name --target shadow
says 'known are: clauses C'
exits 64 fuzz --surface
says 'this version does not have it'
exits 64 fuzz --resume run --out other
exits 64 merge --out whole
exits 64 merge run
exits 64 fuzz --races --target shadow
says 'in process only'
exits 64 fuzz --directed --target shadow
says 'leave out --target'
exits 64 fuzz --directed --strategy dpor good.rxp
exits 64 fuzz --directed --half-lives good.rxp
exits 64 fuzz --directed --pairs
exits 64 replay good.rxp --races --target shadow
says 'in process only'
exits 64 clauses C00
exits 64 replay good.rxp --surface moon
exits 64 replay good.rxp --surface both
says 'one surface at a time'
exits 64 replay good.rxp --surface mpr --router theirs
exits 64 replay good.rxp --surface mpr -o out.rxp
says '--surface mpr -o'
exits 64 replay good.rxp --surface mpr --target vm
says '--surface mpr --target'
exits 64 bench no-such-benchmark
exits 64 vm
exits 0 --help
for command in fuzz replay shrink explain mutants clauses bench coverage doctor vm check merge corpus; do exits 0 $command --help; done

# Input.
exits 65 replay absent.rxp --target shadow
says 'absent.rxp'
exits 65 replay cut.rxp --target shadow
says 'cut.rxp'
exits 65 replay good.txt
exits 65 explain err.rxh

# Shards: merged they are the whole, a missing one is named, and runs go on as they were begun.
campaign='fuzz --target shadow --seed 5 --programs 5000'
exits 0 $campaign --out all --json
digest=$(grep '"digest"' out)
for shard in 1 2 3; do exits 0 $campaign --shard $shard/3 --out shard$shard; done
exits 0 merge shard3 shard1 shard2 --out merged --json
shows "$digest"
exits 0 merge all --out merged-all
cmp -s merged/run.json merged-all/run.json && cmp -s merged/run.db merged-all/run.db || fail 'a campaign in three parts is another than in one'
grep -v '"elapsed_s"\|"programs_per_s"' all/run.json >all.json
grep -v '"elapsed_s"\|"programs_per_s"' merged/run.json | cmp -s - all.json || fail 'the record of merged shards is not that of the whole'
exits 75 merge shard3 shard1 --out part --json
says 'shard 2/3 is missing'
shows '"verdict": "incomplete"'
shows '"missing": ['
exits 0 merge shard2 part --out merged-later --json
shows "$digest"
exits 65 merge shard1 all --out never
says 'leave one of them out'
[ -z "$(ls -A never)" ] || fail 'a merge that is refused leaves something behind'
exits 64 merge shard1 ./shard1 --out never
says 'this run is named twice'
exits 65 merge shard1 shard2 shard3 --out merged
says 'there is something here already'
exits 0 fuzz --target shadow --seed 6 --programs 5000 --shard 2/3 --out stranger
exits 65 merge shard1 stranger --out never
says 'stranger: it is of another campaign than shard1: seed (5, 6)'
exits 65 merge absent --out never
says 'there is no run store'
exits 0 fuzz --resume all --json
shows "$digest"
grep -v '"elapsed_s"\|"programs_per_s"' all/run.json | cmp -s - all.json || fail 'a run that goes on after its end is another'
exits 0 fuzz --resume all --seed 5 --programs 5000 --target shadow
exits 64 fuzz --resume all --seed 6
says 'all: this run was begun with --seed 5, not 6'
exits 64 fuzz --resume shard1 --shard 2/3
says 'this run was begun with --shard "1/3", not "2/3"'
exits 64 fuzz --resume all good.rxp
exits 65 fuzz --resume merged
says 'this run was put together from others'
exits 65 fuzz --resume absent
says 'absent/run.db: there is no run store'
mkdir damaged
for content in '' 'hello'; do
  printf '%s' "$content" >damaged/run.db
  exits 65 fuzz --resume damaged
  exits 65 merge damaged --out never
done
says 'damaged/run.db: this run store is damaged'
head -c 10000 all/run.db >damaged/run.db
exits 65 fuzz --resume damaged
says 'begin the run anew in another folder'
# One that is at work, another that was killed.
"$rxcheck" fuzz --target shadow --seed 5 --programs 5000000 --out busy >busy.out 2>&1 &
busy=$!
until [ -s busy/run.db ] || ! kill -0 $busy; do sleep 0.1; done
sleep 0.5
exits 65 fuzz --resume busy
says 'another process has this run open'
kill -9 $busy
wait $busy 2>kill.out
exits 75 merge busy --out busy-merged
says 'shard 1/1 has not come to its end: rxcheck fuzz --resume busy'

# Programs of the router's surface.
cat >drive.rxp <<'RXP'
rxp 1
surface mpr
provider rxnp1
connection X: \\server\share
1 netadd X: => NO_ERROR
1 netcancel X: FALSE => NO_ERROR
end
RXP
sed '/^provider/d' drive.rxp >nobody.rxp
exits 65 replay drive.rxp
says 'drive.rxp:2: this is a program of another surface'
exits 65 replay good.rxp --surface mpr
says 'good.rxp:2: this is a program of the kernel'
exits 75 replay drive.rxp --surface mpr --router ours --json
says 'no router of its own'
keys 6 file verdict clause fingerprint trace_sha256 target variants
exits 0 clauses C74
shows 'mpr/c74-a-drive-in-use-stays.rxp'
if [ -f "$built/rxmpr.exe" ]; then
  exits 0 replay drive.rxp --surface mpr --router wine --repeat 2 --json
  keys 6 file verdict clause fingerprint trace_sha256 target variants
  exits 77 replay nobody.rxp --surface mpr --accept C77
  shows 'divergent expectation'
fi

# What is not there.
exits 75 fuzz --mode free --json
keys 2 verdict target executive drivers model_version seed programs schedules distinct_schedules operations elapsed_s programs_per_s \
  digest lab_faults drift divergences accepted assurance
shows '"verdict": "incomplete"'
shows '"assurance": null'
exits 75 fuzz --mode free --target shadow
exits 75 replay left.rxp --target shadow
shows 'incomplete'

# A campaign, whatever the number of jobs.
exits 0 fuzz --target shadow --programs 3000 --jobs 1 --json
grep '"digest"' out >one
exits 0 fuzz --target shadow --programs 3000 --jobs 3 --json
grep '"digest"' out >three
checks=$((checks + 1))
cmp -s one three || fail 'the digest depends on the number of jobs'
# What it may have missed: the shadow target has no schedules, and what is measured elsewhere must be given.
keys 2 verdict target executive drivers model_version seed programs schedules distinct_schedules operations elapsed_s programs_per_s \
  digest lab_faults drift divergences accepted assurance
keys 4 pct good_turing assumptions
keys 6 trial trials distinct once twice next_is_new error new_in_next undiscovered kept_one_in curve
shows '"pct": null'
shows '"trial": "program"'
shows '"trials": 3000'
echo '{"mutants": [{"id": "D01", "half_life": 15.0, "half_life_high": 20.0, "counts": true},
  {"id": "D02", "half_life": null, "half_life_high": null, "counts": true},
  {"id": "M19", "half_life": null, "half_life_high": null, "counts": false}]}' >lives.json
exits 0 fuzz --target shadow --programs 15 --half-lives lives.json --json
keys 4 pct good_turing missed assumptions
shows '"probability": 0.0625'
shows '"at_most": 0.125'
shows '"probability": 1.0'
checks=$((checks + 1))
grep -q M19 out && fail 'a mutant that changes nothing is missed'
exits 0 fuzz --target shadow --programs 15 --half-lives lives.json
shows 'this run would have missed D02 with probability 1 '
shows 'the next program shows a behaviour not seen before with probability'
exits 64 fuzz --target shadow --half-lives lives.json --strategy pct
says '--half-lives'
exits 64 fuzz --target shadow --half-lives lives.json good.rxp
exits 65 fuzz --target shadow --half-lives no-such-file
for wrong in '{}' '[' '{"mutants": [{"id": "D01", "half_life": 0, "half_life_high": 1}]}'; do
  echo "$wrong" >wrong.json
  exits 65 fuzz --target shadow --half-lives wrong.json
  says 'wrong.json'
done
exits 0 fuzz --target shadow --programs 10 good.rxp
shows 'the next schedule shows a behaviour not seen before with probability'
exits 0 fuzz --target shadow --programs 10 --out run
checks=$((checks + 1))
[ -f run/run.json ] || fail 'there is no run.json'
exits 0 coverage run --json
keys 2 cells_total cells_reachable cells_reached unreached
exits 0 coverage run run
shows 'reachable'
exits 65 coverage no-such-run
says 'run.json'
echo '{"cells": ["TRUE nowhere none"]}' >run/run.json
exits 65 coverage run
says 'TRUE nowhere none'
exits 65 fuzz --target shadow --programs 10 --out run
says 'there is something here already'

# Replay.
exits 0 replay good.rxp --target shadow --repeat 5 --json
keys 6 file verdict clause fingerprint trace_sha256 target variants
shows '"clause": null'
sed 's/^1 connect/variants orphan-stub net-root-first\n&/' good.rxp >variants.rxp
exits 0 replay variants.rxp --target shadow --accept orphan-stub --json
shows '"variants": "orphan-stub net-root-first"'
shows '    "orphan-stub"'
exits 65 replay variants.rxp --target shadow --accept orphan-stub -o good.rxp
sed 's/orphan-stub/orphan/' variants.rxp >unknown.rxp
exits 65 replay unknown.rxp --target shadow
says 'unknown.rxp:3'
exits 0 fuzz --target shadow --programs 10 --accept orphan-stub
shows 'accepted orphan-stub'
sed 's/^1 connect/lowmemory 3\n&/' good.rxp >starved.rxp
exits 75 replay starved.rxp --target shadow
shows 'cannot refuse an allocation'
exits 77 replay wrong.rxp --target shadow --json
shows '"clause": "expectation"'
exits 77 replay good.rxp wrong.rxp --target shadow
exits 0 replay good.rxp --target shadow -o good.rxh
exits 65 replay good.rxp --target shadow -o good.rxh
says 'nothing is overwritten'
exits 0 replay good.rxh --json
shows '"target": null'
exits 65 replay good.rxh -o nothing.rxp
says 'diverges in nothing'
sed 's/^a1\.2 return SUCCESS/a1.2 return FILES_OPEN/' good.rxh >bad.rxh
exits 77 replay bad.rxh --json
shows '"verdict": "divergent"'
exits 77 explain bad.rxh
shows '>>'
shows 'fingerprint'
exits 0 explain good.rxp --target shadow
shows 'actor 1'

# Histories of others.
cat >legal.txt <<'KV'
{:process 0, :type :invoke, :f :append, :key "a", :value "x"}
{:process 1, :type :invoke, :f :get, :key "a", :value nil}
{:process 0, :type :ok, :f :append, :key "a", :value "x"}
{:process 1, :type :ok, :f :get, :key "a", :value "x"}
KV
cat legal.txt - >illegal.txt <<'KV'
{:process 1, :type :invoke, :f :get, :key "a", :value nil}
{:process 1, :type :ok, :f :get, :key "a", :value ""}
KV
cat >legal.log <<'LOG'
INFO  jepsen.util - 0	:invoke	:write	1
INFO  jepsen.util - 0	:info	:write	:timed-out
INFO  jepsen.util - 1	:invoke	:cas	[1 2]
INFO  jepsen.util - 1	:ok	:cas	[1 2]
LOG
kv='check --model kv --format porcupine-kv'
log='check --model cas-register --format jepsen-log'
exits 0 $kv legal.txt --json
keys 6 file verdict reason operations steps elapsed_ms configurations refusal
shows '"verdict": "ok"'
shows '"reason": null'
exits 0 $kv --no-partition legal.txt legal.txt
exits 77 $kv legal.txt illegal.txt --json
shows '"verdict": "illegal"'
shows 'line 6 returned'
exits 77 $kv illegal.txt
shows 'returned ``, the state holds `x`'
shows 'none of these can be left out'
exits 75 $kv --steps 1 legal.txt --json
shows '"verdict": "unknown"'
shows 'the budget of 1 steps is used up'
exits 0 $log legal.log
sed 's/:ok	:cas	\[1 2\]/:fail	:cas	[1 2]/; s/:info	:write	:timed-out/:ok	:write	1/' legal.log >illegal.log
exits 77 $log illegal.log
shows 'the register holds 1'
exits 0 check --model connection --format rxh good.rxh --json
shows '"verdict": "ok"'
exits 77 check --model connection --format rxh bad.rxh --json
shows '"verdict": "illegal"'
shows '`a1.2 return FILES_OPEN`'
exits 64 check legal.txt
exits 64 check --model kv --format jepsen-log legal.log
says '--model kv --format jepsen-log: the model and the format do not fit each other; use --format porcupine-kv'
exits 64 check --model cas-register --format rxh good.rxh
exits 64 check --model queue --format rxh good.rxh
exits 64 $kv --steps 0 legal.txt
exits 65 $kv absent.txt
says 'absent.txt'
exits 65 check --model connection --format rxh legal.txt
says 'legal.txt:1'
{ head -n 3 legal.txt; sed -n 4p legal.txt | cut -c 1-40; } >cut.txt
exits 65 $kv cut.txt --json
says 'cut.txt:4: the line ends within its map; get the whole file'
[ ! -s out ] || fail 'there is output for an input that cannot be read'
sed 's/:append/:push/' legal.txt >unknown.txt
exits 65 $kv unknown.txt
says 'unknown.txt:1: `:push` is no operation; use :get, :put or :append'
tail -n 1 legal.txt >uncalled.txt
exits 65 $kv legal.txt uncalled.txt
says 'uncalled.txt:1: process 1 returns from no call'
sed 's/:process 1/:process 0/' legal.txt >twice.txt
exits 65 $kv twice.txt
says 'twice.txt:2: process 0 calls while its call of line 1 is open'
head -n 1 legal.log | cut -c 1-28 >cut.log
exits 65 $log cut.log
says 'cut.log:1: the line is cut off'
sed 's/:cas/:swap/' legal.log >unknown.log
exits 65 $log unknown.log
says 'unknown.log:3: `:swap` is no operation'
tail -n 1 legal.log >uncalled.log
exits 65 $log uncalled.log
says 'uncalled.log:1: process 1 returns from no call'
sed 's/ - 1/ - 0/; /:info/d' legal.log >twice.log
exits 65 $log twice.log
says 'twice.log:2: process 0 calls while its call of line 1 is open'

# Corpora.
exits 64 corpus
exits 64 corpus add seeds --target shadow
says 'there is nothing to add'
exits 64 corpus add seeds good.rxp --known --target shadow
says 'is a defect'
exits 64 corpus min seeds --by files
exits 65 corpus stats absent --target shadow
says 'absent'
exits 65 corpus add seeds absent.rxp --target shadow
exits 65 corpus add seeds good.txt --target shadow
exits 65 corpus add seeds drive.rxp --target shadow
says 'drive.rxp:2: this is a program of another surface'
exits 65 corpus import seeds absent --target shadow
checks=$((checks + 1))
[ ! -e seeds ] || fail 'a corpus was made although there was nothing to put into it'
exits 0 corpus add seeds good.rxp --target shadow --json
keys 2 corpus model_version files bytes changed unproven taken there spared offered_changed diverge offered_unproven
shows '"name": "good.rxp"'
exits 75 corpus stats seeds --mode free
says 'incomplete'
exits 0 corpus stats seeds --target shadow --json
keys 2 corpus model_version files bytes changed unproven regressions known unstamped older_models behaviours cells_reachable \
  cells_reached unreached
cp seeds/good.rxp stamped.rxp
exits 0 corpus min seeds --target shadow --json
keys 2 corpus model_version files bytes changed unproven removed stamped
checks=$((checks + 1))
cmp -s seeds/good.rxp stamped.rxp || fail 'min changed what needed no change'
exits 77 corpus add seeds wrong.rxp --target shadow
shows 'not taken: wrong.rxp divergent expectation'
exits 75 corpus add seeds left.rxp --target shadow
shows 'cannot be judged: left.rxp incomplete'
exits 0 corpus add seeds wrong.rxp --regression --target shadow
exits 0 corpus merge merged seeds --target shadow
exits 0 corpus merge merged seeds --target shadow --json
shows '"there": 2'
exits 0 corpus export seeds inputs --target shadow --json
keys 2 corpus model_version files bytes changed unproven written in_part left_out
exits 0 corpus import imported inputs --target shadow
sed 's/^stored .*/stored 0123456789ab/; s/^expect .*/expect divergent C2/' stamped.rxp >seeds/good.rxp
exits 77 corpus stats seeds --target shadow
shows 'meaning changed: good.rxp was divergent C2, is clean, under models 0123456789ab, now '
exits 77 corpus min seeds --update --target shadow
exits 0 corpus stats seeds --target shadow
sed 's/^stored .*/& known/' stamped.rxp >known.rxp
exits 64 corpus add seeds known.rxp --target shadow
says 'stays apart'
sed 's/^rxp 2/rxp 3/' stamped.rxp >seeds/newer.rxp
exits 65 corpus stats seeds --target shadow
says 'newer.rxp:1: this is version 3 of the format; this rxcheck reads versions 1 to 2'

# Catalogue and benchmarks.
exits 0 clauses --json
keys 6 id sentence source variants scenarios mutants reason
checks=$((checks + 1))
bare=$(awk '/"id": /{id=$2} /"scenarios": \[\]/{none=1} /"reason": /{if (none && /null/) print id; none=0}' out | tr '\n' ' ')
[ -z "$bare" ] || fail "these clauses have neither a scenario nor a reason: $bare"
exits 0 doctor
env PATH="$work" "$rxcheck" doctor >out 2>err
shows 'explain --gdb            there is no gdb; apt-get install gdb'
exits 0 doctor --json
keys 2 targets services drivers tools
keys 6 name runs reason state path sha256 use
exits 0 clauses C46
shows 'C46'
exits 0 bench --list --json
keys 6 name value unit baseline ratio

# With drivers.
if [ -f "$built/rxprobe.sys" ]; then
  exits 0 replay good.rxp --repeat 3
  exits 75 replay left.rxp
  shows 'left-schedule'
  exits 0 coverage --json
  shows '"cells_reached": '
  exits 65 shrink good.rxp -o small.rxp
  says 'nothing to shrink'
  exits 65 fuzz --driver good.rxp --programs 1
  if [ -f "$built/services/services.sys" ]; then
    exits 75 replay variants.rxp --driver "$built/services/services.sys"
    shows 'started with the variants orphan-stub net-root-first'
  fi
fi

# With a mutant.
mutant=$built/mutants/D14
if [ -f "$mutant/rxprobe.sys" ]; then
  exits 64 mutants --only D00
  exits 65 mutants --only D14 --out run
  says 'there is something here already'
  exits 0 mutants --only D14 --json
  keys 2 killed total mutants equivalent median_schedules worst_schedules worst_s
  keys 6 id killed clause schedules_to_kill elapsed_s operations switches verdict note seeds_killed worst_schedules worst_s \
    schedules_run half_life half_life_low half_life_high counts
  exits 0 mutants --only D14 --seeds 3 --json
  checks=$((checks + 1))
  awk -F'[:,]' '/"schedules_run"/{run=$2} /"half_life"/{life=$2} END{off=life/(run/3*log(2)); exit !(off>0.999 && off<1.001)}' out ||
    fail 'the half-life is not schedules run / kills * ln 2'
  drivers="--driver $mutant/rxrdbss.sys --driver $mutant/rxprobe.sys"
  exits 77 fuzz $drivers --programs 2000 --out found --json
  keys 6 path sha256 fingerprint clause summary repro operations actors switches occurrences \
    schedules overran depths trial trials distinct once twice next_is_new error new_in_next undiscovered kept_one_in curve
  keys 10 depth programs least median in_every_program
  repro=$(sed -n 's/.*"repro": "\(.*\)".*/\1/p' out | head -n 1)
  exits 77 replay $drivers "$repro" --repeat 10
  exits 77 replay $drivers "$repro" -o found.rxh
  exits 77 replay $drivers found.rxh -o again.rxp
  shows 'shows it, after'
  exits 77 replay $drivers again.rxp
  exits 65 replay $drivers found.rxh -o again.rxp
  says 'nothing is overwritten'
  exits 0 shrink $drivers "$repro" -o small.rxp --json
  keys 2 operations actors switches candidates_tried minimal
  shows '"minimal": true'
  exits 65 shrink $drivers "$repro" -o small.rxp
  exits 77 explain $drivers small.rxp
  shows 'RxSetMinirdrCancelRoutine'
  exits 0 fuzz $drivers --programs 2000 --known found

  # What is found by a directed run is written like anything else, and what was directed is in the record.
  exits 77 fuzz $drivers --programs 600 --directed --json --out directed
  shows '"both_orders": '
  grep -q '"in_vain": \[' directed/run.json || fail "a directed run's record names no pairs"
  for repro in directed/*.rxp; do exits 77 replay $drivers "$repro"; done

  # A data race changes no result: it is there for who looks.
  if [ -f "$built/mutants/R07/rxprobe.sys" ]; then
    exits 0 mutants --only R07 --out races --json
    shows '"clause": "data-race"'
    drivers="--driver $built/mutants/R07/rxrdbss.sys --driver $built/mutants/R07/rxprobe.sys"
    exits 77 replay $drivers races/R07-data-race.rxp --repeat 3
    sed '/^expect /d' races/R07-data-race.rxp >silent.rxp
    exits 0 replay $drivers silent.rxp
    exits 77 replay $drivers silent.rxp --races
    exits 77 fuzz $drivers --races --programs 300 --out raced
    exits 0 fuzz $drivers --programs 300 --out unraced
    exits 0 fuzz --races --programs 300 --out sound
    drivers="--driver $mutant/rxrdbss.sys --driver $mutant/rxprobe.sys"
  fi

  # A disk that is full: no file may have a byte, and errors go where there is room.
  checks=$((checks + 1))
  (trap '' XFSZ; ulimit -f 0; "$rxcheck" fuzz $drivers --programs 2000 --out full 2>&1 >/dev/null; echo "exit $?") | cat >told
  grep -qx 'exit 75' told || fail "with a full disk it ended with $(tail -n 1 told)"
  [ -z "$(ls full)" ] || fail "with a full disk files stayed"
  sed -n '/^rxp 1$/,/^end$/p' told | sed '/^end$/q' >saved.rxp
  exits 77 replay $drivers saved.rxp
fi

# What would have prevented a race: a routine stored outside the lock under which it is taken out.
cat >race.rxp <<'RXP'
rxp 1
connection X: \\server\share
1 open X: \file2 -> f1
2 read f1 -> r1
1 cancel r1
switch a2.1/worker RxSetMinirdrCancelRoutine write RxCx+0x40 #1 -> a1
end
RXP
mutant=$built/mutants/D15
if [ -f "$mutant/rxprobe.sys" ]; then
  drivers="--driver $mutant/rxrdbss.sys --driver $mutant/rxprobe.sys"
  exits 77 explain $drivers race.rxp --html race.html
  shows 'Taking RxStrucSupSpinLock in RxSetMinirdrCancelRoutine around its accesses'
  shows 'RxpMarkCancelled ('
  shows 'Replayed with it earlier or later, the run is clean.'
  if command -v x86_64-w64-mingw32-addr2line >/dev/null; then shows 'RxSetMinirdrCancelRoutine (cancel.c:'; fi
  checks=$((checks + 1))
  grep -q 'Taking RxStrucSupSpinLock in RxSetMinirdrCancelRoutine' race.html || fail 'the page does not hold the remedy'
  exits 65 explain $drivers race.rxp --html race.html
  exits 77 explain $drivers race.rxp --json
  shows '"remedy": "take-lock"'
  shows '"needs_interleaving": true'
  checks=$((checks + 1))
  env PATH="$work" "$rxcheck" explain $drivers race.rxp --gdb >out 2>err
  [ $? = 75 ] || fail 'without gdb in $PATH, --gdb did not end with 75'
  says 'apt-get install gdb'
  if command -v gdb >/dev/null; then
    exits 0 explain $drivers race.rxp --gdb-batch
    shows 'in RxSetMinirdrCancelRoutine ('
    shows 'rdbss/cancel.c:'
    shows 'RxContext->MRxCancelRoutine = MRxCancelRoutine;'
  else
    echo 'skipped: --gdb, there is no gdb (apt-get install gdb)'
  fi
fi
mutant=$built/mutants/D01
if [ -f "$mutant/rxprobe.sys" ]; then
  cat >alone.rxp <<'RXP'
rxp 1
connection \\server\share
1 connect \\server\share
1 open \\server\share \file2 -> f1
1 disconnect \\server\share TRUE nfs41
end
RXP
  exits 77 explain --driver "$mutant/rxrdbss.sys" --driver "$mutant/rxprobe.sys" alone.rxp
  shows 'No interleaving is needed'
fi

printf '%s checks, %s failed\n' "$checks" "$failures"
[ "$failures" = 0 ]
