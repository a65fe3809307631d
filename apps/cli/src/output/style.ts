import { createColors } from 'picocolors';

export type Style = ReturnType<typeof createColors>;

/** Colours, or none of them. */
export function styleOf(colour: boolean): Style {
  return createColors(colour);
}

/** A state in the colour that says whether to worry. */
export function state(style: Style, text: string): string {
  if (text === 'succeeded' || text === 'steady') return style.green(text);
  if (text === 'failed' || text === 'broken') return style.red(text);
  if (text === 'cancelled' || text === 'paused' || text === 'waiting' || text === 'deleting') return style.yellow(text);
  return style.cyan(text);
}
