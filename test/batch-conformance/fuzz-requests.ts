import fc, { type Arbitrary } from 'fast-check';
import type { Emulator } from '@windrow/batch-emulator';
import { anyJson, anyText, bodyOf, filter, formula } from './fuzz-values';
import type { RawRequest } from './pipelined';

type Operation = Emulator['operations'][number];

const BEARER: [string, string] = ['Authorization', 'Bearer x'];
const JSON_TYPE: [string, string] = ['Content-Type', 'application/json; odata=minimalmetadata'];
const VERSION = 'api-version=2024-07-01.20.0';
const ARM_VERSION = 'api-version=2023-11-01';

/** Stands for a resource that is there when the request is sent: requests end and delete what they name. */
export const placeholder = (name: string): string => `~${name}~`;

/** Percent-encoded, but for what may stand as it is; half surrogates cannot be. */
const encode = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'));

/** Texts as they may stand in a URL: encoded once, twice, or as they are where a request line can hold them. */
const inUrl: Arbitrary<string> = fc
  .tuple(anyText, fc.constantFrom('once', 'twice', 'raw'))
  .map(([text, how]) =>
    how === 'raw' ? text.replace(/[^!-~]|[?#]/g, '') : encode(how === 'once' ? text : encode(text)),
  );

const isArm = ({ path }: Operation): boolean => path.startsWith('/subscriptions') || path.startsWith('/providers');

/** The known resources nearly always, so that requests get past the first check. */
function targetOf(operation: Operation, names: Readonly<Record<string, string>>): Arbitrary<string> {
  const parts = operation.path.split(/(\{[^}]+\})/).map((part): Arbitrary<string> => {
    const [, name, rest] = /^\{(\w+)(\.\.\.)?\}$/.exec(part) ?? [];
    if (name === undefined) return fc.constant(part);
    const right = names[name] ?? placeholder(name);
    return fc.oneof({ weight: rest ? 1 : 9, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: inUrl });
  });
  return fc.tuple(...parts).map((texts) => texts.join(''));
}

const search = (operation: Operation): string => (isArm(operation) ? ARM_VERSION : VERSION);
const takesBody = ({ method }: Operation): boolean => method === 'POST' || method === 'PUT' || method === 'PATCH';

/** What is thrown at the emulator, kind by kind; each is a well-formed HTTP request all the same. */
export class FuzzRequests {
  private readonly batch: Operation[];
  private readonly arm: Operation[];

  constructor(
    operations: readonly Operation[],
    private readonly names: Readonly<Record<string, string>>,
  ) {
    this.batch = operations.filter((operation) => !isArm(operation));
    this.arm = operations.filter(isArm);
  }

  /** Bodies near and far from the type that the operation takes. */
  bodies(): Arbitrary<RawRequest> {
    return this.withOperation(this.batch.filter(takesBody), (operation) =>
      fc.record({ target: this.target(operation), body: this.bodyFor(operation) }).map(({ target, body }) => ({
        method: operation.method,
        target,
        headers: [BEARER, JSON_TYPE],
        body,
      })),
    );
  }

  ids(): Arbitrary<RawRequest> {
    return this.withOperation(this.batch, (operation) => {
      const parts = operation.path.split('/').map((part) => (part.includes('{') ? inUrl : fc.constant(part)));
      return fc.tuple(...parts).map((texts) => this.plain(operation, `${texts.join('/')}?${search(operation)}`));
    });
  }

  queries(): Arbitrary<RawRequest> {
    const name = fc.constantFrom(
      '$filter',
      '$select',
      '$expand',
      'maxresults',
      '$skiptoken',
      'recursive',
      'timeout',
      'force',
      'api-version',
      'starttime',
    );
    const value = fc.oneof(
      inUrl,
      fc.constantFrom('1', '0', '1001', 'WATV2:MA==:1$1', 'WATV2:LTE=:1$1', 'WATV2:TmFO:1$1', 'stats', 'id,state'),
    );
    const pair = fc
      .tuple(fc.oneof({ weight: 8, arbitrary: name }, inUrl), value)
      .map(([key, text]) => `${key}=${text}`);
    return this.withOperation(this.batch, (operation) =>
      fc
        .tuple(
          this.path(operation),
          fc.array(fc.oneof({ weight: 9, arbitrary: pair }, inUrl), { maxLength: 4 }),
          fc.boolean(),
        )
        .map(([path, pairs, versioned]) =>
          this.plain(operation, `${path}?${[...pairs, ...(versioned ? [VERSION] : [])].join('&')}`),
        ),
    );
  }

  filters(): Arbitrary<RawRequest> {
    return this.list('$filter', filter);
  }

  selects(): Arbitrary<RawRequest> {
    return this.list(
      '$select',
      fc
        .array(fc.oneof(anyText, fc.constantFrom('id', 'state', 'executionInfo', 'Id')), { maxLength: 5 })
        .map((names) => names.join(',')),
    );
  }

  formulas(): Arbitrary<RawRequest> {
    const path = `/pools/${this.names['scalingPoolId'] ?? ''}/evaluateautoscale?${VERSION}`;
    return formula.map((text) => ({
      method: 'POST',
      target: path,
      headers: [BEARER, JSON_TYPE],
      body: JSON.stringify({ autoScaleFormula: text }),
    }));
  }

  headers(): Arbitrary<RawRequest> {
    const name = fc.constantFrom(
      'If-Match',
      'If-None-Match',
      'If-Modified-Since',
      'If-Unmodified-Since',
      'ocp-range',
      'Range',
      'ocp-date',
      'client-request-id',
      'return-client-request-id',
      'Content-Type',
      'Accept',
      'X-HTTP-Method',
    );
    const header = fc.tuple(
      name,
      fc.oneof(headerValue, fc.constantFrom('*', '"0x8D"', 'bytes=0-', 'bytes=-0', 'true', new Date(0).toUTCString())),
    );
    return this.withOperation(this.batch, (operation) =>
      fc.tuple(this.target(operation), fc.array(header, { maxLength: 4 })).map(([target, headers]) => ({
        ...this.plain(operation, target),
        headers: [BEARER, JSON_TYPE, ...headers],
      })),
    );
  }

  authorizations(): Arbitrary<RawRequest> {
    const value = fc.oneof(
      headerValue,
      fc
        .tuple(
          fc.constantFrom('SharedKey', 'sharedkey', 'SharedKeyLite', 'Bearer', ''),
          fc.constantFrom(' ', '  ', '\t', ''),
          headerValue,
        )
        .map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom(this.names['accountName'] ?? '', 'other', '', ':'), headerValue, fc.base64String())
        .map(([account, odd, signature]) => `SharedKey ${account}:${signature}${odd}`),
      fc.base64String().map((signature) => `SharedKey ${this.names['accountName']}:${signature}=`),
    );
    const date = fc.oneof(
      headerValue,
      fc.constantFrom(new Date().toUTCString(), new Date(0).toUTCString(), '9'.repeat(400)),
    );
    const dateName = fc.constantFrom('ocp-date', 'Date', 'date');
    return this.withOperation([...this.batch, ...this.arm], (operation) =>
      fc
        .tuple(this.target(operation), fc.array(value, { maxLength: 2 }), dateName, date)
        .map(([target, values, name, time]) => ({
          ...this.plain(operation, target),
          headers: [...values.map((text): [string, string] => ['Authorization', text]), [name, time]],
        })),
    );
  }

  /** Paths and ranges of files that are really there. */
  files(): Arbitrary<RawRequest> {
    const { taskFiles = '', nodeFiles = '' } = this.names;
    const step = fc.oneof(
      inUrl,
      fc.constantFrom('wd', 'stdout.txt', '..', '.', '%2e%2e', '%252e', 'workitems', 'link', '', '%00', '%2f', '%5c'),
    );
    const odd = fc.tuple(
      fc.constantFrom(taskFiles, nodeFiles),
      fc.array(step, { maxLength: 6 }),
      fc.constantFrom('/', '%2f', '%2F', '%252F', '//'),
    );
    const range = fc.oneof(
      headerValue,
      fc
        .tuple(fc.constantFrom('ocp-range', 'bytes'), fc.integer(), fc.integer())
        .map(([unit, from, to]) => `${unit}=${from}-${to}`),
      fc.tuple(fc.nat(20), fc.nat(20)).map(([from, to]) => `bytes=${from}-${to}`),
      fc.constantFrom('bytes=-5', 'bytes=5-', 'bytes=-', 'bytes=0-1e9', `bytes=0-${'9'.repeat(400)}`),
    );
    const real = fc.constantFrom(`${taskFiles}/stdout.txt`, `${taskFiles}/wd`, `${nodeFiles}/shared`, taskFiles);
    const path = fc.oneof(
      odd.map(([base, steps, separator]) => `${base}/${steps.join(separator)}`),
      real,
    );
    return fc
      .tuple(fc.constantFrom('GET', 'HEAD', 'GET', 'DELETE'), path, fc.option(range))
      .map(([method, place, bytes]) => ({
        // The files of the task are to stay.
        method: method === 'DELETE' && !place.startsWith(`${nodeFiles}/`) ? 'GET' : method,
        target: `${place}?${VERSION}`,
        headers: [BEARER, ...(bytes === null ? [] : [['ocp-range', bytes] as [string, string]])],
      }));
  }

  management(): Arbitrary<RawRequest> {
    const pool = bodyOf('BatchPoolCreateOptions').map((properties) => `{"properties":${properties}}`);
    const members = fc.array(
      fc.tuple(fc.constantFrom('properties', 'location', 'tags', 'identity', 'keyName', 'name', 'type'), anyJson),
      { maxLength: 3 },
    );
    const odd = members.map((list) => `{${list.map(([name, value]) => `"${name}":${value}`).join(',')}}`);
    const body = fc.oneof(pool, odd, scaled, anyJson, anyText);
    const headers = fc.array(fc.tuple(fc.constantFrom('If-Match', 'If-None-Match'), headerValue), { maxLength: 1 });
    // What closes the account or changes its keys for good stays out.
    const arm = this.arm.filter(({ method, path }) => method !== 'DELETE' || !path.endsWith('{accountName}'));
    return this.withOperation(arm, (operation) =>
      fc.tuple(this.target(operation), body, headers).map(([target, text, more]) => ({
        ...this.plain(operation, target),
        headers: [BEARER, JSON_TYPE, ...more],
        ...(takesBody(operation) && { body: text }),
      })),
    );
  }

  private bodyFor({ body }: Operation): Arbitrary<string> {
    const list = fc
      .array(bodyOf('BatchTaskCreateOptions'), { maxLength: 3 })
      .map((tasks) => `{"value":[${tasks.join(',')}]}`);
    const typed = body === undefined ? list : bodyOf(body);
    return fc.oneof(
      { weight: 16, arbitrary: typed },
      { weight: 1, arbitrary: anyJson },
      { weight: 1, arbitrary: anyText },
    );
  }

  private list(name: string, text: Arbitrary<string>): Arbitrary<RawRequest> {
    const lists = this.batch.filter(({ operation, method }) => method === 'GET' && /List|Counts/.test(operation));
    return this.withOperation(lists, (operation) =>
      fc
        .tuple(this.path(operation), text)
        .map(([path, value]) => this.plain(operation, `${path}?${name}=${encode(value)}&${VERSION}`)),
    );
  }

  private plain({ method }: Operation, target: string): RawRequest {
    return { method, target, headers: [BEARER] };
  }

  private path = (operation: Operation): Arbitrary<string> => targetOf(operation, this.names);

  private target(operation: Operation): Arbitrary<string> {
    return this.path(operation).map((path) => `${path}?${search(operation)}`);
  }

  private withOperation(
    operations: readonly Operation[],
    make: (operation: Operation) => Arbitrary<RawRequest>,
  ): Arbitrary<RawRequest> {
    return fc.oneof(...operations.map(make));
  }
}

/** Anything that HTTP lets stand in a header. */
const headerValue: Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.array(fc.integer({ min: 0x80, max: 0xff }), { maxLength: 8 }).map((codes) => String.fromCharCode(...codes)),
  anyText.map((text) => text.replace(/[^\t -~\x80-\xff]/g, '')),
);

const scaled: Arbitrary<string> = fc
  .tuple(fc.constantFrom('fixedScale', 'autoScale', 'scale'), anyJson, formula)
  .map(
    ([kind, odd, text]) =>
      `{"properties":{"vmSize":"simulated_d2","scaleSettings":{"${kind}":{"formula":${JSON.stringify(text)},"targetDedicatedNodes":${odd}}}}}`,
  );
