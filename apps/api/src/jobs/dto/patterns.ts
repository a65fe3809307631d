import { NAME_PATTERN } from '@windrow/contract';

/** Azure's rule for container names. */
export const CONTAINER = {
  min: 3,
  max: 63,
  pattern: /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
  form: 'a container name: 3 to 63 lower-case letters, digits and single hyphens',
};
export const NAME = {
  max: 64,
  pattern: NAME_PATTERN,
  form: 'a name: letters, digits, - and _, at most 64, beginning with a letter or digit',
};

export const MOUNT_PATH = {
  max: 256,
  pattern: /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)*$/,
  form: 'a relative path of letters, digits, ., - and _ that stays below the mounts',
};
export const ONE_LINE = { pattern: /^[^\r\n]*$/, form: 'a single line' };

const MAX_GLOB = 1024;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED = ['AZ_BATCH_', 'WINDROW_'];

/** What is wrong with a glob over blob names, if anything. */
export function globComplaint(glob: string): string | undefined {
  if (glob.length > MAX_GLOB) return `must have at most ${MAX_GLOB} characters`;
  if (glob.startsWith('/')) return 'must not begin with /: blob names do not';
  if (glob.includes('\\')) return 'must use / between folders, not a backslash';
  return balanced(glob) ? undefined : 'has a bracket or brace without its partner';
}

/** Patterns of files below a task's working directory. */
export function filePatternComplaint(pattern: string): string | undefined {
  if (pattern.split('/').includes('..')) return 'must not leave the working directory';
  return globComplaint(pattern);
}

export function variableComplaint(name: string): string | undefined {
  if (!VARIABLE.test(name)) return 'must be named by letters, digits and _, not beginning with a digit';
  const taken = RESERVED.find((prefix) => name.toUpperCase().startsWith(prefix));
  return taken ? `must not begin with ${taken}: those variables are set for the task` : undefined;
}

export function labelComplaint(key: string): string | undefined {
  return key.length > 0 && key.length <= 128 ? undefined : 'must have a key of 1 to 128 characters';
}

function balanced(glob: string): boolean {
  const open: string[] = [];
  for (const char of glob) {
    if (open.at(-1) === ']' && char !== ']') continue;
    if (char === '[') open.push(']');
    else if (char === '{') open.push('}');
    else if ((char === ']' || char === '}') && open.pop() !== char) return false;
  }
  return open.length === 0;
}
