import { Command, Option } from 'commander';
import { version } from '../package.json';
import { group, type Session } from './command';
import { addCompletion } from './completion/commands';
import { EXIT_CODES_HELP } from './exit-codes';
import { addDownload } from './files/download';
import { addFiles } from './files/files';
import { addLogs } from './files/logs';
import { addControl } from './jobs/control';
import { addListing } from './jobs/listing';
import { addSubmitting } from './jobs/submitting';
import { addWatching } from './jobs/watching';
import { addUp } from './local/up';
import { addAccess } from './resources/access';
import { addVersions } from './resources/applications';
import { addResize } from './resources/clusters';
import { addResource } from './resources/commands';
import { KINDS } from './resources/kinds';
import { addExperimentMetrics, addJobMetrics } from './resources/metrics';
import { addScheduleActions } from './resources/schedules';
import { addWebhookActions } from './resources/webhooks';
import { addSettings } from './settings/commands';
import { OUTPUTS } from './settings/settings';

/** The whole command line. Errors of its use are thrown, so that the caller decides on the exit code. */
export function createProgram(session: Session): Command {
  const { out, err } = session.io;
  const program = new Command('windrow')
    .description('Runs fan-outs on Azure Batch by way of the Windrow API.')
    .version(version, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => err.write(text) })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help tells what is possible)')
    .option('--url <url>', 'address of the API (WINDROW_URL; default http://127.0.0.1:8080)')
    .option('--key-file <file>', 'file that holds the API key (or WINDROW_API_KEY)')
    .option('-w, --workspace <name>', "workspace (WINDROW_WORKSPACE; default: the API's)")
    .option('-e, --experiment <name>', "experiment (WINDROW_EXPERIMENT; default: the API's)")
    .addOption(
      new Option('-o, --output <format>', 'table, or the document as it came (WINDROW_OUTPUT)').choices(OUTPUTS),
    )
    .option('--no-color', 'no colours (also with NO_COLOR, and where the output is no terminal)')
    .addHelpText('after', '\n`windrow help exit-codes` lists the exit codes.');
  addJobs(program, session);
  // As `az batchai job ...` had them.
  addJobs(group(program, 'job', 'The commands for jobs, by their longer name'), session);
  for (const kind of KINDS) {
    const commands = addResource(program, session, kind);
    if (kind.plural === 'clusters') addResize(commands, session, kind);
    if (kind.plural === 'schedules') addScheduleActions(commands, session, kind);
    if (kind.plural === 'applications') addVersions(commands, session, kind);
    if (kind.plural === 'experiments') addExperimentMetrics(commands, session, kind);
    if (kind.plural === 'webhooks') addWebhookActions(commands, session, kind);
  }
  addAccess(program, session);
  addSettings(program, session);
  addUp(program, session);
  addCompletion(program, session);
  addHelp(program, session);
  return program;
}

function addJobs(parent: Command, session: Session): void {
  addSubmitting(parent, session);
  addListing(parent, session);
  addWatching(parent, session);
  addLogs(parent, session);
  addFiles(parent, session);
  addDownload(parent, session);
  addJobMetrics(parent, session);
  addControl(parent, session);
}

/** `windrow help clusters resize`, and the pages that belong to no command. */
function addHelp(program: Command, session: Session): void {
  program.helpCommand(false);
  program
    .command('help [words...]')
    .summary('help for a command, or `exit-codes`')
    .action((words: string[]) => {
      if (words[0] === 'exit-codes') return void session.io.out.write(EXIT_CODES_HELP);
      let command = program;
      for (const word of words) {
        const next = command.commands.find((one) => one.name() === word);
        if (!next) program.error(`error: there is no command '${words.join(' ')}'`);
        command = next!;
      }
      command.help();
    });
}
