"""The story of clients.spec.ts, told with azure-batch 15 (PyPI). Prints its facts as one line of JSON."""

import json
import os

from azure.batch import BatchClient, models
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import ResourceNotFoundError
from waiting import wait_for

client = BatchClient(
    endpoint=os.environ["AZURE_BATCH_ENDPOINT"],
    credential=AzureNamedKeyCredential(os.environ["AZURE_BATCH_ACCOUNT"], os.environ["AZURE_BATCH_ACCESS_KEY"]),
)
prefix = os.environ["STORY_PREFIX"]
pool_id, job_id, schedule_id = f"{prefix}-pool", f"{prefix}-job", f"{prefix}-schedule"


def steady(count):
    def probe():
        pool = client.get_pool(pool_id)
        return pool.allocation_state == "steady" and pool.current_dedicated_nodes == count

    wait_for(f"{count} nodes", probe)
    return count


facts = {}
client.create_pool(
    models.BatchPoolCreateOptions(
        id=pool_id,
        vm_size="Standard_D2_v3",
        task_slots_per_node=4,
        target_dedicated_nodes=2,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=models.BatchVmImageReference(
                publisher="canonical", offer="0001-com-ubuntu-server-jammy", sku="22_04-lts"
            ),
            node_agent_sku_id="batch.node.ubuntu 22.04",
        ),
    )
)
facts["nodes"] = steady(2)

client.create_job(models.BatchJobCreateOptions(id=job_id, pool_info=models.BatchPoolInfo(pool_id=pool_id)))
tasks = [
    models.BatchTaskCreateOptions(
        id=f"task-{number}",
        command_line=f"/bin/sh -c 'echo hello from $AZ_BATCH_TASK_ID; exit {3 if number % 100 == 0 else 0}'",
    )
    for number in range(1, 301)
]
result = client.create_tasks(job_id, tasks)
facts["added"] = sum(1 for entry in result.result_values if entry.status == "success")


def all_done():
    counts = client.get_job_task_counts(job_id).task_counts
    return counts.completed == 300 and counts


counts = wait_for("300 tasks", all_done)
facts["succeeded"], facts["failed"] = counts.succeeded, counts.failed
failed = client.list_tasks(job_id, filter="executionInfo/exitCode eq 3", select=["id"])
facts["failedIds"] = sorted(task.id for task in failed)
facts["listed"] = sum(1 for _ in client.list_tasks(job_id, max_results=100))
facts["stdout"] = b"".join(client.download_task_file(job_id, "task-7", "stdout.txt")).decode()

client.begin_resize_pool(
    pool_id, models.BatchPoolResizeOptions(target_dedicated_nodes=4), polling_interval=1
).result()
facts["resized"] = steady(4)

client.create_job_schedule(
    models.BatchJobScheduleCreateOptions(
        id=schedule_id,
        schedule=models.BatchJobScheduleConfiguration(recurrence_interval="PT1H"),
        job_specification=models.BatchJobSpecification(pool_info=models.BatchPoolInfo(pool_id=pool_id)),
    )
)
schedule = client.get_job_schedule(schedule_id)
facts["scheduled"] = schedule.execution_info.recent_job.id.removeprefix(prefix)
facts["jobsOfSchedule"] = len(list(client.list_jobs_from_schedule(schedule_id)))
client.begin_delete_job_schedule(schedule_id, polling_interval=1).result()

formula = "$TargetDedicatedNodes = min(1, $TaskSlotsPerNode);"
client.enable_pool_auto_scale(
    pool_id,
    models.BatchPoolEnableAutoScaleOptions(auto_scale_formula=formula, auto_scale_evaluation_interval="PT6M"),
)
run = client.evaluate_pool_auto_scale(
    pool_id, models.BatchPoolEvaluateAutoScaleOptions(auto_scale_formula="$TargetDedicatedNodes = 3;")
)
facts["evaluated"] = "$TargetDedicatedNodes=3" in run.results
facts["scaled"] = steady(1)

client.begin_delete_job(job_id, polling_interval=1).result()
client.begin_delete_pool(pool_id, polling_interval=1).result()


def gone():
    # Not pool_exists: in 15.1.0 its own policy raises on the 404 that means "no".
    try:
        client.get_pool(pool_id)
    except ResourceNotFoundError:
        return True


wait_for("the pool to be gone", gone)
facts["gone"] = True
print(json.dumps(facts))
