import type { Type } from '@nestjs/common';

type ClassFor = (value: object) => Type<object>;

const NESTED = Symbol('nested');

/** Remembers which class the values of a nested field are validated as. */
export function NestedAs(classFor: ClassFor): PropertyDecorator {
  return (target, property) => {
    Reflect.defineMetadata(NESTED, classFor, target, property);
  };
}

/**
 * Gives plain JSON the classes that class-validator goes by. Free-form values stay untouched and no key is
 * skipped, so whatever is not declared is seen by the whitelist.
 */
export function instantiate(type: Type<object>, value: object): object {
  const instance = Object.create(type.prototype as object) as object;
  for (const [key, entry] of Object.entries(value)) {
    const classFor = Reflect.getMetadata(NESTED, type.prototype as object, key) as ClassFor | undefined;
    Object.defineProperty(instance, key, {
      value: classFor ? nested(classFor, entry) : (entry as unknown),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return instance;
}

function nested(classFor: ClassFor, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => nested(classFor, entry));
  if (typeof value !== 'object' || value === null) return value;
  return instantiate(classFor(value), value);
}
