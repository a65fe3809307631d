import type { InputSpec } from '@windrow/contract';

/** What an input asks for, in words, for the message that there is nothing of it. */
export function describeInput(input: InputSpec): string {
  switch (input.kind) {
    case 'blobs': {
      const prefix = input.prefix ? ` whose name begins with '${input.prefix}'` : '';
      const globs = [
        input.include?.length ? ` that matches ${list(input.include)}` : '',
        input.exclude?.length ? ` and is not excluded by ${list(input.exclude)}` : '',
      ].join('');
      return `container '${input.container}' has no blob${prefix}${globs}`;
    }
    case 'rows':
      return `there is no row in ${list(input.blobs)} of container '${input.container}'`;
    case 'manifest':
      return `there is no line in '${input.blob}' of container '${input.container}'`;
    case 'sweep':
      return 'a parameter of the sweep has no value';
    case 'items':
      return 'the list of items is empty';
    case 'repeat':
      return 'the count is 0';
  }
}

function list(texts: string[]): string {
  const shown = texts
    .slice(0, 3)
    .map((text) => `'${text}'`)
    .join(', ');
  return texts.length > 3 ? `${shown}, ...` : shown;
}
