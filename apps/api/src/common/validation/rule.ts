import { ValidateBy } from 'class-validator';

/** Why a value is refused; `at` is the place below the field, such as `[2]` or `.NAME`. */
export type Complaint = string | { at: string; text: string };

/** class-validator carries plain text only, so the place travels in front of it, behind a separator no text holds. */
const SEPARATOR = '\u0000';

/** One check of one field. `code` is what clients see; `check` says what is wrong, or nothing. */
export function rule(code: string, check: (value: unknown) => Complaint | undefined): PropertyDecorator {
  return ValidateBy({
    name: code,
    validator: {
      validate: (value: unknown) => check(value) === undefined,
      defaultMessage: (args) => encode(check(args?.value) ?? ''),
    },
  });
}

export function decodeComplaint(message: string): { at: string; text: string } {
  const [at, text] = message.includes(SEPARATOR) ? message.split(SEPARATOR) : ['', message];
  return { at: at ?? '', text: text ?? '' };
}

function encode(complaint: Complaint): string {
  return typeof complaint === 'string' ? complaint : complaint.at + SEPARATOR + complaint.text;
}
