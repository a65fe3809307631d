import com.microsoft.azure.batch.BatchClient;
import com.microsoft.azure.batch.DetailLevel;
import com.microsoft.azure.batch.auth.BatchSharedKeyCredentials;
import com.microsoft.azure.batch.protocol.models.AllocationState;
import com.microsoft.azure.batch.protocol.models.CloudPool;
import com.microsoft.azure.batch.protocol.models.CloudTask;
import com.microsoft.azure.batch.protocol.models.ImageReference;
import com.microsoft.azure.batch.protocol.models.JobSpecification;
import com.microsoft.azure.batch.protocol.models.PoolAddParameter;
import com.microsoft.azure.batch.protocol.models.PoolInformation;
import com.microsoft.azure.batch.protocol.models.Schedule;
import com.microsoft.azure.batch.protocol.models.TaskAddParameter;
import com.microsoft.azure.batch.protocol.models.TaskCounts;
import com.microsoft.azure.batch.protocol.models.VirtualMachineConfiguration;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.joda.time.Period;

/** The story of clients.spec.ts, told with com.microsoft.azure:azure-batch. Prints its facts as one line of JSON. */
public class Story {
  static final String PREFIX = System.getenv("STORY_PREFIX");
  static final String POOL = PREFIX + "-pool";
  static final String JOB = PREFIX + "-job";
  static final String SCHEDULE = PREFIX + "-schedule";

  static BatchClient client;
  static final StringBuilder facts = new StringBuilder();

  public static void main(String[] arguments) throws Exception {
    client =
        BatchClient.open(
            new BatchSharedKeyCredentials(
                System.getenv("AZURE_BATCH_ENDPOINT"),
                System.getenv("AZURE_BATCH_ACCOUNT"),
                System.getenv("AZURE_BATCH_ACCESS_KEY")));
    createPool();
    runTasks();
    resize();
    schedule();
    scale();
    remove();
    System.out.println("{" + facts + "}");
  }

  static void createPool() throws Exception {
    VirtualMachineConfiguration machine =
        new VirtualMachineConfiguration()
            .withNodeAgentSKUId("batch.node.ubuntu 22.04")
            .withImageReference(
                new ImageReference()
                    .withPublisher("canonical")
                    .withOffer("0001-com-ubuntu-server-jammy")
                    .withSku("22_04-lts"));
    client
        .poolOperations()
        .createPool(
            new PoolAddParameter()
                .withId(POOL)
                .withVmSize("Standard_D2_v3")
                .withTaskSlotsPerNode(4)
                .withTargetDedicatedNodes(2)
                .withVirtualMachineConfiguration(machine));
    fact("nodes", steady(2));
  }

  static void runTasks() throws Exception {
    client.jobOperations().createJob(JOB, new PoolInformation().withPoolId(POOL));
    List<TaskAddParameter> tasks = new ArrayList<>();
    for (int number = 1; number <= 300; number++) {
      int code = number % 100 == 0 ? 3 : 0;
      String command = "/bin/sh -c 'echo hello from $AZ_BATCH_TASK_ID; exit " + code + "'";
      tasks.add(new TaskAddParameter().withId("task-" + number).withCommandLine(command));
    }
    // Not all at once: with more than one request to send, createTasks of this version may wait for a thread that has
    // just told it that it is done, for ever.
    for (int start = 0; start < tasks.size(); start += 100) {
      client.taskOperations().createTasks(JOB, tasks.subList(start, start + 100));
    }
    fact("added", tasks.size());
    waitFor("300 tasks", () -> counts().completed() == 300);
    fact("succeeded", counts().succeeded());
    fact("failed", counts().failed());
    DetailLevel failed =
        new DetailLevel.Builder().withFilterClause("executionInfo/exitCode eq 3").withSelectClause("id").build();
    List<String> ids = new ArrayList<>();
    for (CloudTask task : client.taskOperations().listTasks(JOB, failed)) ids.add("\"" + task.id() + "\"");
    Collections.sort(ids);
    fact("failedIds", ids);
    int listed = 0;
    for (CloudTask ignored : client.taskOperations().listTasks(JOB)) listed++;
    fact("listed", listed);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    client.fileOperations().getFileFromTask(JOB, "task-7", "stdout.txt", output);
    fact("stdout", "\"" + output.toString("UTF-8").replace("\n", "\\n") + "\"");
  }

  static void resize() throws Exception {
    client.poolOperations().resizePool(POOL, 4, 0);
    fact("resized", steady(4));
  }

  static void schedule() throws Exception {
    client
        .jobScheduleOperations()
        .createJobSchedule(
            SCHEDULE,
            new Schedule().withRecurrenceInterval(Period.hours(1)),
            new JobSpecification().withPoolInfo(new PoolInformation().withPoolId(POOL)));
    String recent = client.jobScheduleOperations().getJobSchedule(SCHEDULE).executionInfo().recentJob().id();
    fact("scheduled", "\"" + recent.substring(PREFIX.length()) + "\"");
    fact("jobsOfSchedule", client.jobOperations().listJobs(SCHEDULE).size());
    client.jobScheduleOperations().deleteJobSchedule(SCHEDULE);
  }

  static void scale() throws Exception {
    String formula = "$TargetDedicatedNodes = min(1, $TaskSlotsPerNode);";
    client.poolOperations().enableAutoScale(POOL, formula, Period.minutes(6));
    String results = client.poolOperations().evaluateAutoScale(POOL, "$TargetDedicatedNodes = 3;").results();
    fact("evaluated", results.contains("$TargetDedicatedNodes=3"));
    fact("scaled", steady(1));
  }

  static void remove() throws Exception {
    client.jobOperations().deleteJob(JOB);
    client.poolOperations().deletePool(POOL);
    waitFor("the pool to be gone", () -> !client.poolOperations().existsPool(POOL));
    fact("gone", true);
  }

  static TaskCounts counts() throws Exception {
    return client.jobOperations().getTaskCounts(JOB);
  }

  static int steady(int count) throws Exception {
    waitFor(
        count + " nodes",
        () -> {
          CloudPool pool = client.poolOperations().getPool(POOL);
          return pool.allocationState() == AllocationState.STEADY && pool.currentDedicatedNodes() == count;
        });
    return count;
  }

  static void waitFor(String what, Callable<Boolean> probe) throws Exception {
    long deadline = System.nanoTime() + 90_000_000_000L;
    while (!probe.call()) {
      if (System.nanoTime() > deadline) throw new IllegalStateException("timed out waiting for " + what);
      Thread.sleep(200);
    }
  }

  static void fact(String name, Object value) {
    facts.append(facts.length() == 0 ? "" : ",").append('"').append(name).append("\":").append(value);
  }
}
