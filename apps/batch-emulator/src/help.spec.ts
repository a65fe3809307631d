import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OPTION_NAMES } from './config';
import { HELP } from './help';

describe('the help', () => {
  it('names every option and nothing else', () => {
    const named = [...HELP.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option);
    expect(named.sort()).toEqual(OPTION_NAMES.map((name) => `--${name}`).sort());
  });

  it('is what the README says', () => {
    // After a change of the help: npm run compatibility.
    const readme = readFileSync(path.join(__dirname, '../README.md'), 'utf8');
    expect(readme).toContain(`\n## Options\n\n\`\`\`text\n${HELP}\`\`\`\n`);
  });
});
