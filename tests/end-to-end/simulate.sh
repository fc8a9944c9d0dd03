#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# scripts/simulate without gem5: tests/fakes/fake-gem5 in its place, which runs our machine.py. What is
# asked for must reach the machine; what goes wrong in there must come out. The arm64 build has the
# real program of the simulated machines, too, and makes a run of what it says.
. "$SOURCE_DIR/tests/lib.sh"
need python3
cd "$work" || exit 1
export KEPT=$work/kept TSOBENCH=$work/import
simulate=$SOURCE_DIR/scripts/simulate

# A program of two sets, and an import that keeps what it is given and knows each time.
cat >guest <<'END_GUEST'
#!/bin/sh
case $1 in
list) printf 'memset/bytes=8,size=%s,value=varied/threads=1\t1\t\n' 16K 4K ;;
run)
    case " $* " in *" --lowerings a,b "*) faulty="a b" ;; *" --lowerings c "*) faulty=c ;; esac
    for cell in $faulty; do
        printf '{"type":"trying","cell":"%s"}\n' "$cell"
        case " $* " in *" --fault $cell=Page table fault at 0x400 "*) ;; *) exit ;; esac
        [ "$faulty" != c ] || exit
    done
    while [ "$1" != --set ]; do shift; done
    printf '{"set":"%s","cells":[{"work":0},{"work":1}]}\n' "$2" ;;
battery) printf '{"type":"battery","work":[0]}\n' ;;
core)
    printf '{"type":"core","core":{"answers":[{"id":"%s","model":"weak","value":[16.0,15.0,17.0]},' "$3"
    printf '{"id":"none/%s","model":"tso","undecided":"no knee"}]}}\n' "$3" ;;
esac
END_GUEST
cat >import <<'END_IMPORT'
#!/bin/sh
[ "$1 $2 $4" = "import --out --guest" ] || exit 1
out=$3
shift 9
mkdir -p "$out" "$KEPT"
cp -r "$@" "$KEPT"
{
    printf 'set\tlowering\tmemory_model\tns_per_op\tflags\n'
    for size in 1K 4K 16K; do
        for row in plain,weak,2,centre plain,weak,9,aa plain,tso,5,centre plain,tso,9,twin \
            ldar-stlr,weak,6,centre; do
            printf "memset/bytes=8;size=$size;value=varied/threads=1,%s\n" "$row" | tr ',;' '\t,'
        done
    done
} >"$out/summary.tsv"
END_IMPORT
chmod +x guest import

# run STATUS ARGUMENT...: what it says stays in the file `said`, the jobs in `kept`.
run() {
    local status=0 want=$1
    rm -rf kept
    "$simulate" --gem5 "$SOURCE_DIR/tests/fakes/fake-gem5" --binary ./guest --out out "${@:2}" \
        >said 2>&1 </dev/null || status=$?
    [[ $status == "$want" ]] || fail "${*:2}: status $status, want $want: $(tail -n 3 said)"
}
serial=(--store-path serial)

# job EXPRESSION: whether it holds in Python for the kept jobs, in their order.
job() {
    python3 - "$1" <<'END_PYTHON' || fail "not so: $1"
import glob, json, sys
def lines(path):
    return [json.loads(line) for line in open(path)]
jobs = []
for folder in sorted(glob.glob("kept/*")):
    objects = json.load(open(folder + "/objects.json"))
    jobs.append({"machine": json.load(open(folder + "/machine.json")),
                 "counters": lines(folder + "/counters.jsonl"),
                 "cpus": [o for kind, o in objects if kind == "ArmO3CPU"],
                 "caches": [o for kind, o in objects if kind == "Cache"],
                 "loads": {o["opLat"] for kind, o in objects
                           if kind == "OpDesc" and o["opClass"] == "MemRead"},
                 "stores": {o["opLat"] for kind, o in objects
                            if kind == "OpDesc" and o["opClass"] == "MemWrite"},
                 "clocks": [o["clock"] for kind, o in objects if kind == "SrcClockDomain"],
                 "prefetchers": [o for kind, o in objects if kind == "StridePrefetcher"],
                 "command": next(o["cmd"] for kind, o in objects if kind == "Process")})
sys.exit(0 if jobs and eval(sys.argv[1]) else 1)
END_PYTHON
}

# ---- what is missing, or asked for wrongly ----

GEM5=./no-gem5 "$simulate" >said 2>&1
[[ $? == 3 && $(wc -l <said) == 1 && $(<said) == *"needs gem5"* ]] || fail "without gem5: $(<said)"
"$simulate" --gem5 ./guest --binary ./no-guest >said 2>&1
[[ $? == 3 ]] || fail "without a program: $(cat said)"
run 2 --core none
run 2 --only nothing
run 2 --only '('
run 2 --jobs 0

# ---- what is asked for reaches the machine ----

run 0 "${serial[@]}" --suite smoke --core wide --cpus 4 --sq 7 --l1-cycles 5
job 'len(jobs) == 8'
job '[j["machine"]["memory_model"] for j in jobs] == ["weak", "tso"] * 4'
job 'all(len(j["cpus"]) == 4 and j["machine"]["cpus"] == 4 for j in jobs)'
job 'all(c["needsTSO"] == (j["machine"]["memory_model"] == "tso") for j in jobs for c in j["cpus"])'
job 'all(c["SQEntries"] == 7 and c["numROBEntries"] == 623 for j in jobs for c in j["cpus"])'
job 'all(j["caches"][2]["tag_latency"] == 5 for j in jobs)'
job '[j["command"][1] for j in jobs] == ["battery"] * 2 + ["core"] * 2 + ["run"] * 4'
job '"memset/bytes=8,size=16K,value=varied/threads=1" in jobs[4]["command"]'
job '"L3" in jobs[4]["command"]'
job '[line["work"] for line in jobs[4]["counters"]] == [0, 1]'
job 'all(len(line["cycles"]) == 4 for line in jobs[4]["counters"])'
job '[line["instructions"][3] for line in jobs[4]["counters"]] == [21000, 42000]'
mv kept first
run 0 "${serial[@]}" --suite smoke --core wide --cpus 4 --sq 7 --l1-cycles 5 --jobs 1
for file in machine.json guest.jsonl counters.jsonl; do
    for folder in first/*; do
        cmp "$folder/$file" "kept/${folder#*/}/$file" || fail "two runs differ"
    done
done
for core in reference small middle; do
    mkdir "$core"
    "$SOURCE_DIR/tests/fakes/fake-gem5" "--outdir=$work/$core" "$SOURCE_DIR/scripts/gem5/machine.py" \
        --core "$core" -- ./guest battery >said 2>&1 || fail "$core: $(tail -n 1 said)"
done

# ---- the store paths ----

# Each is a run of its own; what the paths change is in the machine, and nothing else is.
run 0 --suite smoke --only size=4K
[[ $(grep '^out-' said | tr '\n' ' ') == "out-serial out-hits out-pipelined " ]] ||
    fail "three runs: $(cat said)"
run 0 --store-path serial --only size=4K
job 'all(j["loads"] == {1} and len(j["clocks"]) == 1 and not j["prefetchers"] for j in jobs)'
job 'all("clk_domain" not in c for j in jobs for c in j["caches"])'
run 0 --store-path hits --only size=4K
job 'all(j["loads"] == {2} and j["stores"] == {1} for j in jobs)'
job '[j["clocks"][1] for j in jobs] == ["96.0GHz"] * 4'
job 'all(not j["prefetchers"] for j in jobs)'
job 'all(c["cacheStorePorts"] == 1 for j in jobs for c in j["cpus"])'
run 0 --store-path pipelined --l1-cycles 4 --only size=4K
job 'all(j["loads"] == {4} and len(j["prefetchers"]) == 2 for j in jobs)'
job 'all(j["machine"]["store_path"] == "pipelined" for j in jobs)'

# ---- elsewhere: a command a job, and what they left becomes the same runs ----

run 0 --only size=4K --store-path serial --store-path hits --keep direct
run 0 --only size=4K --store-path serial --store-path hits --keep shared --print-jobs
[[ $(wc -l <said) == 8 && ! -e out-missing ]] || fail "jobs: $(<said)"
cp said commands
run 1 --keep shared --merge
grep -q 'nothing of the job litmus weak' said || fail "a merge of nothing: $(<said)"
while read -r command; do
    (cd / && $command) >said 2>&1 </dev/null || fail "$command: $(<said)"
done < <(tac commands)
run 0 --keep shared --merge
for file in direct/*/*/guest.jsonl direct/*/*/counters.jsonl direct/*/*/machine.json; do
    cmp "$file" "shared/${file#*/}" || fail "$file is another elsewhere"
done
run 2 --keep shared --job 8
run 2 --keep nowhere --merge
run 2 --print-jobs

# ---- what goes wrong in there comes out ----

FAKE_GEM5_FAULT=die run 1 "${serial[@]}"
grep -q 'unknown instruction' kept/job-0004/failed || fail "a simulation that died"
FAKE_GEM5_FAULT=lose run 1 "${serial[@]}"
grep -q 'never ended' kept/job-0004/failed || fail "an interval that never ended"
FAKE_GEM5_FAULT=hang run 1 "${serial[@]}" --only size=4K --limit 3
grep -q 'more than 3 s' kept/job-0002/failed || fail "a simulation that hung"

# ---- cells that end the simulator are found one by one, and left out ----

run 0 "${serial[@]}" --only size=4K --lowerings a,b
job '[j["command"].count("--fault") for j in jobs] == [0, 0, 2, 2]'
[[ ! -e kept/job-0002/failed ]] || fail "cells that fault: $(<kept/job-0002/failed)"
run 1 "${serial[@]}" --only size=4K --lowerings c
grep -q 'Page table fault at 0x400$' kept/job-0002/failed || fail "a cell that faults all the same"

# ---- a sweep ----

run 0 --sweep footprint
want='store_path x tso_tax software_tso;'
for path in pipelined serial; do
    for x in 1024 4096 16384; do want+="$path $x 2.5000 1.2000;"; done
done
[[ $(cut -f 1,3,7,8 out/footprint.tsv | tr '\t\n' ' ;') == "$want" ]] ||
    fail "a sweep: $(<out/footprint.tsv)"
job 'len(jobs) == 20 and "plain,ldar-stlr" in jobs[0]["command"]'
if type -P gnuplot >/dev/null; then
    [[ $(head -c 5 out/sweep.svg) == "<?xml" ]] || fail "no figure of the sweep"
fi

# ---- the cores' own sizes, by what was found ----

run 0 --sweep sizes --keep sizes
[[ $(grep -c . out/sizes.tsv) == 29 ]] || fail "sizes: $(<out/sizes.tsv)"
grep -q "^store-buffer/\*	weak	64	16	15	17	$" out/sizes.tsv || fail "sizes: $(<out/sizes.tsv)"
grep -q "^none/reorder-buffer/\*	tso	128	n/a	n/a	n/a	no knee$" out/sizes.tsv ||
    fail "not found: $(<out/sizes.tsv)"
for size in sq-16:SQEntries lq-68:LQEntries rob-128:numROBEntries; do
    grep -q "\"${size#*:}\": $(grep -o '[0-9]*' <<<"${size%:*}")," sizes/sizes/"${size%:*}"/job-0000/objects.json ||
        fail "$size did not reach the machine"
done

finish
