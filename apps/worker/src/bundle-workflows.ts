/** Build step: bundles the workflows for the version of the SDK that will run them. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { BUNDLE_PATH } from './worker-host';

async function main(): Promise<void> {
  const workflowsPath = path.join(__dirname, 'workflows', 'index.js');
  const workflowInterceptorModules = [path.join(__dirname, 'workflows', 'origin-interceptor.js')];
  const quiet = () => undefined;
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  const { code } = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger });
  await writeFile(BUNDLE_PATH, code);
}

main().catch((error: unknown) => {
  process.stderr.write(`The workflows could not be bundled: ${String(error)}\n`);
  process.exitCode = 1;
});
