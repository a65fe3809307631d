import { stringify } from 'yaml';
import { pairs } from '../output/table';
import { clean, oneLine } from '../output/words';
import type { Resource } from './kind';

/** A resource for a person: plain members in two columns, what is deeper as YAML below its name. Links are left out. */
export function describe(resource: Resource | undefined): string {
  if (!resource) return '';
  const entries = Object.entries(resource).filter(([name, value]) => name !== 'links' && !isEmpty(value));
  const plain = entries.filter(([, value]) => typeof value !== 'object');
  const deep = entries.filter(([, value]) => typeof value === 'object');
  return (
    pairs(plain.map(([name, value]) => [words(name), oneLine(String(value))])) +
    deep.map(([name, value]) => `${words(name)}\n${indented(clean(stringify(value)))}`).join('')
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** `createdTime` as `Created time`. */
function words(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
