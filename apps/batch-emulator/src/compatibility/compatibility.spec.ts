import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createArmRoutes } from '../arm';
import type { Model } from '../model';
import { NodeLayout } from '../nodes/node-layout';
import { createRoutes } from '../routes';
import { modelOf } from '../schema/descriptor';
import { MODELS } from '../schema/models';
import { ANSWER_FIELDS } from './answer-fields';
import type { OperationEntry, Support } from './entry';
import { FIELDS } from './fields';
import { MANAGEMENT, MANAGEMENT_FIELDS } from './management';
import { compatibilityDocument } from './markdown';
import { OPERATIONS } from './operations';

const ROOT = path.resolve(__dirname, '../../../..');
const CASES = path.join(ROOT, 'test/batch-conformance');

const noModel = { world: { account: {} } } as unknown as Model;
const routes = createRoutes(noModel, new NodeLayout(''), '', () => undefined);
const managementRoutes = createArmRoutes(noModel, routes, () => undefined);

const named = (entries: readonly OperationEntry[]): string[] => entries.map(({ name, call }) => `${name} ${call}`);
const routed = (all: readonly { operation: string; method: string; path: string }[]): string[] =>
  all.map(({ operation, method, path: at }) => `${operation} ${method} ${at}`);

describe('the compatibility list', () => {
  it.each(['docs', 'apps/batch-emulator/docs'])('is written down in %s as it is', (folder) => {
    // After a change of the lists: npm run compatibility.
    expect(readFileSync(path.join(ROOT, folder, 'compatibility.md'), 'utf8')).toBe(compatibilityDocument());
  });

  it('has every operation of the Batch service, and no other', () => {
    expect(named(OPERATIONS).sort()).toEqual(routed(routes).sort());
  });

  it('has every operation of management, and no other', () => {
    expect(named(MANAGEMENT).sort()).toEqual(routed(managementRoutes).sort());
  });

  it('has every property of request bodies once', () => {
    const listed = FIELDS.flatMap(({ models, fields }) =>
      models.flatMap((model) => fields.flatMap(({ names }) => names.map((name) => `${model}.${name}`))),
    ).filter((name) => isProperty(name));
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.sort()).toEqual(leaves().sort());
  });

  it('has no property that no type has', () => {
    for (const { models, fields } of FIELDS) {
      for (const name of fields.flatMap(({ names }) => names)) {
        expect({ name, known: models.some((model) => isProperty(`${model}.${name}`)) }).toEqual({ name, known: true });
      }
    }
  });

  it('proves what it says with cases that there are', () => {
    const fields = [...FIELDS, ...ANSWER_FIELDS, ...MANAGEMENT_FIELDS].flatMap(
      (model): readonly Support[] => model.fields,
    );
    const claims = [...OPERATIONS, ...MANAGEMENT, ...fields];
    expect(claims.filter(({ level, proof }) => (level === 'full' || level === 'partial') !== proof.length > 0)).toEqual(
      [],
    );
    const proofs = new Set(claims.flatMap(({ proof }) => proof));
    expect([...proofs].filter((proof) => !isCase(proof))).toEqual([]);
  });

  it('says what is missing where something is', () => {
    const all: Support[] = [...OPERATIONS, ...MANAGEMENT, ...FIELDS.flatMap(({ fields }) => fields)];
    expect(all.filter(({ level, note }) => (level === 'full') !== (note === undefined))).toEqual([]);
  });
});

const isProperty = (name: string): boolean => {
  const [model = '', property = ''] = name.split('.');
  return modelOf(model)?.properties.has(property) ?? false;
};

/** Properties that are not described with a type of their own. */
function leaves(): string[] {
  return Object.keys(MODELS).flatMap((model) =>
    [...(modelOf(model)?.properties.values() ?? [])]
      .filter(({ type }) => !(type in MODELS))
      .map(({ name }) => `${model}.${name}`),
  );
}

const sources = new Map<string, string>();

function isCase(proof: string): boolean {
  const [file = ''] = proof.split(': ');
  const title = proof.slice(file.length + 2).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\((?:\\s|//[^\n]*)*(['"])${title}\\1,`).test(sourceOf(file));
}

function sourceOf(file: string): string {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const found = ['suite', 'spec'].map((kind) => path.join(CASES, `${file}.${kind}.ts`)).find(existsSync);
  const text = found === undefined ? '' : readFileSync(found, 'utf8');
  sources.set(file, text);
  return text;
}
