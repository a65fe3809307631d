import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { leadsInside } from './inside';

export interface PatternMatch {
  /** Absolute. */
  file: string;
  /** Relative to the fixed directory part of the pattern. */
  relative: string;
}

const WILDCARD = /[*?[]/;

export const hasWildcard = (pattern: string): boolean => WILDCARD.test(pattern);

/** Expands `$NAME`, `${NAME}` and `%NAME%`, as Batch does before it looks for files. */
export function expandVariables(pattern: string, environment: Record<string, string>): string {
  return pattern.replace(
    /\$\{(\w+)\}|\$(\w+)|%(\w+)%/g,
    (whole, braced?: string, bare?: string, percent?: string) => environment[braced ?? bare ?? percent ?? ''] ?? whole,
  );
}

/**
 * The pattern behind its fixed directory as a regular expression: `*` a run in one level, `**` any directories, `?` one
 * character, `[a-c]`, `[!abc]`. Names with a leading dot match only if the dot is spelled ("OutputFile.filePattern").
 */
export function patternToRegExp(pattern: string): RegExp {
  const segments = pattern.split('/');
  let source = '';
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1;
    if (segment === '**') source += last ? '(?:(?!\\.)[^/]+/)*(?!\\.)[^/]+' : '(?:(?!\\.)[^/]+/)*';
    else source += segmentSource(segment) + (last ? '' : '/');
  });
  return new RegExp(`^${source}$`, 's');
}

function segmentSource(segment: string): string {
  const body = segment.replace(/\[(!?)([^\]]+)\]|\*+|\?|[\\^$.|+(){}[\]]/g, (token, not?: string, set?: string) => {
    if (set !== undefined) return `[${not ? '^/' : ''}${set.replace(/[\\^[]/g, '\\$&')}]`;
    if (token.startsWith('*')) return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  return /^[*?[]/.test(segment) ? `(?!\\.)${body}` : body;
}

/** Files that match the pattern, which is relative to the directory or absolute; nothing is looked for outside of the root. */
export async function findMatches(pattern: string, directory: string, root: string): Promise<PatternMatch[]> {
  const segments = path.posix.normalize(pattern).split('/');
  const fixedCount = segments.findIndex(hasWildcard);
  if (fixedCount < 0) {
    const file = path.resolve(directory, pattern);
    return (await leadsInside(root, file)) && (await isFile(file)) ? [{ file, relative: path.basename(file) }] : [];
  }
  const head = segments.slice(0, fixedCount).join('/');
  const base = path.resolve(directory, pattern.startsWith('/') ? `/${head}` : head);
  if (!(await leadsInside(root, base))) return [];
  const rest = segments.slice(fixedCount);
  const matcher = patternToRegExp(rest.join('/'));
  const depth = rest.includes('**') ? Number.POSITIVE_INFINITY : rest.length;
  const found: PatternMatch[] = [];
  for await (const relative of walk(base, '', depth)) {
    if (matcher.test(relative)) found.push({ file: path.join(base, relative), relative });
  }
  return found.sort((a, b) => (a.relative < b.relative ? -1 : 1));
}

async function isFile(file: string): Promise<boolean> {
  const entries = await readdir(path.dirname(file), { withFileTypes: true }).catch(() => []);
  return entries.some((entry) => entry.name === path.basename(file) && entry.isFile());
}

/** Regular files only: links could lead out of the node. */
async function* walk(base: string, relative: string, depth: number): AsyncGenerator<string> {
  const entries = await readdir(path.join(base, relative), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (entry.isFile()) yield name;
    else if (entry.isDirectory() && depth > 1) yield* walk(base, name, depth - 1);
  }
}
