#!/bin/sh
# The story of clients.spec.ts, told with `az batch`. Prints its facts as one line of JSON.
# AZ names the program; AZURE_BATCH_ACCOUNT, _ENDPOINT and _ACCESS_KEY are read by it.
set -eu
pool="$STORY_PREFIX-pool" job="$STORY_PREFIX-job" schedule="$STORY_PREFIX-schedule"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

batch() { "$AZ" batch "$@" --only-show-errors; }

# until_is WANTED az-arguments...: asks until the answer is that text.
until_is() {
  wanted=$1
  shift
  tries=60
  until [ "$(batch "$@" -o tsv)" = "$wanted" ]; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      echo "timed out waiting for $wanted from az batch $*" >&2
      exit 1
    fi
  done
}

steady() {
  until_is "steady $1" pool show --pool-id "$pool" \
    --query "join(' ', [allocationState, to_string(currentDedicatedNodes)])"
}

batch pool create --id "$pool" --vm-size Standard_D2_v3 --target-dedicated-nodes 2 --task-slots-per-node 4 \
  --image canonical:0001-com-ubuntu-server-jammy:22_04-lts --node-agent-sku-id 'batch.node.ubuntu 22.04'
steady 2

batch job create --id "$job" --pool-id "$pool"
number=1
while [ "$number" -le 300 ]; do
  code=0
  if [ $((number % 100)) -eq 0 ]; then code=3; fi
  [ "$number" -eq 1 ] || printf ','
  printf '{"id":"task-%s","commandLine":"/bin/sh -c '\''echo hello from $AZ_BATCH_TASK_ID; exit %s'\''"}' "$number" "$code"
  number=$((number + 1))
done >"$scratch/tasks"
printf '[%s]' "$(cat "$scratch/tasks")" >"$scratch/tasks.json"
added=$(batch task create --job-id "$job" --json-file "$scratch/tasks.json" --query 'length(@)' -o tsv)
until_is 300 job task-counts show --job-id "$job" --query 'taskCounts.completed'
succeeded=$(batch job task-counts show --job-id "$job" --query 'taskCounts.succeeded' -o tsv)
failed=$(batch job task-counts show --job-id "$job" --query 'taskCounts.failed' -o tsv)
failed_ids=$(batch task list --job-id "$job" --filter 'executionInfo/exitCode eq 3' --query 'sort([].id)' -o json)
listed=$(batch task list --job-id "$job" --query 'length(@)' -o tsv)
batch task file download --job-id "$job" --task-id task-7 --file-path stdout.txt --destination "$scratch/stdout.txt" >/dev/null
stdout=$(cat "$scratch/stdout.txt")

batch pool resize --pool-id "$pool" --target-dedicated-nodes 4
steady 4

batch job-schedule create --id "$schedule" --recurrence-interval PT1H --pool-id "$pool"
recent=$(batch job-schedule show --job-schedule-id "$schedule" --query 'executionInfo.recentJob.id' -o tsv)
jobs=$(batch job list --job-schedule-id "$schedule" --query 'length(@)' -o tsv)
batch job-schedule delete --job-schedule-id "$schedule" --yes

batch pool autoscale enable --pool-id "$pool" --auto-scale-evaluation-interval PT6M \
  --auto-scale-formula '$TargetDedicatedNodes = min(1, $TaskSlotsPerNode);'
results=$(batch pool autoscale evaluate --pool-id "$pool" --auto-scale-formula '$TargetDedicatedNodes = 3;' --query results -o tsv)
case $results in *'$TargetDedicatedNodes=3'*) evaluated=true ;; *) evaluated=false ;; esac
steady 1

batch job delete --job-id "$job" --yes
batch pool delete --pool-id "$pool" --yes
until_is 0 pool list --filter "id eq '$pool'" --query 'length(@)'

printf '{"nodes":2,"added":%s,"succeeded":%s,"failed":%s,"failedIds":%s,"listed":%s,"stdout":"%s\\n",' \
  "$added" "$succeeded" "$failed" "$(echo "$failed_ids" | tr -d '\n')" "$listed" "$stdout"
printf '"resized":4,"scheduled":"%s","jobsOfSchedule":%s,"evaluated":%s,"scaled":1,"gone":true}\n' \
  "${recent#"$STORY_PREFIX"}" "$jobs" "$evaluated"
