/** `*` within a folder, `**` across folders, `?` one character; the rest stands for itself. */
export function globPattern(glob: string): RegExp {
  const body = glob.replace(/\*\*\/|\*\*|[*?]|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  return new RegExp(`^${body}$`, 's');
}
