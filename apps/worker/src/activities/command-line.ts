/** What is put around a task's command so that it finds its items and rows. Runs on nodes and within containers. */
import type { BlobRange, PlannedTask, ProgramPackage } from '@windrow/contract';
import { TaskVariable } from '@windrow/contract';
import { packageSteps } from './packages';

/** How a task ends whose rows could not be fetched: EX_IOERR of BSD's sysexits. */
export const FETCH_FAILED = 74;

/**
 * The user's command line follows unchanged, as arguments of a shell that first writes `items.jsonl` (a task whose
 * only item travels in its environment: a million tasks then need no million blobs), fetches the task's range of
 * bytes, and gives packages of the workspace their names. Whatever varies is in the environment, so nothing needs
 * quoting; the scripts hold no single quote. Needs `/bin/sh`, and for a range curl, python3 or wget.
 */
export function commandLine(
  userCommand: string,
  task: Pick<PlannedTask, 'inline' | 'range'>,
  packages: ProgramPackage[] = [],
): string {
  const items = [...(task.inline ? [WRITE_ITEM] : []), ...(task.range ? [FETCH_RANGE] : [])];
  return after([...packageSteps(packages), ...items], userCommand);
}

/** A command of nodes, or of all nodes of a task, that finds its packages. */
export function packageCommandLine(userCommand: string, packages: ProgramPackage[] = []): string {
  return after(packageSteps(packages), userCommand);
}

function after(steps: string[], userCommand: string): string {
  return steps.length === 0
    ? userCommand
    : `/bin/sh -c '${[...steps, 'exec "$@"'].join(' && ')}' windrow ${userCommand}`;
}

/** What {@link FETCH_RANGE} goes by. `link` must be good for the whole blob: nothing narrower can be signed. */
export function rangeVariables(range: BlobRange, link: string): Record<string, string> {
  const { etag, header, path } = range;
  return {
    [TaskVariable.rangeLink]: link,
    [TaskVariable.rangeEtag]: etag,
    ...(header && { [TaskVariable.rangeHeader]: firstToLast(header) }),
    [TaskVariable.rangeRows]: firstToLast(range),
    [TaskVariable.rangePath]: path,
    [TaskVariable.rangeBytes]: String((header?.length ?? 0) + range.length),
  };
}

function firstToLast({ offset, length }: { offset: number; length: number }): string {
  return `${offset}-${offset + length - 1}`;
}

const WRITE_ITEM = `printf "%s\\n" "$${TaskVariable.item}" > items.jsonl`;

// curl and python3 read the link where no list of processes shows it; wget, which is often all that a small image
// has, cannot. A server that answers the whole blob instead of a part is found out by the size.
const PYTHON = [
  'import os,sys,shutil,urllib.request as u',
  'e=os.environ',
  'a=sys.argv',
  'shutil.copyfileobj(u.urlopen(u.Request(e[a[1]],None,{a[2]:a[3],a[4]:a[5]})),sys.stdout.buffer)',
].join(';');
const WITH_CURL = `printf "url=%s" "$${TaskVariable.rangeLink}" | curl -gfsS --retry 5 -H "If-Match: $${TaskVariable.rangeEtag}" -r "$1" -K -`;
const WITH_PYTHON = `python3 -c "${PYTHON}" ${TaskVariable.rangeLink} Range "bytes=$1" If-Match "$${TaskVariable.rangeEtag}"`;
const WITH_WGET = `wget -q -O - --header "If-Match: $${TaskVariable.rangeEtag}" --header "Range: bytes=$1" "$${TaskVariable.rangeLink}"`;
const REASON = `windrow: bytes $${TaskVariable.rangeRows} of $${TaskVariable.rangePath} could not be fetched. 412: the blob was changed after the job was planned, so submit the job again.`;
const FETCH_RANGE = [
  'has() { command -v "$1" > /dev/null 2>&1; }',
  `get() { if has curl; then ${WITH_CURL}; elif has python3; then ${WITH_PYTHON}; elif has wget; then ${WITH_WGET}; else echo "windrow: there is no curl, python3 or wget here" >&2; false; fi; }`,
  `rows() { if [ -n "$${TaskVariable.rangeHeader}" ]; then get "$${TaskVariable.rangeHeader}" || return; fi; get "$${TaskVariable.rangeRows}"; }`,
  `f="$${TaskVariable.rangePath}"`,
  'mkdir -p "${f%/*}"',
  `{ rows > "$f" && [ "$(wc -c < "$f")" -eq "$${TaskVariable.rangeBytes}" ] || { echo "${REASON}" >&2; exit ${FETCH_FAILED}; }; }`,
  `unset ${TaskVariable.rangeLink}`,
].join(' && ');
