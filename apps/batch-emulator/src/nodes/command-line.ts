/**
 * Splits a command line into program and arguments. There is no shell: no expansion, no pipes; double and single quotes
 * group, a backslash takes the next character as it is (inside single quotes nothing is special).
 */
export function splitCommandLine(commandLine: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < commandLine.length; at++) {
    const char = commandLine.charAt(at);
    const next = commandLine.charAt(at + 1);
    if (quote === "'") {
      if (char === "'") quote = undefined;
      else word += char;
    } else if (char === '\\' && (quote === undefined ? next !== '' : next === '"' || next === '\\')) {
      word = (word ?? '') + next;
      at++;
    } else if (quote === '"') {
      if (char === '"') quote = undefined;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
