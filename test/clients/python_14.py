"""The story of clients.spec.ts, told with azure-batch 14 (PyPI). Prints its facts as one line of JSON."""

import json
import os
from datetime import timedelta

from azure.batch import BatchServiceClient, models
from azure.batch.batch_auth import SharedKeyCredentials
from waiting import wait_for

client = BatchServiceClient(
    SharedKeyCredentials(os.environ["AZURE_BATCH_ACCOUNT"], os.environ["AZURE_BATCH_ACCESS_KEY"]),
    batch_url=os.environ["AZURE_BATCH_ENDPOINT"],
)
prefix = os.environ["STORY_PREFIX"]
pool_id, job_id, schedule_id = f"{prefix}-pool", f"{prefix}-job", f"{prefix}-schedule"


def steady(count):
    def probe():
        pool = client.pool.get(pool_id)
        return pool.allocation_state.value == "steady" and pool.current_dedicated_nodes == count

    wait_for(f"{count} nodes", probe)
    return count


facts = {}
client.pool.add(
    models.PoolAddParameter(
        id=pool_id,
        vm_size="Standard_D2_v3",
        task_slots_per_node=4,
        target_dedicated_nodes=2,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=models.ImageReference(
                publisher="canonical", offer="0001-com-ubuntu-server-jammy", sku="22_04-lts"
            ),
            node_agent_sku_id="batch.node.ubuntu 22.04",
        ),
    )
)
facts["nodes"] = steady(2)

client.job.add(models.JobAddParameter(id=job_id, pool_info=models.PoolInformation(pool_id=pool_id)))
tasks = [
    models.TaskAddParameter(
        id=f"task-{number}",
        command_line=f"/bin/sh -c 'echo hello from $AZ_BATCH_TASK_ID; exit {3 if number % 100 == 0 else 0}'",
    )
    for number in range(1, 301)
]
result = client.task.add_collection(job_id, tasks)
facts["added"] = sum(1 for entry in result.value if entry.status.value == "success")


def all_done():
    counts = client.job.get_task_counts(job_id).task_counts
    return counts.completed == 300 and counts


counts = wait_for("300 tasks", all_done)
facts["succeeded"], facts["failed"] = counts.succeeded, counts.failed
options = models.TaskListOptions(filter="executionInfo/exitCode eq 3", select="id")
facts["failedIds"] = sorted(task.id for task in client.task.list(job_id, task_list_options=options))
pages = models.TaskListOptions(max_results=100)
facts["listed"] = sum(1 for _ in client.task.list(job_id, task_list_options=pages))
facts["stdout"] = b"".join(client.file.get_from_task(job_id, "task-7", "stdout.txt")).decode()

client.pool.resize(pool_id, models.PoolResizeParameter(target_dedicated_nodes=4))
facts["resized"] = steady(4)

client.job_schedule.add(
    models.JobScheduleAddParameter(
        id=schedule_id,
        schedule=models.Schedule(recurrence_interval=timedelta(hours=1)),
        job_specification=models.JobSpecification(pool_info=models.PoolInformation(pool_id=pool_id)),
    )
)
schedule = client.job_schedule.get(schedule_id)
facts["scheduled"] = schedule.execution_info.recent_job.id.removeprefix(prefix)
facts["jobsOfSchedule"] = len(list(client.job.list_from_job_schedule(schedule_id)))
client.job_schedule.delete(schedule_id)

formula = "$TargetDedicatedNodes = min(1, $TaskSlotsPerNode);"
client.pool.enable_auto_scale(
    pool_id, auto_scale_formula=formula, auto_scale_evaluation_interval=timedelta(minutes=6)
)
run = client.pool.evaluate_auto_scale(pool_id, "$TargetDedicatedNodes = 3;")
facts["evaluated"] = "$TargetDedicatedNodes=3" in run.results
facts["scaled"] = steady(1)

client.job.delete(job_id)
client.pool.delete(pool_id)
wait_for("the pool to be gone", lambda: not client.pool.exists(pool_id))
facts["gone"] = True
print(json.dumps(facts))
