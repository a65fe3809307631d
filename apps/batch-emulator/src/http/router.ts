import { BatchError, batchError } from '../errors';
/** What the router needs to know of an operation. */
interface Routable {
  method: string;
  path: string;
}

export interface RouteMatch<R> {
  route: R;
  params: Record<string, string>;
}

/** Finds the operation of a request. Paths are matched as sent and decoded after: a file path is one encoded segment. */
export class Router<R extends Routable> {
  private readonly routes: { route: R; segments: string[] }[];

  constructor(routes: readonly R[]) {
    this.routes = routes.map((route) => ({ route, segments: segmentsOf(route.path) }));
  }

  match(method: string, rawPath: string): RouteMatch<R> {
    const segments = segmentsOf(rawPath);
    const hits = this.routes
      .map(({ route, segments: pattern }) => ({ route, params: bind(pattern, segments) }))
      .filter((hit): hit is RouteMatch<R> => hit.params !== undefined);
    if (hits.length === 0) throw batchError('ResourceNotFound', { Path: rawPath });
    const hit = hits.find(({ route }) => route.method === method);
    if (!hit) throw batchError('UnsupportedHttpVerb');
    return hit;
  }
}

const segmentsOf = (path: string): string[] => path.split('/').slice(1);

/** `{name}` takes a segment or, as in `certificates({name})`, a part of one; `{name...}` takes all that are left. */
function bind(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const rest = pattern.at(-1)?.endsWith('...}') ?? false;
  if (rest ? segments.length < pattern.length : segments.length !== pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.endsWith('...}')) params[part.slice(1, -4)] = decode(segments.slice(index).join('/'));
    else {
      const [before = '', name, after = ''] = part.split(/[{}]/);
      const lower = segment.toLowerCase();
      if (name === undefined) {
        if (lower !== part) return undefined;
      } else if (lower.startsWith(before) && lower.endsWith(after)) {
        params[name] = decode(segment.slice(before.length, segment.length - after.length));
      } else return undefined;
    }
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BatchError('InvalidUri', 400, 'The requested URI does not represent any resource on the server.');
  }
}
