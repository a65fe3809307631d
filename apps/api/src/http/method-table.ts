import type { OpenAPIObject } from '@nestjs/swagger';

const VERBS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Which verbs each path knows, taken from the API's own description. */
export class MethodTable {
  private routes: { pattern: RegExp; methods: string[] }[] = [];

  learn({ paths }: OpenAPIObject): void {
    this.routes = Object.entries(paths).map(([path, item]) => ({
      pattern: new RegExp(
        `^${path
          .replaceAll('.', '\\.')
          .replace(/\{path\}/, '.+')
          .replace(/\{\w+\}/g, '[^/:]+')}/?$`,
      ),
      methods: VERBS.filter((verb) => item[verb]).flatMap((verb) =>
        verb === 'get' ? ['GET', 'HEAD'] : [verb.toUpperCase()],
      ),
    }));
  }

  of(url: string): string[] {
    const path = (url.split('?')[0] ?? '').replace(/%3A/gi, ':');
    return [...new Set(this.routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
  }
}
