import { DEFAULT_QUOTAS } from './account/quotas';
import {
  DEFAULT_PORT,
  DEFAULT_REGION,
  DEFAULT_RESOURCE_GROUP,
  DEFAULT_SUBSCRIPTION,
  WELL_KNOWN_ACCOUNT,
} from './constants';

export const HELP = `usage: batch-emulator [env] [options]

  --port N               port to listen on; 0 for a free one (default ${DEFAULT_PORT})
  --host NAME            address to listen on (default 127.0.0.1)
  --cert FILE            speak https with this certificate (PEM) ...
  --key FILE             ... and its private key (PEM)
  --location DIR         keep state and the files of nodes here (default: nothing is kept)

  --account NAME         account name (default ${WELL_KNOWN_ACCOUNT})
  --account-key BASE64   primary key of the account (default: the well-known development key, which is no secret);
                         keys that were regenerated through management are kept in --location and win
  --bearer any|none      any: accept every bearer token, unchecked, for development (default none)
  --subscription ID      where the account lives for management clients (default ${DEFAULT_SUBSCRIPTION})
  --resource-group NAME  (default ${DEFAULT_RESOURCE_GROUP})
  --region NAME          (default ${DEFAULT_REGION})
  --storage CONNECTION   storage account of the Batch account, for application packages and staged files; also
                         AZURE_STORAGE_CONNECTION_STRING; UseDevelopmentStorage=true is Azurite (default none)
  --pool-quota N         pools in the account (default ${DEFAULT_QUOTAS.pools})
  --job-quota N          active jobs and job schedules in the account (default ${DEFAULT_QUOTAS.activeJobsAndSchedules})
  --dedicated-core-quota N     cores of dedicated nodes (default ${DEFAULT_QUOTAS.dedicatedCores})
  --low-priority-core-quota N  cores of low-priority nodes (default ${DEFAULT_QUOTAS.lowPriorityCores})

  --time-scale F         emulated time passes F times as fast; real processes keep their speed (default 1)
  --mounts DIR           folders that stand for mounted shares (default: below --location)
  --container-engine P   program that takes docker's command line, or none (default: docker, podman or nerdctl)
  --events FILE          append events of pools and tasks, as the service's resource log has them (JSON lines)
  --activity-log FILE    append what was done through management (JSON lines)
  --admin                offer these, without authentication: /emulator/faults, /emulator/requests,
                         /emulator/processes, /emulator/events?since=N&follow=true|false (JSON lines, followed by
                         default; numbers count from the start of the emulator), /emulator/metrics (Prometheus),
                         /emulator/activity-log
  --admin-port N         offer them on a port of their own, on the loopback address; 0 for a free one
  --scenario FILE        order the faults of this file at start (docs/faults.md)
  --quiet                no log lines
  --version              print the version, and end
  --help                 print this, and end

  Every option with a value may be given as a variable: --account-key as EMULATOR_ACCOUNT_KEY, and so on.

  env                    print the shell exports a client needs, and end
`;
