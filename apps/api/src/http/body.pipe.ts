import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { InvalidRequestError } from '../common/errors';
import { validateAs } from '../common/validation/validate';

/** A class of bodies all of whose fields are optional may say that the body is, too. */
interface MaybeOptional {
  bodyMayBeAbsent?: boolean;
}

/** Validates bodies and queries against their class. Bodies are handed on as the plain JSON they came as. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (!metatype || metatype === Object || (type !== 'body' && type !== 'query')) return value;
    const absent = type === 'body' && value === undefined && (metatype as MaybeOptional).bodyMayBeAbsent;
    const input = type === 'query' ? numbersIn(value) : absent ? {} : value;
    const errors = validateAs(metatype as Type<object>, input);
    if (errors.length === 0) return input;
    // A query parameter has a name rather than a JSON path.
    throw new InvalidRequestError(
      type === 'body' ? errors : errors.map((error) => ({ ...error, path: error.path.replace(/^\$\.?/, '') })),
    );
  }
}

/** Query values are text; those that read as whole numbers are taken as such, unless the text is not canonical. */
const NUMERIC = new Set(['pageSize', 'task', 'attempt', 'offset', 'count', 'linkExpiryMinutes']);

function numbersIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]: [string, unknown]) => {
      const numeric = NUMERIC.has(name) && typeof entry === 'string' && /^-?\d{1,15}$/.test(entry);
      return [name, numeric ? Number(entry) : entry];
    }),
  );
}
